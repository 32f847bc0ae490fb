/* SPDX-License-Identifier: ISC */
/* The outbox: a message comes with the language of whom it is for. */

#include "street.h"

/* By keys, however many customers there are. */
START_TEST(test_the_customers_language_comes_along)
{
	static const struct stmt speak = {
	    "UPDATE customers SET locale = 'pl' WHERE tenant_id = ?"
	    " AND email = 'u1@example.com'",
	    0, NULL};
	struct ctx *c = street_open();
	struct outbox_lease lease = {uuid_make(c->now), c->now + 2 * MINUTE_MS};
	struct outbox_row *rows;
	struct session s;
	uint64_t changed;
	size_t n;

	street_sign_in(c, "u1@example.com", &s);
	ck_ok(db_change(c, &speak, ARGS(UUID(c->tenant_id)), &changed));
	n = street_claim(c, &lease, "email", 20, &rows);
	lease.owner = uuid_make(c->now);
	(void)street_begin(c, "u2@example.com", "123456", 2);
	(void)street_begin(c, "u1@example.com", "123456", 1);
	n = street_claim(c, &lease, "email", 20, &rows);
	ck_assert_uint_eq(n, 2);
	n = strcmp(rows[0].destination, "u1@example.com") == 0 ? 0 : 1;
	ck_assert_str_eq(rows[n].locale, "pl");
	ck_assert_ptr_null(rows[1 - n].locale);
	street_crowd(c);
	street_keyed(c, street_stmt("outbox", "u.locale"),
	    ARGS(UUID(lease.owner), INT(lease.until)), 2);
	test_done(c);
}
END_TEST

SUITE(outbox_locale, test_the_customers_language_comes_along)
