/* SPDX-License-Identifier: ISC */
/* All that is held of a customer is found, and nothing of it stays. */

#include "street.h"

/* What ann has beside a sign-in, out of her row. */
static const char *const more[] = {
    "INSERT INTO locations (tenant_id, id, customer_id, type, city_name,"
    " latitude, created_at, updated_at) SELECT tenant_id, 'l', id, 'home',"
    " 'Łódź', 51.759248, 5, 6",
    "INSERT INTO invitations (tenant_id, email, created_at, expires_at)"
    " SELECT tenant_id, email, 1, 9e15",
    "INSERT INTO identities (tenant_id, kind, value, customer_id, proven_at,"
    " created_at) SELECT tenant_id, 'phone', '+491701234567', id, NULL, 9e12",
};

static void
furnish(struct ctx *c, const char *to, struct session *s)
{
	const char *hex;
	size_t i;

	street_sign_in(c, to, s);
	hex = hex_text(c->arena, s->customer.b, sizeof(s->customer.b));
	for (i = 0; i < COUNT(more); i++)
		ck_ok(db_script(
		    c, arena_print(c->arena,
			   "%s FROM customers WHERE id = UNHEX('%s');\n",
			   more[i], hex)));
	ck_ok(store_cart_write(c, s->customer, false,
	    "[{\"p\":\"p\",\"v\":\"\",\"q\":1,\"a\":null}]", c->now + DAY_MS));
	c->now++;
	street_begin(c, to, "654321", 2);
}

/* Rows that the customer is in, by table. */
static const struct {
	const char *table, *column;
} held[] = {
    {"customers", "id"},
    {"identities", "customer_id"},
    {"sessions", "customer_id"},
    {"locations", "customer_id"},
    {"carts", "id"},
    {"cart_lines", "cart_id"},
};

static int64_t
count(struct ctx *c, size_t i, struct uuid customer)
{
	return street_count(
	    c, arena_print(c->arena,
		   "SELECT COUNT(*) FROM %s WHERE %s = UNHEX('%s')",
		   held[i].table, held[i].column,
		   hex_text(c->arena, customer.b, sizeof(customer.b))));
}

START_TEST(test_what_is_found)
{
	struct ctx *c = street_open();
	struct identity_row *ids;
	struct proof_row *proofs;
	struct place_row *places;
	struct session ann, bob;
	size_t n;

	furnish(c, "ann@x.example", &ann);
	street_sign_in(c, "bob@x.example", &bob);
	ck_ok(store_dossier_identities(c, ann.customer, &ids, &n));
	ck_assert_uint_eq(n, 2);
	ck_assert_str_eq(ids[0].kind, "email");
	ck_assert_str_eq(ids[0].value, "ann@x.example");
	ck_assert_int_ne(ids[0].proven_at, 0);
	ck_assert_str_eq(ids[1].kind, "phone");
	ck_assert_int_eq(ids[1].proven_at, 0);
	ck_ok(store_dossier_proofs(c, ann.customer, &proofs, &n));
	ck_assert_uint_eq(n, 2);
	ck_assert_str_eq(proofs[0].destination, "ann@x.example");
	ck_assert_int_ne(proofs[0].spent_at, 0);
	ck_assert_int_eq(proofs[1].spent_at, 0);
	ck_assert_uint_eq(proofs[1].begun_from[0], 2);
	ck_ok(store_dossier_places(c, ann.customer, &places, &n));
	ck_assert_uint_eq(n, 1);
	ck_assert_str_eq(places[0].city_name, "Łódź");
	ck_assert_str_eq(places[0].latitude, "51.759248");
	ck_assert_ptr_null(places[0].longitude);
	ck_ok(store_dossier_places(c, bob.customer, &places, &n));
	ck_assert_uint_eq(n, 0);
	test_done(c);
}
END_TEST

#define MAILS "SELECT COUNT(*) FROM outbox WHERE destination = "

START_TEST(test_nothing_stays)
{
	struct ctx *c = street_open();
	struct session ann, bob;
	int64_t n;
	size_t i;

	furnish(c, "ann@x.example", &ann);
	ck_ok(db_script(c, "DELETE FROM identities WHERE kind = 'phone';\n"
			   "DELETE FROM locations;\n"));
	furnish(c, "bob@x.example", &bob);
	ck_ok(db_script(c,
	    "INSERT INTO webhooks (tenant_id, id, url, secret, events, active,"
	    " created_at, updated_at) SELECT id, 'w', 'https://x.example', 's',"
	    " 'customer.deleted', TRUE, 1, 1 FROM tenants;\n"));
	ck_ok(store_dossier_erase(c, ann.customer, "operator", &n));
	ck_assert_int_gt(n, 6);
	ck_assert_int_eq(
	    street_count(c, "SELECT COUNT(*) FROM webhook_events WHERE"
			    " event = 'customer.deleted'"),
	    1);
	for (i = 0; i < COUNT(held); i++) {
		ck_case(held[i].table, count(c, i, ann.customer) == 0);
		ck_case(held[i].table, count(c, i, bob.customer) > 0);
	}
	ck_assert_int_eq(
	    street_count(c, "SELECT COUNT(*) FROM challenges"
			    " WHERE destination = 'ann@x.example'"),
	    0);
	ck_assert_int_eq(street_count(c, MAILS "'ann@x.example'"), 0);
	ck_assert_int_eq(street_count(c, MAILS "'bob@x.example'"), 2);
	ck_assert_int_eq(
	    street_count(c, "SELECT COUNT(*) FROM outbox WHERE payload IS NULL"
			    " AND state = 'suppressed'"),
	    2);
	ck_assert_int_eq(
	    street_count(c, "SELECT COUNT(*) FROM invitations"), 1);
	ck_assert_int_eq(
	    street_count(c, "SELECT COUNT(*) FROM audit_events WHERE"
			    " event = 'customer_deleted' AND actor = 'operator'"
			    " AND detail IS NULL AND customer_id NOT IN"
			    " (SELECT id FROM customers)"),
	    1);
	test_done(c);
}
END_TEST

START_TEST(test_again_and_elsewhere_it_does_nothing)
{
	struct ctx *c = street_open();
	struct uuid here = c->tenant_id;
	struct session ann;
	int64_t n;

	furnish(c, "ann@x.example", &ann);
	c->tenant_id = street_tenant(c, "other");
	ck_ok(store_dossier_erase(c, ann.customer, "operator", &n));
	ck_assert_int_eq(n, 0);
	c->tenant_id = here;
	ck_assert_int_eq(count(c, 0, ann.customer), 1);
	ck_ok(store_dossier_erase(c, ann.customer, "operator", &n));
	ck_assert_int_gt(n, 0);
	ck_ok(store_dossier_erase(c, ann.customer, "operator", &n));
	ck_assert_int_eq(n, 0);
	ck_assert_int_eq(street_count(c, "SELECT COUNT(*) FROM audit_events"
					 " WHERE event = 'customer_deleted'"),
	    1);
	test_done(c);
}
END_TEST

#define ADDRESSES \
	"SELECT COUNT(*) FROM audit_events WHERE address IS NOT NULL AND customer_id IS NOT NULL"

START_TEST(test_addresses_are_forgotten_in_batches)
{
	struct ctx *c = street_open();
	struct session ann, bob;
	uint64_t n;

	street_sign_in(c, "bob@x.example", &bob);
	street_sign_in(c, "ann@x.example", &ann);
	street_sign_in(c, "ann@x.example", &ann);
	street_sign_in(c, "ann@x.example", &ann);
	ck_assert_int_eq(street_count(c, ADDRESSES), 6);
	ck_ok(store_dossier_forget(c, ann.customer, 4, &n));
	ck_assert_uint_eq(n, 4);
	ck_ok(store_dossier_forget(c, ann.customer, 4, &n));
	ck_assert_uint_eq(n, 1);
	ck_ok(store_dossier_forget(c, ann.customer, 4, &n));
	ck_assert_uint_eq(n, 0);
	ck_assert_int_eq(street_count(c, ADDRESSES), 1);
	test_done(c);
}
END_TEST

/* A message that the courier has in hand is not sent a second time. */
START_TEST(test_a_leased_message_is_given_up)
{
	struct ctx *c = street_open();
	struct outbox_lease lease = {.until = c->now + MINUTE_MS};
	struct outbox_row *rows;
	struct session ann;
	int64_t gone;
	size_t n;

	furnish(c, "ann@x.example", &ann);
	lease.owner = uuid_make(c->now);
	n = street_claim(c, &lease, "email", 10, &rows);
	ck_assert_uint_eq(n, 2);
	ck_ok(store_dossier_erase(c, ann.customer, "operator", &gone));
	ck_assert_int_eq(
	    store_outbox_done(c, lease.owner, rows[0].id, "sent", ""),
	    ERR_NOT_FOUND);
	c->now += HOUR_MS;
	n = street_claim(c, &lease, "email", 10, &rows);
	ck_assert_uint_eq(n, 0);
	test_done(c);
}
END_TEST

SUITE(dossier, test_what_is_found, test_nothing_stays,
    test_again_and_elsewhere_it_does_nothing,
    test_addresses_are_forgotten_in_batches, test_a_leased_message_is_given_up)
