/* SPDX-License-Identifier: ISC */
/* town: a house with a platform and two shops, and the letters it sends. */

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "talk.h"

static const char master_line[] = "1 "
				  "000102030405060708090a0b0c0d0e0f"
				  "101112131415161718191a1b1c1d1e1f\n";

static void
must(enum err e, const char *what)
{
	ck_assert_msg(e == OK, "%s: %s", what, err_name(e));
}

static const struct tenant *
tenant_build(struct ctx *c, const char *slug, bool platform)
{
	struct tenant_new new = {slug, "The Shop", platform};
	const struct tenant *tenant;
	const char *why = "";
	struct uuid id;

	must(tenant_create(c, &new, &id, &why), why);
	must(tenant_by_slug(c, slug, &tenant), slug);
	return tenant;
}

static const char *
key_build(struct ctx *c, const struct tenant *tenant)
{
	struct api_key_made made;
	const char *why;

	must(api_key_create(
		 c, tenant, API_KEY("publishable", "storefront"), &made, &why),
	    "api_key_create");
	return made.key.s;
}

static const char *
templates_at(struct ctx *c)
{
	const char *src = getenv("DW_SRC");

	return arena_print(c->arena, "%s/conf/templates", src ? src : ".");
}

/* As in a worker: one house, until the process ends. */
static struct house *
house_build(struct ctx *c)
{
	static struct house *house;
	char path[] = "/tmp/doorward-key.XXXXXX";
	const char *why = "";
	int fd;

	if (house)
		return house;
	ck_assert_int_ge(fd = mkstemp(path), 0);
	ck_assert_int_eq(write(fd, master_line, sizeof(master_line) - 1),
	    (ssize_t)sizeof(master_line) - 1);
	close(fd);
	talk_conf(c)->master_key_file = path;
	talk_conf(c)->template_dir = templates_at(c);
	must(house_open(c->conf, c->arena, &house, &why), why);
	talk_conf(c)->master_key_file = "";
	unlink(path);
	return house;
}

static void
setting_put(
    struct ctx *c, const char *slug, const char *name, const char *value)
{
	const struct tenant *tenant;
	const char *why = "";

	must(tenant_by_slug(c, slug, &tenant), slug);
	must(tenant_set(c, tenant, name, value, &why), why);
}

void
town_build(struct town *town)
{
	struct ctx *c = test_db_ctx(true);

	town->c = c;
	talk_conf(c)->default_shop = "shop";
	talk_conf(c)->platform = "platform";
	talk_conf(c)->founding = "open";
	c->house = house_build(c);
	town->platform = key_build(c, tenant_build(c, "platform", true));
	town->other = key_build(c, tenant_build(c, "other", false));
	town->shop = key_build(c, tenant_build(c, "shop", false));
	setting_put(c, "shop", "hosts", "shop.example");
	setting_put(c, "shop", "origins", "https://shop.example");
	setting_put(c, "shop", "phone_countries", "*");
	setting_put(c, "platform", "phone_countries", "*");
	must(tenant_by_slug(c, "shop", &town->shop_tenant), "shop");
}

void
town_set(
    struct town *town, const char *slug, const char *name, const char *value)
{
	setting_put(town->c, slug, name, value);
}

void
town_leave(struct town *town)
{
	test_done(town->c);
}

const char *
town_headers(struct town *town, const char *token)
{
	struct arena *a = town->c->arena;

	if (!token)
		return arena_print(a, "X-MerchantApiKey: %s", town->shop);
	return arena_print(a, "X-MerchantApiKey: %s\nAuthorization: Bearer %s",
	    town->shop, token);
}

struct letter
town_letter(struct town *town, const char *to)
{
	struct ctx *c = town->c;
	const struct outbox_claim claim = {
	    .lease = {uuid_make(c->now), c->now + MINUTE_MS},
	    .kind = strchr(to, '@') ? "email" : "whatsapp",
	    .most = 100};
	struct letter letter = {.name = NULL};
	struct outbox_row *rows;
	size_t i, n;

	must(store_outbox_claim(c, &claim, &rows, &n), "claim");
	for (i = 0; i < n; i++) {
		if (strcmp(rows[i].destination, to) == 0)
			must(letter_open(
				 c, &rows[i].id, rows[i].payload, &letter),
			    "letter_open");
		must(store_outbox_done(
			 c, claim.lease.owner, rows[i].id, "sent", ""),
		    "done");
	}
	ck_assert_msg(letter.name != NULL, "no letter to %s", to);
	return letter;
}

const char *
letter_token(struct ctx *c, const struct letter *letter)
{
	const char *token;

	ck_assert_ptr_nonnull(letter->link);
	ck_assert_ptr_nonnull(token = strstr(letter->link, "token="));
	token += strlen("token=");
	return arena_copy(c->arena, token, strcspn(token, "&"));
}

const char *
town_code(struct town *town, const char *email)
{
	struct said said;

	talk_later(HOUR_MS);
	said = ask(town->c, "POST /v1/auth/passwordless/initiate/email",
	    town_headers(town, NULL),
	    arena_print(town->c->arena, "{\"email\":\"%s\"}", email));
	ck_said(said, 200);
	return town_letter(town, email).code;
}

struct said
town_sign_in(struct town *town, const char *email, const char *headers)
{
	const char *code = town_code(town, email);
	struct said said;

	said = ask(town->c, "POST /v1/auth/passwordless/customer/verify-email",
	    arena_print(
		town->c->arena, "%s\n%s", town_headers(town, NULL), headers),
	    arena_print(town->c->arena, "{\"email\":\"%s\",\"token\":\"%s\"}",
		email, code));
	ck_said(said, 200);
	return said;
}

struct said
town_merchant(struct town *town, const char *email, const char *headers)
{
	struct said said;
	const char *code;

	talk_later(HOUR_MS);
	said =
	    ask(town->c, "POST /v1/auth/passwordless/initiate/email", headers,
		arena_print(town->c->arena,
		    "{\"email\":\"%s\",\"userType\":\"MERCHANT\"}", email));
	ck_said(said, 200);
	code = town_letter(town, email).code;
	said = ask(town->c, "POST /v1/auth/passwordless/merchant/verify-email",
	    headers,
	    arena_print(town->c->arena, "{\"email\":\"%s\",\"token\":\"%s\"}",
		email, code));
	ck_said(said, 200);
	return said;
}

struct said
meg_begins(struct town *town, const char *headers, const char *more)
{
	talk_later(HOUR_MS);
	return ask(town->c, "POST /v1/auth/passwordless/initiate/email",
	    headers,
	    arena_print(
		town->c->arena, "{\"email\":\"meg@example.com\"%s}", more));
}

struct said
meg_shows(
    struct town *town, const char *headers, const char *code, const char *more)
{
	return ask(town->c, "POST /v1/auth/passwordless/merchant/verify-email",
	    headers,
	    arena_print(town->c->arena,
		"{\"email\":\"meg@example.com\",\"token\":\"%s\"%s}", code,
		more));
}

struct said
meg_founds(struct town *town, const char *headers, const char *name)
{
	return ask(town->c, "POST /v1/merchant/shops", headers,
	    arena_print(town->c->arena, "{\"businessName\":\"%s\"}", name));
}

void
town_runs(struct town *town, const struct said *merchant, const char *slug)
{
	const struct tenant *tenant;
	struct uuid account;

	ck_assert(uuid_read(said_text(merchant, "data.user.id"), &account));
	must(tenant_by_slug(town->c, slug, &tenant), slug);
	must(store_member_add(town->c, tenant->id, account, "owner"), slug);
}

const char *
town_bearer(struct town *town, const struct said *said)
{
	return arena_print(town->c->arena, "Authorization: Bearer %s",
	    said_text(said, "data.token"));
}

const char *
town_key(struct town *town, const struct api_key_new *new)
{
	struct api_key_new named = *new;
	struct api_key_made made;
	const char *why = "";

	if (named.name == NULL)
		named.name = new->kind;
	must(api_key_create(town->c, town->shop_tenant, &named, &made, &why),
	    why);
	return arena_print(
	    town->c->arena, "Authorization: Bearer %s", made.key.s);
}
