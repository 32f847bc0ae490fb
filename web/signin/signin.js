/* SPDX-License-Identifier: ISC */
/* The sign-in page: takes a link's token, and trades it when asked to. */

"use strict";

(() => {
	const VERIFY = "v1/auth/passwordless/customer/verify-";
	const WORDS = {
		nothing: "This page is opened by the link in a sign-in message.",
		waiting: "One moment …",
		done: "You are signed in.",
		wrong: "This link was used before, has expired, or a newer one " +
			"took its place. Please ask for a new one.",
		often: "That was tried too often. Please wait a little, then ask " +
			"for a new link.",
		away: "That did not work just now. Please try again.",
	};
	const element = (id) => document.getElementById(id);

	/* Set by a page of this origin where somebody asks for a link. */
	const begunHere = () => {
		try {
			return sessionStorage.getItem("doorward-begun") !== null;
		} catch {
			return false;
		}
	};

	/* "a•••@example.com", "+2348•••••000" */
	const masked = (link) => {
		const at = link.address.lastIndexOf("@");

		if (link.kind === "email")
			return link.address[0] + "•••" + link.address.slice(at);
		return link.address.slice(0, 5) + "•••••" + link.address.slice(-3);
	};

	/* What the fragment holds; it leaves the address bar and the history. */
	const linkTake = () => {
		const given = new URLSearchParams(
			location.hash.slice(1).replaceAll("+", "%2B"));
		const kind = given.has("phone") ? "phone" : "email";
		const link = {
			kind,
			address: given.get(kind) || "",
			token: given.get("token") || "",
		};

		history.replaceState(null, "", location.pathname);
		return link.token && link.address ? link : null;
	};

	const linkBody = (link) => JSON.stringify(link.kind === "email" ?
		{ email: link.address, token: link.token } :
		{ phoneNumber: link.address, code: link.token });

	const say = (words) => {
		element("said").textContent = words;
		element("said").focus();
	};

	/* The answer's status, and its body where there is one. */
	const trade = async (link) => {
		const answer = await fetch(VERIFY + link.kind, {
			method: "POST",
			headers: { "Content-Type": "application/json" },
			body: linkBody(link),
			credentials: "omit",
			cache: "no-store",
		});

		return { status: answer.status, body: await answer.json() };
	};

	const finish = (words) => {
		for (const id of ["who", "elsewhere", "go"])
			element(id).hidden = true;
		say(words);
	};

	const signIn = async (link) => {
		let answer = { status: 0 };

		element("go").disabled = true;
		element("said").textContent = WORDS.waiting;
		try {
			answer = await trade(link);
		} catch {
			/* away: the words below say so */
		}
		element("go").disabled = false;
		if (answer.status === 200) {
			finish(WORDS.done);
			/* the tokens stay in this page, for scripts of it */
			document.dispatchEvent(new CustomEvent(
				"doorward-signed-in", { detail: answer.body.data }));
		} else if (answer.status === 429) {
			say(WORDS.often);
		} else if (answer.status === 400 || answer.status === 422) {
			finish(WORDS.wrong);
		} else {
			say(WORDS.away);
		}
	};

	const show = () => {
		const link = linkTake();

		if (!link) {
			finish(WORDS.nothing);
			return;
		}
		element("said").textContent = "";
		element("address").textContent = masked(link);
		element("elsewhere").hidden = begunHere();
		element("who").hidden = false;
		element("go").hidden = false;
		element("go").onclick = () => signIn(link);
	};

	show();
	/* another link opened in the same tab */
	addEventListener("hashchange", () => location.hash && show());
})();
