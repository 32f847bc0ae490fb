// SPDX-License-Identifier: ISC
// Verifies access tokens as somebody else's server would: stdin has what it
// was told (issuer, audience, metadata, jwks, tokens), stdout what it found.
// What it cannot verify off line it asks about: asked has where the web server
// is (at), its client, and steps of "introspect" or "revoke" and a token.

import { webcrypto } from 'node:crypto';
import { createLocalJWKSet, jwtVerify } from 'jose';
import * as oauth from 'oauth4webapi';

globalThis.crypto ??= webcrypto;	// Node 18
globalThis.CryptoKey ??= webcrypto.CryptoKey;

async function read(stream) {
	let text = '';

	for await (const part of stream.setEncoding('utf8'))
		text += part;
	return JSON.parse(text);
}

function answer(document) {
	return new Response(JSON.stringify(document),
	    { status: 200, headers: { 'content-type': 'application/json' } });
}

// The answer, or the library's own word for what is wrong.
async function attempt(step) {
	try {
		return await step();
	} catch (wrong) {
		return { refused: wrong.code ?? wrong.name,
		    status: wrong.status };
	}
}

async function byJose(given, token) {
	const { payload, protectedHeader } = await jwtVerify(token,
	    createLocalJWKSet(given.jwks), { issuer: given.issuer,
	    audience: given.audience, algorithms: ['ES256'], typ: 'at+jwt',
	    currentDate: new Date(given.now), requiredClaims:
	    ['sub', 'client_id', 'iat', 'jti', 'sid'] });
	return { sub: payload.sub, kid: protectedHeader.kid };
}

// RFC 9068 by RFC 8414: from the issuer alone to a token's claims.
async function byMetadata(given, token) {
	const issuer = new URL(given.issuer);
	const server = await oauth.processDiscoveryResponse(issuer,
	    answer(given.metadata));
	const request = new Request('https://api.example.com/',
	    { headers: { authorization: `Bearer ${token}` } });
	const claims = await oauth.validateJwtAccessToken(server, request,
	    given.audience, {
		[oauth.clockSkew]: Math.round((given.now - Date.now()) / 1000),
		[oauth.customFetch]: async (url) => {
			if (url.toString() !== server.jwks_uri)
				throw new Error(`asked for ${url}`);
			return answer(given.jwks);
		},
	});
	return { sub: claims.sub };
}

// RFC 7662 and 7009, with the client's secret in an Authorization: Basic.
async function byAsking(given, [what, token]) {
	const { at, client } = given.asked;
	const server = await oauth.processDiscoveryResponse(
	    new URL(given.issuer), answer(given.metadata));
	const found = {};
	const options = {
		[oauth.customFetch]: (url, request) => {
			const path = new URL(url).pathname;
			const said = new Headers(request.headers)
			    .get('authorization').replace(/^Basic /, '');

			found.path = path;
			found.client = atob(said).split(':')[0];
			return fetch(at + path, request);
		},
	};

	const secret = oauth.ClientSecretBasic(client.client_secret);

	if (what === 'revoke')
		found.wrong = await oauth.processRevocationResponse(await oauth
		    .revocationRequest(server, client, secret, token, options));
	else
		found.said = await oauth.processIntrospectionResponse(server,
		    client, await oauth.introspectionRequest(server, client,
		    secret, token, options));
	return found;
}

const given = await read(process.stdin);
const found = [];

for (const step of given.asked?.steps ?? [])
	found.push(await attempt(() => byAsking(given, step)));
for (const token of given.tokens)
	found.push({
		jose: await attempt(() => byJose(given, token)),
		metadata: await attempt(() => byMetadata(given, token)),
	});
console.log(JSON.stringify(found));
