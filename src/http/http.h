/* SPDX-License-Identifier: ISC */
/* http: a request in, an answer out; FastCGI and plain CGI by the same code. */

#ifndef HTTP_H
#define HTTP_H

#include "base/base.h"

/* ---- request.c ---------------------------------------------------------- */

enum method {
	METHOD_OTHER = 0, GET = 1, HEAD = 2, POST = 4, PUT = 8, PATCH = 16,
	DELETE = 32, OPTIONS = 64
};

enum { BODY_MAX = 64 * 1024, HEADER_MAX = 8192 };

/* Where the body comes from: reads at most n bytes, 0 at the end. */
struct source {
	size_t	(*read)(void *from, char *into, size_t n);
	void	*from;
};

struct req {
	enum method	  method;
	const char	 *path;		/* PATH_INFO, no trailing slash; "/" */
	const char	 *query;	/* raw, "" when there is none */
	const char	 *peer;		/* REMOTE_ADDR */
	bool		  https;	/* HTTPS or REQUEST_SCHEME say so */
	const char	 *body;		/* NULL before request_body() */
	size_t		  body_len;
	char *const	 *env;		/* NAME=value, NULL at the end */
	struct source	  source;
};

/*
 * From CGI variables. Routes on PATH_INFO only (REQUEST_URI, SCRIPT_NAME are
 * never read). ERR_NO_ROUTE when the path has a byte outside
 * [A-Za-z0-9._~/-] or an empty, "." or ".." segment.
 */
enum err	 request_read(struct ctx *, char *const *env, struct source,
		    struct req *out) MUST_USE;
/* A variable of the environment; NULL when absent. */
const char	*request_var(const struct req *, const char *name);
/*
 * A header by its usual name ("X-Session-Id"), its lines one list ("a, b");
 * NULL when absent or empty.
 */
const char	*request_header(const struct req *, const char *name);
/*
 * Read the body, exactly as many bytes as announced: ERR_BODY_LENGTH when
 * Content-Length is malformed or wrong, ERR_BODY_TOO_LARGE. No length is no
 * body, except with HTTP_TRANSFER_ENCODING=chunked (Apache CGI): to the end.
 */
enum err	 request_body(struct ctx *, struct req *) MUST_USE;
/* application/json, alone or with charset=utf-8. */
bool		 request_is_json(const struct req *);
/*
 * The bearer token, from HTTP_AUTHORIZATION or REDIRECT_HTTP_AUTHORIZATION.
 * OK and out->s NULL: none, or another scheme. ERR_BAD_REQUEST: two that
 * differ, or a malformed one.
 */
enum err	 request_bearer(struct ctx *, const struct req *,
		    struct secret *out) MUST_USE;
struct basic {
	const char	*user;		/* NULL: no such header */
	struct secret	 password;
};

/* The same of Basic, both halves form-encoded (RFC 6749, 2.3.1). */
enum err	 request_basic(struct ctx *, const struct req *,
		    struct basic *out) MUST_USE;
/* application/x-www-form-urlencoded. */
bool		 request_is_form(const struct req *);
/*
 * A form's body as a map of texts (form.c). ERR_BAD_REQUEST: a name twice, or
 * badly encoded; more than 64 names.
 */
enum err	 form_parse(struct ctx *, const char *body, size_t len,
		    const struct json **out) MUST_USE;
/*
 * A query parameter, decoded once. OK and NULL: absent. ERR_BAD_REQUEST: twice,
 * or badly encoded.
 */
enum err	 request_query(struct ctx *, const struct req *, const char *name,
		    const char **out) MUST_USE;
/*
 * The client's address in canonical text: the peer's, or the right-most hop of
 * X-Forwarded-For that is not in proxies when the peer is. NULL: the peer has
 * none that can be read.
 */
const char	*request_address(struct ctx *, const struct req *,
		    const char *proxies);
/* The variables by which somebody forwards, blank-separated; NULL: none. */
const char	*request_forwards(struct ctx *, const struct req *);
/* By the web server's word, or by that of a listed proxy. */
bool		 request_is_https(const struct req *, const char *proxies);
/*
 * Is that address the client's own? Not when it was forwarded by somebody who
 * is no listed proxy, or by one who does not say for whom.
 */
bool		 request_address_known(const struct req *, const char *proxies);
/*
 * May this request be served though it came over plain http? Yes when it is
 * https (a listed proxy's X-Forwarded-Proto counts), or from a loopback peer
 * that forwards for nobody.
 */
bool		 request_is_safe(const struct req *, const char *proxies);
/*
 * From this machine itself: a loopback peer that forwards for nobody, and that
 * called us by a name of this machine (another page's name for it is not).
 */
bool		 request_is_local(const struct req *);

/* ---- language.c --------------------------------------------------------- */

/*
 * Which of the languages served (NULL at the end) Accept-Language would rather
 * have (RFC 9110, 12.5.4; RFC 4647, 3.4: fr-CA is served by fr, with
 * fr-CA's weight). NULL: none of them, or any. Of the list 32 members count.
 */
const char	*request_language(struct ctx *, const struct req *,
		    const char *const *served);

/* ---- response.c --------------------------------------------------------- */

enum { RES_HEADERS_MAX = 24 };

struct header {
	const char	*name, *value;
};

struct res {
	int		 status;
	struct header	 headers[RES_HEADERS_MAX];
	size_t		 count;
	const char	*type;		/* of the body; NULL: no body */
	const char	*body;
	size_t		 body_len;
};

/* A value with CR, LF or NUL drops the header and is logged. */
void		 response_header(struct ctx *, struct res *, const char *name,
		    const char *value);
/* Was a header of this name set? */
bool		 response_has(const struct res *, const char *name);
void		 response_body(struct res *, int status, const char *type,
		    const char *body);
/* The whole answer as CGI wants it: Status, headers, blank line, body. */
const char	*response_text(struct ctx *, const struct req *,
		    const struct res *, size_t *len);

/* ---- fields.c: a JSON body to a C struct, by a table --------------------- */

enum field_type {
	F_TEXT, F_SECRET, F_EMAIL, F_PHONE, F_CHOICE, F_INT, F_BOOL, F_DATE,
	F_URL, F_CHANGE, F_CHANGE_PHONE, F_CHANGE_DATE, F_CHANGE_URL,
	F_CHANGE_LANGUAGE, F_CHANGE_COUNTRY, F_CHANGE_DECIMAL, F_LIST, F_MAP
};

enum { OPTIONAL = 0, REQUIRED = 1, DECIMALS = 6 };

struct field {
	const char	*name;
	enum field_type	 type;
	int		 need;		/* REQUIRED or OPTIONAL */
	size_t		 offset;
	int64_t		 min, max;	/* bytes of a text, value of a number */
	const char	*choices;	/* "A|B" */
};

/* Lengths are in code points; a text may hold no control character. */
#define FIELD_TEXT(n, need, T, m, min, max) \
	{ n, F_TEXT, need, AT(T, m, const char *), min, max, NULL }
#define FIELD_SECRET(n, need, T, m, min, max) \
	{ n, F_SECRET, need, AT(T, m, struct secret), min, max, NULL }
/* Normalised on the way in: base/address.c. */
#define FIELD_EMAIL(n, need, T, m) \
	{ n, F_EMAIL, need, AT(T, m, const char *), 3, 254, NULL }
#define FIELD_PHONE(n, need, T, m) \
	{ n, F_PHONE, need, AT(T, m, const char *), 5, 32, NULL }
#define FIELD_CHOICE(n, need, T, m, choices) \
	{ n, F_CHOICE, need, AT(T, m, const char *), 0, 64, choices }
#define FIELD_INT(n, need, T, m, min, max) \
	{ n, F_INT, need, AT(T, m, int64_t), min, max, NULL }
#define FIELD_CHANGE(n, T, m, max) \
	{ n, F_CHANGE, OPTIONAL, AT(T, m, struct change), 0, max, NULL }
#define FIELD_CHANGE_PHONE(n, T, m) \
	{ n, F_CHANGE_PHONE, OPTIONAL, AT(T, m, struct change), 5, 32, NULL }
#define FIELD_CHANGE_DATE(n, T, m) \
	{ n, F_CHANGE_DATE, OPTIONAL, AT(T, m, struct change), 10, 10, NULL }
#define FIELD_CHANGE_URL(n, T, m) \
	{ n, F_CHANGE_URL, OPTIONAL, AT(T, m, struct change), 0, 2048, NULL }
#define FIELD_CHANGE_LANGUAGE(n, T, m) \
	{ n, F_CHANGE_LANGUAGE, OPTIONAL, AT(T, m, struct change), 2, \
	  LANGUAGE_MAX, NULL }
#define FIELD_CHANGE_COUNTRY(n, T, m) \
	{ n, F_CHANGE_COUNTRY, OPTIONAL, AT(T, m, struct change), 2, 2, NULL }
/* A JSON number, kept as decimal text with six decimals: "52.229676". */
#define FIELD_CHANGE_DECIMAL(n, T, m, min, max) \
	{ n, F_CHANGE_DECIMAL, OPTIONAL, AT(T, m, struct change), min, max, NULL }
/* The list as it was read, of min to max members; the handler reads them. */
#define FIELD_LIST(n, need, T, m, min, max) \
	{ n, F_LIST, need, AT(T, m, const struct json *), min, max, NULL }
/* The same of an object. */
#define FIELD_MAP(n, need, T, m, min, max) \
	{ n, F_MAP, need, AT(T, m, const struct json *), min, max, NULL }
#define FIELD_END { .name = NULL }

enum { FIELD_ERRORS_MAX = 16 };

struct field_errors {
	struct {
		const char	*name, *sentence;
	} list[FIELD_ERRORS_MAX];
	size_t	n;
};

void		 field_error(struct field_errors *, const char *name,
		    const char *sentence);
/* Where a body goes: by which table, into which struct. */
struct form {
	const struct field	*fields;
	void			*into;		/* zeroed, or with defaults */
	bool			 fold_local;	/* as in email_normal() */
};

/*
 * Fill the struct from a map. ERR_BAD_FIELD with one sentence per bad field;
 * a body that is no map names the field "body". A field that is absent leaves
 * its member alone. An unknown member is logged at debug level (its name only).
 */
enum err	 fields_read(struct ctx *, const struct form *,
		    const struct json *body, struct field_errors *) MUST_USE;

/* ---- fcgi.c: the loop ---------------------------------------------------- */

/* One request: read it from env and source, answer into res. */
typedef void	 serve_fn(void *with, char *const *env, struct source,
		    const char **answer, size_t *len);

/*
 * Serve until SIGTERM, or once when started as plain CGI. `after` (or NULL) is
 * called when an answer is out. Returns the exit status.
 */
int		 fcgi_serve(serve_fn *, void (*after)(void *), void *with);
/* Was this process started as plain CGI? Asked before the configuration is. */
bool		 fcgi_is_cgi(void);

#endif
