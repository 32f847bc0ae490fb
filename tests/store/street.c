/* SPDX-License-Identifier: ISC */
/* street: a database with one tenant in it, and rows to begin with. */

#include "street.h"

struct uuid
street_tenant(struct ctx *c, const char *slug)
{
	struct tenant_row row = {.slug = slug,
	    .name = "A Shop",
	    .kind = "shop",
	    .settings = "",
	    .mac_key = {(const unsigned char *)"sealed", 6}};

	row.id = uuid_make(c->now);
	ck_ok(store_tenant_add(c, &row));
	return row.id;
}

struct ctx *
street_open(void)
{
	struct ctx *c = test_db_ctx(true);

	c->tenant_id = street_tenant(c, "a-shop");
	return c;
}

/* 32 bytes that stand for a code's or a link's hash. */
static struct bytes
hash_of(struct ctx *c, const char *word)
{
	unsigned char *p = arena_get(c->arena, 32);

	memcpy(p, word, strnlen(word, 32));
	return (struct bytes){p, 32};
}

struct challenge
street_challenge(
    struct ctx *c, const char *to, const char *code, unsigned char from)
{
	struct challenge ch = {.channel = "email",
	    .destination = to,
	    .user_type = "",
	    .begun_from = {from},
	    .pepper = 1,
	    .tries_max = 5};

	ch.id = uuid_make(c->now);
	ch.code_hash = code ? hash_of(c, code) : (struct bytes){NULL, 0};
	ch.link_hash = hash_of(c, uuid_text(c->arena, ch.id));
	ch.code_expires_at = c->now + 10 * MINUTE_MS;
	ch.expires_at = c->now + 10 * MINUTE_MS;
	return ch;
}

struct uuid
street_begin(
    struct ctx *c, const char *to, const char *code, unsigned char from)
{
	struct challenge ch = street_challenge(c, to, code, from);
	struct outgoing out = {.kind = "email",
	    .payload = {(const unsigned char *)"letter", 6},
	    .expires_at = ch.expires_at};

	ck_ok(store_challenge_begin(c, &ch, &out));
	return ch.id;
}

struct session
street_session(struct ctx *c, struct uuid challenge)
{
	struct session s = {.challenge = challenge,
	    .door = "B",
	    .amr = "otp",
	    .idp = "email",
	    .salt = "0123456789abcde",
	    .device = "test"};

	s.id = uuid_make(c->now);
	s.idle_expires_at = c->now + 14 * DAY_MS;
	s.expires_at = c->now + 30 * DAY_MS;
	return s;
}

struct signed_in
street_sign_in(struct ctx *c, const char *to, struct session *s)
{
	struct uuid challenge = street_begin(c, to, "123456", 1);
	struct signin in = {.session = s,
	    .kind = "email",
	    .value = to,
	    .begun_at = c->tenant_id,
	    .sessions_max = 10,
	    .cart_expires_at = c->now + DAY_MS};
	struct signed_in out;

	*s = street_session(c, challenge);
	in.new_customer = uuid_make(c->now);
	ck_ok(store_signin(c, &in, &out));
	s->customer = out.customer.id;
	return out;
}

struct uuid
street_webhook(struct ctx *c, const char *events)
{
	struct webhook w = {.url = "https://shop.example/hook",
	    .secret = {(const unsigned char *)"sealed", 6},
	    .events = events};

	if (events == NULL)
		w.events = "customer.created,customer.updated,"
			   "customer.signed_in,customer.deleted,"
			   "session.revoked,session.merged";
	w.id = uuid_make(c->now);
	ck_ok(store_webhook_add(c, &w));
	return w.id;
}

void
street_event(
    struct ctx *c, struct uuid webhook, unsigned customer, const char *name)
{
	static const struct stmt insert = {
	    "INSERT INTO webhook_events (tenant_id, webhook_id, id, event,"
	    " customer_id, at, next_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
	    0, NULL};
	struct uuid id = uuid_make(c->now), who = street_nth(customer);
	uint64_t n;

	ck_ok(db_change(c, &insert,
	    ARGS(UUID(c->tenant_id), UUID(webhook), UUID(id), TEXT(name),
		UUID(who), INT(c->now), INT(c->now)),
	    &n));
}

struct outbox_lease
street_lease(struct ctx *c)
{
	return (struct outbox_lease){uuid_make(c->now), c->now + 5 * MINUTE_MS};
}

const char *
street_claimed(struct ctx *c, struct uuid webhook,
    const struct outbox_lease *lease, struct webhook_event **rows)
{
	struct webhook_claim claim = {*lease, webhook, 20};
	struct text out = text_new(c->arena);
	struct webhook_event *own;
	size_t i, n;

	rows = rows ? rows : &own;
	ck_ok(store_webhook_claim(c, &claim, rows, &n));
	text_add(&out, "");
	for (i = 0; i < n; i++)
		text_add(&out, (*rows)[i].event);
	return out.s;
}

struct word {
	const char *s;
};

const char *
street_told(struct ctx *c)
{
	static const struct stmt told = {
	    "SELECT IFNULL(GROUP_CONCAT(CONCAT(event, ' ', IFNULL(detail,"
	    " '-'), '\n') ORDER BY seq SEPARATOR ''), '') FROM webhook_events",
	    CROSS_TENANT, "a test"};
	static const struct col cols[] = {COL_TEXT(struct word, s), COL_END};
	struct word out;

	ck_ok(db_one(c, &told, NO_ARGS, cols, &out));
	return out.s;
}

struct number {
	int64_t n;
};

int64_t
street_count(struct ctx *c, const char *sql)
{
	static const struct col cols[] = {COL_INT(struct number, n), COL_END};
	struct stmt *stmt = arena_get(c->arena, sizeof(*stmt));
	struct number out = {-1};

	/* its address is the key of the prepared handle */
	*stmt =
	    (struct stmt){arena_text(c->arena, sql), CROSS_TENANT, "a test"};
	ck_ok(db_one(c, stmt, NO_ARGS, cols, &out));
	return out.n;
}

/* ---- how the server goes about it ------------------------------------------- */

const struct stmt *
street_stmt(const char *table, const char *text)
{
	const struct stmt_table *t;
	size_t i;

	for (t = store_statements; t->name != NULL; t++)
		for (i = 0; strcmp(t->name, table) == 0 && i < *t->n; i++)
			if (strstr(t->list[i].sql, text) != NULL)
				return &t->list[i];
	ck_abort_msg("no statement of %s holds %s", table, text);
	return NULL;
}

struct plan {
	int64_t id, rows;
	const char *select, *table, *type, *possible, *key, *len, *ref, *extra;
};

/* clang-format off */
static const struct col plan_cols[] = {
	COL_INT(struct plan, id),
	COL_TEXT(struct plan, select),
	COL_TEXT(struct plan, table),
	COL_TEXT(struct plan, type),
	COL_TEXT(struct plan, possible),
	COL_TEXT(struct plan, key),
	COL_TEXT(struct plan, len),
	COL_TEXT(struct plan, ref),
	COL_INT(struct plan, rows),
	COL_TEXT(struct plan, extra),
	COL_END
};
/* clang-format on */

/* Rows of an index read by key: not all of them, nor the whole index. */
static bool
is_keyed(const struct plan *p)
{
	static const char *const types[] = {
	    "system", "const", "eq_ref", "ref", "ref_or_null", "range"};
	size_t i;

	for (i = 0; i < COUNT(types); i++)
		if (p->type && strcmp(p->type, types[i]) == 0)
			return p->key != NULL || i == 0;
	return false;
}

void
street_keyed(
    struct ctx *c, const struct stmt *stmt, struct args args, int64_t most)
{
	struct stmt *explain = arena_get(c->arena, sizeof(*explain));
	struct plan *rows;
	size_t i, n, keyed = 0;

	explain->sql = arena_print(c->arena, "EXPLAIN %s", stmt->sql);
	ck_ok(db_list(c, explain, args, plan_cols, sizeof(*rows), &rows, &n));
	for (i = 0; i < n; i++) {
		/* <derived2> and <union2,3> hold what was found by keys */
		if (rows[i].table && rows[i].table[0] == '<')
			continue;
		ck_assert_msg(is_keyed(&rows[i]) && rows[i].rows <= most,
		    "%s: %lld rows of %s are read by %s: %s", stmt->sql,
		    (long long)rows[i].rows, rows[i].table, rows[i].type,
		    rows[i].extra);
		keyed++;
	}
	ck_assert_msg(keyed > 0, "%s: no plan", stmt->sql);
}

/* Asking costs the same number of reads each time. */
int64_t
street_reads(struct ctx *c)
{
	return street_count(c, "SELECT CAST(SUM(VARIABLE_VALUE) AS SIGNED)"
			       " FROM information_schema.SESSION_STATUS"
			       " WHERE VARIABLE_NAME LIKE 'HANDLER_READ%'");
}

/* clang-format off */
#define NTH "UNHEX(LPAD(HEX(seq), 32, '0'))"
#define ALL " FROM seq_1_to_10000;\n"

static const char crowd[] =
	"INSERT INTO tenants (id, name, kind, settings, mac_key, founded_by,"
	" created_at, updated_at) SELECT " NTH ", CONCAT('Shop ', seq),"
	" 'shop', '', 'x', " NTH ", 1, 1" ALL
	"INSERT INTO api_keys (tenant_id, id, kind, name, prefix,"
	" secret_hash, created_at) SELECT " NTH ", " NTH ", 'publishable',"
	" 'storefront', 'pk_12345', UNHEX(SHA2(seq, 256)), 1" ALL
	"INSERT INTO signing_keys (tenant_id, id, kid, alg, material,"
	" signs_from, created_at) SELECT " NTH ", " NTH ","
	" CONCAT('kid', seq), 'HS512', 'x', 0, 1" ALL
	"INSERT INTO tenant_members (tenant_id, account_id, created_at)"
	" SELECT " NTH ", " NTH ", 1" ALL
	"INSERT INTO customers (tenant_id, id, email, phone, created_at,"
	" updated_at) SELECT " NTH ", " NTH ", CONCAT('c', seq,"
	" '@x.example'), CONCAT('+48', 600000000 + seq), 1, 1" ALL
	"INSERT INTO identities (tenant_id, kind, value, customer_id,"
	" proven_at, created_at) SELECT " NTH ", 'email', CONCAT('c', seq,"
	" '@x.example'), " NTH ", 1, 1" ALL
	"INSERT INTO sessions (tenant_id, id, customer_id, door, amr, idp,"
	" salt, rotated_at, authenticated_at, created_at, seen_at,"
	" idle_expires_at, expires_at) SELECT " NTH ", " NTH ", " NTH ","
	" 'B', 'otp', 'email', 's', 1, 1, 1, 1, 9e15, 9e15" ALL
	"INSERT INTO invitations (tenant_id, email, created_at, expires_at)"
	" SELECT LPAD(CHAR(1), 16, CHAR(0)), CONCAT('i', seq,"
	" '@x.example'), 1, 9e15" ALL
	"ANALYZE TABLE tenants, api_keys, signing_keys, tenant_members,"
	" customers, identities, sessions, invitations;\n";
/* clang-format on */

void
street_crowd(struct ctx *c)
{
	ck_ok(db_script(c, crowd));
}

struct uuid
street_nth(unsigned n)
{
	struct uuid id = {{0}};
	size_t i;

	for (i = 0; i < 4; i++)
		id.b[15 - i] = (unsigned char)(n >> (8 * i));
	return id;
}

size_t
street_claim(struct ctx *c, const struct outbox_lease *lease, const char *kind,
    int64_t most, struct outbox_row **out)
{
	const struct outbox_claim claim = {*lease, kind, most};
	size_t n;

	ck_ok(store_outbox_claim(c, &claim, out, &n));
	return n;
}
