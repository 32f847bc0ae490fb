/* SPDX-License-Identifier: ISC */
/* Fields: many errors, and what the log says of a body. */

#include <stdio.h>
#include <unistd.h>

#include "sample.h"

/* More errors than the list holds: the first are kept, nothing overflows. */
START_TEST(test_many_errors)
{
	struct field_errors errors = {0};
	char names[FIELD_ERRORS_MAX + 3][4];
	int i;

	for (i = 0; i < FIELD_ERRORS_MAX + 3; i++) {
		snprintf(names[i], sizeof(names[i]), "%d", i);
		field_error(&errors, names[i], "is wrong");
	}
	ck_assert_uint_eq(errors.n, FIELD_ERRORS_MAX);
	ck_assert_str_eq(errors.list[0].name, "0");
	ck_assert_str_eq(errors.list[FIELD_ERRORS_MAX - 1].name, "15");
}
END_TEST

/* A full list does not turn a refusal into a yes. */
START_TEST(test_refused_when_full)
{
	struct ctx *c = test_ctx();
	struct field_errors errors = {.n = FIELD_ERRORS_MAX};
	struct sample sample = {0};

	ck_assert_int_eq(
	    sample_read(c, sample_fields, "{\"count\":0}", &sample, &errors),
	    ERR_BAD_FIELD);
	test_done(c);
}
END_TEST

/* What fields_read says on stderr, at debug level. */
static char *
logged(struct ctx *c, const char *body)
{
	struct field_errors errors = {0};
	struct sample sample = {0};
	FILE *file = tmpfile();
	int kept = dup(STDERR_FILENO);
	char *out = arena_get(c->arena, 8192);

	ck_assert(file && kept != -1);
	log_level_set(LOG_DEBUG);
	dup2(fileno(file), STDERR_FILENO);
	if (sample_read(c, sample_fields, body, &sample, &errors))
		log_event(c, LOG_INFO, "refused", "yes");
	dup2(kept, STDERR_FILENO);
	log_level_set(LOG_INFO);
	close(kept);
	rewind(file);
	out[fread(out, 1, 8191, file)] = '\0';
	fclose(file);
	return out;
}

#define TEN   "abcdefghij"
#define SIXTY TEN TEN TEN TEN TEN TEN

static const struct {
	const char *what, *body, *has, *has_not;
	/* clang-format off */
} logs[] = {
	{ "an unknown name", "{\"device_id\":\"v4lue\"}", "device_id", "v4lue" },
	{ "a name that is too long", "{\"" SIXTY "\":1}", "unknown_member", TEN },
	{ "a name with digits", "{\"123456\":1}", "unknown_member", "123456" },
	{ "a name with other bytes", "{\"n4me <\":1}", "unknown_member", "n4me" },
	{ "a known name is no event", "{\"name\":\"ab\"}", "", "unknown_member" },
	{ "a bad secret is not said", "{\"code\":\"98765\"}", "code", "98765" },
	{ "a bad text is not said", "{\"name\":\"tooolong\"}", "name", "tooolong" },
};
/* clang-format on */

START_TEST(test_logs)
{
	struct ctx *c = test_ctx();
	const char *log;
	size_t i;

	for (i = 0; i < COUNT(logs); i++) {
		log = logged(c, logs[i].body);
		ck_case(logs[i].what, strstr(log, logs[i].has));
		ck_case(logs[i].what, !strstr(log, logs[i].has_not));
	}
	test_done(c);
}
END_TEST

SUITE(fields_log, test_many_errors, test_refused_when_full, test_logs)
