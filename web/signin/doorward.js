/* SPDX-License-Identifier: ISC */
/* Doorward's answers for a page: whose shop, codes and links, one session. */

/*
 * The tokens live in a session's closure: nothing stores them, and they are
 * gone with the page. An answer is {ok, status, body, data, wait, limit}:
 * status 0 is a network that is away, wait the seconds of a 429.
 */

const PASSWORDLESS = "v1/auth/passwordless/";
const EARLY_MS = 30000;		/* refresh so long before the token expires */
const TIMER_MAX_MS = 86400000;
/* what a 401 says when no refresh helps */
const OVER = ["token_missing", "token_invalid", "session_ended"];

/* Who asks, and where: {base, key, language()}. */
export const doorTo = ({ base, key, language }) => {
	const headers = (more) => {
		const said = { "Accept-Language": language(), ...more };

		if (key)
			said["X-MerchantApiKey"] = key;
		return said;
	};

	const ask = async (method, path, body, token) => {
		const said = headers(body ? { "Content-Type": "application/json" } : {});
		let got;

		if (token)
			said.Authorization = "Bearer " + token;
		try {
			got = await fetch(new URL(path, base), {
				method,
				headers: said,
				body: body ? JSON.stringify(body) : undefined,
				credentials: "omit",
				cache: "no-store",
				referrerPolicy: "no-referrer",
			});
		} catch {
			return { ok: false, status: 0, body: {}, data: {} };
		}
		const read = await got.json().catch(() => ({}));

		return {
			ok: got.ok,
			status: got.status,
			body: read,
			data: read.data || {},
			wait: Number(got.headers.get("Retry-After")) || 1,
			limit: (got.headers.get("RateLimit") || "").split('"')[1] || "",
		};
	};

	return {
		ask,

		shop: () => ask("GET", "v1/shop"),

		/* Have a message sent; kind is email or phone. */
		send: (kind, address) => ask("POST", PASSWORDLESS + "initiate/" + kind,
			kind === "email" ? { email: address } : { phoneNumber: address }),

		/* Trade a code, or a link's token, for tokens. */
		show: (kind, address, secret) => ask("POST",
			PASSWORDLESS + "customer/verify-" + kind, kind === "email" ?
				{ email: address, token: secret } :
				{ phoneNumber: address, code: secret }),

		/* End the session of this refresh token. */
		end: (refreshToken) => ask("POST", "v1/auth/logout",
			{ refreshToken }),
	};
};

/*
 * A session from a sign-in's data. Its ask() is the door's with the access
 * token, which is renewed before it expires; ended() is called once, when the
 * session turns out to be over.
 */
export const sessionOf = (door, data, ended) => {
	let tokens, expiresAt, timer, renewing;
	let over = false;

	const keep = (given) => {
		tokens = { access: given.token, refresh: given.refreshToken };
		expiresAt = Date.now() + given.expiresIn;
		clearTimeout(timer);
		timer = setTimeout(renew, Math.min(TIMER_MAX_MS,
			Math.max(1000, given.expiresIn - EARLY_MS)));
	};

	const end = () => {
		clearTimeout(timer);
		tokens = null;
		if (!over)
			ended();
		over = true;
	};

	const isOver = (got) => got.status === 401 && OVER.includes(got.body.code);

	const renewOnce = async () => {
		const got = await door.ask("POST", "v1/auth/customer/refresh-token",
			{ refreshToken: tokens.refresh });

		if (got.ok && !over)
			keep(got.body);
		else if (isOver(got))
			end();
		return got;
	};

	/*
	 * One at a time: a refresh token is good for one use. The answer; whoever
	 * is away or too busy to renew now may do so later.
	 */
	const renew = () => {
		if (!renewing && tokens)
			renewing = renewOnce().finally(() => { renewing = null; });
		return renewing;
	};

	keep(data);
	return {
		async ask(method, path, body) {
			const none = { ok: false, status: 401, body: {}, data: {} };
			let got;

			if (tokens && Date.now() > expiresAt - EARLY_MS)
				await renew();
			if (!tokens)
				return none;
			got = await door.ask(method, path, body, tokens.access);
			if (got.status === 401 && got.body.code === "token_expired") {
				const renewed = await renew();

				if (!tokens)
					return none;
				if (!renewed.ok)
					return renewed;
				got = await door.ask(method, path, body, tokens.access);
			}
			if (isOver(got))
				end();
			return got;
		},

		/* false: it could not be said, and the session goes on. */
		async signOut() {
			const got = tokens ? await door.end(tokens.refresh) : { ok: true };

			if (!got.ok)
				return false;
			over = true;
			end();
			return true;
		},
	};
};
