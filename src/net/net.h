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
	NET_OK,			/* acknowledged: SMTP 250, HTTP 2xx */
	NET_TEMPORARY,		/* refused connection, time out: try again */
	NET_PERMANENT,		/* this message or request will never go */
	NET_BAD			/* we were handed nonsense: never sent */
};

struct net_answer {
	enum net_result	 result;
	long		 code;			/* SMTP or HTTP status, 0 none */
	size_t		 len;			/* HTTP: bytes of the body */
	bool		 sought;		/* HTTP: that header came */
	char		 why[256];		/* for the log; no secrets */
};

/*
 * One request over HTTP/1.1. No proxy, no redirect; https and a certificate
 * that is vouched for, or http to an address of loopback that `allow` lists.
 * The address connected to must be public or listed by `allow`. A body without
 * a Content-Type among the headers is a form's.
 */
struct net_request {
	const char	*method;		/* "GET", "POST" … */
	const char	*url;			/* without user and password */
	const struct net_header *headers;	/* NULL name ends; or NULL */
	const char	*user;			/* Basic; NULL: none */
	struct secret	 password;
	const char	*body;			/* NULL: none */
	size_t		 body_len;
	const char	*allow;			/* networks, with blanks; "" none */
	const char	*ca_file;		/* NULL or "": the system's store */
	int64_t		 timeout_ms;		/* of the whole */
	const char	*seek;			/* a header of the answer; NULL: none */
	char		*into;			/* the answer's body and a NUL … */
	size_t		 room;			/* … in so many bytes, or 0 */
};

/* The module's one exported symbol, `net_table`, is of this type. */
struct net_table {
	int	 version;			/* NET_VERSION */
	void	(*send_mail)(const struct net_mail *, struct net_answer *);
	/*
	 * NET_OK: 2xx. NET_TEMPORARY: 408, 425, 429, 5xx, and what never
	 * reached an answer's end, a forbidden address among it.
	 * NET_PERMANENT: any other status; "too large": a body that has no
	 * room. A code of 2xx says that it was acknowledged, whatever befell
	 * the body. With room 0 the body is not looked at.
	 */
	void	(*fetch)(const struct net_request *, struct net_answer *);
	/* Greet, TLS and sign in as for this mail, which has only its way. */
	void	(*probe_mail)(const struct net_mail *, struct net_answer *);
	/* NULL, or why fetch() would answer NET_BAD. Nothing is sent. */
	const char *(*fetch_fault)(const struct net_request *);
};

enum { NET_VERSION = 4 };

/*
 * load.c: the table, loaded once from conf->module_dir ("net.so").
 * ERR_IO, logged with the loader's own words.
 */
enum err	 net_load(struct ctx *, const struct net_table **out) MUST_USE;

#endif
