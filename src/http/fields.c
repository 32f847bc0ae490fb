/* SPDX-License-Identifier: ISC */
/* A JSON body to a C struct, by a table; one sentence per bad field. */

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "http/http.h"

enum { UNKNOWN_NAME_MAX = 32, URL_MAX = 2048, PORT_MAX = 65535 };

static const char must_be_text[] = "must be text";
static const char must_be_url[] = "must be an http or https address";
static const char must_be_date[] = "must be a date (YYYY-MM-DD)";

/* One field being read: where it goes, and by which rules. */
struct task {
	struct arena *arena;
	const struct field *field;
	bool fold_local;
	char *into; /* the member's place */
};

/* NULL and the value to keep in *out, or what is wrong with it. */
typedef const char *text_fn(const struct task *, const char *, const char **);

static const char *
one_of_many(struct arena *a, const char *how, int64_t n, const char *of)
{
	return arena_print(
	    a, "must %s %" PRId64 " %s%s", how, n, of, n == 1 ? "" : "s");
}

static const char *
take_secret(const struct task *t, const char *s, const char **out)
{
	int64_t n = (int64_t)utf8_count(s);

	if (n < t->field->min)
		return one_of_many(
		    t->arena, "be at least", t->field->min, "character");
	if (n > t->field->max)
		return one_of_many(
		    t->arena, "be at most", t->field->max, "character");
	*out = s;
	return NULL;
}

static const char *
take_text(const struct task *t, const char *s, const char **out)
{
	if (has_control(s))
		return "must not hold control characters";
	return take_secret(t, s, out);
}

static const char *
take_email(const struct task *t, const char *s, const char **out)
{
	*out = email_normal(t->arena, s, t->fold_local);
	return *out ? NULL : "must be an e-mail address";
}

static const char *
take_phone(const struct task *t, const char *s, const char **out)
{
	*out = phone_normal(t->arena, s);
	return *out ? NULL : "must be a phone number in international form";
}

static const char *
take_choice(const struct task *t, const char *s, const char **out)
{
	const char *choice = t->field->choices;
	struct text sentence = text_new(t->arena);
	size_t n, len = strlen(s);

	text_add(&sentence, "must be one of ");
	for (; *choice; choice += n + (choice[n] == '|')) {
		n = strcspn(choice, "|");
		if (n == len && memcmp(choice, s, n) == 0) {
			*out = s;
			return NULL;
		}
		text_add_n(&sentence, choice, n);
		text_add(&sentence, choice[n] ? ", " : "");
	}
	return sentence.s;
}

static int
days_in(int year, int month)
{
	static const char days[] = {
	    31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return days[month - 1] + (month == 2 && leap);
}

static const char *
take_date(const struct task *t, const char *s, const char **out)
{
	static const char form[] = "0000-00-00";
	int year, month, day;
	size_t i;

	(void)t;
	if (strlen(s) != sizeof(form) - 1)
		return must_be_date;
	for (i = 0; form[i]; i++)
		if (form[i] == '-' ? s[i] != '-' : s[i] < '0' || s[i] > '9')
			return must_be_date;
	year = atoi(s);
	month = atoi(s + 5);
	day = atoi(s + 8);
	if (year < 1 || month < 1 || month > 12 || day < 1 ||
	    day > days_in(year, month))
		return must_be_date;
	*out = s;
	return NULL;
}

/* The bytes of a host: a name, an IPv4 address or an IPv6 one in brackets. */
static size_t
host_len(const char *s)
{
	static const char name[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				   "abcdefghijklmnopqrstuvwxyz0123456789.-";
	size_t n;

	if (*s != '[')
		return *s == '.' || *s == '-' ? 0 : strspn(s, name);
	n = 1 + strspn(s + 1, "0123456789abcdefABCDEF:.");
	return n > 1 && s[n] == ']' ? n + 1 : 0;
}

/* After the host: nothing, ":port", then nothing, a path, query or fragment. */
static bool
url_rest_is_sane(const char *s)
{
	char port[6] = "";
	int64_t n;
	size_t len;

	if (*s == ':') {
		len = strcspn(++s, "/?#");
		if (len >= sizeof(port))
			return false;
		memcpy(port, s, len);
		if (!number_read(port, PORT_MAX, &n) || n == 0)
			return false;
		s += len;
	}
	return *s == '\0' || strchr("/?#", *s);
}

/* With a host, without user or password; RFC 3986's characters only. */
static const char *
take_url(const struct task *t, const char *s, const char **out)
{
	const char *host = s;
	size_t i, n;

	(void)t;
	if (strncasecmp(s, "https://", 8) == 0)
		host += 8;
	else if (strncasecmp(s, "http://", 7) == 0)
		host += 7;
	n = host_len(host);
	if (host == s || n == 0 || !url_rest_is_sane(host + n))
		return must_be_url;
	for (i = 0; s[i]; i++)
		if (s[i] <= ' ' || s[i] > '~' || strchr("\"<>\\^`{|}", s[i]))
			return must_be_url;
	if (i > URL_MAX)
		return one_of_many(
		    t->arena, "be at most", URL_MAX, "character");
	*out = s;
	return NULL;
}

static const char *
take_language(const struct task *t, const char *s, const char **out)
{
	*out = language_normal(t->arena, s);
	return *out ? NULL : "must be a language tag such as fr or pt-BR";
}

static const char *
take_country(const struct task *t, const char *s, const char **out)
{
	*out = country_normal(t->arena, s);
	return *out ? NULL : "must be a country code such as NG (ISO 3166)";
}

/* Rounded to the decimals that are kept. */
static const char *
take_decimal(const struct task *t, const struct json *v, const char **out)
{
	const struct field *f = t->field;
	double d = v->type == JSON_INT ? (double)v->i : v->d;

	if ((v->type != JSON_INT && v->type != JSON_REAL) ||
	    d < (double)f->min || d > (double)f->max)
		return arena_print(t->arena,
		    "must be a number between %" PRId64 " and %" PRId64, f->min,
		    f->max);
	*out = arena_print(t->arena, "%.*f", DECIMALS, d);
	return NULL;
}

static const char *
take_int(const struct task *t, const struct json *v)
{
	const struct field *f = t->field;

	if (v->type != JSON_INT)
		return "must be a whole number";
	if (v->i < f->min || v->i > f->max)
		return arena_print(t->arena,
		    "must be between %" PRId64 " and %" PRId64, f->min, f->max);
	memcpy(t->into, &v->i, sizeof(v->i));
	return NULL;
}

static const char *
take_bool(const struct task *t, const struct json *v)
{
	if (v->type != JSON_BOOL)
		return "must be true or false";
	memcpy(t->into, &v->b, sizeof(v->b));
	return NULL;
}

static const char *
take_list(const struct task *t, const struct json *v)
{
	bool map = t->field->type == F_MAP;
	int64_t n = 0;

	if (v->type != (map ? JSON_MAP : JSON_LIST))
		return map ? "must be an object" : "must be a list";
	json_each (item, v)
		n++;
	if (n < t->field->min)
		return one_of_many(
		    t->arena, "have at least", t->field->min, "member");
	if (n > t->field->max)
		return one_of_many(
		    t->arena, "have at most", t->field->max, "member");
	memcpy(t->into, &v, sizeof(v));
	return NULL;
}

/* What a type is made of: a text by its rule, or another value by its own. */
static const struct kind {
	text_fn *text;
	bool change;
	const char *(*other)(const struct task *, const struct json *);
	/* clang-format off */
} kinds[] = {
	[F_TEXT]	 = { take_text,	  false, NULL },
	[F_SECRET]	 = { take_secret, false, NULL },
	[F_EMAIL]	 = { take_email,  false, NULL },
	[F_PHONE]	 = { take_phone,  false, NULL },
	[F_CHOICE]	 = { take_choice, false, NULL },
	[F_DATE]	 = { take_date,	  false, NULL },
	[F_URL]		 = { take_url,	  false, NULL },
	[F_CHANGE]	 = { take_text,	  true,	 NULL },
	[F_CHANGE_PHONE] = { take_phone,  true,	 NULL },
	[F_CHANGE_DATE]	 = { take_date,	  true,	 NULL },
	[F_CHANGE_URL]	 = { take_url,	  true,	 NULL },
	[F_CHANGE_LANGUAGE] = { take_language, true, NULL },
	[F_CHANGE_COUNTRY] = { take_country, true, NULL },
	[F_CHANGE_DECIMAL] = { NULL,	  true,	 NULL },
	[F_INT]		 = { NULL,	  false, take_int },
	[F_BOOL]	 = { NULL,	  false, take_bool },
	[F_LIST]	 = { NULL,	  false, take_list },
	[F_MAP]		 = { NULL,	  false, take_list },
};
/* clang-format on */

/* const char * and struct secret are put down alike: one pointer. */
_Static_assert(sizeof(struct secret) == sizeof(const char *), "one pointer");

/* A text by its rule; where there is none, a number. */
static const char *
change_read(const struct task *t, const struct kind *kind, const struct json *v)
{
	struct change change = {.given = true};
	const char *wrong = NULL;

	if (v->type != JSON_NULL && !kind->text)
		wrong = take_decimal(t, v, &change.s);
	else if (v->type != JSON_NULL && v->type != JSON_TEXT)
		wrong = "must be text or null";
	else if (v->type == JSON_TEXT && *v->s)
		wrong = kind->text(t, v->s, &change.s);
	if (!wrong)
		memcpy(t->into, &change, sizeof(change));
	return wrong;
}

static const char *
text_read(const struct task *t, const struct kind *kind, const struct json *v)
{
	const char *s = NULL;
	const char *wrong;

	if (v->type != JSON_TEXT)
		return must_be_text;
	wrong = kind->text(t, v->s, &s);
	if (!wrong)
		memcpy(t->into, &s, sizeof(s));
	return wrong;
}

/* An absent change is no change; absent, null and "" are alike for the rest. */
static const char *
field_read(const struct task *t, const struct json *v)
{
	const struct kind *kind = &kinds[t->field->type];
	bool absent = !v || v->type == JSON_NULL ||
		      (kind->text && v->type == JSON_TEXT && !*v->s);

	if (kind->change)
		return v ? change_read(t, kind, v) : NULL;
	if (absent)
		return t->field->need == REQUIRED ? "is required" : NULL;
	return kind->text ? text_read(t, kind, v) : kind->other(t, v);
}

static bool
is_known(const struct field *fields, const char *name)
{
	const struct field *f;

	for (f = fields; f->name; f++)
		if (strcmp(f->name, name) == 0)
			return true;
	return false;
}

/* A word; whatever has digits or is long may be a secret gone astray. */
static bool
name_is_plain(const char *s)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "abcdefghijklmnopqrstuvwxyz_.-";
	size_t n = strspn(s, plain);

	return s[n] == '\0' && n <= UNKNOWN_NAME_MAX;
}

static void
unknown_log(struct ctx *c, const struct field *fields, const struct json *body)
{
	json_each (member, body) {
		if (!is_known(fields, member->name))
			log_event(c, LOG_DEBUG, "unknown_member", "%s",
			    name_is_plain(member->name) ? member->name
							: "no plain name");
	}
}

void
field_error(struct field_errors *errors, const char *name, const char *sentence)
{
	if (errors->n == FIELD_ERRORS_MAX)
		return;
	errors->list[errors->n].name = name;
	errors->list[errors->n].sentence = sentence;
	errors->n++;
}

enum err
fields_read(struct ctx *c, const struct form *form, const struct json *body,
    struct field_errors *errors)
{
	struct text bad = text_new(c->arena);
	struct task t = {.arena = c->arena, .fold_local = form->fold_local};
	const char *wrong;

	if (!body || body->type != JSON_MAP) {
		field_error(errors, "body", "must be an object");
		return fail(c, ERR_BAD_FIELD, "the body is no object");
	}
	unknown_log(c, form->fields, body);
	for (t.field = form->fields; t.field->name; t.field++) {
		t.into = (char *)form->into + t.field->offset;
		wrong = field_read(&t, json_get(body, t.field->name));
		if (!wrong)
			continue;
		field_error(errors, t.field->name, wrong);
		text_addf(&bad, "%s%s", bad.len ? ", " : "", t.field->name);
	}
	return bad.len ? fail(c, ERR_BAD_FIELD, "fields: %s", bad.s) : OK;
}
