// SPDX-License-Identifier: ISC
// A customer signs in by a client that was generated from the document.
//
// DW_URL, DW_KEY, DW_EMAIL: where, which shop, who. Asks for the mail's code
// by writing "code?", reads it from its input, and ends with "signed out".

import { strict as assert } from "node:assert";
import { createInterface } from "node:readline/promises";

import { client } from "./client/client.gen";
import { getProfile, initiateByEmail, refreshCustomerToken, signOut,
	updateProfile, verifyEmail } from "./client/sdk.gen";

const { DW_URL, DW_KEY, DW_EMAIL = "" } = process.env;
let token: string | undefined;

client.setConfig({
	baseUrl: DW_URL,
	auth: (scheme) => scheme.type === "http" ? token : DW_KEY,
});

const codeAsked = async (): Promise<string> => {
	const input = createInterface({ input: process.stdin });

	console.log("code?");
	for await (const line of input) {
		input.close();
		return line;
	}
	throw new Error("no code came");
};

const main = async (): Promise<void> => {
	const asked = await initiateByEmail({
		body: { email: DW_EMAIL },
		throwOnError: true,
	});
	assert.equal(asked.data.message, "Verification email sent.");

	const wrong = await verifyEmail({
		body: { email: DW_EMAIL, token: "x".repeat(43) },
	});
	assert.equal(wrong.response.status, 400);
	assert.equal(wrong.error && "status" in wrong.error &&
		wrong.error.status, false);

	const verified = await verifyEmail({
		body: { email: DW_EMAIL, token: await codeAsked() },
		throwOnError: true,
	});
	const login = verified.data.data;
	assert.equal(login.customer.email, DW_EMAIL);
	assert.equal(login.user.role, "customer");

	token = login.token;
	const profile = await getProfile({ throwOnError: true });
	assert.equal(profile.data.data.id, login.customer.id);
	assert.equal(profile.data.data.emailVerified, true);

	const changed = await updateProfile({
		body: { fullName: "Ada Obi" },
		throwOnError: true,
	});
	assert.equal(changed.data.data.fullName, "Ada Obi");

	const next = await refreshCustomerToken({
		body: { refreshToken: login.refreshToken },
		throwOnError: true,
	});
	assert.notEqual(next.data.refreshToken, login.refreshToken);

	token = next.data.token;
	await signOut({
		body: { refreshToken: next.data.refreshToken },
		throwOnError: true,
	});
	const after = await getProfile();
	assert.equal(after.response.status, 401);
	assert.equal(after.error && "code" in after.error && after.error.code,
		"session_ended");
	console.log("signed out");
};

main().catch((wrong) => {
	console.error(wrong instanceof Error ? wrong.stack : wrong);
	process.exit(1);
});
