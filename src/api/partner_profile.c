/* SPDX-License-Identifier: ISC */
/* Door A: what a partner's customer sees and changes of themselves. */

#include <string.h>
#include <strings.h>

#include "api/api.h"

enum { ACCOUNT_MEMBERS_MAX = 64 };

/* What is only compared stands for itself: it cannot be changed here. */
struct profile_in {
	struct customer_change to;
	const struct json *account;
	struct change email, username;
};

/* clang-format off */
#define IN struct profile_in

static const struct field profile_fields[] = {
	FIELD_MAP	  ("account",	    OPTIONAL, IN, account, 0, ACCOUNT_MEMBERS_MAX),
	FIELD_CHANGE	  ("email",	    IN, email, 254),
	FIELD_CHANGE_PHONE("secondary_mobile_number", IN, to.secondary_phone),
	FIELD_CHANGE	  ("national_id",   IN, to.id_number, 64),
	FIELD_CHANGE_DATE ("date_of_birth", IN, to.date_of_birth),
	FIELD_CHANGE_URL  ("avatar",	    IN, to.profile_url),
	FIELD_END
};

static const struct field account_fields[] = {
	FIELD_CHANGE	     ("name",	  IN, to.full_name, 200),
	FIELD_CHANGE	     ("username", IN, username, 255),
	FIELD_CHANGE_LANGUAGE("lang",	  IN, to.locale),
	FIELD_END
};
#undef IN
/* clang-format on */

static enum err
profile_send(struct ctx *c, struct call *call, const struct customer *of)
{
	struct writer w = writer_new(c->arena);

	write_map(&w, NULL);
	write_uuid(&w, "id", of->id);
	write_map(&w, "account");
	write_text(&w, "name", of->full_name);
	write_text(&w, "username", of->username);
	write_text(&w, "lang", of->locale);
	write_map_end(&w);
	write_text(&w, "email", of->email);
	write_text(&w, "secondary_mobile_number", of->secondary_phone);
	write_text(&w, "national_id", of->id_number);
	write_text(&w, "date_of_birth", of->date_of_birth);
	write_text(&w, "avatar", of->profile_url);
	write_map_end(&w);
	return words_send(call, &w);
}

/* 200 with the caller's profile. */
static enum err
show(struct ctx *c, struct call *call, const void *in)
{
	(void)in;
	return profile_send(c, call, &c->who->customer);
}

/* Faults within account are named with a dot: account.lang. */
static void
account_read(struct ctx *c, struct call *call, struct profile_in *in)
{
	struct form form = {.fields = account_fields, .into = in};
	struct field_errors errors = {.n = 0};
	size_t i;

	if (!in->account || !fields_read(c, &form, in->account, &errors))
		return;
	for (i = 0; i < errors.n; i++)
		field_error(&call->errors,
		    arena_print(c->arena, "account.%s", errors.list[i].name),
		    errors.list[i].sentence);
}

/* May be said again, as it is: a profile may be sent back whole. */
static bool
is_same(const struct change *to, const char *is)
{
	if (!to->given || !to->s || !is)
		return !to->given || to->s == is;
	return strcmp(to->s, is) == 0;
}

static void
fixed_check(struct ctx *c, struct call *call, const struct profile_in *in)
{
	const struct customer *is = &c->who->customer;
	struct change email = in->email;

	if (email.s)
		email.s = email_normal(
		    c->arena, email.s, c->tenant->set.fold_email_local);
	if (!is_same(&email, is->email) || (in->email.s && !email.s))
		field_error(&call->errors, "email",
		    "cannot be changed here, but by proving another");
	if (!is_same(&in->username, is->username))
		field_error(&call->errors, "account.username",
		    "is the partner's, and cannot be changed");
	if (in->to.profile_url.s &&
	    strncasecmp(in->to.profile_url.s, "https://", 8) != 0)
		field_error(
		    &call->errors, "avatar", "must be an https address");
}

/* 200 with the profile as it is now; 400 naming each bad member. */
static enum err
change(struct ctx *c, struct call *call, const void *arg)
{
	struct profile_in in = *(const struct profile_in *)arg;
	struct customer out;
	enum err e;

	account_read(c, call, &in);
	fixed_check(c, call, &in);
	if (call->errors.n > 0)
		return fail(c, ERR_BAD_FIELD, "what the profile may not be");
	if ((e = customer_update(c, &in.to, &out)))
		return e;
	return profile_send(c, call, &out);
}

const struct endpoint partner_profile_show = {show, NULL, 0};
const struct endpoint partner_profile_change = {
    change, profile_fields, sizeof(struct profile_in)};
