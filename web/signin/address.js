/* SPDX-License-Identifier: ISC */
/* Addresses and numbers: what was typed, what is shown, and who began here. */

import { digitsOf } from "./screen.js";

const BEGUN = "doorward-begun";
const BEGUN_MS = 600000;

/* What was typed, as {kind, address}; null when it is neither. */
export const addressRead = (typed, channels) => {
	const address = typed.trim();
	const digits = digitsOf(address);

	if (address.includes("@"))
		return channels.includes("email") &&
			/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(address) ?
			{ kind: "email", address } : null;
	return channels.includes("phone") && digits.length >= 7 &&
		/^[+\d\s().\-\u0660-\u0669\u06f0-\u06f9]+$/.test(address) ?
		{ kind: "phone", address: (address.includes("+") ? "+" : "") + digits } :
		null;
};

/* "a•••@example.com", "+2348•••••000" */
export const masked = ({ kind, address }) => kind === "email" ?
	address[0] + "•••" + address.slice(address.lastIndexOf("@")) :
	address.slice(0, 5) + "•••••" + address.slice(-3);

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
export const begunKeep = async (kind, address) => {
	try {
		localStorage.setItem(BEGUN, JSON.stringify({
			who: await digest(kind, address),
			until: Date.now() + BEGUN_MS,
		}));
	} catch { /* as said */ }
};

export const begunHere = async (kind, address) => {
	try {
		const begun = JSON.parse(localStorage.getItem(BEGUN));

		return begun.until > Date.now() &&
			begun.who === await digest(kind, address);
	} catch {
		return false;
	}
};

export const begunForget = () => {
	try {
		localStorage.removeItem(BEGUN);
	} catch { /* as said */ }
};
