/* SPDX-License-Identifier: ISC */
/* Ten thousand shops: no question looks at more rows than with one shop. */

#include "courier_all.h"
#include "mall.h"

#define NTH "UNHEX(LPAD(HEX(seq), 32, '0'))"

static void
crowd_add(struct ctx *c)
{
	ck_ok(db_script(c,
	    "INSERT INTO tenants (id, name, kind, settings, mac_key,"
	    " founded_by, created_at, updated_at) SELECT " NTH
	    ", CONCAT('Shop ', seq), 'shop', '', 'x', " NTH
	    ", 1, 1 FROM seq_1_to_10000;\n"
	    "INSERT INTO api_keys (tenant_id, id, kind, name, prefix,"
	    " secret_hash, created_at) SELECT " NTH ", " NTH
	    ", 'publishable', 'storefront', 'pk_12345',"
	    " UNHEX(SHA2(seq, 256)), 1 FROM seq_1_to_10000;\n"
	    "INSERT INTO signing_keys (tenant_id, id, kid, alg, material,"
	    " signs_from, created_at) SELECT " NTH ", " NTH
	    ", CONCAT('kid', seq), 'HS512', 'x', 1, 1 FROM seq_1_to_10000;\n"
	    "INSERT INTO tenant_members (tenant_id, account_id, created_at)"
	    " SELECT " NTH ", " NTH ", 1 FROM seq_1_to_10000;\n"
	    "INSERT INTO customers (tenant_id, id, email, created_at,"
	    " updated_at) SELECT " NTH ", " NTH
	    ", CONCAT('c', seq, '@x.example'), 1, 1 FROM seq_1_to_10000;\n"
	    "INSERT INTO identities (tenant_id, kind, value, customer_id,"
	    " proven_at, created_at) SELECT tenant_id, 'email', email, id, 1, 1"
	    " FROM customers WHERE email LIKE 'c%';\n"
	    "INSERT INTO tenant_names (kind, value, tenant_id) SELECT 'host',"
	    " CONCAT('h', seq, '.example'), " NTH " FROM seq_1_to_10000;\n"
	    "ANALYZE TABLE tenants, api_keys, signing_keys, tenant_members,"
	    " customers, identities, tenant_names;\n"));
}

/* What is asked of the database between a merchant's wish and a customer. */
struct life {
	const struct tenant *shop, *platform;
	struct secret key;
	struct tokens tokens;
	int round;
};

static void
step_found(struct ctx *c, struct life *l)
{
	struct customer ann;
	struct founded out;

	shop_enter(c, l->platform);
	c->address = arena_print(c->arena, "198.51.100.%d", l->round);
	ck_ok(account_by_email(c, "ann@x.example", &ann));
	ck_ok(shop_found(c, &ann, "Green", &out));
	l->shop = out.shop;
	l->key = out.key.key;
}

static void
step_key(struct ctx *c, struct life *l)
{
	ck_ok(tenant_by_key(c, l->key.s, &l->shop));
	shop_enter(c, l->shop);
}

static void
step_host(struct ctx *c, struct life *l)
{
	const struct tenant *t;

	(void)l;
	ck_ok(tenant_by_host(c, "nobody.example", "shop", &t));
}

static void
step_sign_in(struct ctx *c, struct life *l)
{
	l->tokens = shop_sign_in(c, "a@x.example").tokens;
}

static void
step_admit(struct ctx *c, struct life *l)
{
	ck_ok(session_admit(c, l->tokens.access, l->key.s));
	c->who = NULL;
}

static void
step_refresh(struct ctx *c, struct life *l)
{
	struct login login;

	ck_ok(session_refresh(c, l->tokens.refresh, &login));
}

static void
step_members(struct ctx *c, struct life *l)
{
	struct member_row *rows;
	size_t n;

	ck_ok(member_list(c, l->shop, &rows, &n));
	ck_assert_uint_eq(n, 1);
}

static void
step_courier(struct ctx *c, struct life *l)
{
	struct courier_round round;

	(void)l;
	ck_ok(courier_all(c, &round));
	c->now = world_now();
}

static const struct {
	const char *what;
	void (*step)(struct ctx *, struct life *);
} steps[] = {
    {"founding", step_found},
    {"by key", step_key},
    {"by host", step_host},
    {"signing in", step_sign_in},
    {"with a token", step_admit},
    {"refreshing", step_refresh},
    {"members", step_members},
    {"the courier's round", step_courier},
};

/* Rows and index entries read so far; asking costs the same each time. */
static int64_t
reads(struct ctx *c)
{
	return mall_count(c,
	    "SELECT CAST(SUM(VARIABLE_VALUE) AS SIGNED)"
	    " FROM information_schema.SESSION_STATUS"
	    " WHERE VARIABLE_NAME LIKE 'HANDLER_READ%'",
	    mall_nobody);
}

/* The server may begin at another table once it knows how many rows there are. */
enum { FEW = 5 };

static void
live(struct ctx *c, struct life *l, int64_t *out)
{
	int64_t before;
	size_t i;

	l->round++;
	for (i = 0; i < COUNT(steps); i++) {
		before = reads(c);
		steps[i].step(c, l);
		out[i] = reads(c) - before;
	}
}

START_TEST(test_ten_thousand_shops_change_nothing)
{
	int64_t alone[COUNT(steps)], among[COUNT(steps)];
	struct customer ann;
	struct ctx *c = mall_open("open", &ann);
	struct life l = {.platform = c->tenant};
	size_t i;

	live(c, &l, alone);
	live(c, &l, alone);
	crowd_add(c);
	live(c, &l, among);
	for (i = 0; i < COUNT(steps); i++)
		ck_assert_msg(among[i] <= alone[i] + FEW,
		    "%s reads %lld rows, and %lld among ten thousand shops",
		    steps[i].what, (long long)alone[i], (long long)among[i]);
	shop_close(c);
}
END_TEST

SUITE(crowd, test_ten_thousand_shops_change_nothing)
