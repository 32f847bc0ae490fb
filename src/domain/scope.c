/* SPDX-License-Identifier: ISC */
/* What an API key may do, and which kinds may hold it. */

#include "domain/domain.h"

#include <string.h>

/* clang-format off */
const struct scope scope_table[] = {
	{ SCOPE_INTROSPECT,	"secret",
	    "Ask whether a token is good: POST /oauth/introspect." },
	{ SCOPE_REVOKE,		"secret",
	    "End the session of a token: POST /oauth/revoke." },
	{ SCOPE_SIGN_IN,	"partner",
	    "Sign in the customers of its source: door A." },
	{ SCOPE_CHANNEL,	"partner",
	    "Read about its own channel: door A." },
	{ SCOPE_VOUCH_EMAIL,	"partner",
	    "Its word proves the addresses of customers that it brought." },
	{ SCOPE_CLIENT_ADDRESS,	"secret partner",
	    "Say from which address its customer came: X-Client-Address." },
	{ SCOPE_ALL,		"secret partner",
	    "All of these that its kind may hold." },
	{ .name = NULL }
};
/* clang-format on */

/* Is the word of n bytes in the blank-separated list? */
static bool
word_in(const char *list, const char *word, size_t n)
{
	size_t len;

	for (;; list += len) {
		list += strspn(list, " ");
		if ((len = strcspn(list, " ")) == 0)
			return false;
		if (len == n && strncmp(list, word, n) == 0)
			return true;
	}
}

bool
scopes_hold(const char *list, const char *scope)
{
	return word_in(list, scope, strlen(scope)) ||
	       word_in(list, SCOPE_ALL, 1);
}

static const struct scope *
scope_find(const char *word, size_t n)
{
	const struct scope *s;

	for (s = scope_table; s->name != NULL; s++)
		if (strlen(s->name) == n && strncmp(s->name, word, n) == 0)
			return s;
	return NULL;
}

const char *
scopes_fault(struct arena *a, const char *list, const char *kind)
{
	const struct scope *s;
	size_t n;

	for (;; list += n) {
		list += strspn(list, " ");
		if ((n = strcspn(list, " ")) == 0)
			return NULL;
		if ((s = scope_find(list, n)) == NULL)
			return arena_print(a, "There is no scope '%s'.",
			    arena_copy(a, list, n));
		if (!word_in(s->kinds, kind, strlen(kind)))
			return arena_print(
			    a, "A %s key cannot hold %s.", kind, s->name);
	}
}
