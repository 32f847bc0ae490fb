/* SPDX-License-Identifier: ISC */
/* What a customer sees and changes of themselves. */

#include <strings.h>

#include "api/api.h"

/* clang-format off */
static const struct field profile_fields[] = {
	FIELD_CHANGE	  ("fullName",	  struct customer_change, full_name, 200),
	FIELD_CHANGE	  ("firstName",	  struct customer_change, first_name, 100),
	FIELD_CHANGE	  ("lastName",	  struct customer_change, last_name, 100),
	FIELD_CHANGE_PHONE("phoneNumber", struct customer_change, phone),
	FIELD_CHANGE	  ("address",	  struct customer_change, address, 500),
	FIELD_CHANGE	  ("idNumber",	  struct customer_change, id_number, 64),
	FIELD_CHANGE_DATE ("dateOfBirth", struct customer_change, date_of_birth),
	FIELD_CHANGE	  ("nationality", struct customer_change, nationality, 64),
	FIELD_CHANGE_URL  ("profileUrl",  struct customer_change, profile_url),
	FIELD_CHANGE_LANGUAGE("locale",	  struct customer_change, locale),
	FIELD_END
};
/* clang-format on */

static enum err
profile_send(struct ctx *c, struct call *call, const char *message,
    const struct customer *of)
{
	struct writer w = envelope_open(c, message);

	write_map(&w, "data");
	words_customer(&w, of);
	write_text(&w, "idNumber", of->id_number);
	write_text(&w, "dateOfBirth", of->date_of_birth);
	write_text(&w, "nationality", of->nationality);
	write_text(&w, "profileUrl", of->profile_url);
	write_text(&w, "locale", of->locale);
	words_proven(&w, of);
	write_map_end(&w);
	return envelope_send(call, &w);
}

/* 200 with the caller's profile. */
static enum err
show(struct ctx *c, struct call *call, const void *in)
{
	(void)in;
	return profile_send(
	    c, call, "Profile retrieved successfully.", &c->who->customer);
}

/* 200 with the profile as it is now; 422, a proven number among the reasons. */
static enum err
change(struct ctx *c, struct call *call, const void *arg)
{
	const struct customer_change *in = arg;
	struct customer out;
	enum err e;

	if (in->profile_url.s &&
	    strncasecmp(in->profile_url.s, "https://", 8) != 0) {
		field_error(
		    &call->errors, "profileUrl", "must be an https address");
		return fail(c, ERR_BAD_FIELD, "profileUrl is not https");
	}
	e = customer_update(c, in, &out);
	if (e == ERR_BAD_FIELD && call->errors.n == 0)
		field_error(&call->errors, "phoneNumber",
		    "is proven, and is changed by proving another");
	if (e)
		return e;
	return profile_send(c, call, "Profile updated successfully.", &out);
}

const struct endpoint profile_show = {show, NULL, 0};
const struct endpoint profile_change = {
    change, profile_fields, sizeof(struct customer_change)};
