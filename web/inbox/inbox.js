/* SPDX-License-Identifier: ISC */
/* The development inbox: lists what was written as files, and shows it. */

import { TEXTS } from "./texts.js";

const EVERY_MS = 2000;
const LINK = /https?:\/\/[^\s<>"]+/g;
const element = (id) => document.getElementById(id);
const asked = new URLSearchParams(location.search);

let language = "en";
let messages = null;		/* null: not asked yet */
let shown = null;		/* the one that is open */
let trouble = "";		/* a key of the texts */

const text = (key) => TEXTS[language][key];

/* As the reader's region has it, when the browser names one. */
const time = (at, style) => new Intl.DateTimeFormat(
	navigator.languages.find((tag) => tag.startsWith(language)) || language,
	style).format(Date.parse(at));

const ask = async (path) => {
	const got = await fetch(new URL("../dev/messages" + path, import.meta.url),
		{ credentials: "omit", cache: "no-store" });

	trouble = got.ok ? "" : got.status === 404 ? "closed" : "away";
	return got.ok ? got.json() : null;
};

const made = (kind, words, look = "") => {
	const one = document.createElement(kind);

	one.textContent = words;
	one.className = look;
	return one;
};

/* ---- drawing ---------------------------------------------------------------- */

const itemDraw = (message) => {
	const item = document.createElement("li");
	const button = document.createElement("button");

	button.type = "button";
	button.dataset.id = message.id;
	if (shown && shown.id === message.id)
		button.setAttribute("aria-current", "true");
	button.append(made("bdi", message.to, "who"),
		made("span", time(message.at, { timeStyle: "medium" }), "when"),
		made("bdi", message.subject || text("kind_" + message.kind), "what"));
	button.onclick = () => open(message.id);
	item.append(button);
	return item;
};

/* Whoever stands on an item stays on it. */
const listDraw = () => {
	const at = document.activeElement?.dataset?.id;

	element("list").replaceChildren(...(messages || []).map(itemDraw));
	if (at)
		element("list").querySelector(`[data-id="${at}"]`)?.focus();
	element("said").textContent = trouble ? text(trouble) :
		messages && messages.length === 0 ? text("empty") : "";
};

/* The text with its links to click on. */
const textDraw = (words) => {
	let from = 0;

	element("text").replaceChildren();
	for (const found of words.matchAll(LINK)) {
		const link = made("a", found[0]);

		link.href = found[0];
		link.target = "_blank";
		link.rel = "noopener";
		element("text").append(words.slice(from, found.index), link);
		from = found.index + found[0].length;
	}
	element("text").append(words.slice(from));
};

/*
 * A mail's HTML, made anew of what mails are made of: no scripts, no pictures,
 * nothing from elsewhere, so that no policy has to be loosened for it. It
 * stands in a tree of its own, so that its styles are its own.
 */
const MAIL = ["A", "B", "BR", "DIV", "EM", "I", "LI", "OL", "P", "SPAN",
	"STRONG", "TABLE", "TBODY", "TD", "TH", "TR", "UL"];
const HEADING = /^H[1-6]$/;

const mailCopy = (from, into) => {
	for (const node of from.childNodes) {
		if (node.nodeType === Node.TEXT_NODE)
			into.append(node.data);
		else if (HEADING.test(node.nodeName) || MAIL.includes(node.nodeName))
			into.append(mailElement(node));
	}
};

/* A heading looks like one, and leaves the page's own outline alone. */
const mailElement = (node) => {
	const one = document.createElement(
		HEADING.test(node.nodeName) ? "p" : node.nodeName);

	one.style.cssText = node.dataset.style || "";
	if (HEADING.test(node.nodeName))
		one.style.fontWeight = "bold";
	for (const name of ["lang", "dir"])
		if (node.hasAttribute(name))
			one.setAttribute(name, node.getAttribute(name));
	if (/^https?:\/\//.test(node.getAttribute("href") || "")) {
		one.href = node.getAttribute("href");
		one.target = "_blank";
		one.rel = "noopener";
	}
	mailCopy(node, one);
	return one;
};

const mailDraw = (html) => {
	const paper = element("html");
	const root = paper.shadowRoot || paper.attachShadow({ mode: "open" });
	/* a style in the text would be held against the page's policy */
	const mail = new DOMParser().parseFromString(
		html.replace(/\sstyle=/gi, " data-style="), "text/html");
	const body = document.createElement("div");

	body.style.cssText = mail.body.dataset.style || "";
	paper.dir = mail.documentElement.dir || "ltr";
	paper.lang = mail.documentElement.lang || "en";
	mailCopy(mail.body, body);
	root.replaceChildren(body);
};

const messageDraw = () => {
	element("message").hidden = !shown;
	if (!shown)
		return;
	element("subject").textContent = shown.subject || text("kind_" + shown.kind);
	element("to").textContent = shown.to;
	element("kind").textContent = text("kind_" + shown.kind);
	element("at").textContent = time(shown.at,
		{ dateStyle: "medium", timeStyle: "medium" });
	textDraw(shown.text);
	element("text").setAttribute("aria-label", text("as_text"));
	element("html-part").hidden = !shown.html;
	element("html").setAttribute("aria-label", text("as_html"));
};

const languageUse = (tag) => {
	language = tag;
	document.documentElement.lang = tag;
	document.documentElement.dir = tag === "ar" ? "rtl" : "ltr";
	document.title = text("title");
	for (const one of document.querySelectorAll("[data-text]"))
		one.textContent = text(one.dataset.text);
	element("language").value = tag;
	listDraw();
	messageDraw();
};

/* ---- asking ------------------------------------------------------------------ */

const open = async (id) => {
	shown = await ask("/" + id).catch(() => null);
	messageDraw();
	listDraw();
	if (!shown)
		return;
	mailDraw(shown.html || "");
	element("subject").focus();
};

const look = async () => {
	const before = JSON.stringify([messages, trouble]);

	try {
		messages = (await ask(""))?.messages || messages;
	} catch {
		trouble = "away";
	}
	if (JSON.stringify([messages, trouble]) !== before)
		listDraw();
};

const watch = async () => {
	if (!document.hidden)
		await look();
	setTimeout(watch, EVERY_MS);
};

const wanted = [asked.get("lang") || "", ...navigator.languages]
	.map((tag) => tag.toLowerCase().split("-")[0])
	.find((tag) => TEXTS[tag]);

element("language").append(...Object.keys(TEXTS).map((tag) => {
	const option = made("option", TEXTS[tag].language_name);

	option.value = option.lang = tag;
	return option;
}));
element("language").onchange = (event) => languageUse(event.target.value);
languageUse(wanted || "en");
watch();
