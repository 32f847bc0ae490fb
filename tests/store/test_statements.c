/* SPDX-License-Identifier: ISC */
/* Every statement of the room is known to the server. */

#include "street.h"

START_TEST(test_each_is_prepared)
{
	struct ctx *c = test_db_ctx(true);
	const struct stmt_table *t;
	size_t i, n = 0;

	for (t = store_statements; t->name != NULL; t++) {
		ck_assert_msg(*t->n > 0, "%s has no statement", t->name);
		for (i = 0; i < *t->n; i++, n++)
			ck_assert_msg(db_prepare(c, &t->list[i]) == OK,
			    "%s: %s", t->name, t->list[i].sql);
	}
	ck_assert_uint_gt(n, 40);
	test_done(c);
}
END_TEST

START_TEST(test_each_reason_is_given)
{
	const struct stmt_table *t;
	size_t i;

	for (t = store_statements; t->name != NULL; t++)
		for (i = 0; i < *t->n; i++)
			ck_assert_msg(!(t->list[i].flags & CROSS_TENANT) ==
					  (t->list[i].why == NULL),
			    "%s: %s", t->name, t->list[i].sql);
}
END_TEST

SUITE(statements, test_each_is_prepared, test_each_reason_is_given)
