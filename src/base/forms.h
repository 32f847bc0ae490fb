/* SPDX-License-Identifier: ISC */
/* The forms of what identifies people, languages and machines. */

#ifndef BASE_FORMS_H
#define BASE_FORMS_H

#include <stdbool.h>
#include <stddef.h>

struct arena;

/* ---- address.c: the normal forms of what identifies people -------------- */

/*
 * The normal form of an e-mail address: ASCII, RFC 5321 dot-atom local part of
 * at most 64 bytes, domain of at least two labels in lower case, at most 254
 * bytes in all. The local part is lowered when fold_local. NULL: not one.
 */
char		*email_normal(struct arena *, const char *, bool fold_local);
/* E.164 from an international form (+, 00 or bare country code). NULL: not. */
char		*phone_normal(struct arena *, const char *);
/* The country calling code's length in a normal phone number (1 to 3). */
size_t		 phone_country_len(const char *);
/* "ng" as "NG" (ISO 3166-1 alpha-2, by its shape alone). NULL: not. */
char		*country_normal(struct arena *, const char *);
/* For people's eyes: a•••@example.com, +2348•••••000. */
char		*email_mask(struct arena *, const char *);
char		*phone_mask(struct arena *, const char *);

/* ---- language.c: tags of languages (BCP 47) ----------------------------- */

enum { LANGUAGE_MAX = 35 };	/* bytes */

/* "pt-br" as "pt-BR"; NULL: no tag, by its shape alone. */
char		*language_normal(struct arena *, const char *);
/* Is the tag this range, or within it (RFC 4647, 3.3.1)? */
bool		 language_within(const char *tag, const char *range);
/*
 * Of those served (NULL at the end) the one for this tag: itself, or without
 * its last subtags (RFC 4647, 3.4). NULL: none, or no tag.
 */
const char	*language_lookup(const char *const *served, const char *tag);

/* ---- ip.c: client addresses and the networks they belong to ------------- */

struct ip {
	unsigned char	 b[16];		/* IPv4 as ::ffff:a.b.c.d */
};

bool		 ip_read(const char *, struct ip *);
char		*ip_text(struct arena *, const struct ip *);
bool		 ip_is_loopback(const struct ip *);
/* Of the public net: none that IANA keeps aside, v4-mapped or not. */
bool		 ip_is_public(const struct ip *);
/* Is it in one of the blank- or comma-separated networks (a.b.c.d/n, x::/n)? */
bool		 ip_in(const struct ip *, const char *networks);
/* Are all of them well-formed? */
bool		 ip_networks_valid(const char *networks);
/* What limits count by: the whole IPv4 address, the /64 of an IPv6 one. */
struct ip	 ip_prefix(const struct ip *);

#endif
