// SPDX-License-Identifier: ISC
// The document: its operations, references, and the schema of an answer.

const METHODS = ["get", "put", "post", "patch", "delete"];

// What a $ref of this document points to; anything else is itself.
export const follow = (document, thing) => {
	let at = thing;

	while (at?.$ref !== undefined)
		at = at.$ref.slice(2).split("/").reduce((in_, name) =>
			in_[name.replaceAll("~1", "/").replaceAll("~0", "~")],
		document);
	return at;
};

const operationOf = (document, path, method) => {
	const item = document.paths[path];
	const said = item[method];
	const all = [...(item.parameters ?? []), ...(said.parameters ?? [])];

	return {
		id: said.operationId,
		path,
		parameters: all.map((p) => follow(document, p)),
		body: follow(document, said.requestBody),
		answers: said.responses,
		security: said.security ?? document.security ?? [],
	};
};

const pathOf = (document, path) => {
	const slots = path.match(/\{[^}]+\}/g) ?? [];
	const served = METHODS.filter((m) => document.paths[path][m]);
	const pattern = path.replace(/[.*+?^$()|[\]\\]/g, "\\$&")
		.replace(/\{([^}]+)\}/g, "([^/]+)");

	return {
		path,
		slots: slots.map((slot) => slot.slice(1, -1)),
		pattern: new RegExp(`^${pattern}$`),
		methods: Object.fromEntries(served.map((m) =>
			[m.toUpperCase(), operationOf(document, path, m)])),
	};
};

// Every path, those with fewer slots first.
export const pathsOf = (document) => Object.keys(document.paths)
	.map((path) => pathOf(document, path))
	.sort((a, b) => a.slots.length - b.slots.length);

export const operationsOf = (paths) =>
	paths.flatMap((path) => Object.values(path.methods));

const plain = (path) => {
	try {
		return decodeURIComponent(path);
	} catch {
		return path;
	}
};

// { of, slots } for a request's path, or null; a slash at its end is ignored.
export const pathFind = (paths, path) => {
	const asked = plain(path).replace(/(.)\/+$/, "$1");

	for (const of of paths) {
		const found = of.pattern.exec(asked);

		if (found)
			return { of, slots: found.slice(1) };
	}
	return null;
};

// ---- schemas ------------------------------------------------------------------

const PARTS = ["allOf", "anyOf", "oneOf"];

const members = (schema, change) => Object.fromEntries(
	Object.entries(schema).map(([name, of]) => [name, change(of)]));

const isOpen = (schema) => schema.additionalProperties !== undefined ||
	schema.unevaluatedProperties !== undefined;

// Does any part of it name members?
const namesMembers = (schema) => !isOpen(schema) &&
	(schema.properties !== undefined || PARTS.some((name) =>
		(schema[name] ?? []).some(namesMembers)));

// The schema without references; each value in it is changed by `inside`.
const spread = (document, schema, inside) => {
	if (typeof schema !== "object")
		return schema;
	const { $ref, ...own } = schema;
	const flat = { ...own };

	for (const name of PARTS)
		if (own[name])
			flat[name] = own[name].map((s) =>
				spread(document, s, inside));
	if (own.properties)
		flat.properties = members(own.properties, inside);
	if (own.items)
		flat.items = inside(own.items);
	if (typeof own.additionalProperties === "object")
		flat.additionalProperties = inside(own.additionalProperties);
	if ($ref !== undefined)
		flat.allOf = [...(flat.allOf ?? []), spread(document,
			follow(document, { $ref }), inside)];
	return flat;
};

// The same schema without references: for requests, where more may be said.
export const schemaOpen = (document, schema) =>
	spread(document, schema, (s) => schemaOpen(document, s));

// The same, but members that it does not name are refused: for answers.
export const schemaClosed = (document, schema) => {
	const flat = spread(document, schema, (s) => schemaClosed(document, s));

	return namesMembers(flat) ?
		{ ...flat, unevaluatedProperties: false } : flat;
};
