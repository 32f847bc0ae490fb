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
	struct outgoing out = {
	    .kind = "email", .payload = {(const unsigned char *)"letter", 6}};

	out.id = uuid_make(c->now);
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
