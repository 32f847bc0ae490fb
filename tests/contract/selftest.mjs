// SPDX-License-Identifier: ISC
// The validator itself: seeded faults are found, and nothing else is.

import { operationsOf, pathsOf } from "./document.mjs";
import { examiner, exchangeRead } from "./exchange.mjs";
import { doors } from "./tables.mjs";

const string = { type: "string" };
const header = (schema) => ({ required: true, schema });

const document = {
	security: [{ key: [] }, {}],
	components: {
		securitySchemes: {
			key: { type: "apiKey", in: "header", name: "X-Key" },
			bearer: { type: "http", scheme: "bearer" },
		},
		schemas: {
			...Object.fromEntries(doors.map((door) => [door.error, {
				type: "object",
				required: ["detail"],
				properties: { detail: string },
			}])),
			Thing: {
				type: "object",
				required: ["id"],
				properties: { id: { type: "integer" }, of: string },
			},
			Envelope: {
				allOf: [
					{ properties: { status: { const: true } } },
					{
						type: "object",
						required: ["data"],
						properties: { data: { $ref:
							"#/components/schemas/Thing" } },
					},
				],
			},
		},
	},
	paths: {
		"/things/{id}": {
			parameters: [
				{
					name: "id", in: "path", required: true,
					schema: { type: "integer" },
				},
			],
			put: {
				operationId: "putThing",
				security: [{ bearer: [] }],
				parameters: [
					{ name: "n", in: "query",
						schema: { type: "integer", maximum: 9 } },
				],
				requestBody: {
					required: true,
					content: { "application/json": { schema: { $ref:
						"#/components/schemas/Thing" } } },
				},
				responses: {
					200: {
						headers: { "X-Left": header({ type: "integer" }) },
						content: { "application/json": { schema: { $ref:
							"#/components/schemas/Envelope" } } },
					},
					204: {},
				},
			},
		},
		"/things/new": {
			get: { operationId: "newThing", responses: { 204: {} } },
		},
	},
};

const COMMON = [
	["Cache-Control", "no-store"], ["X-Content-Type-Options", "nosniff"],
	["Referrer-Policy", "no-referrer"], ["X-Request-Id", "0123456789"],
	["Content-Security-Policy",
		"default-src 'none'; frame-ancestors 'none'"],
];
const GOOD = {
	method: "PUT",
	path: "/things/7?n=3",
	headers: [["Authorization", "Bearer x"],
		["Content-Type", "application/json; charset=utf-8"]],
	body: '{"id":7,"of":"","more":1}',
	status: 200,
	answered: [...COMMON, ["Content-Type", "application/json"],
		["X-Left", "4"]],
	said: '{"status":true,"data":{"id":7,"of":"you"}}',
};
const without = (name) => GOOD.answered.filter(([n]) => n !== name);
const problem = [...COMMON, ["Content-Type", "application/problem+json"]];
const empty = { method: "GET", path: "/things/new", headers: [], body: "",
	status: 204, answered: COMMON, said: "" };

// [what, what differs from GOOD, words of its fault or null for none]
const CASES = [
	["as it should be", {}, null],
	["a slash at the end", { path: "/things/7/" }, null],
	["a path that fits two", empty, null],
	["an undocumented status", { status: 201 }, "is a status that is not"],
	["an undocumented member",
		{ said: '{"status":true,"data":{"id":7,"extra":1}}' },
		"/data must NOT have unevaluated properties: extra"],
	["an undocumented member of the envelope",
		{ said: '{"status":true,"data":{"id":7},"extra":1}' },
		"must NOT have unevaluated properties: extra"],
	["a member of the wrong type",
		{ said: '{"status":true,"data":{"id":"7"}}' },
		"/data/id must be integer"],
	["a missing member", { said: '{"status":true,"data":{}}' },
		"must have required property 'id'"],
	["a body that is no JSON", { said: "{" }, "is not well-formed"],
	["another content type",
		{ answered: [...without("Content-Type"),
			["Content-Type", "text/plain"]] }, "is text/plain"],
	["a missing header", { answered: without("X-Left") },
		"lacks the header X-Left"],
	["a header that is no number",
		{ answered: [...without("X-Left"), ["X-Left", "few"]] },
		"header X-Left must be integer"],
	["an undocumented header",
		{ answered: [...GOOD.answered, ["X-Debug", "1"]] },
		"has an undocumented header: x-debug"],
	["no Cache-Control", { answered: without("Cache-Control") },
		"does not say cache-control"],
	["no request id", { answered: without("X-Request-Id") },
		"lacks the header X-Request-Id"],
	["a body where none is documented", { ...empty, said: "{}" },
		"has a body"],
	["accepted without a token", { headers: GOOD.headers.slice(1) },
		"without what its security says"],
	["accepted with a bad body", { body: '{"id":"x"}' },
		"request/id must be integer"],
	["accepted without a body", { body: "" }, "without its body"],
	["accepted as a form", { headers: [GOOD.headers[0],
		["Content-Type", "application/x-www-form-urlencoded"]] },
	"was accepted as application/x-www-form-urlencoded"],
	["accepted with a bad parameter", { path: "/things/7?n=10" },
		"query n must be <= 9"],
	["accepted with a bad path", { path: "/things/x" },
		"path id must be integer"],
	["an unknown path", { path: "/nothing", status: 404, answered: problem,
		said: '{"detail":"no"}' }, null],
	["an unknown path, refused in another shape", { path: "/nothing",
		status: 404, answered: problem, said: "{}" },
	"must have required property 'detail'"],
	["an unknown path that is served", { path: "/nothing", answered: problem,
		said: '{"detail":"no"}' }, "a status that nobody expects"],
	["another method without Allow", { method: "DELETE", status: 405,
		answered: problem, said: '{"detail":"no"}' },
	"lacks the header Allow"],
	["another method", { method: "DELETE", status: 405,
		answered: [...problem, ["Allow", "PUT"]],
		said: '{"detail":"no"}' }, null],
	["the web server's own page", { status: 400,
		answered: [["Content-Type", "text/html"]], said: "<p>" }, null],
];

const paths = pathsOf(document);
const examine = examiner(document, paths);
let failed = 0;

for (const [what, change, words] of CASES) {
	const { faults } = examine(exchangeRead(
		JSON.stringify({ ...GOOD, ...change })));
	const good = words === null ? faults.length === 0 :
		faults.length === 1 && faults[0].includes(words);

	if (!good) {
		failed++;
		console.log(`FAILED: ${what}: ${JSON.stringify(faults)}`);
	}
}
if (operationsOf(paths).length !== 2) {
	failed++;
	console.log("FAILED: the operations are not found");
}
console.log(`${CASES.length + 1 - failed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
