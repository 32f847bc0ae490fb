/* SPDX-License-Identifier: ISC */
/* Who has signed in: the profile, where else, and the end of it. */

import { sessionOf } from "./doorward.js";
import * as screen from "./screen.js";

const { element, fault, headingOf, refusal, say, text } = screen;
const REAUTH_SECONDS = 300;

let session = null;
let profile = null;
let sessions = [];
let leave = null;		/* (words, address): to where one signs in */
let trouble = null;		/* (retry): where one is told of it */

export const isSignedIn = () => session !== null;

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
	const mine = session;

	if (!mine)
		return false;
	const [who, where] = await Promise.all([
		mine.ask("GET", "v1/customers/profile"),
		mine.ask("GET", "v1/sessions")]);

	if (!who.ok || !where.ok || session !== mine)
		return false;
	profile = who.data;
	sessions = where.data;
	return true;
};

const profileShow = async () => {
	if (!await profileLoad()) {
		if (session)
			trouble(profileShow);
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
	const mine = session;
	const got = await mine.ask("PATCH", "v1/customers/profile/update",
		{ fullName: input.value.trim() });

	if (session !== mine)
		return;
	if (got.ok) {
		profile = got.data;
		fault(input, "");
		say("profile", text("saved"));
	} else {
		say("profile", "");
		fault(input, refusal(got, text("name_bad")));
		input.focus();
	}
};

const othersEnd = async () => {
	const mine = session;
	const got = await mine.ask("DELETE", "v1/sessions");
	const loaded = got.ok && await profileLoad();

	if (session !== mine)
		return;
	if (loaded) {
		profileDraw();
		say("others-said", text("ended_others"));
		/* the button that was pressed is gone */
		headingOf("profile").focus();
	} else if (got.body.code === "reauth_required") {
		say("others-said", text("reauth",
			{ time: screen.duration(REAUTH_SECONDS) }));
		element("sign-in-again").hidden = false;
	} else {
		say("others-said", text("away"));
	}
};

/* ---- the session ---------------------------------------------------------- */

const sessionForget = () => {
	session = null;
	profile = null;
	sessions = [];
	element("full-name").value = "";
	element("facts").replaceChildren();
	element("sessions").replaceChildren();
};

/* From the data of a sign-in to the profile. */
export const signedIn = (door, data) => {
	session = sessionOf(door, data, () => {
		sessionForget();
		leave(text("session_ended"));
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
	leave(words, address);
	document.dispatchEvent(new CustomEvent("doorward-signed-out"));
};

export const profileBegin = (how) => {
	({ leave, trouble } = how);
	screen.onSubmit("profile-form", profileSave);
	screen.onPress("end-others", othersEnd);
	screen.onPress("sign-in-again",
		() => signOut(profile.email || profile.phoneNumber));
	screen.onPress("sign-out", () => signOut());
};
