/* SPDX-License-Identifier: ISC */
/* Customers: what they state, how they are found, how they are disabled. */

#include "street.h"

START_TEST(test_found_by_identity)
{
	struct ctx *c = street_open();
	struct session s;
	struct customer u;

	street_sign_in(c, "a@x.example", &s);
	ck_ok(store_customer_by_identity(c, "email", "a@x.example", &u));
	ck_assert(uuid_equal(u.id, s.customer));
	ck_assert_int_eq(
	    store_customer_by_identity(c, "phone", "a@x.example", &u),
	    ERR_NOT_FOUND);
	c->tenant_id = street_tenant(c, "other");
	ck_assert_int_eq(
	    store_customer_by_identity(c, "email", "a@x.example", &u),
	    ERR_NOT_FOUND);
	test_done(c);
}
END_TEST

START_TEST(test_change)
{
	struct ctx *c = street_open();
	struct session s;
	struct customer u = street_sign_in(c, "a@x.example", &s).customer;
	struct customer_change to = {
	    .full_name = {true, "Ann \xf0\x9f\x8c\xb7"},
	    .address = {true, "1 Road"},
	    .phone = {true, "+48600100200"}};

	ck_ok(store_customer_change(c, u.id, s.id, &to, &u));
	ck_assert_str_eq(u.full_name, "Ann \xf0\x9f\x8c\xb7");
	ck_assert_str_eq(u.phone, "+48600100200");
	ck_assert_int_eq(u.phone_proven_at, 0);
	to = (struct customer_change){.address = {true, NULL}};
	ck_ok(store_customer_change(c, u.id, s.id, &to, &u));
	ck_assert_ptr_null(u.address);
	ck_assert_str_eq(u.phone, "+48600100200");
	ck_assert_int_eq(street_count(c, "SELECT COUNT(*) FROM audit_events "
					 "WHERE event = 'profile_changed'"),
	    2);
	ck_ok(db_script(c, "UPDATE customers SET phone_proven_at = 1;\n"));
	ck_ok(store_customer_change(c, u.id, s.id, &to, &u));
	to.phone = (struct change){true, NULL};
	ck_assert_int_eq(
	    store_customer_change(c, u.id, s.id, &to, &u), ERR_NOT_FOUND);
	to.phone.s = "+48600100200";
	ck_ok(store_customer_change(c, u.id, s.id, &to, &u));
	c->tenant_id = street_tenant(c, "other");
	ck_assert_int_eq(
	    store_customer_change(c, u.id, s.id, &to, &u), ERR_NOT_FOUND);
	test_done(c);
}
END_TEST

static const struct customer_change whole = {.phone = {true, "+48600100200"},
    .full_name = {true, "Ann Lee"},
    .first_name = {true, "Ann"},
    .last_name = {true, "Lee"},
    .address = {true, "1 Road"},
    .id_number = {true, "A1"},
    .date_of_birth = {true, "2000-02-29"},
    .nationality = {true, "NG"},
    .profile_url = {true, "https://x.example/"},
    .locale = {true, "pt-BR"},
    .secondary_phone = {true, "+48600100201"}};

/* A change of one alone: of the whole one, or of nobody's. */
static const struct {
	const char *what;
	struct customer_change to;
	bool changes;
} changes[] = {
    {"nothing", {.phone = {false, NULL}}, false},
    {"the same name", {.full_name = {true, "Ann Lee"}}, false},
    {"another phone", {.phone = {true, "+48600100202"}}, true},
    {"a name with a blank", {.full_name = {true, "Ann Lee "}}, true},
    {"another first name", {.first_name = {true, "ann"}}, true},
    {"no last name", {.last_name = {true, NULL}}, true},
    {"another address", {.address = {true, "2 Road"}}, true},
    {"another number", {.id_number = {true, "A2"}}, true},
    {"another date", {.date_of_birth = {true, "2000-02-28"}}, true},
    {"another nationality", {.nationality = {true, "GH"}}, true},
    {"another picture", {.profile_url = {true, "https://y.example/"}}, true},
    {"another language", {.locale = {true, "pt-PT"}}, true},
    {"no second phone", {.secondary_phone = {true, NULL}}, true},
};

/* How much was written down, and told. */
static int64_t
traces(struct ctx *c)
{
	return street_count(c, "SELECT COUNT(*) + (SELECT COUNT(*) FROM"
			       " webhook_events) FROM audit_events");
}

START_TEST(test_what_changes_nothing_leaves_no_trace)
{
	struct ctx *c = street_open();
	struct session s;
	struct customer u = street_sign_in(c, "a@x.example", &s).customer;
	int64_t before;
	size_t i;

	(void)street_webhook(c, NULL);
	for (i = 0; i < COUNT(changes); i++) {
		ck_ok(store_customer_change(c, u.id, s.id, &whole, &u));
		before = traces(c);
		c->now++;
		ck_ok(store_customer_change(c, u.id, s.id, &whole, &u));
		ck_ok(store_customer_change(c, u.id, s.id, &changes[i].to, &u));
		ck_case(changes[i].what,
		    traces(c) - before == (changes[i].changes ? 2 : 0));
		ck_case(changes[i].what,
		    (u.updated_at == c->now) == changes[i].changes);
	}
	test_done(c);
}
END_TEST

/* A name is the partner's word until the customer states another. */
START_TEST(test_whose_word_a_name_is)
{
	static const struct {
		const char *what, *kept, *stated, *source;
	} cases[] = {
	    {"the same", "Ann", "Ann", "market"},
	    {"another", "Ann", "Ann Lee", NULL},
	    {"none any more", "Ann", NULL, NULL},
	    {"none, as before", NULL, NULL, "market"},
	    {"one at last", NULL, "Ann", NULL},
	};
	static const struct stmt set = {
	    "UPDATE customers SET name_source = 'market', full_name = ?", 0,
	    NULL};
	struct ctx *c = street_open();
	struct session s;
	struct customer u = street_sign_in(c, "a@x.example", &s).customer;
	uint64_t n;
	size_t i;

	for (i = 0; i < COUNT(cases); i++) {
		const struct customer_change to = {
		    .full_name = {true, cases[i].stated},
		    .address = {true, cases[i].what}};

		ck_ok(db_change(c, &set, ARGS(TEXT(cases[i].kept)), &n));
		ck_ok(store_customer_change(c, u.id, s.id, &to, &u));
		ck_case(cases[i].what,
		    (u.name_source != NULL) == (cases[i].source != NULL));
		ck_case(cases[i].what, strcmp(u.address, cases[i].what) == 0);
	}
	test_done(c);
}
END_TEST

START_TEST(test_disabling_ends_sessions)
{
	struct ctx *c = street_open();
	struct session s;
	struct customer u = street_sign_in(c, "a@x.example", &s).customer;
	struct uuid nobody = uuid_make(c->now);

	ck_ok(store_customer_status(c, u.id, "disabled", "operator"));
	ck_ok(store_session_find(c, s.id, &s, &u));
	ck_assert_int_ne(s.ended_at, 0);
	ck_assert_str_eq(u.status, "disabled");
	ck_ok(store_customer_status(c, u.id, "active", "operator"));
	ck_assert_int_eq(street_count(c, "SELECT COUNT(*) FROM audit_events "
					 "WHERE event = 'customer_status'"),
	    2);
	ck_assert_int_eq(
	    store_customer_status(c, nobody, "active", "x"), ERR_NOT_FOUND);
	test_done(c);
}
END_TEST

START_TEST(test_webhooks_hear_of_changes)
{
	struct ctx *c = street_open();
	struct session s;
	struct customer u = street_sign_in(c, "a@x.example", &s).customer;
	struct customer_change to = {.full_name = {true, "Ann"}};
	struct uuid nobody = uuid_make(c->now);

	(void)street_webhook(c, NULL);
	c->now++;
	ck_ok(store_customer_change(c, u.id, s.id, &to, &u));
	ck_assert_str_eq(street_told(c), "customer.updated profile\n");
	c->now++;
	ck_ok(store_customer_status(c, u.id, "disabled", "operator"));
	ck_assert_str_eq(street_told(c),
	    "customer.updated profile\ncustomer.updated disabled\n"
	    "session.revoked disabled\n");
	c->now++;
	ck_ok(store_customer_status(c, u.id, "active", "operator"));
	ck_assert_str_eq(street_told(c),
	    "customer.updated profile\ncustomer.updated disabled\n"
	    "session.revoked disabled\ncustomer.updated active\n");
	/* what did not happen is not told, nor to another shop */
	ck_assert_int_eq(
	    store_customer_status(c, nobody, "active", "x"), ERR_NOT_FOUND);
	c->tenant_id = street_tenant(c, "other");
	ck_assert_int_eq(
	    store_customer_change(c, u.id, s.id, &to, &u), ERR_NOT_FOUND);
	ck_assert_int_eq(
	    street_count(c, "SELECT COUNT(*) FROM webhook_events"), 4);
	test_done(c);
}
END_TEST

/* ---- a shop's customers, in pages ----------------------------------------------- */

/* Customers 1, 2, 3 … of this tenant, as they are written in lists below. */
static void
people_add(struct ctx *c, struct uuid tenant)
{
	static const struct stmt insert = {
	    "INSERT INTO customers (tenant_id, id, status, email, phone,"
	    " created_at, updated_at) VALUES"
	    " (?, LPAD(CHAR(1), 16, CHAR(0)), 'active', 'ann@x.example',"
	    "  '+2348000000001', 1, 1),"
	    " (?, LPAD(CHAR(2), 16, CHAR(0)), 'disabled', 'anna@x.example',"
	    "  NULL, 1, 1),"
	    " (?, LPAD(CHAR(3), 16, CHAR(0)), 'active', NULL,"
	    "  '+2348000000003', 1, 1),"
	    " (?, LPAD(CHAR(4), 16, CHAR(0)), 'active', 'a%b@x.example',"
	    "  '+48600000004', 1, 1),"
	    " (?, LPAD(CHAR(5), 16, CHAR(0)), 'active', 'a_b|c@x.example',"
	    "  NULL, 1, 1),"
	    " (?, LPAD(CHAR(6), 16, CHAR(0)), 'active', 'axb@x.example',"
	    "  NULL, 1, 1),"
	    /* one who is found by both */
	    " (?, LPAD(CHAR(7), 16, CHAR(0)), 'active', '+2348@x.example',"
	    "  '+2348000000007', 1, 1)",
	    0, NULL};
	uint64_t n;

	ck_ok(db_change(c, &insert,
	    ARGS(UUID(tenant), UUID(tenant), UUID(tenant), UUID(tenant),
		UUID(tenant), UUID(tenant), UUID(tenant)),
	    &n));
}

/* Their numbers, in the order of the list. */
static const char *
numbers(struct ctx *c, const struct customer_filter *f)
{
	struct text out = text_new(c->arena);
	struct customer *rows;
	size_t i, n;

	text_add(&out, "");
	ck_ok(store_customer_list(c, f, &rows, &n));
	for (i = 0; i < n; i++)
		text_addf(&out, "%d", rows[i].id.b[15]);
	return out.s;
}

static const struct {
	const char *what, *search, *status;
	unsigned char before;
	int64_t most;
	const char *found;
} lists[] = {
    {"all, the newest first", NULL, NULL, 0, 100, "7654321"},
    {"the first page", NULL, NULL, 0, 3, "765"},
    {"the next page", NULL, NULL, 5, 3, "432"},
    {"the last page", NULL, NULL, 2, 3, "1"},
    {"past the end", NULL, NULL, 1, 3, ""},
    {"those who are disabled", NULL, "disabled", 0, 100, "2"},
    {"those who are not", NULL, "active", 0, 100, "765431"},
    {"those who are not, by pages", NULL, "active", 4, 2, "31"},
    {"a beginning of two addresses", "ann", NULL, 0, 100, "21"},
    {"the same, of those who are active", "ann", "active", 0, 100, "1"},
    {"the same, by pages", "ann", NULL, 2, 100, "1"},
    {"a whole address", "ann@x.example", NULL, 0, 100, "1"},
    {"the middle of an address", "nn@x", NULL, 0, 100, ""},
    {"another case", "ANN", NULL, 0, 100, ""},
    {"a beginning of numbers, and an address", "+2348", NULL, 0, 100, "731"},
    {"the same, by pages", "+2348", NULL, 7, 1, "3"},
    {"a whole number", "+2348000000003", NULL, 0, 100, "3"},
    {"a percent sign is one", "a%b", NULL, 0, 100, "4"},
    {"a percent sign alone", "%", NULL, 0, 100, ""},
    {"a line below is one", "a_b", NULL, 0, 100, "5"},
    {"a bar is one", "a_b|c", NULL, 0, 100, "5"},
    {"a bar at the end", "a_b|", NULL, 0, 100, "5"},
    {"a backslash", "a\\", NULL, 0, 100, ""},
    {"a quote", "a'", NULL, 0, 100, ""},
    {"letters that no number has", "\xc3\xa9", NULL, 0, 100, ""},
    {"four bytes to a letter", "\xf0\x9f\x8c\xb7", NULL, 0, 100, ""},
    {"nothing at all", "", NULL, 0, 100, "7654321"},
};

START_TEST(test_listed)
{
	struct ctx *c = street_open();
	struct customer_filter f;
	const char *found;
	size_t i;

	people_add(c, c->tenant_id);
	people_add(c, street_tenant(c, "other"));
	for (i = 0; i < COUNT(lists); i++) {
		f = (struct customer_filter){.search = lists[i].search,
		    .status = lists[i].status,
		    .most = lists[i].most};
		f.before.b[15] = lists[i].before;
		found = numbers(c, &f);
		ck_assert_msg(strcmp(found, lists[i].found) == 0,
		    "case \"%s\": %s, not %s", lists[i].what, found,
		    lists[i].found);
	}
	test_done(c);
}
END_TEST

START_TEST(test_found_by_id)
{
	struct ctx *c = street_open();
	struct uuid here = c->tenant_id, id = street_nth(4);
	struct customer u;

	people_add(c, here);
	ck_ok(store_customer_find(c, id, &u));
	ck_assert_str_eq(u.email, "a%b@x.example");
	ck_assert_int_eq(
	    store_customer_find(c, street_nth(9), &u), ERR_NOT_FOUND);
	c->tenant_id = street_tenant(c, "other");
	ck_assert_int_eq(store_customer_find(c, id, &u), ERR_NOT_FOUND);
	test_done(c);
}
END_TEST

enum { PAGE = 21, FEW = 200 };

/* Ten thousand shops, and ten thousand customers in one of them. */
START_TEST(test_by_keys_among_ten_thousand)
{
	struct ctx *c = street_open();
	struct uuid shop = c->tenant_id, before = street_nth(9000);
	const char *email = "p77%", *phone = "+4877%", *any = NULL;

	street_crowd(c);
	ck_ok(db_script(c,
	    "INSERT INTO customers (tenant_id, id, email, phone, created_at,"
	    " updated_at) SELECT t.id, UNHEX(LPAD(HEX(seq), 32, '0')),"
	    " CONCAT('p', seq, '@x.example'), CONCAT('+48', seq), 0, 0"
	    " FROM seq_1_to_10000, tenants t WHERE t.slug = 'a-shop';\n"
	    "ANALYZE TABLE customers;\n"));
	street_keyed(c, street_stmt("customer", "u.id = ?"),
	    ARGS(UUID(shop), UUID(before)), 1);
	street_keyed(c, street_stmt("customer", "i.value = ?"),
	    ARGS(UUID(before), TEXT("email"), TEXT("c9000@x.example")), 1);
	street_keyed(c, street_stmt("customer", "UNION"),
	    ARGS(UUID(shop), TEXT(email), UUID(before), TEXT(any), TEXT(any),
		UUID(shop), TEXT(phone), UUID(before), TEXT(any), TEXT(any),
		UUID(shop), INT(PAGE)),
	    FEW);
	street_keyed(c, street_stmt("session", "JOIN tenants"),
	    ARGS(BYTES("k", 1), INT(1), UUID(before), UUID(before)), 1);
	test_done(c);
}
END_TEST

/* A page reads a page, wherever in the list it is. */
START_TEST(test_a_page_reads_no_more)
{
	struct ctx *c = street_open();
	struct customer_filter f = {.most = PAGE};
	int64_t asking, before;
	unsigned at;

	ck_ok(db_script(c,
	    "INSERT INTO customers (tenant_id, id, created_at, updated_at)"
	    " SELECT t.id, UNHEX(LPAD(HEX(seq), 32, '0')), 0, 0"
	    " FROM seq_1_to_10000, tenants t;\n"));
	before = street_reads(c);
	asking = street_reads(c) - before;
	for (at = 0; at < 10000; at += 1000) {
		f.before = street_nth(at);
		before = street_reads(c);
		(void)numbers(c, &f);
		ck_assert_int_le(street_reads(c) - before - asking, 2 * PAGE);
	}
	test_done(c);
}
END_TEST

SUITE(customer, test_found_by_identity, test_change,
    test_what_changes_nothing_leaves_no_trace, test_whose_word_a_name_is,
    test_disabling_ends_sessions, test_webhooks_hear_of_changes, test_listed,
    test_found_by_id, test_by_keys_among_ten_thousand,
    test_a_page_reads_no_more)
