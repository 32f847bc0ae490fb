/* SPDX-License-Identifier: ISC */
/* The sign-in page: a code or a link, then the profile; doc/pages.md. */

import {
	addressRead, begunForget, begunHere, begunKeep, masked,
} from "./address.js";
import { doorTo } from "./doorward.js";
import { isSignedIn, profileBegin, signedIn } from "./profile.js";
import * as screen from "./screen.js";
import { TEXTS } from "./texts.js";

/* What a shop that copies this page may change. */
const CONFIG = {
	/* The publishable key; "": <meta name="doorward-key">, then ?key=, then
	 * the host that the page was asked from decides. */
	key: "",
	/* Where Doorward is; "": where this page is. Another origin has to stand
	 * in the page's Content-Security-Policy, and this page's origin in the
	 * shop's setting `origins`. */
	server: "",
	/* What the shop is called here; "": as Doorward calls it. */
	name: "",
	/* Languages on offer, of those in texts.js. */
	languages: ["en", "ar", "fr", "pl"],
};

const { element, fault, fill, headingOf, refusal, say, text } = screen;
const CODE_DIGITS = 6;
/* what a phone without links is sent once its codes were used up */
const LONG_CODE = /^[a-hj-np-z2-9]{15}$/i;
const LIFE_SECONDS = { email: 600, phone: 300 };

const asked = new URLSearchParams(location.search);
const door = doorTo({
	base: CONFIG.server ? CONFIG.server.replace(/\/?$/, "/") :
		new URL("../", import.meta.url),
	key: CONFIG.key ||
		document.querySelector('meta[name="doorward-key"]')?.content ||
		asked.get("key") || "",
	language: screen.languageNow,
});

let shop = { name: CONFIG.name, channels: ["email", "phone"] };
let sent = null;	/* {kind, address, at}: where a code is awaited from */
let link = null;	/* {kind, address, token}: out of the fragment */

const shopHeading = (into) => {
	if (shop.name)
		fill(into, "start_heading", { shop: shop.name });
	else
		into.textContent = text("start_title");
};

/* Somebody has proven who they are. */
const proven = (data) => {
	codeLeave();
	begunForget();
	sent = link = null;
	return signedIn(door, data);
};

/* The answer to a code or link that was left for another: no session stays. */
const unwanted = (got) => got.ok && door.end(got.data.refreshToken);

/* ---- start: an address --------------------------------------------------------- */

const both = () => shop.channels.includes("email") &&
	shop.channels.includes("phone");

const channels = () => both() ? "both" : shop.channels[0] || "email";

const startDraw = () => {
	const input = element("address");

	shopHeading(headingOf("start"));
	document.querySelector('label[for="address"]').textContent =
		text("label_" + channels());
	element("address-hint").hidden = channels() === "email";
	fill(element("address-hint"), "hint_phone",
		{ example: text("example") }, "ltr");
	input.type = { both: "text", email: "email", phone: "tel" }[channels()];
	input.inputMode = channels() === "phone" ? "tel" : "email";
	input.autocomplete = { both: "username", email: "email", phone: "tel" }[
		channels()];
};

/* Addresses and numbers run from left to right, whatever the page does. */
const addressTurn = () => {
	element("address").dir = element("address").value ? "ltr" : "";
};

const startShow = (words = "", address = "") => {
	sent = link = null;
	screen.draw("start", startDraw);
	element("address").value = address;
	addressTurn();
	fault(element("address"), "");
	screen.show("start", element("address"));
	say("start", words);
};

const startSend = async () => {
	const input = element("address");
	const to = addressRead(input.value, shop.channels);

	if (!to) {
		fault(input, text("bad_" + channels(), { example: text("example") }));
		input.focus();
		return;
	}
	fault(input, "");
	say("start", text("waiting"));
	const got = await door.send(to.kind, to.address);

	say("start", "");
	/* a link was opened meanwhile */
	if (element("start").hidden)
		return;
	/* a message that is on its way already is as good */
	if (got.ok || (got.status === 429 && got.limit === "send-pause")) {
		await begunKeep(to.kind, to.address);
		codeShow(to, got.ok ? 0 : got.wait);
		return;
	}
	fault(input, refusal(got, text("refused")));
	input.focus();
};

/* ---- code ------------------------------------------------------------------------- */

let ticker = 0;
let listening = null;	/* to a code that the phone hands over */

const resendDraw = (left) => {
	const button = element("code-resend");

	if (left > 0) {
		button.textContent = text("resend_in", { time: screen.ticking(left) });
		button.setAttribute("aria-disabled", "true");
	} else {
		button.textContent = text("resend");
		button.removeAttribute("aria-disabled");
	}
};

/* Nothing more is sent before so many seconds are over. */
const resendWait = (seconds) => {
	const until = Date.now() + seconds * 1000;
	const left = () => Math.max(0, Math.ceil((until - Date.now()) / 1000));

	clearInterval(ticker);
	screen.draw("resend", () => resendDraw(left()));
	if (seconds === 0)
		return;
	ticker = setInterval(() => {
		resendDraw(left());
		if (left() > 0)
			return;
		clearInterval(ticker);
		if (!element("code").hidden)
			say("code", text("resend_ready"));
	}, 1000);
};

const codeLeave = () => {
	clearInterval(ticker);
	listening?.abort();
	listening = null;
};

/* WebOTP: the last line of our text messages binds the code to this host. */
const codeListen = async () => {
	if (sent.kind !== "phone" || !("OTPCredential" in window))
		return;
	listening = new AbortController();
	try {
		const got = await navigator.credentials.get({
			otp: { transport: ["sms"] },
			signal: listening.signal,
		});

		element("code-digits").value = got.code;
		element("code-form").requestSubmit();
	} catch { /* nobody handed one over: it is typed */ }
};

const codeDraw = () => {
	const life = screen.duration(LIFE_SECONDS[sent.kind]);
	const more = document.createElement("span");

	fill(element("code-sent"), "code_sent_" + sent.kind,
		{ address: sent.address }, "address");
	more.textContent = " " + text(sent.kind === "email" ?
		"code_life" : "code_life_phone", { time: life });
	element("code-sent").append(more);
};

const codeShow = (to, wait) => {
	codeLeave();
	sent = { ...to, at: Date.now() };
	screen.draw("code", () => sent && codeDraw());
	element("code-digits").value = "";
	fault(element("code-digits"), "");
	resendWait(wait);
	screen.show("code", element("code-digits"));
	say("code", "");
	codeListen();
};

const codeFault = (input, words) => {
	fault(input, words);
	input.focus();
	input.select();
};

/* The six digits or the long code, or null and a sentence. */
const digitsRead = (input) => {
	const digits = screen.digitsOf(input.value);
	const long = input.value.replace(/[\s-]/g, "");

	if (LONG_CODE.test(long))
		return long;
	if (digits.length === CODE_DIGITS)
		return digits;
	input.inputMode = "text";	/* it may be a long one */
	codeFault(input, text("code_bad"));
	return null;
};

const codeSend = async () => {
	const input = element("code-digits");
	const digits = digitsRead(input);

	if (!digits)
		return;
	fault(input, "");
	say("code", text("waiting"));
	const to = sent;
	const got = await door.show(to.kind, to.address, digits);
	const old = Date.now() - to.at > LIFE_SECONDS[to.kind] * 1000;

	say("code", "");
	if (sent !== to)
		unwanted(got);
	else if (got.ok)
		proven(got.data);
	else
		codeFault(input, refusal(got,
			text(old ? "code_expired" : "code_wrong")));
};

const codeResend = async () => {
	say("code", text("waiting"));
	const to = sent;
	const got = await door.send(to.kind, to.address);

	if (sent !== to)
		return 0;
	if (got.ok) {
		to.at = Date.now();
		await begunKeep(to.kind, to.address);
		element("code-digits").value = "";
		fault(element("code-digits"), "");
		say("code", text("resent"));
	} else {
		say("code", refusal(got, text("refused")));
	}
	return got.status === 429 ? got.wait : 0;
};

/* ---- link -------------------------------------------------------------------------- */

/* What the fragment holds; it leaves the address bar and the history. */
const linkTake = () => {
	const given = new URLSearchParams(
		location.hash.slice(1).replaceAll("+", "%2B"));
	const kind = given.has("phone") ? "phone" : "email";
	const found = {
		kind,
		address: given.get(kind) || "",
		token: given.get("token") || "",
	};

	if (location.hash)
		history.replaceState(null, "", location.pathname + location.search);
	return found.token && found.address ? found : null;
};

const linkDraw = () => {
	shopHeading(headingOf("link"));
	fill(element("link-who"), "link_who", { address: masked(link) }, "address");
};

/* With the code of the same message, or trusting the link alone. */
const linkAskCode = (wanted, stranger) => {
	element("link-code").hidden = !wanted;
	element("link-no-code").hidden = !wanted;
	element("link-care").hidden = wanted || !stranger;
};

const linkShow = async (found) => {
	const here = await begunHere(found.kind, found.address);

	link = found;
	screen.draw("link", () => link && linkDraw());
	/* a text message holds a link only when it holds no code */
	linkAskCode(!here && link.kind === "email", !here);
	element("link-digits").value = "";
	element("link-form").hidden = false;
	element("link-again").hidden = true;
	fault(element("link-digits"), "");
	screen.show("link");
	say("link", "");
};

const linkEnd = () => {
	linkAskCode(false, false);
	element("link-form").hidden = true;
	element("link-again").hidden = false;
	say("link", text("link_dead"));
	element("link-again").focus();
};

const linkSend = async () => {
	const input = element("link-digits");
	const code = element("link-code").hidden ? null : digitsRead(input);
	const byCode = !element("link-code").hidden;

	if (byCode && !code)
		return;
	fault(input, "");
	say("link", text("waiting"));
	const to = link;
	const got = await door.show(to.kind, to.address, code || to.token);

	say("link", "");
	if (link !== to)
		unwanted(got);
	else if (got.ok)
		proven(got.data);
	else if (byCode)
		codeFault(input, refusal(got, text("code_wrong")));
	else if (got.status === 400 || got.status === 422)
		linkEnd();
	else
		fault(input, refusal(got, ""));
};

/* ---- trouble, and the beginning --------------------------------------------------------- */

/*
 * retry: what to do again; null: it is the page's own address that is wrong,
 * which lacks the shop's key, or is no https one.
 */
const troubleShow = (retry, isPlain = false) => {
	const wrong = isPlain ? ["plain_title", "plain_more"] :
		["no_shop_title", "no_shop_more"];
	const [title, more] = retry ? ["away_title", "away"] : wrong;

	screen.draw("trouble", () => {
		headingOf("trouble").textContent = text(title);
		element("trouble-more").textContent = text(more);
	});
	element("trouble-retry").hidden = !retry;
	element("trouble-retry").onclick = () =>
		screen.busy(element("trouble-retry"), retry);
	screen.show("trouble");
};

/* Nobody is served over plain http but on the machine itself. */
const isPlainHttp = (got) => got.status === 403 &&
	(CONFIG.server || location.href).startsWith("http:");

const shopLoad = async () => {
	const got = await door.shop();

	if (!got.ok) {
		troubleShow(got.status >= 400 && got.status < 500 &&
			got.status !== 429 ? null : begin, isPlainHttp(got));
		return false;
	}
	shop = { ...got.data, name: CONFIG.name || got.data.name };
	element("shop").textContent = shop.name || "";
	element("shop").hidden = !shop.name;
	return true;
};

const begin = async () => {
	const found = link || linkTake();

	link = found;
	if (!await shopLoad())
		return;
	if (!languageAsked())
		screen.languageUse(screen.languageOf([shop.locale],
			CONFIG.languages) || CONFIG.languages[0]);
	element("language").value = screen.languageNow();
	if (found)
		await linkShow(found);
	else
		startShow();
};

const languageAsked = () => screen.languageOf(
	[asked.get("lang") || "", ...navigator.languages], CONFIG.languages);

const languagesOffer = () => {
	element("language").append(...CONFIG.languages.map((tag) => {
		const option = new Option(TEXTS[tag].language_name, tag);

		option.lang = tag;
		return option;
	}));
	element("language").onchange = (event) => {
		asked.set("lang", event.target.value);
		history.replaceState(null, "", location.pathname + "?" + asked);
		screen.languageUse(event.target.value);
	};
	element("foot").hidden = CONFIG.languages.length < 2;
};

const listen = () => {
	profileBegin({ leave: startShow, trouble: troubleShow });
	element("address").addEventListener("input", addressTurn);
	screen.onSubmit("start-form", startSend);
	screen.onSubmit("code-form", codeSend);
	screen.onSubmit("link-form", linkSend);
	screen.onPress("code-other", () => {
		codeLeave();
		startShow();
	});
	screen.onPress("link-no-code", () => {
		linkAskCode(false, true);
		element("link-go").focus();
	});
	screen.onPress("link-again", () => startShow("", link.address));
	element("code-resend").addEventListener("click", async (event) => {
		let wait = 0;

		await screen.busy(event.target, async () => {
			wait = await codeResend();
		});
		if (wait)
			resendWait(wait);
	});
	/* another link opened in the same tab */
	addEventListener("hashchange", () => {
		const found = linkTake();

		if (found && !isSignedIn()) {
			codeLeave();
			linkShow(found);
		}
	});
};

languagesOffer();
listen();
screen.languageUse(languageAsked() || CONFIG.languages[0]);
element("loading").textContent = text("waiting");
begin();
