/* SPDX-License-Identifier: ISC */
/* The browser: what a case is given, and what no case may leave behind. */

import assert from "node:assert/strict";
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const require = createRequire(process.env.DW_MODULES + "/");
const { chromium } = require("playwright-core");
const axeSource = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

export const BASE = process.env.BASE;
const PATIENCE_MS = 5000;
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa",
	"best-practice"];

export const browserOpen = () => chromium.launch({
	executablePath: "/usr/bin/chromium",
	chromiumSandbox: false,
	args: ["--disable-gpu", "--disable-quic", "--no-first-run",
		"--disable-background-networking", "--disable-component-update",
		"--disable-sync"],
});

/* ---- time ------------------------------------------------------------------ */

let moved = 0;

/* Let so many seconds go by for the workers; pages have a clock of their own. */
export const clockMove = (seconds) => {
	moved += seconds * 1000;
	writeFileSync(process.env.CLOCK_FILE + ".new", String(moved));
	renameSync(process.env.CLOCK_FILE + ".new", process.env.CLOCK_FILE);
};

/* ---- messages, as the inbox has them ------------------------------------------ */

const get = async (path) => {
	const got = await fetch(BASE + path);

	assert.equal(got.status, 200, path);
	return got.json();
};

/* The newest message to them, when there are so many: {text, code, link}. */
export const message = async (to, count = 1) => {
	const until = Date.now() + PATIENCE_MS;

	for (;;) {
		const all = (await get("/dev/messages")).messages
			.filter((one) => one.to === to);

		if (all.length >= count) {
			const one = await get("/dev/messages/" + all[0].id);

			return {
				...one,
				code: /\b(\d{6})\b/.exec(one.text)?.[1],
				link: /https?:\/\/\S+/.exec(one.text)?.[0],
			};
		}
		assert.ok(Date.now() < until, `no message ${count} to ${to}`);
		await new Promise((done) => setTimeout(done, 50));
	}
};

let people = 0;

export const newEmail = () => `person${++people}@example.com`;
export const newPhone = () =>
	`+23480${30 + people % 60}${String(++people).padStart(3, "0")}000`;

/* ---- a visit: contexts and pages of one case ------------------------------------- */

/* A page that reports: console, errors, foreign requests, policy violations. */
const watchPage = (here, page) => {
	page.on("console", (line) => {
		const text = line.text();
		/* the browser's own word for an answer that is not 2xx */
		const refused = /^Failed to load resource: .* status of (4\d\d|503)/
			.test(text);

		if (["error", "warning"].includes(line.type()) && !refused &&
			!here.expected?.test(text))
			here.faults.push(`console ${line.type()}: ${text}`);
	});
	page.on("pageerror", (error) => here.faults.push(`error: ${error.stack}`));
	page.on("request", (request) => {
		const url = request.url();

		if (!url.startsWith(BASE + "/") && !/^(about|data|blob):/.test(url))
			here.faults.push(`a request leaves: ${url}`);
	});
};

const violationsKeep = () => {
	globalThis.violations = [];
	document.addEventListener("securitypolicyviolation", (event) =>
		globalThis.violations.push(
			`${event.violatedDirective}: ${event.blockedURI}`));
};

export const visit = (browser) => {
	const here = {
		faults: [],
		contexts: [],
		/* {width, height, dark, locale, context}: a page in a new browser */
		async page(options = {}) {
			const context = options.context || await browser.newContext({
				viewport: {
					width: options.width || 1280,
					height: options.height || 800,
				},
				colorScheme: options.dark ? "dark" : "light",
				locale: options.locale || "en-GB",
				reducedMotion: "reduce",
			});

			if (!options.context) {
				here.contexts.push(context);
				await context.addInitScript(violationsKeep);
				context.on("page", (page) => watchPage(here, page));
			}
			const page = await context.newPage();

			page.setDefaultTimeout(PATIENCE_MS);
			here.last = page;
			return page;
		},

		/* Nothing is wrong with what is on the screen now. */
		async sound(page, name) {
			await page.evaluate(axeSource + "; undefined");
			const { violations } = await page.evaluate((tags) =>
				globalThis.axe.run(document, { runOnly: tags, iframes: false }),
			RULES);
			const wide = await page.evaluate(() => {
				const edges = Array.from(document.querySelectorAll(
					"main, main button, main input, main p, main h1, main bdi"),
				(one) => one.getBoundingClientRect());

				return Math.max(document.documentElement.scrollWidth,
					...edges.map((edge) => edge.right),
					...edges.map((edge) => innerWidth - edge.left)) - innerWidth;
			});

			assert.deepEqual(violations.map((one) => `${one.id}: ${
				one.nodes.map((node) => node.html + " " + node.failureSummary)
					.join(" | ")}`), [], `accessibility of ${name}`);
			assert.ok(wide <= 0, `${name} scrolls sideways by ${wide}`);
			if (name)
				await here.picture(name, page);
		},

		async picture(name, page = here.last) {
			if (process.env.DW_SHOTS && page && !page.isClosed())
				await page.screenshot({
					path: join(process.env.DW_SHOTS, name + ".png"),
					fullPage: true,
				});
		},

		/* What the watchers have seen must be nothing. */
		async judge() {
			for (const context of here.contexts)
				for (const page of context.pages())
					here.faults.push(...await page.evaluate(() =>
						globalThis.violations || []));
			assert.deepEqual(here.faults, []);
		},

		async leave() {
			for (const context of here.contexts)
				await context.close();
		},
	};

	return here;
};
