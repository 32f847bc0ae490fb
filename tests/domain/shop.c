/* SPDX-License-Identifier: ISC */
/* shop: a house with one shop in it, its letters, and people who sign in. */

#include <fcntl.h>
#include <unistd.h>

#include "office.h"
#include "shop.h"

static char master_path[] = "/tmp/doorward-key.XXXXXX";

struct conf *
shop_conf(struct ctx *c)
{
	return (struct conf *)(uintptr_t)c->conf;
}

static void
house_build(struct ctx *c)
{
	const char *why = "", *src = getenv("DW_SRC");

	shop_conf(c)->template_dir =
	    arena_print(c->arena, "%s/conf/templates", src ? src : ".");
	shop_master(c, MASTER_1);
	ck_ok(house_open(c->conf, c->arena, &c->house, &why));
	shop_master(c, NULL);
}

void
shop_master(struct ctx *c, const char *lines)
{
	struct conf *conf = shop_conf(c);
	int fd;

	if (conf->master_key_file == master_path)
		unlink(master_path);
	conf->master_key_file = lines ? master_path : "";
	if (!lines)
		return;
	memcpy(master_path + strlen(master_path) - 6, "XXXXXX", 6);
	ck_assert_int_ge(fd = mkstemp(master_path), 0);
	ck_assert_int_gt(write(fd, lines, strlen(lines)), 0);
	close(fd);
}

void
shop_rotate_by_two(struct ctx *c)
{
	struct house *mine = c->house;
	const char *why = "";
	int64_t made = 0;

	shop_master(c, MASTER_1 MASTER_2);
	ck_ok(house_open(c->conf, c->arena, &c->house, &why));
	ck_ok(signing_keys_rotate(c, c->tenant, &made));
	ck_assert_int_eq(made, 2);
	house_close(c->house);
	c->house = mine;
	shop_master(c, MASTER_1);
}

const struct tenant *
shop_add(struct ctx *c, const char *slug)
{
	struct tenant_new new = {slug, "The Shop", false};
	const struct tenant *tenant;
	const char *why = "";
	struct uuid id;

	ck_ok(tenant_create(c, &new, &id, &why));
	ck_ok(tenant_by_slug(c, slug, &tenant));
	return tenant;
}

void
shop_enter(struct ctx *c, const struct tenant *tenant)
{
	c->tenant = tenant;
	c->tenant_id = tenant->id;
	c->who = NULL;
	c->limits = NULL;
}

void
shop_set(struct ctx *c, const char *key, const char *value)
{
	const struct tenant *tenant;
	const char *why = "";

	ck_assert_msg(
	    tenant_set(c, c->tenant, key, value, &why) == OK, "%s", why);
	ck_ok(tenant_by_slug(c, c->tenant->slug, &tenant));
	shop_enter(c, tenant);
}

struct ctx *
shop_open(void)
{
	struct ctx *c = test_db_ctx(true);

	house_build(c);
	shop_enter(c, shop_add(c, "shop"));
	shop_set(c, "phone_countries", "*");
	return c;
}

void
shop_close(struct ctx *c)
{
	house_close(c->house);
	test_done(c);
}

void
shop_later(struct ctx *c, int64_t ms)
{
	c->now += ms;
	world_hold(c->now);
}

enum err
shop_ask(struct ctx *c, const char *email)
{
	struct ask ask = {CHANNEL_EMAIL, email, "", NULL};

	c->limits = NULL;
	return challenge_begin(c, &ask, 1);
}

const char *
shop_sent_by(struct ctx *c, const char *to)
{
	struct outbox_filter f = {.most = 100};
	struct outbox_row *rows;
	size_t i, n;

	ck_ok(store_outbox_list(c, &f, &rows, &n));
	for (i = 0; i < n; i++)
		if (rows[i].destination && !strcmp(rows[i].destination, to))
			return rows[i].kind;
	return "";
}

struct letter
shop_letter(struct ctx *c, const char *to)
{
	const struct outbox_claim claim = {
	    .lease = {uuid_make(c->now), c->now + MINUTE_MS},
	    .kind = shop_sent_by(c, to),
	    .most = 100};
	struct letter letter = {.name = NULL};
	struct outbox_row *rows;
	size_t i, n;

	ck_ok(store_outbox_claim(c, &claim, &rows, &n));
	for (i = 0; i < n; i++) {
		if (strcmp(rows[i].destination, to) == 0)
			ck_ok(letter_open(
			    c, &rows[i].id, rows[i].payload, &letter));
		ck_ok(store_outbox_done(
		    c, claim.lease.owner, rows[i].id, "sent", ""));
	}
	ck_assert_msg(letter.name != NULL, "no letter to %s", to);
	return letter;
}

const char *
shop_token(struct ctx *c, const struct letter *letter)
{
	const char *token;

	ck_assert_ptr_nonnull(letter->link);
	ck_assert_ptr_nonnull(token = strstr(letter->link, "token="));
	token += strlen("token=");
	return arena_copy(c->arena, token, strcspn(token, "&"));
}

struct proof
shop_proof(const char *email, const char *token)
{
	return (struct proof){CHANNEL_EMAIL, email, {token}, "customer"};
}

struct login
shop_sign_in(struct ctx *c, const char *email)
{
	struct login login;
	struct proof proof;

	c->who = NULL;
	ck_ok(shop_ask(c, email));
	proof = shop_proof(email, shop_letter(c, email).code);
	ck_ok(login_by_proof(c, &proof, NULL, NULL, &login));
	return login;
}

const char *
shop_key(struct ctx *c)
{
	struct api_key_made made;
	const char *why;

	ck_ok(api_key_create(
	    c, c->tenant, API_KEY("publishable", "front"), &made, &why));
	return made.key.s;
}

struct ctx *
shop_day_open(void)
{
	struct ctx *c = shop_open();

	shop_set(c, "door_a_access_seconds", "3600");
	shop_set(c, "door_a_refresh_idle_seconds", "86400");
	office_do(c, "UPDATE tenants SET tokens_until = 0");
	return c;
}

const char *
shop_signs(struct ctx *c, enum alg alg)
{
	const struct ring_key *ring;

	ck_ok(ring_current(c, c->tenant_id, alg, &ring));
	return arena_text(c->arena, ring->kid);
}

const char *
shop_rotated(struct ctx *c, enum alg alg)
{
	const char *kid;

	ck_ok(signing_key_rotate(c, c->tenant, alg, "operator", &kid));
	return kid;
}

const char *
shop_key_state(struct ctx *c, const char *kid)
{
	struct signing_key_row *list;
	size_t i, n;

	ck_ok(store_signing_key_list(c, c->tenant_id, &list, &n));
	for (i = 0; i < n; i++)
		if (strcmp(list[i].kid, kid) == 0)
			return signing_key_state(c, list, n, i);
	return "gone";
}

void
shop_partner(struct ctx *c, const char *source, const char *scopes)
{
	struct api_key_new new = {.kind = "partner",
	    .name = source,
	    .source = source,
	    .scopes = scopes};
	struct api_key_made made;
	const char *why = "";

	ck_ok(api_key_create(c, c->tenant, &new, &made, &why));
	c->who = NULL;
	ck_ok(server_admit(c, "partner", NULL, made.key));
}
