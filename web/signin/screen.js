/* SPDX-License-Identifier: ISC */
/* What is seen: languages, screens, messages, times. */

import { TEXTS } from "./texts.js";

const RIGHT_TO_LEFT = ["ar"];
const SOON_SECONDS = 90;
const MINUTE = 60, HOUR = 3600, DAY = 86400;

export const element = (id) => document.getElementById(id);

export const headingOf = (id) => element(id).querySelector("h1");

/* ---- languages ------------------------------------------------------------ */

let language = "en";
const drawn = new Map();	/* what is drawn again in another language */

export const languageNow = () => language;

/* The first of these tags that we speak: "pl-PL" is pl. */
export const languageOf = (tags, spoken) => tags
	.map((tag) => String(tag).toLowerCase().split("-")[0])
	.find((tag) => spoken.includes(tag) && TEXTS[tag]);

export const text = (key, values = {}) => TEXTS[language][key].replace(
	/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);

/*
 * Fill an element; the values of slots keep their own direction. They stand in
 * <bdi> with this class, and are never read as markup.
 */
export const fill = (into, key, values = {}, look = "") => {
	into.replaceChildren(...TEXTS[language][key].split(/(\{\w+\})/)
		.filter((piece) => piece !== "").map((piece) => {
			const slot = /^\{(\w+)\}$/.exec(piece);

			if (!slot)
				return piece;
			const value = document.createElement("bdi");

			value.className = look;
			value.textContent = values[slot[1]];
			return value;
		}));
};

/* Draw now, and again whenever the language changes; a name is drawn one way. */
export const draw = (name, how) => {
	drawn.set(name, how);
	how();
};

export const languageUse = (tag) => {
	language = tag;
	document.documentElement.lang = tag;
	document.documentElement.dir = RIGHT_TO_LEFT.includes(tag) ? "rtl" : "ltr";
	for (const one of document.querySelectorAll("[data-text]"))
		one.textContent = text(one.dataset.text);
	for (const one of document.querySelectorAll(".error, .said"))
		one.textContent = "";
	for (const how of drawn.values())
		how();
	const heading = document.querySelector("main > section:not([hidden]) h1");

	if (heading)
		document.title = heading.textContent;
};

/* ---- times and numbers ------------------------------------------------------ */

/* With the reader's region, when the browser names one: en-GB has 14:05. */
const region = () => navigator.languages.find(
	(tag) => languageOf([tag], [language])) || language;

const plain = (n, unit) => new Intl.NumberFormat(region(),
	{ style: "unit", unit, unitDisplay: "long" }).format(n);

/* "27 seconds", "5 minutes" */
export const duration = (seconds) => seconds <= SOON_SECONDS ?
	plain(seconds, "second") : plain(Math.ceil(seconds / MINUTE), "minute");

/* "0:27" in the language's digits, for what ticks. */
export const ticking = (seconds) => {
	const digits = (n, least) => new Intl.NumberFormat(region(),
		{ minimumIntegerDigits: least, useGrouping: false }).format(n);

	return digits(Math.floor(seconds / MINUTE), 1) + ":" +
		digits(seconds % MINUTE, 2);
};

/* "14:05", with the day when it is not today. */
export const clock = (ms) => new Intl.DateTimeFormat(region(),
	new Date(ms).toDateString() === new Date().toDateString() ?
		{ timeStyle: "short" } :
		{ dateStyle: "medium", timeStyle: "short" }).format(ms);

export const day = (ms) => new Intl.DateTimeFormat(region(),
	{ dateStyle: "long" }).format(ms);

/* "3 hours ago" */
export const ago = (ms) => {
	const past = Math.max(0, (Date.now() - ms) / 1000);
	const [unit, seconds] = [["day", DAY], ["hour", HOUR], ["minute", MINUTE]]
		.find(([, each]) => past >= each) || ["second", 1];

	return new Intl.RelativeTimeFormat(region(), { numeric: "auto" })
		.format(unit === "second" ? 0 : -Math.floor(past / seconds), unit);
};

/* Too often: a wait in seconds while it is short, else a time of day. */
export const often = (seconds) => seconds <= SOON_SECONDS ?
	text("often_in", { time: duration(seconds) }) :
	text("often_until", { time: clock(Date.now() + seconds * 1000) });

/* A wrong or used secret, a limit, a closed account, or the network. */
export const refusal = (got, wrong) => {
	switch (got.status) {
	case 400:
	case 422:
		return wrong;
	case 403:
		return text("closed");
	case 429:
		return got.limit === "codes-an-hour" ?
			text("codes_off_until",
				{ time: clock(Date.now() + got.wait * 1000) }) : often(got.wait);
	default:
		return text("away");
	}
};

/* ---- screens ---------------------------------------------------------------- */

/* Show one section; the focus goes to what is to be done there. */
export const show = (id, focus) => {
	for (const one of document.querySelectorAll("main > section"))
		one.hidden = one.id !== id;
	element("loading").hidden = true;
	element("loading").textContent = "";
	const heading = element(id).querySelector("h1");

	document.title = heading.textContent;
	scrollTo(0, 0);
	(focus || heading).focus();
};

/* What went well, or is under way: read out, without moving the focus. */
export const say = (id, words) => {
	document.querySelector(`#${id}.said, #${id} .said`).textContent = words;
};

/* What is wrong with a field; "" for nothing. */
export const fault = (input, words) => {
	element(input.dataset.error || input.id + "-error").textContent = words;
	if (words)
		input.setAttribute("aria-invalid", "true");
	else
		input.removeAttribute("aria-invalid");
};

/*
 * While a form's or button's work is under way, another press does nothing;
 * it stays focusable, so that nobody loses their place.
 */
export const busy = async (button, work) => {
	if (button.getAttribute("aria-disabled") === "true")
		return;
	button.setAttribute("aria-disabled", "true");
	button.classList.add("busy");
	try {
		await work();
	} finally {
		button.classList.remove("busy");
		button.removeAttribute("aria-disabled");
	}
};

export const onSubmit = (id, work) => {
	element(id).addEventListener("submit", (event) => {
		event.preventDefault();
		busy(element(id).querySelector("button"), work);
	});
};

export const onPress = (id, work) => {
	element(id).addEventListener("click",
		() => busy(element(id), work));
};

/* Digits as they are typed anywhere: "٤٢ 1-7" is "4217". */
export const digitsOf = (typed) => typed
	.replace(/[\u0660-\u0669\u06f0-\u06f9]/g, (c) => c.charCodeAt(0) & 15)
	.replace(/[^0-9]/g, "");
