/* SPDX-License-Identifier: ISC */
/* The poster of the whole API: one row per method and path. */

#include <string.h>

#include "api/api.h"

#define A     &door_a
#define B     &door_b
#define E     &door_oauth
#define H     &door_none
#define SENDS LIMIT_ADDRESS_SENDS
#define WRONG LIMIT_ADDRESS_WRONG

/* clang-format off */
const struct route routes[] = {
	/* for those who run it */
	{ GET,	  "/healthz",		H, ANYONE,     0,     &health_alive },
	{ GET,	  "/readyz",		H, ANYONE,     0,     &health_ready },
	{ GET,	  "/metrics",		H, ANYONE,     0,     &metrics_show },
	{ GET,	  "/doctor/{id}",	H, ANYONE,     0,     &probe },

	/* for the services behind it */
	{ POST,	  "/oauth/introspect",	E, SERVER,     0,     &oauth_introspect },
	{ POST,	  "/oauth/revoke",	E, SERVER,     0,     &oauth_revoke },

	/* customers whom a partner has signed in */
	{ POST,	  "/public-api/v1/customers/authenticate",
					A, PARTNER,    0,     &partner_enter },
	{ POST,	  "/public-api/v1/customers/token/refresh",
					A, PARTNER_MAYBE, 0,  &partner_renew },
	{ POST,	  "/public-api/v1/customers/logout",
					A, PARTNER_MAYBE, 0,  &partner_leave },
	{ GET,	  "/public-api/v1/channel",
					A, PARTNER,    0,     &partner_channel },
	{ GET,	  "/public-api/v1/customers/profile",
					A, CUSTOMER,   0,     &partner_profile_show },
	{ PATCH,  "/public-api/v1/customers/profile",
					A, CUSTOMER,   0,     &partner_profile_change },
	{ GET,	  "/public-api/v1/customers/locations",
					A, CUSTOMER,   0,     &location_page_show },
	{ POST,	  "/public-api/v1/customers/locations",
					A, CUSTOMER,   0,     &location_new },
	{ GET,	  "/public-api/v1/customers/locations/{id}",
					A, CUSTOMER,   0,     &location_show },
	{ PATCH,  "/public-api/v1/customers/locations/{id}",
					A, CUSTOMER,   0,     &location_edit },
	{ DELETE, "/public-api/v1/customers/locations/{id}",
					A, CUSTOMER,   0,     &location_drop },

	/* for who verifies its tokens: the platform's, then any tenant's by id */
	{ GET,	  "/.well-known/jwks.json",
					H, ANYONE,     0,     &wellknown_keys },
	{ GET,	  "/.well-known/oauth-authorization-server",
					H, ANYONE,     0,     &wellknown_metadata },
	{ GET,	  "/.well-known/oauth-authorization-server/{id}",
					H, ANYONE,     0,     &wellknown_metadata },
	{ GET,	  "/{id}/.well-known/jwks.json",
					H, ANYONE,     0,     &wellknown_keys },
	{ GET,	  "/{id}/.well-known/oauth-authorization-server",
					H, ANYONE,     0,     &wellknown_metadata },
	/* while it is developed; else there are no such paths */
	{ GET,	  "/dev/messages",	H, DEVELOPER,  0,     &inbox_show_all },
	{ GET,	  "/dev/messages/{id}",	H, DEVELOPER,  0,     &inbox_show_one },

	/* whose page is this? */
	{ GET,	  "/v1/shop",		B, SHOP,       0,     &shop_front },

	/* sign in without a password */
	{ POST,	  "/v1/auth/passwordless/initiate",
					B, ASKER,      SENDS, &passwordless_initiate },
	{ POST,	  "/v1/auth/passwordless/initiate/email",
					B, ASKER,      SENDS, &passwordless_initiate_email },
	{ POST,	  "/v1/auth/passwordless/initiate/phone",
					B, ASKER,      SENDS, &passwordless_initiate_phone },
	{ POST,	  "/v1/auth/passwordless/customer/verify-email",
					B, SHOP_MAYBE, WRONG, &passwordless_verify_email },
	{ POST,	  "/v1/auth/passwordless/customer/verify-phone",
					B, SHOP_MAYBE, WRONG, &passwordless_verify_phone },
	{ POST,	  "/v1/auth/passwordless/merchant/verify-email",
					B, PLATFORM,   WRONG, &merchant_verify_email },
	{ POST,	  "/v1/auth/passwordless/merchant/verify-phone",
					B, PLATFORM,   WRONG, &merchant_verify_phone },

	/* sessions */
	{ POST,	  "/v1/auth/refresh-token",
					B, EITHER,     0,     &session_renew_any },
	{ POST,	  "/v1/auth/customer/refresh-token",
					B, SHOP,       0,     &session_renew_customer },
	{ POST,	  "/v1/auth/logout",	B, EITHER,     0,     &session_sign_out },
	{ GET,	  "/v1/sessions",	B, CUSTOMER,   0,     &session_show_all },
	{ DELETE, "/v1/sessions",	B, CUSTOMER,   0,     &session_end_rest },
	{ DELETE, "/v1/sessions/{id}",	B, CUSTOMER,   0,     &session_end_one },

	/* the customer */
	{ GET,	  "/v1/customers/profile",
					B, CUSTOMER,   0,     &profile_show },
	{ PATCH,  "/v1/customers/profile/update",
					B, CUSTOMER,   0,     &profile_change },

	/* the merchant; what has no {id} comes before what has one */
	{ POST,	  "/v1/merchant/shops",	B, ACCOUNT,    0,     &merchant_found },
	{ GET,	  "/v1/merchant/api-keys",
					B, MERCHANT,   0,     &apikey_list },
	{ POST,	  "/v1/merchant/api-keys",
					B, MERCHANT,   0,     &apikey_make },
	{ DELETE, "/v1/merchant/api-keys/{id}",
					B, MERCHANT,   0,     &apikey_end },
	{ GET,	  "/v1/customers",	B, MERCHANT,   0,     &directory_page },
	{ GET,	  "/v1/customers/{id}",	B, MERCHANT,   0,     &directory_one },
	{ PATCH,  "/v1/customers/{id}/activate",
					B, MERCHANT,   0,     &directory_enable },
	{ PATCH,  "/v1/customers/{id}/deactivate",
					B, MERCHANT,   0,     &directory_disable },

	/* guests and carts */
	{ GET,	  "/v1/generate/session/id",
					B, SHOP,       0,     &guest_new },
	{ GET,	  "/v1/cart",		B, SHOP_MAYBE, 0,     &cart_show },
	{ PUT,	  "/v1/cart",		B, SHOP_MAYBE, 0,     &cart_put },
	{ .path = NULL }
};
/* clang-format on */

static const struct {
	enum method method;
	const char *name;
} methods[] = {
    {GET, "GET"},
    {HEAD, "HEAD"},
    {POST, "POST"},
    {PUT, "PUT"},
    {PATCH, "PATCH"},
    {DELETE, "DELETE"},
    {OPTIONS, "OPTIONS"},
};

const char *
method_name(enum method method)
{
	size_t i;

	for (i = 0; i < COUNT(methods); i++)
		if (methods[i].method == method)
			return methods[i].name;
	return "other";
}

/* The methods of a mask as a list, as Allow has it. */
static const char *
methods_text(struct ctx *c, unsigned mask)
{
	struct text list = text_new(c->arena);
	size_t i;

	for (i = 0; i < COUNT(methods); i++) {
		if ((mask & (unsigned)methods[i].method) == 0)
			continue;
		text_add(&list, list.len ? ", " : "");
		text_add(&list, methods[i].name);
	}
	return list.s;
}

/* Does the path fit the pattern? *param: what stands where {id} does. */
static bool
path_fits(
    struct ctx *c, const char *pattern, const char *path, const char **param)
{
	static const char slot[] = "{id}";
	size_t n = strcspn(pattern, "{"), len;

	if (pattern[n] == '\0')
		return strcmp(pattern, path) == 0;
	if (strncmp(pattern, path, n) != 0)
		return false;
	len = strcspn(path + n, "/");
	if (len == 0 ||
	    strcmp(path + n + len, pattern + n + sizeof(slot) - 1) != 0)
		return false;
	*param = arena_copy(c->arena, path + n, len);
	return true;
}

/* HEAD is served where GET is; OPTIONS everywhere, by the gate. */
static unsigned
route_methods(const struct route *route)
{
	unsigned mask = (unsigned)route->method | OPTIONS;

	return route->method == GET ? mask | HEAD : mask;
}

const struct route *
route_find(struct ctx *c, const struct req *r, const char **param,
    const char **allowed)
{
	const struct route *route, *found = NULL;
	const char *value = NULL;
	unsigned mask = 0;

	*param = *allowed = NULL;
	for (route = routes; route->path; route++) {
		if (!path_fits(c, route->path, r->path, &value))
			continue;
		found = route;
		*param = value;
		mask |= route_methods(route);
		if (r->method != OPTIONS &&
		    (route_methods(route) & (unsigned)r->method))
			return route;
	}
	if (found)
		*allowed = methods_text(c, mask);
	return found;
}
