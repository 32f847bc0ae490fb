/* SPDX-License-Identifier: ISC */
/* Sign in without a password: ask for a code or link, then trade it. */

#include <string.h>

#include "api/api.h"

#define USER_TYPES "MERCHANT|CUSTOMER"

enum { TOKEN_MIN = CODE_DIGITS, TOKEN_LEN_MAX = 128, GUEST_MAX = 512 };

struct initiate_in {
	const char *email, *phone;
	const char *user_type;
	const char *business;
};

struct verify_in {
	const char *email, *phone;
	struct secret token;
	struct secret guest; /* the gate has read it: call->guest */
};

/* clang-format off */
static const struct field initiate_fields[] = {
	FIELD_EMAIL ("email",	     REQUIRED, struct initiate_in, email),
	FIELD_PHONE ("phoneNumber",  REQUIRED, struct initiate_in, phone),
	FIELD_CHOICE("userType",     OPTIONAL, struct initiate_in, user_type, USER_TYPES),
	FIELD_TEXT  ("businessName", OPTIONAL, struct initiate_in, business, 1, 100),
	FIELD_END
};

static const struct field initiate_email_fields[] = {
	FIELD_EMAIL ("email",	     REQUIRED, struct initiate_in, email),
	FIELD_CHOICE("userType",     OPTIONAL, struct initiate_in, user_type, USER_TYPES),
	FIELD_TEXT  ("businessName", OPTIONAL, struct initiate_in, business, 1, 100),
	FIELD_END
};

static const struct field initiate_phone_fields[] = {
	FIELD_PHONE ("phoneNumber",  REQUIRED, struct initiate_in, phone),
	FIELD_CHOICE("userType",     OPTIONAL, struct initiate_in, user_type, USER_TYPES),
	FIELD_TEXT  ("businessName", OPTIONAL, struct initiate_in, business, 1, 100),
	FIELD_END
};

static const struct field verify_email_fields[] = {
	FIELD_EMAIL ("email",	     REQUIRED, struct verify_in, email),
	FIELD_SECRET("token",	     REQUIRED, struct verify_in, token, TOKEN_MIN, TOKEN_LEN_MAX),
	FIELD_PHONE ("phoneNumber",  OPTIONAL, struct verify_in, phone),
	FIELD_SECRET("sessionId",    OPTIONAL, struct verify_in, guest, 1, GUEST_MAX),
	FIELD_END
};

static const struct field verify_phone_fields[] = {
	FIELD_PHONE ("phoneNumber",  REQUIRED, struct verify_in, phone),
	FIELD_SECRET("code",	     REQUIRED, struct verify_in, token, TOKEN_MIN, TOKEN_LEN_MAX),
	FIELD_SECRET("sessionId",    OPTIONAL, struct verify_in, guest, 1, GUEST_MAX),
	FIELD_END
};
/* clang-format on */

/* Send to each address that was named; the answer says nothing of either. */
static enum err
ask_for(struct ctx *c, struct call *call, const struct initiate_in *in,
    const char *message)
{
	const char *type =
	    in->user_type ? ascii_lower(c->arena, in->user_type) : "";
	bool customers = strcmp(type, "customer") == 0;
	const char *business = customers ? NULL : in->business;
	struct ask asks[2];
	size_t n = 0;
	enum err e;

	if ((e = business_name_check(c, call, business)))
		return e;
	if (in->email)
		asks[n++] =
		    (struct ask){CHANNEL_EMAIL, in->email, type, business};
	if (in->phone)
		asks[n++] =
		    (struct ask){CHANNEL_PHONE, in->phone, type, business};
	e = challenge_begin(c, asks, n);
	if (e == ERR_BAD_FIELD && call->errors.n == 0)
		field_error(&call->errors, "phoneNumber",
		    "is of a country that this shop does not send to");
	return e ? e : words_done(c, call, message);
}

/* 200 alike for everybody; 422; 429, and nothing sent. */
static enum err
initiate(struct ctx *c, struct call *call, const void *in)
{
	return ask_for(c, call, in, "Verification email and code sent.");
}

/* As initiate, by mail. */
static enum err
initiate_email(struct ctx *c, struct call *call, const void *in)
{
	return ask_for(c, call, in, "Verification email sent.");
}

/* As initiate, by WhatsApp or SMS. */
static enum err
initiate_phone(struct ctx *c, struct call *call, const void *in)
{
	return ask_for(c, call, in, "Verification code sent.");
}

static void
write_login(struct ctx *c, struct writer *w, const struct login *login)
{
	write_map(w, "data");
	write_map(w, "user");
	words_user(c, w, &login->customer);
	write_map_end(w);
	write_map(w, "customer");
	words_customer(w, &login->customer);
	write_map_end(w);
	words_tokens(w, &login->tokens);
	if (login->cart) {
		write_map(w, "cart");
		write_int(w, "migrated", login->moved);
		write_int(w, "clamped", login->clamped);
		write_map_end(w);
	}
	write_map_end(w);
}

/* 200 with tokens; 400 a wrong, spent or expired code or link; 403; 409. */
static enum err
verify_email(struct ctx *c, struct call *call, const void *arg)
{
	const struct verify_in *in = arg;
	struct proof proof = {CHANNEL_EMAIL, in->email, in->token, "customer"};
	struct login login;
	struct writer w;
	enum err e;

	if ((e = login_by_proof(c, &proof, call->guest, in->phone, &login)))
		return e;
	w = envelope_open(c, "Email verified successfully.");
	write_login(c, &w, &login);
	return envelope_send(call, &w);
}

/* As verify_email. */
static enum err
verify_phone(struct ctx *c, struct call *call, const void *arg)
{
	const struct verify_in *in = arg;
	struct proof proof = {CHANNEL_PHONE, in->phone, in->token, "customer"};
	struct login login;
	struct writer w;
	enum err e;

	if ((e = login_by_proof(c, &proof, call->guest, NULL, &login)))
		return e;
	w = envelope_open(c, "Phone verified successfully.");
	write_login(c, &w, &login);
	return envelope_send(call, &w);
}

/* clang-format off */
const struct endpoint passwordless_initiate = {
	initiate, initiate_fields, sizeof(struct initiate_in)
};
const struct endpoint passwordless_initiate_email = {
	initiate_email, initiate_email_fields, sizeof(struct initiate_in)
};
const struct endpoint passwordless_initiate_phone = {
	initiate_phone, initiate_phone_fields, sizeof(struct initiate_in)
};
const struct endpoint passwordless_verify_email = {
	verify_email, verify_email_fields, sizeof(struct verify_in)
};
const struct endpoint passwordless_verify_phone = {
	verify_phone, verify_phone_fields, sizeof(struct verify_in)
};
/* clang-format on */
