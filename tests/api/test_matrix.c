/* SPDX-License-Identifier: ISC */
/* Every path, every caller, every key: who gets in where. */

#include "talk.h"

#define ID "01890000-0000-7000-8000-00000000abcd"

enum visitor {
	GUEST,
	CUSTOMER_HERE,
	CUSTOMER_THERE,
	MERCHANT_HERE,
	MERCHANT_THERE,
	SERVER_HERE,
	PARTNER_HERE,
	CALLERS
};
enum with { KEY_HERE, KEY_NONE, KEY_PLATFORM, KEYS };

/* Whom a path is for. */
enum whose {
	ALL,
	SHOPS_ALL,
	SHOPS_MAYBE,
	CUSTOMERS,
	ACCOUNTS,
	MERCHANTS,
	SERVERS,
	PARTNERS,
	PARTNERS_MAYBE,
	BUYERS,
	ROOMS
};

/* clang-format off */
static const char *const callers[CALLERS] = {
	"a guest", "a customer of this shop", "a customer of another",
	"a merchant of this shop", "a merchant of another",
	"this shop's server", "a partner of this shop",
};
static const char *const keys[KEYS] = {
	"this shop's key", "no key", "the platform's key",
};

enum { IN = 0 };	/* is let in, and gets the row's own status */

static const int expected[ROOMS][KEYS][CALLERS] = {
	[ALL] = {
		[KEY_HERE] =	 { IN,	IN,  IN,  IN,  IN,  IN,  IN },
		[KEY_NONE] =	 { IN,	IN,  IN,  IN,  IN,  IN,  IN },
		[KEY_PLATFORM] = { IN,	IN,  IN,  IN,  IN,  IN,  IN },
	},
	[SHOPS_ALL] = {		/* whose token it is does not matter */
		[KEY_HERE] =	 { IN,	IN,  IN,  IN,  IN,  IN,  IN },
		[KEY_NONE] =	 { IN,	IN,  IN,  IN,  IN,  IN,  IN },
		[KEY_PLATFORM] = { 404, 404, 404, 404, 404,  404, 404 },
	},
	[SHOPS_MAYBE] = {
		[KEY_HERE] =	 { IN,	IN,  401, 401, 401,  401, 401 },
		[KEY_NONE] =	 { IN,	IN,  IN,  404, 404,  401, 401 },
		[KEY_PLATFORM] = { 404, 401, 401, 404, 404,  401, 401 },
	},
	[CUSTOMERS] = {
		[KEY_HERE] =	 { 401, IN,  401, 401, 401,  401, 401 },
		[KEY_NONE] =	 { 401, IN,  IN,  404, 404,  401, 401 },
		[KEY_PLATFORM] = { 401, 401, 401, 404, 404,  401, 401 },
	},
	[ACCOUNTS] = {
		[KEY_HERE] =	 { 401, 401, 401, IN,  IN,  401, 401 },
		[KEY_NONE] =	 { 401, 401, 401, IN,  IN,  401, 401 },
		[KEY_PLATFORM] = { 401, 401, 401, IN,  IN,  401, 401 },
	},
	[MERCHANTS] = {
		[KEY_HERE] =	 { 401, 401, 401, IN,  403,  401, 401 },
		[KEY_NONE] =	 { 401, 401, 401, IN,  IN,  401, 401 },
		[KEY_PLATFORM] = { 401, 401, 401, IN,  IN,  401, 401 },
	},
	[SERVERS] = {		/* their key says which shop */
		[KEY_HERE] =	 { 401, 401, 401, 401, 401,  IN,  401 },
		[KEY_NONE] =	 { 401, 401, 401, 401, 401,  IN,  401 },
		[KEY_PLATFORM] = { 401, 401, 401, 401, 401,  IN,  401 },
	},
	[PARTNERS] = {		/* their token says which shop */
		[KEY_HERE] =	 { 401, 401, 401, 401, 401, 401,  IN },
		[KEY_NONE] =	 { 401, 401, 401, 401, 401, 401,  IN },
		[KEY_PLATFORM] = { 401, 401, 401, 401, 401, 401,  IN },
	},
	[BUYERS] = {		/* customers at a door that knows no keys */
		[KEY_HERE] =	 { 401, IN,  IN,  404, 404, 401, 401 },
		[KEY_NONE] =	 { 401, IN,  IN,  404, 404, 401, 401 },
		[KEY_PLATFORM] = { 401, IN,  IN,  404, 404, 401, 401 },
	},
	[PARTNERS_MAYBE] = {	/* who does not come as a partner is nobody */
		[KEY_HERE] =	 { IN,	IN,  IN,  IN,  IN,  IN,  IN },
		[KEY_NONE] =	 { IN,	IN,  IN,  IN,  IN,  IN,  IN },
		[KEY_PLATFORM] = { IN,	IN,  IN,  IN,  IN,  IN,  IN },
	},
};

static const struct {
	enum method method;
	const char *path;
	enum whose room;
	int in;			/* the status of who is let in */
	const char *body;
} cases[] = {
	{ GET,	  "/healthz",			   ALL,		200, NULL },
	/* this database has its tables by other means than migrations */
	{ GET,	  "/readyz",			   ALL,		503, NULL },
	{ POST,	  "/oauth/introspect",		   SERVERS,	400, NULL },
	{ POST,	  "/oauth/revoke",		   SERVERS,	400, NULL },
	{ POST,	  "/public-api/v1/customers/authenticate", PARTNERS, 400, "{}" },
	{ POST,	  "/public-api/v1/customers/token/refresh", PARTNERS_MAYBE, 400, "{}" },
	{ POST,	  "/public-api/v1/customers/logout", PARTNERS_MAYBE, 400, "{}" },
	{ GET,	  "/public-api/v1/channel",	   PARTNERS,	200, NULL },
	/* nobody is listed */
	{ GET,	  "/metrics",			   ALL,		404, NULL },
	{ GET,	  "/.well-known/jwks.json",	   ALL,		200, NULL },
	{ GET,	  "/.well-known/oauth-authorization-server", ALL, 200, NULL },
	{ GET,	  "/.well-known/oauth-authorization-server/{id}", ALL, 404, NULL },
	{ GET,	  "/{id}/.well-known/jwks.json",   ALL,		404, NULL },
	{ GET,	  "/{id}/.well-known/oauth-authorization-server", ALL, 404, NULL },
	/* nobody develops here */
	{ GET,	  "/dev/messages",		   ALL,		404, NULL },
	{ GET,	  "/dev/messages/{id}",		   ALL,		404, NULL },
	{ GET,	  "/v1/shop",			   SHOPS_ALL,	200, NULL },
	/* for nobody but doctor */
	{ GET,	  "/doctor/{id}",		   ALL,		404, NULL },
	{ GET,	  "/public-api/v1/customers/profile", BUYERS,	200, NULL },
	{ PATCH,  "/public-api/v1/customers/profile", BUYERS,	200, "{}" },
	{ GET,	  "/public-api/v1/customers/locations", BUYERS, 200, NULL },
	{ POST,	  "/public-api/v1/customers/locations", BUYERS, 400, "{}" },
	{ GET,	  "/public-api/v1/customers/locations/{id}", BUYERS, 404, NULL },
	{ PATCH,  "/public-api/v1/customers/locations/{id}", BUYERS, 404, "{}" },
	{ DELETE, "/public-api/v1/customers/locations/{id}", BUYERS, 404, NULL },
	{ POST,	  "/v1/auth/passwordless/initiate", ALL,	422, "{}" },
	{ POST,	  "/v1/auth/passwordless/initiate/email", ALL,	422, "{}" },
	{ POST,	  "/v1/auth/passwordless/initiate/phone", ALL,	422, "{}" },
	{ POST,	  "/v1/auth/passwordless/customer/verify-email", SHOPS_MAYBE, 422, "{}" },
	{ POST,	  "/v1/auth/passwordless/customer/verify-phone", SHOPS_MAYBE, 422, "{}" },
	{ POST,	  "/v1/auth/passwordless/merchant/verify-email", ALL, 422, "{}" },
	{ POST,	  "/v1/auth/passwordless/merchant/verify-phone", ALL, 422, "{}" },
	{ POST,	  "/v1/auth/refresh-token",	   ALL,		422, "{}" },
	{ POST,	  "/v1/auth/customer/refresh-token", SHOPS_ALL,	422, "{}" },
	{ POST,	  "/v1/auth/logout",		   ALL,		422, "{}" },
	{ GET,	  "/v1/sessions",		   CUSTOMERS,	200, NULL },
	/* they signed in too long ago for these two */
	{ DELETE, "/v1/sessions",		   CUSTOMERS,	403, NULL },
	{ DELETE, "/v1/sessions/{id}",		   CUSTOMERS,	403, NULL },
	{ GET,	  "/v1/customers/profile",	   CUSTOMERS,	200, NULL },
	{ PATCH,  "/v1/customers/profile/update",  CUSTOMERS,	200, "{}" },
	{ POST,	  "/v1/merchant/shops",		   ACCOUNTS,	422, "{}" },
	{ GET,	  "/v1/merchant/api-keys",	   MERCHANTS,	200, NULL },
	{ POST,	  "/v1/merchant/api-keys",	   MERCHANTS,	200, "{}" },
	{ DELETE, "/v1/merchant/api-keys/{id}",	   MERCHANTS,	404, NULL },
	{ GET,	  "/v1/customers",		   MERCHANTS,	200, NULL },
	{ GET,	  "/v1/customers/{id}",		   MERCHANTS,	404, NULL },
	{ PATCH,  "/v1/customers/{id}/activate",   MERCHANTS,	404, NULL },
	{ PATCH,  "/v1/customers/{id}/deactivate", MERCHANTS,	404, NULL },
	{ GET,	  "/v1/generate/session/id",	   SHOPS_ALL,	200, NULL },
	{ GET,	  "/v1/cart",			   SHOPS_MAYBE,	200, NULL },
	{ PUT,	  "/v1/cart",			   SHOPS_MAYBE,	200, "{\"items\":[]}" },
};
/* clang-format on */

/* What each caller sends, but for the key. */
struct crowd {
	struct town town;
	const char *says[CALLERS];
};

static const char *
headers_of(struct crowd *crowd, enum visitor who, enum with key)
{
	struct town *town = &crowd->town;
	const char *value = key == KEY_HERE ? town->shop : town->platform;
	struct arena *a = town->c->arena;

	if (key == KEY_NONE)
		return crowd->says[who];
	return arena_print(
	    a, "%s\nX-MerchantApiKey: %s", crowd->says[who], value);
}

static void
crowd_gather(struct crowd *crowd)
{
	struct town *town = &crowd->town, there;
	struct said said[CALLERS];
	struct arena *a;
	int i;

	town_build(town);
	there = *town;
	there.shop = town->other;
	a = town->c->arena;
	said[GUEST] = ask(town->c, "GET /v1/generate/session/id",
	    town_headers(town, NULL), NULL);
	said[CUSTOMER_HERE] = town_sign_in(town, "ann@example.com", "");
	said[CUSTOMER_THERE] = town_sign_in(&there, "ann@example.com", "");
	said[MERCHANT_HERE] = town_merchant(town, "meg@example.com", "");
	said[MERCHANT_THERE] = town_merchant(town, "moe@example.com", "");
	town_runs(town, &said[MERCHANT_HERE], "shop");
	town_runs(town, &said[MERCHANT_THERE], "other");
	crowd->says[GUEST] =
	    arena_print(a, "X-Session-Id: %s", said_text(&said[GUEST], "data"));
	for (i = CUSTOMER_HERE; i < SERVER_HERE; i++)
		crowd->says[i] = town_bearer(town, &said[i]);
	crowd->says[SERVER_HERE] = town_key(
	    town, &(struct api_key_new){.kind = "secret", .scopes = "*"});
	crowd->says[PARTNER_HERE] = town_key(
	    town, &(struct api_key_new){
		      .kind = "partner", .scopes = "*", .source = "market"});
	/* so that none of them meets another's limits */
	for (i = 0; i < CALLERS; i++)
		crowd->says[i] = arena_print(
		    a, "!REMOTE_ADDR=198.51.100.%d\n%s", i, crowd->says[i]);
}

/* The path with an id that is nobody's. */
static const char *
line_of(struct ctx *c, size_t row)
{
	const char *path = cases[row].path, *slot = strstr(path, "{id}");
	const char *method = method_name(cases[row].method);

	if (!slot)
		return arena_print(c->arena, "%s %s", method, path);
	return arena_print(c->arena, "%s %.*s" ID "%s", method,
	    (int)(slot - path), path, slot + 4);
}

static void
try_row(struct crowd *crowd, size_t row, enum with key)
{
	struct ctx *c = crowd->town.c;
	const char *line = line_of(c, row);
	struct said said;
	int who, want;

	for (who = 0; who < CALLERS; who++) {
		want = expected[cases[row].room][key][who];
		if (want == IN)
			want = cases[row].in;
		said = ask(c, line, headers_of(crowd, (enum visitor)who, key),
		    cases[row].body);
		ck_assert_msg(said.status == want, "%s, %s, %s: %d, not %d: %s",
		    line, callers[who], keys[key], said.status, want,
		    said.body);
		if (want == 401)
			ck_case(line, said_header(&said, "WWW-Authenticate"));
	}
}

START_TEST(test_who_gets_in_where)
{
	struct crowd crowd;
	size_t row;
	int key;

	crowd_gather(&crowd);
	for (row = 0; row < COUNT(cases); row++)
		for (key = 0; key < KEYS; key++)
			try_row(&crowd, row, (enum with)key);
	town_leave(&crowd.town);
}
END_TEST

START_TEST(test_no_path_is_left_out)
{
	const struct route *r;
	size_t row, n;

	for (r = routes; r->path; r++) {
		for (n = row = 0; row < COUNT(cases); row++)
			n += cases[row].method == r->method &&
			     strcmp(cases[row].path, r->path) == 0;
		ck_case(r->path, n == 1);
	}
}
END_TEST

/* A shop that is shut is shut for all who would be let in. */
START_TEST(test_a_suspended_shop_is_shut_for_everybody)
{
	struct crowd crowd;
	struct said said;
	const char *line;
	size_t row;
	int who, want;

	crowd_gather(&crowd);
	ck_assert_int_eq(
	    shop_suspend(crowd.town.c, crowd.town.shop_tenant, true), OK);
	for (row = 0; row < COUNT(cases); row++) {
		line = line_of(crowd.town.c, row);
		if (strncmp(cases[row].path, "/v1", 3) != 0)
			continue;
		for (who = 0; who < CALLERS; who++) {
			want = expected[cases[row].room][KEY_HERE][who];
			if (cases[row].room == ACCOUNTS)
				continue;
			said = ask(crowd.town.c, line,
			    headers_of(&crowd, (enum visitor)who, KEY_HERE),
			    cases[row].body);
			ck_case(line, said.status == (want == IN ? 403 : want));
		}
	}
	town_leave(&crowd.town);
}
END_TEST

SUITE(matrix, test_who_gets_in_where, test_no_path_is_left_out,
    test_a_suspended_shop_is_shut_for_everybody)
