/* SPDX-License-Identifier: ISC */
/* Merchants: they sign in at the platform, and found a shop. */

#include "api/api.h"

enum { TOKEN_MIN = CODE_DIGITS, TOKEN_LEN_MAX = 128, GUEST_MAX = 512 };
enum { NAME_LEN_MAX = 100 };

struct verify_in {
	const char *email, *phone;
	struct secret token;
	struct secret guest; /* the gate has read it, for nothing here */
	const char *business;
};

struct found_in {
	const char *business;
};

/* clang-format off */
static const struct field verify_email_fields[] = {
	FIELD_EMAIL ("email",	     REQUIRED, struct verify_in, email),
	FIELD_SECRET("token",	     REQUIRED, struct verify_in, token, TOKEN_MIN, TOKEN_LEN_MAX),
	FIELD_PHONE ("phoneNumber",  OPTIONAL, struct verify_in, phone),
	FIELD_SECRET("sessionId",    OPTIONAL, struct verify_in, guest, 1, GUEST_MAX),
	FIELD_TEXT  ("businessName", OPTIONAL, struct verify_in, business, 1, NAME_LEN_MAX),
	FIELD_END
};

static const struct field verify_phone_fields[] = {
	FIELD_PHONE ("phoneNumber",  REQUIRED, struct verify_in, phone),
	FIELD_SECRET("code",	     REQUIRED, struct verify_in, token, TOKEN_MIN, TOKEN_LEN_MAX),
	FIELD_SECRET("sessionId",    OPTIONAL, struct verify_in, guest, 1, GUEST_MAX),
	FIELD_TEXT  ("businessName", OPTIONAL, struct verify_in, business, 1, NAME_LEN_MAX),
	FIELD_END
};

static const struct field found_fields[] = {
	FIELD_TEXT  ("businessName", REQUIRED, struct found_in, business, 1, NAME_LEN_MAX),
	FIELD_END
};
/* clang-format on */

enum err
business_name_check(struct ctx *c, struct call *call, const char *name)
{
	const char *fault = name ? shop_name_fault(name) : NULL;

	if (!fault)
		return OK;
	field_error(&call->errors, "businessName", fault);
	return fail(c, ERR_BAD_FIELD, "businessName");
}

static void
write_shop(struct writer *w, const struct tenant *shop, struct secret key)
{
	write_uuid(w, "id", shop->id);
	write_text(w, "name", shop->name);
	write_bool(w, "approved", !shop->held);
	write_secret(w, "apiKey", key);
}

static enum err
login_send(struct ctx *c, struct call *call, const char *message,
    const struct merchant_login *of)
{
	struct writer w = envelope_open(c, message);

	write_map(&w, "data");
	write_map(&w, "user");
	words_merchant(&w, of);
	write_map_end(&w);
	words_tokens(&w, &of->login.tokens);
	if (of->key.s) {
		write_map(&w, "shop");
		write_shop(&w, of->shop, of->key);
		write_map_end(&w);
	}
	write_map_end(&w);
	return envelope_send(call, &w);
}

static enum err
verify(struct ctx *c, struct call *call, const struct proof *proof,
    const char *business, const char *message)
{
	struct merchant_login login;
	enum err e;

	if ((e = business_name_check(c, call, business)) ||
	    (e = merchant_login(c, proof, business, &login)))
		return e;
	return login_send(c, call, message, &login);
}

/* 200 with tokens; 400 a wrong, spent or expired code or link; 422. */
static enum err
verify_email(struct ctx *c, struct call *call, const void *arg)
{
	const struct verify_in *in = arg;
	struct proof proof = {CHANNEL_EMAIL, in->email, in->token, "merchant"};

	return verify(
	    c, call, &proof, in->business, "Email verified successfully.");
}

/* As verify_email. */
static enum err
verify_phone(struct ctx *c, struct call *call, const void *arg)
{
	const struct verify_in *in = arg;
	struct proof proof = {CHANNEL_PHONE, in->phone, in->token, "merchant"};

	return verify(
	    c, call, &proof, in->business, "Phone verified successfully.");
}

/* 200 with the shop and its key; 403 nobody lets them; 422; 429. */
static enum err
found(struct ctx *c, struct call *call, const void *arg)
{
	const struct found_in *in = arg;
	struct founded founded;
	struct writer w;
	enum err e;

	if ((e = business_name_check(c, call, in->business)) ||
	    (e = shop_found(c, &c->who->customer, in->business, &founded)))
		return e;
	w = envelope_open(c, "Shop founded.");
	write_map(&w, "data");
	write_shop(&w, founded.shop, founded.key.key);
	write_map_end(&w);
	return envelope_send(call, &w);
}

/* clang-format off */
const struct endpoint merchant_verify_email = {
	verify_email, verify_email_fields, sizeof(struct verify_in)
};
const struct endpoint merchant_verify_phone = {
	verify_phone, verify_phone_fields, sizeof(struct verify_in)
};
const struct endpoint merchant_found = {
	found, found_fields, sizeof(struct found_in)
};
/* clang-format on */
