/* SPDX-License-Identifier: ISC */
/* Fields: what a body may hold, and the sentence for what it may not. */

#include "sample.h"

static const struct {
	const char *what, *body, *holds;
	/* clang-format off */
} good[] = {
	{ "nothing at all", "{}", "" },
	{ "a text", "{\"name\":\"ab\"}", "name=ab;" },
	{ "lengths are code points", "{\"name\":\"\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\"}",
	  "name=\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9;" },
	{ "an empty optional text is absent", "{\"name\":\"\"}", "" },
	{ "a null is absent", "{\"name\":null,\"count\":null,\"terms\":null,"
	  "\"tags\":null,\"code\":null,\"email\":null}", "" },
	{ "all empty texts are absent", "{\"email\":\"\",\"phone\":\"\","
	  "\"kind\":\"\",\"born\":\"\",\"site\":\"\",\"code\":\"\"}", "" },
	{ "an e-mail in its normal form", "{\"email\":\"Ann@Example.COM\"}",
	  "email=ann@example.com;" },
	{ "a phone in its normal form", "{\"phone\":\"+234 803 123 4567\"}",
	  "phone=+2348031234567;" },
	{ "a choice", "{\"kind\":\"SMS\"}", "kind=SMS;" },
	{ "a leap day", "{\"born\":\"2024-02-29\"}", "born=2024-02-29;" },
	{ "a leap day of a century", "{\"born\":\"2000-02-29\"}", "born=2000-02-29;" },
	{ "the last day of a year", "{\"born\":\"1999-12-31\"}", "born=1999-12-31;" },
	{ "an address of the web", "{\"site\":\"https://a.example/x?y=%20#z\"}",
	  "site=https://a.example/x?y=%20#z;" },
	{ "http, a port, capitals", "{\"site\":\"HTTP://A.example:8080\"}",
	  "site=HTTP://A.example:8080;" },
	{ "an IPv6 host", "{\"site\":\"http://[::1]:80/\"}", "site=http://[::1]:80/;" },
	{ "a query at once", "{\"site\":\"https://a?b\"}", "site=https://a?b;" },
	{ "a secret", "{\"code\":\"123456\"}", "code=123456;" },
	{ "a secret may hold a tab", "{\"code\":\"12\\t3456\"}", "code=12\t3456;" },
	{ "the least number", "{\"count\":1}", "count=1;" },
	{ "the largest number", "{\"count\":100}", "count=100;" },
	{ "true", "{\"terms\":true}", "terms;" },
	{ "false", "{\"terms\":false}", "" },
	{ "a change", "{\"nick\":\"Al\"}", "nick:Al;" },
	{ "a change to null", "{\"nick\":null,\"mobile\":null,\"date\":null,\"page\":null}",
	  "nick:null;mobile:null;date:null;page:null;" },
	{ "an empty change clears", "{\"nick\":\"\",\"mobile\":\"\",\"date\":\"\",\"page\":\"\"}",
	  "nick:null;mobile:null;date:null;page:null;" },
	{ "a changed phone in its normal form", "{\"mobile\":\"00234 803 123 4567\"}",
	  "mobile:+2348031234567;" },
	{ "a changed date", "{\"date\":\"1980-01-31\"}", "date:1980-01-31;" },
	{ "a changed page", "{\"page\":\"https://a.example\"}", "page:https://a.example;" },
	{ "a changed language in its normal form", "{\"spoken\":\"PT-br\"}",
	  "spoken:pt-BR;" },
	{ "no language any more", "{\"spoken\":null}", "spoken:null;" },
	{ "a country in capitals", "{\"land\":\"ng\"}", "land:NG;" },
	{ "no country any more", "{\"land\":\"\"}", "land:null;" },
	{ "a number with decimals", "{\"north\":52.25}", "north:52.250000;" },
	{ "a whole number", "{\"north\":-90}", "north:-90.000000;" },
	{ "the largest", "{\"north\":9e1}", "north:90.000000;" },
	{ "more decimals than are kept", "{\"north\":1.00000051}", "north:1.000001;" },
	{ "no number any more", "{\"north\":null}", "north:null;" },
	{ "an object of one", "{\"more\":{\"a\":1}}", "more;" },
	{ "a list of one", "{\"tags\":[1]}", "tags;" },
	{ "unknown members are ignored", "{\"x\":1,\"name\":\"ab\",\"y\":{}}", "name=ab;" },
};
/* clang-format on */

START_TEST(test_good)
{
	struct ctx *c = test_ctx();
	size_t i;

	for (i = 0; i < COUNT(good); i++) {
		struct field_errors errors = {0};
		struct sample sample = {0};

		ck_case(
		    good[i].what, sample_read(c, sample_fields, good[i].body,
				      &sample, &errors) == OK);
		ck_case(good[i].what,
		    strcmp(sample_show(c, &sample), good[i].holds) == 0);
		ck_case(good[i].what, errors.n == 0);
	}
	test_done(c);
}
END_TEST

#define IS_NO_DATE "born must be a date (YYYY-MM-DD);"
#define IS_NO_SITE "site must be an http or https address;"

static const struct {
	const char *what, *body, *errors;
	/* clang-format off */
} bad[] = {
	{ "a list is no map", "[]", "body must be an object;" },
	{ "a text is no map", "\"x\"", "body must be an object;" },
	{ "a null is no map", "null", "body must be an object;" },
	{ "a number for a text", "{\"name\":12}", "name must be text;" },
	{ "a map for a text", "{\"name\":{}}", "name must be text;" },
	{ "a text too long", "{\"name\":\"abcdef\"}", "name must be at most 5 characters;" },
	{ "a text too short", "{\"name\":\"a\"}", "name must be at least 2 characters;" },
	{ "a line feed", "{\"name\":\"a\\nb\"}", "name must not hold control characters;" },
	{ "a tab", "{\"name\":\"a\\tb\"}", "name must not hold control characters;" },
	{ "a delete", "{\"name\":\"a\\u007fb\"}", "name must not hold control characters;" },
	{ "no e-mail address", "{\"email\":\"ann\"}", "email must be an e-mail address;" },
	{ "a line feed in an address", "{\"email\":\"a@b.example\\nCc: x\"}",
	  "email must be an e-mail address;" },
	{ "true for an address", "{\"email\":true}", "email must be text;" },
	{ "a national number", "{\"phone\":\"0803 123 4567\"}",
	  "phone must be a phone number in international form;" },
	{ "a number for a phone", "{\"phone\":2348031234567}", "phone must be text;" },
	{ "a choice that is none", "{\"kind\":\"FAX\"}", "kind must be one of EMAIL, SMS;" },
	{ "a choice in lower case", "{\"kind\":\"sms\"}", "kind must be one of EMAIL, SMS;" },
	{ "half a choice", "{\"kind\":\"EMA\"}", "kind must be one of EMAIL, SMS;" },
	{ "two choices", "{\"kind\":\"EMAIL|SMS\"}", "kind must be one of EMAIL, SMS;" },
	{ "no leap year", "{\"born\":\"2023-02-29\"}", IS_NO_DATE },
	{ "no leap year of a century", "{\"born\":\"1900-02-29\"}", IS_NO_DATE },
	{ "the 31st of April", "{\"born\":\"2024-04-31\"}", IS_NO_DATE },
	{ "month 13", "{\"born\":\"2024-13-01\"}", IS_NO_DATE },
	{ "month 0", "{\"born\":\"2024-00-01\"}", IS_NO_DATE },
	{ "day 0", "{\"born\":\"2024-01-00\"}", IS_NO_DATE },
	{ "year 0", "{\"born\":\"0000-01-01\"}", IS_NO_DATE },
	{ "slashes", "{\"born\":\"2024/01/01\"}", IS_NO_DATE },
	{ "a time behind", "{\"born\":\"2024-01-01T00\"}", IS_NO_DATE },
	{ "signs for digits", "{\"born\":\"2024-+1-01\"}", IS_NO_DATE },
	{ "a script", "{\"site\":\"javascript:alert(1)\"}", IS_NO_SITE },
	{ "no host", "{\"site\":\"https:///x\"}", IS_NO_SITE },
	{ "a host of dots", "{\"site\":\"https://../x\"}", IS_NO_SITE },
	{ "a user before the host", "{\"site\":\"https://a.example@b.example/\"}", IS_NO_SITE },
	{ "a blank", "{\"site\":\"https://a.example/x y\"}", IS_NO_SITE },
	{ "a line feed in it", "{\"site\":\"https://a.example/\\nx\"}", IS_NO_SITE },
	{ "a quote", "{\"site\":\"https://a.example/\\\"x\"}", IS_NO_SITE },
	{ "a backslash", "{\"site\":\"https://a.example\\\\@b\"}", IS_NO_SITE },
	{ "a delete in it", "{\"site\":\"https://a.example/\\u007f\"}", IS_NO_SITE },
	{ "bytes over 0x7f", "{\"site\":\"https://a.example/\xc3\xa9\"}", IS_NO_SITE },
	{ "no port", "{\"site\":\"https://a.example:/\"}", IS_NO_SITE },
	{ "a port too large", "{\"site\":\"https://a.example:65536/\"}", IS_NO_SITE },
	{ "port 0", "{\"site\":\"https://a.example:0/\"}", IS_NO_SITE },
	{ "a port of six digits", "{\"site\":\"https://a.example:000080/\"}", IS_NO_SITE },
	{ "an open bracket", "{\"site\":\"http://[::1/\"}", IS_NO_SITE },
	{ "only a scheme", "{\"site\":\"https://\"}", IS_NO_SITE },
	{ "relative", "{\"site\":\"//a.example/\"}", IS_NO_SITE },
	{ "a secret too short", "{\"code\":\"12345\"}", "code must be at least 6 characters;" },
	{ "a secret too long", "{\"code\":\"123456789\"}", "code must be at most 8 characters;" },
	{ "a number for a secret", "{\"code\":123456}", "code must be text;" },
	{ "a fraction", "{\"count\":1.5}", "count must be a whole number;" },
	{ "a whole fraction", "{\"count\":1.0}", "count must be a whole number;" },
	{ "a number as text", "{\"count\":\"1\"}", "count must be a whole number;" },
	{ "an empty text for a number", "{\"count\":\"\"}", "count must be a whole number;" },
	{ "too small a number", "{\"count\":0}", "count must be between 1 and 100;" },
	{ "too large a number", "{\"count\":101}", "count must be between 1 and 100;" },
	{ "no country", "{\"land\":\"NGA\"}",
	  "land must be a country code such as NG (ISO 3166);" },
	{ "a number for a country", "{\"land\":56}", "land must be text or null;" },
	{ "too far north", "{\"north\":90.0000001}", "north must be a number between -90 and 90;" },
	{ "too far south", "{\"north\":-91}", "north must be a number between -90 and 90;" },
	{ "decimals as text", "{\"north\":\"52.25\"}",
	  "north must be a number between -90 and 90;" },
	{ "an empty text for decimals", "{\"north\":\"\"}",
	  "north must be a number between -90 and 90;" },
	{ "true for decimals", "{\"north\":true}", "north must be a number between -90 and 90;" },
	{ "a list for an object", "{\"more\":[1]}", "more must be an object;" },
	{ "too small an object", "{\"more\":{}}", "more must have at least 1 member;" },
	{ "true as text", "{\"terms\":\"true\"}", "terms must be true or false;" },
	{ "one for true", "{\"terms\":1}", "terms must be true or false;" },
	{ "a number for a change", "{\"nick\":1}", "nick must be text or null;" },
	{ "a change too long", "{\"nick\":\"abcde\"}", "nick must be at most 4 characters;" },
	{ "a change with a line feed", "{\"nick\":\"a\\n\"}",
	  "nick must not hold control characters;" },
	{ "a changed date that is none", "{\"date\":\"1980-02-30\"}",
	  "date must be a date (YYYY-MM-DD);" },
	{ "an empty list", "{\"tags\":[]}", "tags must have at least 1 member;" },
	{ "a long list", "{\"tags\":[1,2,3]}", "tags must have at most 2 members;" },
	{ "a map for a list", "{\"tags\":{}}", "tags must be a list;" },
	{ "every bad field is named", "{\"count\":0,\"name\":1,\"kind\":\"\",\"code\":\"1\"}",
	  "name must be text;code must be at least 6 characters;count must be between 1 and 100;" },
};
/* clang-format on */

START_TEST(test_bad)
{
	struct ctx *c = test_ctx();
	size_t i;

	for (i = 0; i < COUNT(bad); i++) {
		struct field_errors errors = {0};
		struct sample sample = {0};

		ck_case(bad[i].what, sample_read(c, sample_fields, bad[i].body,
					 &sample, &errors) == ERR_BAD_FIELD);
		ck_case(bad[i].what,
		    strcmp(sample_errors(c, &errors), bad[i].errors) == 0);
	}
	test_done(c);
}
END_TEST

static const struct {
	const char *what, *body, *errors;
	/* clang-format off */
} missing[] = {
	{ "all are there", "{\"name\":\"a\",\"code\":\"1\",\"count\":1,\"tags\":[]}", "" },
	{ "none is there", "{}",
	  "name is required;code is required;count is required;tags is required;" },
	{ "nulls", "{\"name\":null,\"code\":null,\"count\":null,\"tags\":null}",
	  "name is required;code is required;count is required;tags is required;" },
	{ "empty texts", "{\"name\":\"\",\"code\":\"\",\"count\":1,\"tags\":[]}",
	  "name is required;code is required;" },
	{ "names are exact", "{\"Name\":\"a\",\"code\":\"1\",\"count\":1,\"tags\":[]}",
	  "name is required;" },
	{ "a wrong type is no absence", "{\"name\":1,\"code\":\"1\",\"count\":1,\"tags\":\"\"}",
	  "name must be text;tags must be a list;" },
};
/* clang-format on */

START_TEST(test_required)
{
	struct ctx *c = test_ctx();
	size_t i;

	for (i = 0; i < COUNT(missing); i++) {
		struct field_errors errors = {0};
		struct sample sample = {0};

		ck_case(missing[i].what,
		    sample_read(c, sample_required, missing[i].body, &sample,
			&errors) == (*missing[i].errors ? ERR_BAD_FIELD : OK));
		ck_case(missing[i].what,
		    strcmp(sample_errors(c, &errors), missing[i].errors) == 0);
	}
	test_done(c);
}
END_TEST

START_TEST(test_no_body)
{
	struct ctx *c = test_ctx();
	struct field_errors errors = {0};
	struct sample sample = {0};
	struct form form = {sample_fields, &sample, true};

	ck_assert_int_eq(fields_read(c, &form, NULL, &errors), ERR_BAD_FIELD);
	ck_assert_str_eq(sample_errors(c, &errors), "body must be an object;");
	test_done(c);
}
END_TEST

START_TEST(test_local_part_kept)
{
	struct ctx *c = test_ctx();
	struct field_errors errors = {0};
	struct sample sample = {0};
	struct form form = {sample_fields, &sample, false};
	struct json email = {
	    .type = JSON_TEXT, .name = "email", .s = "Ann@Example.COM"};
	struct json body = {.type = JSON_MAP, .first = &email};

	ck_assert_int_eq(fields_read(c, &form, &body, &errors), OK);
	ck_assert_str_eq(sample.email, "Ann@example.com");
	test_done(c);
}
END_TEST

/* An absent field leaves what was there: a default stays. */
START_TEST(test_defaults_stay)
{
	struct ctx *c = test_ctx();
	struct field_errors errors = {0};
	struct sample sample = {.count = 42, .name = "preset"};

	ck_assert_int_eq(
	    sample_read(c, sample_fields, "{\"count\":null}", &sample, &errors),
	    OK);
	ck_assert_int_eq(sample.count, 42);
	ck_assert_str_eq(sample.name, "preset");
	test_done(c);
}
END_TEST

START_TEST(test_list_is_handed_on)
{
	struct ctx *c = test_ctx();
	struct field_errors errors = {0};
	struct sample sample = {0};

	ck_assert_int_eq(sample_read(c, sample_fields, "{\"tags\":[\"a\",7]}",
			     &sample, &errors),
	    OK);
	ck_assert_int_eq(sample.tags->type, JSON_LIST);
	ck_assert_str_eq(sample.tags->first->s, "a");
	ck_assert_int_eq(sample.tags->first->next->i, 7);
	test_done(c);
}
END_TEST

static const struct {
	const char *what;
	size_t len;
	enum err e;
	/* clang-format off */
} url_lengths[] = {
	{ "2,048 bytes", 2048, OK },
	{ "one more", 2049, ERR_BAD_FIELD },
};
/* clang-format on */

START_TEST(test_long_url)
{
	static const char start[] = "{\"site\":\"https://a.example/";
	struct ctx *c = test_ctx();
	size_t i, n;

	for (i = 0; i < COUNT(url_lengths); i++) {
		struct field_errors errors = {0};
		struct sample sample = {0};
		struct text body = text_new(c->arena);

		text_add(&body, start);
		for (n = strlen("https://a.example/"); n < url_lengths[i].len;
		     n++)
			text_add_c(&body, 'x');
		text_add(&body, "\"}");
		ck_case(url_lengths[i].what,
		    sample_read(c, sample_fields, body.s, &sample, &errors) ==
			url_lengths[i].e);
		ck_case(url_lengths[i].what,
		    url_lengths[i].e == OK ||
			strcmp(sample_errors(c, &errors),
			    "site must be at most 2048 characters;") == 0);
	}
	test_done(c);
}
END_TEST

SUITE(fields, test_good, test_bad, test_required, test_no_body,
    test_local_part_kept, test_defaults_stay, test_list_is_handed_on,
    test_long_url)
