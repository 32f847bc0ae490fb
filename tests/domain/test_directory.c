/* SPDX-License-Identifier: ISC */
/* A shop's customers: found by prefix, page by page; disabled at once. */

#include "shop.h"

START_TEST(test_pages)
{
	struct ctx *c = shop_open();
	struct customer_filter filter = {.most = 2};
	struct customer *list;
	size_t n, seen = 0;
	bool more = true;
	int i;

	for (i = 0; i < 5; i++) {
		shop_later(c, 1);
		shop_sign_in(c, arena_print(c->arena, "ann%d@x.example", i));
	}
	while (more) {
		ck_ok(directory_list(c, &filter, &list, &n, &more));
		for (i = 0; i < (int)n; i++)
			ck_assert_str_eq(list[i].email,
			    arena_print(c->arena, "ann%zu@x.example",
				4 - seen - (size_t)i));
		seen += n;
		filter.before = list[n - 1].id;
	}
	ck_assert_uint_eq(seen, 5);
	shop_close(c);
}
END_TEST

START_TEST(test_search)
{
	static const struct {
		const char *what, *search, *status;
		size_t n;
	} cases[] = {
	    {"by the begin of an address", "ann", NULL, 2},
	    {"by a whole address", "bob@x.example", NULL, 1},
	    {"not by its middle", "nn", NULL, 0},
	    {"a percent sign is one", "%", NULL, 0},
	    {"an underscore is one", "ann_", NULL, 1},
	    {"a bar is one", "|", NULL, 0},
	    {"the disabled ones", NULL, "disabled", 0},
	    {"the active ones", NULL, "active", 3},
	};
	struct ctx *c = shop_open();
	struct customer_filter filter = {.most = 10};
	struct customer *list;
	bool more;
	size_t n, i;

	shop_sign_in(c, "ann@x.example");
	shop_sign_in(c, "ann_b@x.example");
	shop_sign_in(c, "bob@x.example");
	for (i = 0; i < COUNT(cases); i++) {
		filter.search = cases[i].search;
		filter.status = cases[i].status;
		ck_ok(directory_list(c, &filter, &list, &n, &more));
		ck_case(cases[i].what, n == cases[i].n && !more);
	}
	shop_enter(c, shop_add(c, "other"));
	filter = (struct customer_filter){.most = 10};
	ck_ok(directory_list(c, &filter, &list, &n, &more));
	ck_assert_uint_eq(n, 0);
	shop_close(c);
}
END_TEST

START_TEST(test_deactivated_is_out_at_once)
{
	struct ctx *c = shop_open();
	struct login ann = shop_sign_in(c, "ann@x.example"), again;
	struct login boss = shop_sign_in(c, "boss@x.example");
	struct customer out;
	struct proof proof;

	ck_ok(shop_ask(c, "ann@x.example"));
	proof =
	    shop_proof("ann@x.example", shop_letter(c, "ann@x.example").code);
	ck_ok(session_admit(c, boss.tokens.access, NULL));
	ck_ok(directory_activate(c, ann.customer.id, false, &out));
	ck_assert_str_eq(out.status, "disabled");
	ck_err(session_admit(c, ann.tokens.access, NULL), ERR_SESSION_ENDED);
	c->who = NULL;
	ck_err(
	    session_refresh(c, ann.tokens.refresh, &again), ERR_SESSION_ENDED);
	ck_err(login_by_proof(c, &proof, NULL, NULL, &again), ERR_CODE_WRONG);
	ck_ok(session_admit(c, boss.tokens.access, NULL));
	ck_ok(directory_activate(c, ann.customer.id, true, &out));
	ck_ok(directory_find(c, ann.customer.id, &out));
	ck_assert_str_eq(out.status, "active");
	shop_later(c, HOUR_MS);
	shop_sign_in(c, "ann@x.example");
	/* of another shop there is no such customer */
	ck_ok(session_admit(c, boss.tokens.access, NULL));
	c->tenant_id = shop_add(c, "other")->id;
	ck_err(directory_find(c, ann.customer.id, &out), ERR_NOT_FOUND);
	ck_err(
	    directory_activate(c, ann.customer.id, false, &out), ERR_NOT_FOUND);
	shop_close(c);
}
END_TEST

SUITE(directory, test_pages, test_search, test_deactivated_is_out_at_once)
