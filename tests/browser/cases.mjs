/* SPDX-License-Identifier: ISC */
/* What people do with our pages, case by case. */

import assert from "node:assert/strict";
import {
	BASE, clockMove, message, newEmail, newPhone,
} from "./browser.mjs";

export const cases = [];
const test = (sentence, hold) => cases.push({ sentence, hold });

/* ---- steps ------------------------------------------------------------------ */

const open = async (here, options = {}, query = "") => {
	const page = await here.page(options);

	if (options.clock)
		await page.clock.install();
	await page.goto(BASE + "/signin" + query);
	await page.locator("#start, #link, #trouble").locator("visible=true").waitFor();
	return page;
};

const button = (page, id) => page.locator(`#${id}-form button.main`);

const shows = (page, id) => page.locator(`#${id}`).waitFor();

const says = async (locator, want) => {
	await locator.filter({ hasText: want }).waitFor();
};

const askFor = async (page, address) => {
	await page.locator("#address").fill(address);
	await button(page, "start").click();
	await shows(page, "code");
};

const enter = async (page, code, id = "code") => {
	await page.locator(`#${id}-digits`).fill(code);
	await button(page, id).click();
};

const wrong = (code) => String((Number(code) + 1) % 1000000).padStart(6, "0");

/* From the address to the profile. */
const signIn = async (page, address, count = 1) => {
	await askFor(page, address);
	await enter(page, (await message(address, count)).code);
	await shows(page, "profile");
};

const signOut = async (page) => {
	await page.locator("#sign-out").click();
	await shows(page, "start");
};

const post = async (path, body) => (await fetch(BASE + path, {
	method: "POST",
	headers: { "Content-Type": "application/json" },
	body: JSON.stringify(body),
})).status;

/* ---- signing in ----------------------------------------------------------------- */

test("a customer signs in by the code of a mail, gives a name and signs out",
	async (here) => {
		const email = newEmail();
		const page = await open(here);

		assert.equal(await page.title(), "Sign in to Shop One");
		await here.sound(page, "en-light-1280-start");
		await askFor(page, email);
		await says(page.locator("#code-sent"), email);
		await says(page.locator("#code-sent"), "10 minutes");
		await here.sound(page, "en-light-1280-code");
		await enter(page, (await message(email)).code);
		await shows(page, "profile");
		assert.equal(await page.title(), "You are signed in");
		await page.locator("#full-name").fill("Ada Lovelace");
		await page.locator("#profile-form button").click();
		await says(page.locator("#profile-form + .said"), "Saved.");
		await says(page.locator("#facts"), email + " confirmed");
		await here.sound(page, "en-light-1280-profile");
		await signOut(page);
		await says(page.locator("#start .said"), "You are signed out.");
		await here.sound(page, "en-light-1280-signed-out");
		clockMove(61);
		await signIn(page, email, 2);
		assert.equal(await page.locator("#full-name").inputValue(),
			"Ada Lovelace");
	});

test("a customer signs in by the code of a text message", async (here) => {
	const phone = newPhone();
	const page = await open(here);

	/* as people write numbers */
	await askFor(page, `${phone.slice(0, 4)} ${phone.slice(4, 7)}-${phone.slice(7)}`);
	await says(page.locator("#code-sent"), "5 minutes");
	const { code } = await message(phone);

	await enter(page, `${code.slice(0, 3)} ${code.slice(3)}`);
	await shows(page, "profile");
	await says(page.locator("#facts"), phone + " confirmed");
});

test("digits may be Arabic ones, in numbers and in codes", async (here) => {
	const phone = newPhone();
	const arabic = (text) => text.replace(/\d/g,
		(digit) => String.fromCharCode(0x660 + Number(digit)));
	const page = await open(here, { locale: "ar" });

	await askFor(page, arabic(phone));
	await enter(page, arabic((await message(phone)).code));
	await shows(page, "profile");
	await says(page.locator("#facts"), phone);
});

test("a phone that reads text messages hands the code over", async (here) => {
	const phone = newPhone();
	const page = await here.page();

	await page.addInitScript(() => {
		globalThis.OTPCredential = class {};
		navigator.credentials.get = (options) => new Promise((hand) => {
			globalThis.handOver = (code) => hand({ code });
			globalThis.otpAsked = JSON.stringify(options.otp);
		});
	});
	await page.goto(BASE + "/signin");
	await askFor(page, phone);
	const sms = await message(phone);

	assert.equal(sms.text.trim().split("\n").pop(),
		`@127.0.0.1 #${sms.code}`);
	assert.equal(await page.evaluate(() => globalThis.otpAsked),
		'{"transport":["sms"]}');
	await page.evaluate((code) => globalThis.handOver(code), sms.code);
	await shows(page, "profile");
});

test("tokens are nowhere but in the page", async (here) => {
	const page = await open(here);

	await signIn(page, newEmail());
	assert.equal(await page.evaluate(() => JSON.stringify(
		[localStorage, sessionStorage, document.cookie, location.href])),
	JSON.stringify([{}, {}, "", BASE + "/signin"]));
	await page.reload();
	await shows(page, "start");
});

test("a script of the page is told who has signed in", async (here) => {
	const page = await open(here);
	const email = newEmail();

	await page.evaluate(() => document.addEventListener("doorward-signed-in",
		(event) => { globalThis.told = event.detail; }));
	await signIn(page, email);
	assert.equal(await page.evaluate(() => globalThis.told.customer.email), email);
	assert.ok(await page.evaluate(() => globalThis.told.token));
});

/* ---- links ------------------------------------------------------------------------- */

test("a link does nothing when it is opened; in the same browser its button signs in",
	async (here) => {
		const email = newEmail();
		const first = await open(here);

		await askFor(first, email);
		const { link } = await message(email);

		assert.ok(link.startsWith(BASE + "/signin#token="), link);
		const page = await here.page({ context: here.contexts[0] });
		const posts = [];

		page.on("request", (request) =>
			request.method() === "POST" && posts.push(request.url()));
		await page.goto(link);
		await shows(page, "link");
		assert.equal(page.url(), BASE + "/signin");
		await says(page.locator("#link-who"), "p•••@example.com");
		await page.locator("#link-code").waitFor({ state: "hidden" });
		await page.locator("#link-care").waitFor({ state: "hidden" });
		assert.deepEqual(posts, []);
		await here.sound(page, "en-light-1280-link");
		await page.locator("#link-go").click();
		await shows(page, "profile");
		await says(page.locator("#facts"), email);
		/* the code of the same mail is spent too */
		await enter(first, (await message(email)).code);
		await says(first.locator("#code-error"), "wrong or was used before");
	});

test("in another browser a link asks for the code of the same mail",
	async (here) => {
		const email = newEmail();

		await askFor(await open(here), email);
		const { link, code } = await message(email);
		const page = await here.page();

		await page.goto(link);
		await shows(page, "link-code");
		await says(page.locator("#link-elsewhere"), "another browser");
		await here.sound(page, "en-light-1280-link-elsewhere");
		await enter(page, wrong(code), "link");
		await says(page.locator("#link-error"), "wrong");
		await enter(page, code, "link");
		await shows(page, "profile");
		await says(page.locator("#facts"), email);
	});

test("a link that was used says so, and leads to a new message",
	async (here) => {
		const email = newEmail();
		const page = await open(here);

		await askFor(page, email);
		const { link, code } = await message(email);

		await enter(page, code);
		await shows(page, "profile");
		const other = await here.page();

		await other.goto(link);
		await other.locator("#link-no-code").click();
		await says(other.locator("#link-care"), "only if you asked");
		await other.locator("#link-go").click();
		await says(other.locator("#link .said"), "used before");
		await here.sound(other, "en-light-1280-link-dead");
		clockMove(61);
		await other.locator("#link-again").click();
		await shows(other, "start");
		assert.equal(await other.locator("#address").inputValue(), email);
	});

/* ---- what goes wrong ------------------------------------------------------------------ */

test("what is no address is told before anything is sent", async (here) => {
	const page = await open(here);
	let posts = 0;

	page.on("request", (request) => { posts += request.method() === "POST"; });
	for (const typed of ["", "ada", "ada@", "12345", "12 34 rue d’Ada"]) {
		await page.locator("#address").fill(typed);
		await button(page, "start").click();
		await says(page.locator("#address-error"), "Please type an email");
		await page.locator("#address[aria-invalid]:focus").waitFor();
	}
	assert.equal(posts, 0);
	await here.sound(page, "en-light-1280-bad-address");
	await page.locator("#address").fill("+999 123 456 7890");
	await button(page, "start").click();
	await says(page.locator("#address-error"), "We cannot send");
});

test("a wrong code is told, and the right one still works", async (here) => {
	const email = newEmail();
	const page = await open(here);

	await askFor(page, email);
	const { code } = await message(email);

	await enter(page, "12345");
	await says(page.locator("#code-error"), "six digits");
	await enter(page, wrong(code));
	await says(page.locator("#code-error"), "This code is wrong");
	await page.locator("#code-digits[aria-invalid]:focus").waitFor();
	await here.sound(page, "en-light-1280-wrong-code");
	await enter(page, code);
	await shows(page, "profile");
});

test("an expired code is told as expired, and a new one works",
	async (here) => {
		const email = newEmail();
		const page = await open(here, { clock: true });

		await askFor(page, email);
		const { code } = await message(email);

		clockMove(601);
		await page.clock.fastForward(601000);
		await enter(page, code);
		await says(page.locator("#code-error"), "This code has expired");
		await page.locator("#code-resend").click();
		await says(page.locator("#code .said"), "A new message is on its way");
		await enter(page, (await message(email, 2)).code);
		await shows(page, "profile");
	});

test("too many requests: the page says how long, counts down, and then sends",
	async (here) => {
		const email = newEmail();
		const page = await open(here, { clock: true });
		const resend = page.locator("#code-resend");

		await askFor(page, email);
		await resend.click();
		await says(page.locator("#code .said"), /try again in \d\d seconds/);
		await says(resend, /Send a new code in 0:[0-3]\d/);
		assert.equal(await resend.getAttribute("aria-disabled"), "true");
		await here.sound(page, "en-light-1280-too-many");
		await resend.click({ force: true });
		clockMove(31);
		await page.clock.runFor(31000);
		await says(page.locator("#code .said"), "You can have a new code sent now");
		await says(resend, /^Send a new code$/);
		await resend.click();
		await says(page.locator("#code .said"), "A new message is on its way");
		assert.ok(await message(email, 2));
	});

test("who comes back within the pause goes on with the message that was sent",
	async (here) => {
		const email = newEmail();
		const page = await open(here);

		await askFor(page, email);
		await page.locator("#code-other").click();
		await shows(page, "start");
		await askFor(page, email);
		await says(page.locator("#code-resend"), /in 0:\d\d/);
		await enter(page, (await message(email)).code);
		await shows(page, "profile");
	});

test("after too many wrong codes a link alone works, and the page says so",
	async (here) => {
		const email = newEmail();
		const page = await open(here);

		for (let sends = 1; sends <= 4; sends++) {
			assert.equal(await post("/v1/auth/passwordless/initiate/email",
				{ email }), 200);
			const { code } = await message(email, sends);

			for (let tries = 0; tries < 5; tries++)
				await post("/v1/auth/passwordless/customer/verify-email",
					{ email, token: wrong(code) });
			clockMove(301);
		}
		await askFor(page, email);
		const { code, link } = await message(email, 5);

		assert.equal(code, undefined);
		await enter(page, "123456");
		await says(page.locator("#code-error"), "if it holds no code, open its link");
		await page.route("**/verify-email", (route) => route.fulfill({
			status: 429,
			headers: {
				"Retry-After": "2400",
				RateLimit: '"codes-an-hour";r=0;t=2400',
			},
			json: { status: false },
		}));
		await button(page, "code").click();
		await says(page.locator("#code-error"), /Until (?:.*, )?\d\d:\d\d only a link works/);
		await here.sound(page, "en-light-1280-codes-off");
		const other = await here.page();

		await other.goto(link);
		await other.locator("#link-no-code").click();
		await other.locator("#link-go").click();
		await shows(other, "profile");
	});

test("a page that does not know its shop, or cannot reach it, says so",
	async (here) => {
		const page = await open(here, {}, "?key=pk_nobody");

		await says(page.locator("#trouble h1"), "does not know its shop");
		await page.locator("#trouble-retry").waitFor({ state: "hidden" });
		await here.sound(page, "en-light-1280-no-shop");
		const away = await here.page();

		await away.route("**/v1/shop", (route) => route.fulfill(
			{ status: 503, json: { status: false } }));
		await away.goto(BASE + "/signin");
		await says(away.locator("#trouble h1"), "Out of reach");
		await away.unroute("**/v1/shop");
		await away.locator("#trouble-retry").click();
		await shows(away, "start");
	});

test("over plain http a page says that it needs https, and knows its shop",
	async (here) => {
		const page = await here.page();

		await page.route("**/v1/shop", (route) => route.fulfill({
			status: 403, json: { status: false, message: "Use https." } }));
		await page.goto(BASE + "/signin");
		await says(page.locator("#trouble h1"), "needs a secure connection");
		await says(page.locator("#trouble-more"), "https://");
		await page.locator("#trouble-retry").waitFor({ state: "hidden" });
		await here.sound(page, "en-light-1280-plain-http");
		await page.locator("#language").selectOption("pl");
		await says(page.locator("#trouble h1"), "bezpiecznego połączenia");
	});

test("a page with another shop's key is that shop's page", async (here) => {
	const page = await open(here, {}, "?key=" + process.env.KEY_TWO);
	const email = newEmail();

	await says(page.locator("#start h1"), "Sign in to Shop Two");
	await signIn(page, email);
	await says(page.locator("#facts"), email);
	assert.ok((await message(email)).text.includes("Shop Two"));
});

/* ---- sessions -------------------------------------------------------------------------- */

test("signing out everywhere else ends the other sessions, after a fresh sign-in",
	async (here) => {
		const email = newEmail();
		const first = await open(here);

		await signIn(first, email);
		clockMove(61);
		const second = await open(here, { width: 360, height: 740 });

		await signIn(second, email, 2);
		assert.equal(await second.locator("#sessions li").count(), 2);
		await says(second.locator("#sessions"), "Chrome, Linux this browser");
		await here.sound(second, "en-light-360-two-sessions");
		clockMove(301);
		await second.locator("#end-others").click();
		await says(second.locator("#others-said"), "within the last 5 minutes");
		await here.sound(second, "en-light-360-reauth");
		await second.locator("#sign-in-again").click();
		await shows(second, "start");
		assert.equal(await second.locator("#address").inputValue(), email);
		await signIn(second, email, 3);
		await second.locator("#end-others").click();
		await says(second.locator("#others-said"), "signed out everywhere else");
		assert.equal(await second.locator("#sessions li").count(), 1);
		await first.locator("#profile-form button").click();
		await says(first.locator("#start .said"), "Your session has ended");
	});

/* Let an answer wait until it is let go. */
const hold = async (page, path) => {
	let go, met;
	const asked = new Promise((done) => { met = done; });
	const may = new Promise((done) => { go = done; });

	await page.route(path, async (route) => {
		const answer = await route.fetch();

		met();
		await may;
		await route.fulfill({ response: answer });
	});
	return { asked, go };
};

test("who leaves for another address while a code is looked at is not signed in",
	async (here) => {
		const email = newEmail();
		const page = await open(here);

		await askFor(page, email);
		const { code } = await message(email);
		const held = await hold(page, "**/verify-email");
		const out = page.waitForResponse("**/v1/auth/logout");

		await enter(page, code);
		await held.asked;
		await page.locator("#code-other").click();
		await shows(page, "start");
		held.go();
		/* the session that nobody wants is ended, not lost */
		assert.equal((await out).status(), 200);
		await shows(page, "start");
		await page.unroute("**/verify-email");
		await signIn(page, newEmail());
		assert.equal(await page.locator("#sessions li").count(), 1);
	});

test("who leaves while a new code is asked for stays where they went",
	async (here) => {
		const email = newEmail();
		const page = await open(here);

		await askFor(page, email);
		await message(email);
		clockMove(61);
		const held = await hold(page, "**/initiate/email");
		const answered = page.waitForResponse("**/initiate/email");

		await page.locator("#code-resend").click();
		await held.asked;
		await page.locator("#code-other").click();
		await shows(page, "start");
		held.go();
		await answered;
		await page.unroute("**/initiate/email");
		await signIn(page, newEmail());
	});

test("a renewal that fails for now ends nothing: the next one goes on",
	async (here) => {
		const page = await open(here, { clock: true });
		const said = page.locator("#full-name-error");
		const save = page.locator("#profile-form button");
		const failing = [
			[(route) => route.fulfill({ status: 503, json: { status: false } }),
				"That did not work just now"],
			[(route) => route.fulfill({ status: 429,
				headers: { "Retry-After": "7" }, json: { status: false } }),
			"try again in 7 seconds"],
			[(route) => route.abort(), "That did not work just now"],
		];

		/* what the browser itself says of a request that is cut off */
		here.expected = /ERR_FAILED/;
		await signIn(page, newEmail());
		clockMove(87000);
		for (const [how, words] of failing) {
			await page.route("**/refresh-token", how);
			await page.clock.fastForward(87000000);
			await page.locator("#full-name").fill("Ada");
			await save.click();
			await says(said, words);
			await shows(page, "profile");
			await page.unroute("**/refresh-token");
		}
		await save.click();
		await says(page.locator("#profile-form + .said"), "Saved.");
	});

test("the session is renewed before its token expires", async (here) => {
	const page = await open(here, { clock: true });
	let renewals = 0;

	page.on("request", (request) => {
		renewals += request.url().endsWith("/refresh-token");
	});
	await signIn(page, newEmail());
	for (let day = 1; day <= 2; day++) {
		clockMove(86395);
		await page.clock.fastForward(86395000);
		await page.waitForTimeout(200);
		await page.locator("#full-name").fill("Day " + day);
		await page.locator("#profile-form button").click();
		await says(page.locator("#profile-form + .said"), "Saved.");
		assert.equal(renewals, day);
	}
	clockMove(20 * 86400);
	await page.clock.fastForward(20 * 86400000);
	await says(page.locator("#start .said"), "Your session has ended");
});

test("what will be read out is there before it is said", async (here) => {
	const page = await open(here);
	const gone = () => page.evaluate(() => Array.from(
		document.querySelectorAll("main > section:not([hidden]) [role]"))
		.filter((one) => ["status", "alert"].includes(one.role) &&
			getComputedStyle(one).display === "none")
		.map((one) => one.id || one.className));
	const height = () => page.evaluate(() => document.querySelector(
		"#start .said").getBoundingClientRect().height);

	assert.deepEqual(await gone(), []);
	assert.equal(await height(), 0);
	await signIn(page, newEmail());
	assert.deepEqual(await gone(), []);
});

/* ---- everybody -------------------------------------------------------------------------- */

test("by the keyboard alone, from the address to the end of the session",
	async (here) => {
		const email = newEmail();
		const page = await open(here);
		const press = (key) => page.keyboard.press(key);
		const focus = () => page.evaluate(() => document.activeElement.id ||
			document.activeElement.textContent.trim());
		const ring = () => page.evaluate(() => getComputedStyle(
			document.activeElement).outlineStyle);

		assert.equal(await focus(), "address");
		await page.keyboard.type(email);
		await press("Enter");
		await shows(page, "code");
		assert.equal(await focus(), "code-digits");
		assert.equal(await ring(), "solid");
		for (const next of ["Sign in", "code-resend", "code-other", "language"]) {
			await press("Tab");
			assert.equal(await focus(), next);
			assert.equal(await ring(), "solid", `the ring of ${next}`);
		}
		for (let back = 0; back < 4; back++)
			await press("Shift+Tab");
		assert.equal(await focus(), "code-digits");
		await page.keyboard.type((await message(email)).code);
		await press("Enter");
		await shows(page, "profile");
		assert.equal(await focus(), "You are signed in");
		await press("Tab");
		assert.equal(await focus(), "full-name");
		await page.keyboard.type("Ada");
		await press("Tab");
		await press("Space");
		await says(page.locator("#profile-form + .said"), "Saved.");
		assert.equal(await focus(), "Save");
		await press("Tab");
		assert.equal(await focus(), "sign-out");
		await press("Enter");
		await shows(page, "start");
		assert.equal(await focus(), "address");
	});

/* Every main state in one look: start, code, link, profile. */
const walk = async (here, look, options, words) => {
	const email = newEmail();
	const page = await open(here, options);

	await says(page.locator("#start h1"), words.start);
	await here.sound(page, look + "-start");
	await askFor(page, email);
	await says(page.locator("#code h1"), words.code);
	await here.sound(page, look + "-code");
	const { code, link } = await message(email);

	await enter(page, wrong(code));
	await page.locator("#code-error:not(:empty)").waitFor();
	await here.sound(page, look + "-wrong-code");
	const other = await here.page(options);

	await other.goto(link);
	await shows(other, "link-code");
	await here.sound(other, look + "-link");
	await enter(other, code, "link");
	await shows(other, "profile");
	await says(other.locator("#profile h1"), words.profile);
	await here.sound(other, look + "-profile");
	return other;
};

test("in English, dark, on a small phone", (here) => walk(here, "en-dark-360",
	{ dark: true, width: 360, height: 740 },
	{ start: "Sign in to Shop One", code: "Enter your code", profile: "signed in" }));

test("in Arabic, from right to left, on a small phone", async (here) => {
	const page = await walk(here, "ar-light-360",
		{ locale: "ar-EG", width: 360, height: 740 },
		{ start: "تسجيل الدخول إلى", code: "أدخل الرمز", profile: "تم تسجيل دخولك" });
	const box = (selector) => page.locator(selector).boundingBox();

	assert.equal(await page.locator("html").getAttribute("dir"), "rtl");
	assert.equal(await page.locator("html").getAttribute("lang"), "ar");
	const field = await box("#full-name");
	const save = await box("#profile-form button");

	assert.ok(save.x + save.width <= field.x, "the button is left of its field");
	assert.equal(await page.evaluate(() => getComputedStyle(
		document.querySelector("#facts dd")).textAlign), "start");
	/* an address keeps its own direction */
	assert.equal(await page.evaluate(() => getComputedStyle(
		document.querySelector("#facts bdi")).unicodeBidi), "isolate");
});

test("in Arabic a number is typed from left to right", async (here) => {
	const page = await open(here, { locale: "ar" });
	const address = page.locator("#address");
	const direction = () => address.evaluate(
		(one) => getComputedStyle(one).direction);

	assert.equal(await direction(), "rtl");
	for (const typed of ["+234 803 123 4567", "0803", "ada@example.com"]) {
		await address.fill(typed);
		assert.equal(await direction(), "ltr", typed);
	}
	await page.locator("#address").fill(newPhone());
	await here.sound(page, "ar-light-1280-number");
});

test("in Arabic, dark, on a desk", (here) => walk(here, "ar-dark-1280",
	{ locale: "ar", dark: true },
	{ start: "تسجيل الدخول إلى", code: "أدخل الرمز", profile: "تم تسجيل دخولك" }));

test("in French", (here) => walk(here, "fr-light-360",
	{ locale: "fr-CA", width: 360, height: 740 },
	{ start: "Connexion à", code: "Saisissez votre code", profile: "Vous êtes connecté" }));

test("in Polish", (here) => walk(here, "pl-dark-1280",
	{ locale: "pl-PL", dark: true },
	{ start: "Logowanie do", code: "Wpisz kod", profile: "Logowanie powiodło się" }));

test("?lang= goes before the browser's language, and a choice loses nothing",
	async (here) => {
		const email = newEmail();
		const page = await open(here, { locale: "pl" }, "?lang=fr");

		assert.equal(await page.locator("html").getAttribute("lang"), "fr");
		await askFor(page, email);
		await page.locator("#language").selectOption("ar");
		assert.equal(await page.locator("html").getAttribute("dir"), "rtl");
		await says(page.locator("#code-sent"), email);
		assert.equal(page.url(), BASE + "/signin?lang=ar");
		await page.locator("#language").selectOption("pl");
		assert.equal(await page.title(), "Wpisz kod");
		assert.equal(await page.locator("html").getAttribute("dir"), "ltr");
		await enter(page, (await message(email)).code);
		await shows(page, "profile");
		const other = await open(here, { locale: "de-DE" });

		assert.equal(await other.locator("html").getAttribute("lang"), "en");
	});

test("text twice as large still fits a small screen", async (here) => {
	const page = await open(here, { width: 360, height: 740, locale: "fr" });

	await page.evaluate(() => {
		document.documentElement.style.fontSize = "200%";
	});
	await here.sound(page, "fr-large-360-start");
	await signIn(page, newEmail());
	await here.sound(page, "fr-large-360-profile");
});

/* ---- the inbox ------------------------------------------------------------------------------ */

test("the inbox shows what was sent, and its links can be tried",
	async (here) => {
		const email = newEmail(), phone = newPhone();
		const page = await here.page();
		const item = (to) => page.locator("#list button", { hasText: to });

		await page.goto(BASE + "/inbox");
		await askFor(await open(here), email);
		await item(email).click();
		await says(page.locator("#subject"), "Sign in to Shop One");
		const { code, link } = await message(email);

		await says(page.locator("#text"), code + " is your sign-in code");
		await says(page.locator("#html strong"), code);
		await here.sound(page, "inbox-light-1280");
		const [opened] = await Promise.all([
			page.context().waitForEvent("page"),
			page.locator("#text a").click()]);

		await shows(opened, "link");
		await says(opened.locator("#link-who"), "p•••@example.com");
		assert.equal(await opened.evaluate(() => globalThis.opener), null);
		const [again] = await Promise.all([
			page.context().waitForEvent("page"),
			page.locator("#html a").click()]);

		await shows(again, "link");
		/* what no mail of ours has, and what it could do in a page */
		assert.deepEqual(await page.evaluate(() => Array.from(
			document.querySelector("#html").shadowRoot.querySelectorAll("*"),
			(one) => one.nodeName).filter((name) => ["SCRIPT", "IMG", "STYLE",
			"META", "TITLE"].includes(name))), []);
		assert.equal(await page.locator("#text a").getAttribute("href"), link);
		await askFor(await open(here), phone);
		await item(phone).click();
		await says(page.locator("#text"), `@127.0.0.1 #`);
		await page.locator("#html-part").waitFor({ state: "hidden" });
	});

test("the inbox in Arabic, dark, on a small phone", async (here) => {
	const email = newEmail();
	const page = await here.page(
		{ locale: "ar", dark: true, width: 360, height: 740 });

	await askFor(await open(here), email);
	await message(email);
	await page.goto(BASE + "/inbox");
	await page.locator("#list button", { hasText: email }).click();
	await says(page.locator("#subject"), "Sign in");
	await says(page.locator("#html strong"), /\d{6}/);
	/* the mail is dark with the page */
	assert.equal(await page.locator("#html strong").evaluate(
		(strong) => getComputedStyle(strong).color), "rgb(237, 240, 245)");
	assert.equal(await page.locator("html").getAttribute("dir"), "rtl");
	await here.sound(page, "inbox-ar-dark-360");
});

/* ---- what the web server says ------------------------------------------------------------------ */

test("the pages forbid what they do not need, in the page and before it",
	async () => {
		for (const path of ["/signin", "/signin?key=x", "/inbox"]) {
			const got = await fetch(BASE + path);
			const said = got.headers.get("Content-Security-Policy");
			const page = await got.text();

			assert.equal(got.status, 200, path);
			for (const rule of ["default-src 'none'", "script-src 'self'",
				"style-src 'self'", "base-uri 'none'", "form-action 'none'",
				"frame-ancestors 'none'"])
				assert.ok(said.includes(rule), `${path}: ${rule}`);
			assert.match(page, /<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'self'; style-src 'self';/);
			assert.doesNotMatch(page, /<script>|<style|\sstyle=|\son\w+=/);
			assert.equal(got.headers.get("X-Content-Type-Options"), "nosniff");
			assert.equal(got.headers.get("Referrer-Policy"), "no-referrer");
		}
	});
