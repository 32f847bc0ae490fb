/* SPDX-License-Identifier: ISC */
/* What the files of the module net.so share, and nobody else sees. */

#ifndef NET_INSIDE_H
#define NET_INSIDE_H

#include <curl/curl.h>

#include "net/net.h"

#define ALNUM "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

/* curl.c: at least one byte, and all of this set */
bool		 made_of(const char *, const char *set);
/* Printable ASCII without the bytes in `but`, at most max of it. */
bool		 is_clean(const char *, const char *but, size_t max);
/* Trust these certificates alone, or, with NULL, the system's. */
CURLcode	 set_ca(CURL *, const char *ca_file);
CURLcode	 add_line(struct curl_slist **, const char *);
void		 answer(struct net_answer *, enum net_result, const char *why);

/* fetch.c */
/* The address that a socket is wanted for; false: of another kind. */
bool		 address_of(const struct curl_sockaddr *, struct ip *);
void		 fetch(const struct net_request *, struct net_answer *);
const char	*fetch_fault(const struct net_request *);

#endif
