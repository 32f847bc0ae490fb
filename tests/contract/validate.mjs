// SPDX-License-Identifier: ISC
// Holds every recorded answer against the document, and counts.
//
// node validate.mjs DOCUMENT.json RECORD.jsonl [--whole]
// --whole: the record is of all conversations, so that no operation may be
// missing in it.

import { createReadStream, readFileSync } from "node:fs";
import { createInterface } from "node:readline";

import { operationsOf, pathsOf } from "./document.mjs";
import { examiner, exchangeRead } from "./exchange.mjs";
import { unexercised } from "./tables.mjs";

const FAULTS_SHOWN = 8;

const [documentAt, recordAt, whole] = process.argv.slice(2);
const document = JSON.parse(readFileSync(documentAt, "utf8"));
const paths = pathsOf(document);
const examine = examiner(document, paths);
const groups = new Map();
const tally = { passed: 0, failed: 0 };

const bad = [];

// What went well is said at once, what did not at the end.
const line = (good, text, more = []) => {
	tally[good ? "passed" : "failed"]++;
	if (good)
		console.log(`ok: ${text}`);
	else
		bad.push(`FAILED: ${text}`, ...more);
};

const groupOf = (found) => {
	const name = `${found.what} ${found.status}`;

	if (!groups.has(name))
		groups.set(name, {
			name, answers: 0, faulty: 0, faults: new Map(),
			id: found.operation?.id, status: found.status,
		});
	return groups.get(name);
};

const learn = (text) => {
	const found = examine(exchangeRead(text));
	const group = groupOf(found);

	group.answers++;
	group.faulty += found.faults.length > 0;
	for (const fault of found.faults)
		group.faults.set(fault, (group.faults.get(fault) ?? 0) + 1);
};

const report = (group) => {
	const good = group.faulty === 0;

	line(good, good ? `${group.name} (${group.answers})` :
		`${group.name}: ${group.faulty} of ${group.answers} answers`,
	[...group.faults].slice(0, FAULTS_SHOWN)
		.map(([fault, times]) => `    ${times} x ${fault}`));
};

const seen = (id) => [...groups.values()].filter((g) => g.id === id)
	.map((g) => String(g.status));

// An operation must have succeeded somewhere, or have its reason in the table.
const exercised = (operation) => {
	const good = seen(operation.id).some((status) => status[0] === "2");
	const reason = unexercised[operation.id];

	if (good && reason)
		line(false, `${operation.id} is excused in tables.mjs, but it ` +
			"was seen to succeed: take it out");
	else if (reason)
		console.log(`note: ${operation.id} never succeeded: ${reason}`);
	else
		line(good, good ? `${operation.id} was seen to succeed` :
			`${operation.id} never succeeded in a conversation: hold ` +
			"one, or say why not in tests/contract/tables.mjs");
};

const unseen = (operation) => {
	const statuses = Object.keys(operation.answers)
		.filter((status) => !seen(operation.id).includes(status));

	if (statuses.length > 0)
		console.log(`note: never seen: ${operation.id} ` +
			statuses.join(" "));
	return statuses.length;
};

let answers = 0;

for await (const text of createInterface({ input: createReadStream(recordAt) })) {
	learn(text);
	answers++;
}
[...groups.values()].sort((a, b) => a.name < b.name ? -1 : 1).forEach(report);
if (whole === "--whole") {
	const operations = operationsOf(paths);
	const all = operations.flatMap((o) => Object.keys(o.answers)).length;

	operations.forEach(exercised);
	const missing = operations.map(unseen).reduce((a, b) => a + b, 0);

	console.log(`note: ${all - missing} of ${all} documented answers seen`);
}
if (answers === 0)
	line(false, "the record holds no answer");
bad.forEach((text) => console.log(text));
console.log(`the contract: ${answers} answers held against it`);
console.log(`${tally.passed} passed, ${tally.failed} failed`);
process.exitCode = tally.failed > 0 ? 1 : 0;
