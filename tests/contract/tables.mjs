// SPDX-License-Identifier: ISC
// What holds for all answers, and what is excused, with the reason.

// The doors by the beginnings of their paths, the longer first: how each words
// a refusal on a path or method that is not documented, and whether pages may
// call it.
export const doors = [
	{
		prefix: "/v1",
		type: "application/json",
		error: "Error",
		pages: true,
	},
	{
		prefix: "/public-api",
		type: "application/json",
		error: "PartnerError",
		pages: true,
	},
	{
		prefix: "/oauth",
		type: "application/json",
		error: "OauthError",
		pages: true,
	},
	{
		prefix: "",
		type: "application/problem+json",
		error: "Problem",
		pages: false,
	},
];

// Said with every answer.
export const always = {
	"cache-control": "no-store",
	"x-content-type-options": "nosniff",
	"referrer-policy": "no-referrer",
	"content-security-policy": "default-src 'none'; frame-ancestors 'none'",
};

// Headers that HTTP, CORS or the web server adds to an answer, as they like.
export const anywhere = [
	"accept-ranges", "access-control-allow-headers",
	"access-control-allow-methods", "access-control-allow-origin",
	"access-control-expose-headers", "access-control-max-age", "allow",
	"connection", "content-length", "content-type", "date", "keep-alive",
	"server", "transfer-encoding", "upgrade", "vary", "x-request-id",
];

// What a web server refuses by itself has no X-Request-Id and is a page; the
// pages that it serves from files have none either.
export const serversOwn = ({ path, answer }) =>
	!answer.headers.has("x-request-id") &&
	/^text\/html|^$/.test(answer.headers.get("content-type") ?? "") &&
	(answer.status >= 400 || /^\/(signin|inbox)(\?|$)/.test(path));

// Where a security scheme's value may stand besides its own header.
export const elsewhere = {
	guestSession: (request) => request.headers.has("x-sessionid") ||
		request.json?.sessionId !== undefined,
};

// Operations whose success no conversation shows yet, by operationId: why.
export const unexercised = {
	probe: "only a word of the installation's own opens it; doctor asks, " +
		"and reads the answers, in the conversations named doctor",
};

// Operations that set a header of `always` in their own way: { id: [name] }.
export const ownHeaders = {
	// may be kept for five minutes
	keys: ["cache-control"],
	platformKeys: ["cache-control"],
	metadata: ["cache-control"],
	metadataBelow: ["cache-control"],
	platformMetadata: ["cache-control"],
};
