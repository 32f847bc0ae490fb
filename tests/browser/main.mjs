/* SPDX-License-Identifier: ISC */
/* Runs the cases of cases.mjs in one browser, and counts them. */

import { mkdirSync } from "node:fs";
import { browserOpen, visit } from "./browser.mjs";
import { cases } from "./cases.mjs";

const words = process.argv.slice(2);
const chosen = cases.filter(({ sentence }) =>
	words.every((word) => sentence.includes(word)));
const begun = Date.now();
let passed = 0, failed = 0;

const say = (line) => console.log(
	`[${((Date.now() - begun) / 1000).toFixed(1).padStart(6)} s] ${line}`);

const browser = await browserOpen();

if (process.env.DW_SHOTS)
	mkdirSync(process.env.DW_SHOTS, { recursive: true });
for (const { sentence, hold } of chosen) {
	const since = Date.now();
	const here = visit(browser);

	try {
		await hold(here);
		await here.judge();
		passed++;
		say(`ok (${((Date.now() - since) / 1000).toFixed(1)} s): ${sentence}`);
	} catch (wrong) {
		failed++;
		say(`FAILED: ${sentence}`);
		console.log("    " + (wrong.stack || String(wrong)).slice(0, 3000));
		for (const line of here.faults)
			console.log("    " + line.slice(0, 600));
		await here.picture("failed-" + failed);
	}
	await here.leave();
}
await browser.close();
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed || !passed ? 1 : 0);
