/* SPDX-License-Identifier: ISC */
/* net: libcurl, in a module that is loaded at the first outbound call. */

#ifndef NET_H
#define NET_H

#include "base/base.h"

enum net_tls { NET_TLS_NONE, NET_TLS_STARTTLS, NET_TLS_IMPLICIT };

struct net_header {
	const char	*name, *value;
};

/* One message of two alternatives for one recipient. */
struct net_mail {
	const char	*host, *port;		/* host without brackets */
	const char	*hello;			/* our name in EHLO */
	enum net_tls	 tls;
	const char	*ca_file;		/* NULL: the system's store */
	const char	*user;			/* NULL: no AUTH */
	struct secret	 password;
	const char	*from, *to;		/* bare addresses */
	const struct net_header *headers;	/* NULL name at the end */
	const char	*text, *html;		/* CRLF line ends */
	int64_t		 timeout_ms;
};

enum net_result {
	NET_OK,			/* acknowledged */
	NET_TEMPORARY,		/* 4xx, refused connection, time out: try again */
	NET_PERMANENT,		/* 5xx: this message will never go */
	NET_BAD			/* we were handed nonsense: never sent */
};

struct net_answer {
	enum net_result	 result;
	long		 code;			/* SMTP or HTTP status, 0 none */
	char		 why[256];		/* for the log; no secrets */
};

/* The module's one exported symbol, `net_table`, is of this type. */
struct net_table {
	int	 version;			/* NET_VERSION */
	void	(*send_mail)(const struct net_mail *, struct net_answer *);
};

enum { NET_VERSION = 1 };

/*
 * load.c: the table, loaded once from conf->module_dir ("net.so").
 * ERR_IO, logged with the loader's own words.
 */
enum err	 net_load(struct ctx *, const struct net_table **out) MUST_USE;

#endif
