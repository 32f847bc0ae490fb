/* SPDX-License-Identifier: ISC */
/* The sign-in page: a code or a link, then the profile; doc/pages.md. */

import { doorTo, sessionOf } from "./doorward.js";
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

const { element, fault, fill, say, text } = screen;
const CODE_DIGITS = 6;
const LIFE_SECONDS = { email: 600, phone: 300 };
const REAUTH_SECONDS = 300;
const BEGUN = "doorward-begun";

const asked = new URLSearchParams(location.search);
const door = doorTo({
	base: new URL(CONFIG.server || "../", CONFIG.server ? undefined : import.meta.url),
	key: CONFIG.key || asked.get("key") ||
		document.querySelector('meta[name="doorward-key"]')?.content || "",
	language: screen.languageNow,
});

let shop = { name: CONFIG.name, channels: ["email", "phone"] };
let sent = null;	/* {kind, address, at}: where a code is awaited from */
let link = null;	/* {kind, address, token}: out of the fragment */
let session = null;

const shopHeading = (into) => {
	if (shop.name)
		fill(into, "start_heading", { shop: shop.name });
	else
		into.textContent = text("start_title");
};

const headingOf = (id) => element(id).querySelector("h1");

/* A wrong or used secret, a limit, a closed account, or the network. */
const refusal = (got, wrong) => {
	switch (got.status) {
	case 400:
	case 422:
		return wrong;
	case 403:
		return text("closed");
	case 429:
		return got.limit === "codes-an-hour" ?
			text("codes_off_until", {
				time: screen.clock(Date.now() + got.wait * 1000),
			}) : screen.often(got.wait);
	default:
		return text("away");
	}
};

/* ---- who asked for a link: remembered for ten minutes, as a digest ---------- */

const digest = async (kind, address) => {
	const plain = kind + ":" + (kind === "email" ?
		address.trim().toLowerCase() :
		address.replace(/[^0-9]/g, "").replace(/^00/, ""));
	const bytes = await crypto.subtle.digest("SHA-256",
		new TextEncoder().encode(plain));

	return Array.from(new Uint8Array(bytes),
		(b) => b.toString(16).padStart(2, "0")).join("");
};

/* Private windows and plain http know nothing of it: then each is another. */
const begunKeep = async (kind, address) => {
	try {
		localStorage.setItem(BEGUN, JSON.stringify({
			who: await digest(kind, address),
			until: Date.now() + LIFE_SECONDS.email * 1000,
		}));
	} catch { /* as said */ }
};

const begunHere = async (kind, address) => {
	try {
		const begun = JSON.parse(localStorage.getItem(BEGUN));

		return begun.until > Date.now() &&
			begun.who === await digest(kind, address);
	} catch {
		return false;
	}
};

const begunForget = () => {
	try {
		localStorage.removeItem(BEGUN);
	} catch { /* as said */ }
};

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

const startShow = (words = "", address = "") => {
	sent = link = null;
	screen.draw("start", startDraw);
	element("address").value = address;
	fault(element("address"), "");
	screen.show("start", element("address"));
	say("start", words);
};

/* What was typed, as {kind, address}; null when it is neither. */
const addressRead = (typed) => {
	const address = typed.trim();
	const digits = screen.digitsOf(address);

	if (address.includes("@"))
		return shop.channels.includes("email") &&
			/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(address) ?
			{ kind: "email", address } : null;
	return shop.channels.includes("phone") && digits.length >= 7 &&
		/^[+\d\s().\-\u0660-\u0669\u06f0-\u06f9]+$/.test(address) ?
		{ kind: "phone", address: (address.includes("+") ? "+" : "") + digits } :
		null;
};

const startSend = async () => {
	const input = element("address");
	const to = addressRead(input.value);

	if (!to) {
		fault(input, text("bad_" + channels(), { example: text("example") }));
		input.focus();
		return;
	}
	fault(input, "");
	say("start", text("waiting"));
	const got = await door.send(to.kind, to.address);

	say("start", "");
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

/* The six digits, or null and a sentence. */
const digitsRead = (input) => {
	const digits = screen.digitsOf(input.value);

	if (digits.length === CODE_DIGITS)
		return digits;
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
	const got = await door.show(sent.kind, sent.address, digits);
	const old = Date.now() - sent.at > LIFE_SECONDS[sent.kind] * 1000;

	say("code", "");
	if (got.ok)
		signedIn(got.data);
	else
		codeFault(input, refusal(got,
			text(old ? "code_expired" : "code_wrong")));
};

const codeResend = async () => {
	say("code", text("waiting"));
	const got = await door.send(sent.kind, sent.address);

	if (got.ok) {
		sent.at = Date.now();
		await begunKeep(sent.kind, sent.address);
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

/* "a•••@example.com", "+2348•••••000" */
const masked = ({ kind, address }) => kind === "email" ?
	address[0] + "•••" + address.slice(address.lastIndexOf("@")) :
	address.slice(0, 5) + "•••••" + address.slice(-3);

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
	const got = await door.show(link.kind, link.address, code || link.token);

	say("link", "");
	if (got.ok)
		signedIn(got.data);
	else if (byCode)
		codeFault(input, refusal(got, text("code_wrong")));
	else if (got.status === 400 || got.status === 422)
		linkEnd();
	else
		fault(input, refusal(got, ""));
};

/* ---- profile ------------------------------------------------------------------------ */

let profile = null;
let sessions = [];

/* "Firefox, Windows" out of a User-Agent; null: unknown. */
const browserOf = (agent) => {
	const names = [["Edg", "Edge"], ["OPR", "Opera"], ["Firefox", "Firefox"],
		["Chrome", "Chrome"], ["Safari", "Safari"]];
	const systems = ["Android", "iPhone", "iPad", "Windows", "Mac OS", "Linux"];
	const name = names.find(([sign]) => (agent || "").includes(sign));
	const system = systems.find((sign) => (agent || "").includes(sign));

	return name ? [name[1], system].filter(Boolean).join(", ") : null;
};

const part = (kind, words, look = "") => {
	const made = document.createElement(kind);

	made.textContent = words;
	made.className = look;
	return made;
};

const fact = (key, value, proven) => {
	const shown = document.createElement("dd");

	shown.append(part("bdi", value || text("none"), value ? "" : "quiet"));
	if (value && proven)
		shown.append(" ", part("span", text("confirmed"), "badge"));
	return [part("dt", text(key)), shown];
};

const sessionItem = (one) => {
	const item = document.createElement("li");

	item.append(part("bdi", browserOf(one.device) || text("session_unknown")));
	if (one.current)
		item.append(" ", part("span", text("session_here"), "badge"));
	item.append(part("span", text("session_seen",
		{ time: screen.ago(Date.parse(one.lastSeenAt)) }), "quiet line"));
	return item;
};

const profileDraw = () => {
	element("facts").replaceChildren(
		...fact("email", profile.email, profile.emailVerified),
		...fact("phone", profile.phoneNumber, profile.phoneVerified),
		...fact("since", screen.day(Date.parse(profile.createdAt))));
	element("sessions").replaceChildren(...sessions.map(sessionItem));
	element("end-others").hidden = sessions.length < 2;
};

const profileLoad = async () => {
	const [who, where] = await Promise.all([
		session.ask("GET", "v1/customers/profile"),
		session.ask("GET", "v1/sessions")]);

	if (!who.ok || !where.ok)
		return false;
	profile = who.data;
	sessions = where.data;
	return true;
};

const profileShow = async () => {
	if (!await profileLoad()) {
		if (session)
			troubleShow(profileShow);
		return;
	}
	screen.draw("profile", () => profile && profileDraw());
	element("full-name").value = profile.fullName || "";
	fault(element("full-name"), "");
	element("sign-in-again").hidden = true;
	screen.show("profile");
	say("profile", "");
	say("others-said", "");
};

const profileSave = async () => {
	const input = element("full-name");
	const got = await session.ask("PATCH", "v1/customers/profile/update",
		{ fullName: input.value.trim() });

	if (got.ok) {
		profile = got.data;
		fault(input, "");
		say("profile", text("saved"));
	} else if (got.status !== 401) {
		say("profile", "");
		fault(input, refusal(got, text("name_bad")));
		input.focus();
	}
};

const othersEnd = async () => {
	const got = await session.ask("DELETE", "v1/sessions");

	if (got.ok && await profileLoad()) {
		profileDraw();
		say("others-said", text("ended_others"));
		/* the button that was pressed is gone */
		headingOf("profile").focus();
	} else if (got.body.code === "reauth_required") {
		say("others-said", text("reauth",
			{ time: screen.duration(REAUTH_SECONDS) }));
		element("sign-in-again").hidden = false;
	} else if (got.status !== 401) {
		say("others-said", text("away"));
	}
};

/* ---- sessions ------------------------------------------------------------------------ */

const sessionForget = () => {
	session = null;
	profile = null;
	sessions = [];
	element("full-name").value = "";
	element("facts").replaceChildren();
	element("sessions").replaceChildren();
};

const signedIn = (data) => {
	codeLeave();
	begunForget();
	sent = link = null;
	session = sessionOf(door, data, () => {
		sessionForget();
		startShow(text("session_ended"));
	});
	/* for scripts of the page that embed it in a shop */
	document.dispatchEvent(
		new CustomEvent("doorward-signed-in", { detail: data }));
	return profileShow();
};

const signOut = async (address = "") => {
	const words = address ? "" : text("signed_out");

	if (!await session.signOut()) {
		say("profile", text("away"));
		return;
	}
	sessionForget();
	startShow(words, address);
	document.dispatchEvent(new CustomEvent("doorward-signed-out"));
};

/* ---- trouble, and the beginning --------------------------------------------------------- */

/* retry: what to do again; null: it is the page's own address that is wrong. */
const troubleShow = (retry) => {
	screen.draw("trouble", () => {
		headingOf("trouble").textContent =
			text(retry ? "away_title" : "no_shop_title");
		element("trouble-more").textContent =
			text(retry ? "away" : "no_shop_more");
	});
	element("trouble-retry").hidden = !retry;
	element("trouble-retry").onclick = () =>
		screen.busy(element("trouble-retry"), retry);
	screen.show("trouble");
};

const shopLoad = async () => {
	const got = await door.shop();

	if (!got.ok) {
		troubleShow(got.status >= 400 && got.status < 500 &&
			got.status !== 429 ? null : begin);
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
		const option = part("option", TEXTS[tag].language_name);

		option.value = option.lang = tag;
		return option;
	}));
	element("language").onchange = (event) => {
		asked.set("lang", event.target.value);
		history.replaceState(null, "", location.pathname + "?" + asked);
		screen.languageUse(event.target.value);
	};
	element("foot").hidden = CONFIG.languages.length < 2;
};

const onSubmit = (id, work) => {
	element(id).addEventListener("submit", (event) => {
		event.preventDefault();
		screen.busy(element(id).querySelector("button"), work);
	});
};

const onPress = (id, work) => {
	element(id).addEventListener("click",
		() => screen.busy(element(id), work));
};

const listen = () => {
	onSubmit("start-form", startSend);
	onSubmit("code-form", codeSend);
	onSubmit("link-form", linkSend);
	onSubmit("profile-form", profileSave);
	onPress("code-other", () => {
		codeLeave();
		startShow();
	});
	onPress("link-no-code", () => {
		linkAskCode(false, true);
		element("link-go").focus();
	});
	onPress("link-again", () => startShow("", link.address));
	onPress("end-others", othersEnd);
	onPress("sign-in-again",
		() => signOut(profile.email || profile.phoneNumber));
	onPress("sign-out", () => signOut());
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

		if (found && !session) {
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
