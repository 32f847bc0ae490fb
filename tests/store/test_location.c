/* SPDX-License-Identifier: ISC */
/* Locations: kept, changed and removed by their owner alone, in one trip. */

#include "street.h"

enum { MOST = 3 };

static struct location_key
owner(struct ctx *c, const char *email)
{
	struct location_key key = {.id = uuid_make(c->now)};
	struct session s;

	key.customer = street_sign_in(c, email, &s).customer.id;
	key.session = s.id;
	return key;
}

static const struct location_change home = {.type = "home",
    .address1 = {true, "1 Road \xf0\x9f\x8c\xb7"},
    .city_name = {true, "Lagos"},
    .country_code = {true, "NG"},
    .latitude = {true, "6.454070"},
    .longitude = {true, "-179.999999"}};

START_TEST(test_add_find_change_remove)
{
	struct ctx *c = street_open();
	struct location_key key = owner(c, "a@x.example");
	struct location_change to = {.city_name = {true, "Abuja"},
	    .longitude = {true, NULL},
	    .description = {true, "blue door"}};
	struct location at;
	uint64_t before = db_trips(c->db);

	ck_ok(store_location_add(c, &key, MOST, &home, &at));
	ck_assert(uuid_equal(at.id, key.id));
	ck_assert_str_eq(at.type, "home");
	ck_assert_str_eq(at.address1, "1 Road \xf0\x9f\x8c\xb7");
	ck_assert_ptr_null(at.address2);
	ck_assert_str_eq(at.country_code, "NG");
	ck_assert_str_eq(at.latitude, "6.454070");
	ck_assert_str_eq(at.longitude, "-179.999999");
	ck_ok(store_location_change(c, &key, &to, &at));
	ck_assert_str_eq(at.city_name, "Abuja");
	ck_assert_str_eq(at.type, "home");
	ck_assert_str_eq(at.latitude, "6.454070");
	ck_assert_ptr_null(at.longitude);
	ck_ok(store_location_find(c, &key, &at));
	ck_assert_str_eq(at.description, "blue door");
	ck_ok(store_location_remove(c, &key));
	ck_assert_uint_eq(db_trips(c->db) - before, 4);
	ck_assert_int_eq(store_location_find(c, &key, &at), ERR_NOT_FOUND);
	ck_assert_int_eq(store_location_remove(c, &key), ERR_NOT_FOUND);
	ck_assert_int_eq(
	    store_location_change(c, &key, &to, &at), ERR_NOT_FOUND);
	ck_assert_int_eq(
	    street_count(c, "SELECT COUNT(*) FROM audit_events WHERE event IN"
			    " ('location_added', 'location_changed',"
			    " 'location_removed') AND customer_id IS NOT NULL"
			    " AND session_id IS NOT NULL"),
	    3);
	test_done(c);
}
END_TEST

/* Of home; what changes nothing is answered, and nothing is written down. */
static const struct {
	const char *what;
	struct location_change to;
	bool changes;
} changes[] = {
    {"nothing", {.type = NULL}, false},
    {"the same type", {.type = "home"}, false},
    {"the same latitude", {.latitude = {true, "6.45407"}}, false},
    {"no second line, as before", {.address2 = {true, NULL}}, false},
    {"another type", {.type = "work"}, true},
    {"another first line", {.address1 = {true, "1 road \xf0\x9f\x8c\xb7"}},
	true},
    {"a second line", {.address2 = {true, ""}}, true},
    {"a city with a blank", {.city_name = {true, "Lagos "}}, true},
    {"a code", {.postal_code = {true, "1"}}, true},
    {"another country", {.country_code = {true, "GH"}}, true},
    {"another latitude", {.latitude = {true, "6.454071"}}, true},
    {"no longitude", {.longitude = {true, NULL}}, true},
    {"the whole", {.formatted_address = {true, "x"}}, true},
    {"a description", {.description = {true, "x"}}, true},
};

START_TEST(test_a_change_of_nothing_finds_it)
{
	struct ctx *c = street_open();
	struct location_key key = owner(c, "a@x.example");
	struct location at;
	size_t i;
	int64_t n;

	for (i = 0; i < COUNT(changes); i++) {
		bool changed = changes[i].changes;

		key.id = uuid_make(c->now);
		ck_ok(db_script(c, "DELETE FROM audit_events;\n"));
		ck_ok(store_location_add(c, &key, 100, &home, &at));
		c->now++;
		ck_ok(store_location_change(c, &key, &home, &at));
		ck_ok(store_location_change(c, &key, &changes[i].to, &at));
		ck_assert(uuid_equal(at.id, key.id));
		ck_case(changes[i].what, (at.updated_at == c->now) == changed);
		n = street_count(c, "SELECT COUNT(*) FROM audit_events"
				    " WHERE event = 'location_changed'");
		ck_case(changes[i].what, n == (changed ? 1 : 0));
	}
	test_done(c);
}
END_TEST

START_TEST(test_no_more_than_so_many)
{
	struct ctx *c = street_open();
	struct location_key key = owner(c, "a@x.example");
	struct location_key other = owner(c, "b@x.example");
	struct location_page page = {key.customer, 2, 2};
	struct location at, *list;
	size_t i, n;

	for (i = 0; i < MOST; i++) {
		key.id = uuid_make(c->now + (int64_t)i);
		ck_ok(store_location_add(c, &key, MOST, &home, &at));
	}
	key.id = uuid_make(c->now);
	ck_assert_int_eq(
	    store_location_add(c, &key, MOST, &home, &at), ERR_NOT_FOUND);
	ck_ok(store_location_add(c, &other, MOST, &home, &at));
	ck_ok(store_location_list(c, &page, &list, &n));
	ck_assert_uint_eq(n, 1);
	page.page = 1;
	ck_ok(store_location_list(c, &page, &list, &n));
	ck_assert_uint_eq(n, 2);
	ck_assert_int_gt(memcmp(list[0].id.b, list[1].id.b, 16), 0);
	page.page = 3;
	ck_ok(store_location_list(c, &page, &list, &n));
	ck_assert_uint_eq(n, 0);
	key.customer = uuid_make(c->now);
	ck_assert_int_eq(
	    store_location_add(c, &key, MOST, &home, &at), ERR_NOT_FOUND);
	test_done(c);
}
END_TEST

/* By another customer, and by the same one's id in another tenant. */
START_TEST(test_nobody_elses)
{
	struct ctx *c = street_open();
	struct location_key key = owner(c, "a@x.example"), thief = key;
	struct location_change none = {.type = "other"};
	struct location_page page = {key.customer, 1, 20};
	struct location at, *list;
	size_t n;
	int i;

	ck_ok(store_location_add(c, &key, MOST, &home, &at));
	thief.customer = owner(c, "b@x.example").customer;
	for (i = 0; i < 2; i++) {
		ck_assert_int_eq(
		    store_location_find(c, &thief, &at), ERR_NOT_FOUND);
		ck_assert_int_eq(store_location_change(c, &thief, &none, &at),
		    ERR_NOT_FOUND);
		ck_assert_int_eq(
		    store_location_remove(c, &thief), ERR_NOT_FOUND);
		thief = key;
		c->tenant_id = street_tenant(c, i ? "two" : "three");
	}
	ck_ok(store_location_list(c, &page, &list, &n));
	ck_assert_uint_eq(n, 0);
	ck_assert_int_eq(
	    street_count(
		c, "SELECT COUNT(*) FROM locations WHERE type = 'home'"),
	    1);
	test_done(c);
}
END_TEST

START_TEST(test_they_are_found_by_keys)
{
	struct ctx *c = street_open();
	struct location_key key = owner(c, "a@x.example");
	struct location at;
	int i;

	for (i = 0; i < 40; i++) {
		key.id = uuid_make(c->now);
		ck_ok(store_location_add(c, &key, 50, &home, &at));
	}
	street_keyed(c, street_stmt("location", "AND id = ?"),
	    ARGS(UUID(c->tenant_id), UUID(key.customer), UUID(key.id)), 1);
	test_done(c);
}
END_TEST

SUITE(location, test_add_find_change_remove, test_a_change_of_nothing_finds_it,
    test_no_more_than_so_many, test_nobody_elses, test_they_are_found_by_keys)
