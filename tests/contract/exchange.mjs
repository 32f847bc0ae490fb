// SPDX-License-Identifier: ISC
// One recorded exchange, and how it differs from what the document says.

import Ajv2020 from "ajv/dist/2020.js";
import addFormats from "ajv-formats";

import { follow, pathFind, schemaClosed, schemaOpen } from "./document.mjs";
import { always, anywhere, doors, elsewhere, ownHeaders, serversOwn }
	from "./tables.mjs";

const FAULTS_SHOWN = 3;

// ---- what was recorded ----------------------------------------------------------

const headersOf = (list) => {
	const all = new Map();

	for (const [name, value] of list) {
		const key = name.toLowerCase();

		all.set(key, all.has(key) ? `${all.get(key)}, ${value}` : value);
	}
	return all;
};

const essence = (type) => (type ?? "").split(";")[0].trim().toLowerCase();

const textOf = (latin1) => Buffer.from(latin1, "latin1").toString("utf8");

// A body as its type says; undefined when it is not what it is called.
const bodyOf = (type, latin1) => {
	const text = textOf(latin1);

	if (/[/+]json$/.test(type)) {
		try {
			return JSON.parse(text);
		} catch {
			return undefined;
		}
	}
	if (type === "application/x-www-form-urlencoded")
		return Object.fromEntries(new URLSearchParams(text));
	return text;
};

// A line of the record.
export const exchangeRead = (line) => {
	const said = JSON.parse(line);
	const [path, query] = said.path.split(/\?(.*)/s);
	const headers = headersOf(said.headers);
	const type = essence(headers.get("content-type"));

	return {
		method: said.method,
		path,
		query: new URLSearchParams(query ?? ""),
		headers,
		type,
		text: said.body,
		json: bodyOf(type, said.body),
		answer: {
			status: said.status,
			headers: headersOf(said.answered),
			text: said.said,
		},
	};
};

// ---- schemas ----------------------------------------------------------------------

// In a request null and "" are the same as nothing.
const withoutEmpty = (body) =>
	body === null || typeof body !== "object" || Array.isArray(body) ?
		body : Object.fromEntries(Object.entries(body)
			.filter(([, value]) => value !== null && value !== ""));

// What is wrong, in words that repeat no value: it may be a secret.
const words = (what, fault) => {
	const name = fault.params.unevaluatedProperty ??
		fault.params.additionalProperty;

	return `${what}${fault.instancePath} ${fault.message}` +
		(name === undefined ? "" : `: ${name}`);
};

// Compiles each schema once.
const judge = (document) => {
	const ajv = new Ajv2020({
		strict: true, strictTypes: false, strictRequired: false,
		allErrors: true,
	});
	const compiled = new Map();

	addFormats(ajv);
	ajv.addVocabulary(["example", "externalDocs", "xml"]);
	return (what, schema, closed, value) => {
		const key = `${closed} ${JSON.stringify(schema)}`;

		if (!compiled.has(key))
			compiled.set(key, ajv.compile(closed ?
				schemaClosed(document, schema) :
				schemaOpen(document, schema)));
		const check = compiled.get(key);

		return check(value) ? [] : check.errors
			.slice(0, FAULTS_SHOWN).map((e) => words(what, e));
	};
};

// A header or parameter is text; its schema may want a number.
const typed = (schema, text) =>
	/^-?[0-9]+$/.test(text) && /integer|number/.test(schema.type) ?
		Number(text) : text;

// ---- the request that was accepted ----------------------------------------------

const schemeMet = (document, request, name) => {
	const scheme = document.components.securitySchemes[name];
	const said = scheme.type === "http" ?
		(request.headers.get("authorization") ?? "").toLowerCase()
			.startsWith(`${scheme.scheme.toLowerCase()} `) :
		request.headers.has(scheme.name.toLowerCase());

	return said || Boolean(elsewhere[name]?.(request));
};

const securityFaults = (document, operation, request) =>
	operation.security.length === 0 || operation.security.some((needs) =>
		Object.keys(needs).every((name) =>
			schemeMet(document, request, name))) ?
		[] : ["was accepted without what its security says"];

const parameterFaults = (world, operation, request, slots) => {
	const faults = [];

	for (const of of operation.parameters) {
		const schema = follow(world.document, of.schema);
		const text = {
			path: () => slots[of.name],
			query: () => request.query.get(of.name),
			header: () => request.headers.get(of.name.toLowerCase()),
		}[of.in]?.() ?? "";

		if (text !== "")
			faults.push(...world.judge(`${of.in} ${of.name}`, of.schema,
				false, typed(schema, text)));
		else if (of.required)
			faults.push(`was accepted without ${of.in} ${of.name}`);
	}
	return faults;
};

const requestBodyFaults = (world, operation, request) => {
	if (request.text === "")
		return operation.body?.required ?
			["was accepted without its body"] : [];
	if (!operation.body)
		return [];
	const content = operation.body.content[request.type];

	return content ? world.judge("request", content.schema, false,
		withoutEmpty(request.json)) :
		[`was accepted as ${request.type || "no type"}`];
};

const requestFaults = (world, operation, request, slots) => [
	...securityFaults(world.document, operation, request),
	...parameterFaults(world, operation, request, slots),
	...requestBodyFaults(world, operation, request),
];

// ---- the answer ---------------------------------------------------------------------

const contentFaults = (world, content, request, answer) => {
	const type = essence(answer.headers.get("content-type"));

	if (!content)
		return answer.text === "" ? [] : ["has a body"];
	if (!content[type])
		return [`is ${type || "of no type"}`];
	if (request.method === "HEAD")
		return answer.text === "" ? [] : ["has a body, to HEAD"];
	const body = bodyOf(type, answer.text);

	return body === undefined ? ["is not well-formed"] :
		world.judge("answer", content[type].schema, true, body);
};

const headerFaults = (world, headers, answer) => {
	const faults = [];

	for (const [name, ref] of Object.entries(headers)) {
		const said = follow(world.document, ref);
		const schema = follow(world.document, said.schema);
		const text = answer.headers.get(name.toLowerCase());

		if (text !== undefined)
			faults.push(...world.judge(`header ${name}`, said.schema,
				true, typed(schema, text)));
		else if (said.required)
			faults.push(`lacks the header ${name}`);
	}
	return faults;
};

// What every answer of ours says, and nothing that no paper knows.
const commonFaults = (answer, documented, excused) => {
	const known = new Set([...anywhere, ...Object.keys(always),
		...documented.map((name) => name.toLowerCase())]);
	const faults = [...answer.headers.keys()]
		.filter((name) => !known.has(name))
		.map((name) => `has an undocumented header: ${name}`);

	for (const [name, value] of Object.entries(always))
		if (!excused.includes(name) && answer.headers.get(name) !== value)
			faults.push(`does not say ${name}: ${value}`);
	if (!answer.headers.has("x-request-id"))
		faults.push("lacks the header X-Request-Id");
	return faults;
};

// On a path that pages may call, caches keep the origins apart.
const pageFaults = (door, answer) => door.pages &&
	!/\bOrigin\b/.test(answer.headers.get("vary") ?? "") ?
	["does not say Vary: Origin"] : [];

const answerFaults = (world, door, operation, request) => {
	const { answer } = request;
	const said = follow(world.document,
		operation.answers[answer.status] ?? operation.answers.default);

	if (!said)
		return ["is a status that is not documented"];
	return [
		...commonFaults(answer, Object.keys(said.headers ?? {}),
			ownHeaders[operation.id] ?? []),
		...pageFaults(door, answer),
		...headerFaults(world, said.headers ?? {}, answer),
		...contentFaults(world, said.content, request, answer),
	];
};

// ---- paths and methods that are not documented ------------------------------------

const strangerFaults = (world, door, request, wanted) => {
	const { answer } = request;
	const schema = { $ref: `#/components/schemas/${door.error}` };
	const faults = commonFaults(answer, [], []);

	if (!wanted.includes(answer.status))
		faults.push("is a status that nobody expects here");
	if (answer.status === 405 && !answer.headers.has("allow"))
		faults.push("lacks the header Allow");
	return [...faults, ...contentFaults(world,
		{ [door.type]: { schema } }, request, answer)];
};

const preflightFaults = (door, request) => [
	...commonFaults(request.answer, [], []),
	...pageFaults(door, request.answer),
	...contentFaults(null, undefined, request, request.answer),
	...(request.answer.headers.has("allow") ? [] : ["lacks Allow"]),
];

// ---- all of it ----------------------------------------------------------------------

const verdict = (what, status, faults, operation) =>
	({ what, status, faults, operation });

const stranger = (world, door, request, what, wanted) => verdict(
	`${what} of ${door.prefix || "no door"}`, request.answer.status,
	strangerFaults(world, door, request, wanted));

const known = (world, door, request, operation, slots) => {
	const ok = request.answer.status < 300;
	const of = ok ? requestFaults(world, operation, request, slots) : [];

	return verdict(operation.id, request.answer.status,
		[...answerFaults(world, door, operation, request), ...of],
		operation);
};

// "/v1/../etc" is not of /v1: web servers tidy a path before we see it.
const doorOf = (path) => {
	const tidy = path[0] === "/" ? new URL(`http://h${path}`).pathname : path;

	return doors.find((d) => d.prefix === "" || tidy === d.prefix ||
		tidy.startsWith(`${d.prefix}/`));
};

const judged = (world, request) => {
	const found = pathFind(world.paths, request.path);
	const door = doorOf(request.path);

	if (serversOwn(request))
		return verdict("the web server's own", request.answer.status, []);
	if (!found)
		return stranger(world, door, request, "an unknown path",
			[400, 404]);
	const method = request.method === "HEAD" ? "GET" : request.method;
	const operation = found.of.methods[method];

	if (method === "OPTIONS" && request.answer.status === 204)
		return verdict(`a preflight of ${door.prefix || "no door"}`, 204,
			preflightFaults(door, request));
	if (!operation)
		return stranger(world, door, request, "another method",
			[400, 403, 405]);
	return known(world, door, request, operation, Object.fromEntries(
		found.of.slots.map((name, i) => [name, found.slots[i]])));
};

// A function that says what an exchange was, and its faults.
export const examiner = (document, paths) => {
	const world = { document, paths, judge: judge(document) };

	return (request) => judged(world, request);
};
