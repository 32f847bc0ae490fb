/* SPDX-License-Identifier: ISC */
/* base: what every floor stands on. Needs nothing but libc and json-c. */

#ifndef BASE_H
#define BASE_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MUST_USE	 __attribute__((warn_unused_result))
#define PRINTF(f, a)	 __attribute__((format(printf, f, a)))
#define COUNT(array)	 (sizeof(array) / sizeof((array)[0]))

#define SECOND_MS	 INT64_C(1000)
#define MINUTE_MS	 (60 * SECOND_MS)
#define HOUR_MS		 (60 * MINUTE_MS)
#define DAY_MS		 (24 * HOUR_MS)

/*
 * The offset of member m of T, only if the member has just that type: a table
 * row that names a member of another type does not compile.
 */
#define AT(T, m, type)	 _Generic(((T *)0)->m, type: offsetof(T, m))

/* ---- errors.c: one list of errors; OK is 0, so that steps chain with || -- */

enum err {
	OK = 0,
#define ERR(name, status, sentence) ERR_##name,
#include "base/errors.def"
#undef ERR
	ERR_COUNT
};

/* "code_wrong", the HTTP status by default, and the caller's sentence. */
const char	*err_name(enum err);
int		 err_status(enum err);
const char	*err_sentence(enum err);

/* ---- arena.c: the memory of one request; nobody frees ------------------- */

struct arena;

struct arena	*arena_new(void);
/* Overwrite all that was said and keep the first block for the next request. */
void		 arena_wipe(struct arena *);
void		 arena_free(struct arena *);
/* Zeroed and aligned for any type; never NULL: out of memory aborts. */
void		*arena_get(struct arena *, size_t);
/* Room for n things of a size each; an overflow aborts. */
void		*arena_list(struct arena *, size_t n, size_t size);
char		*arena_copy(struct arena *, const char *, size_t);
char		*arena_text(struct arena *, const char *);
char		*arena_print(struct arena *, const char *, ...) PRINTF(2, 3);
/* Bytes handed out since the last wipe (tests, figures). */
size_t		 arena_used(const struct arena *);

/* A text that grows in an arena; always NUL-terminated once touched. */
struct text {
	struct arena	*arena;
	char		*s;	/* NULL until the first byte */
	size_t		 len, room;
};

struct text	 text_new(struct arena *);
void		 text_add(struct text *, const char *);
void		 text_add_n(struct text *, const char *, size_t);
void		 text_add_c(struct text *, char);
void		 text_addf(struct text *, const char *, ...) PRINTF(2, 3);

/* What no logger and no formatter takes. Compare with digest_equal(). */
struct secret {
	const char	*s;	/* NUL-terminated; NULL is none */
};

/*
 * What may be left alone, cleared, or set (PATCH): given says that it was
 * named, s is NULL to clear it.
 */
struct change {
	bool		 given;
	const char	*s;
};

/* Bytes with a length: digests, sealed blobs, keys. */
struct bytes {
	const unsigned char	*p;
	size_t			 n;
};

/* ---- uuid.c: RFC 9562 version 7, 16 bytes, shown as canonical text ------- */

struct uuid {
	unsigned char	 b[16];
};

struct uuid	 uuid_make(int64_t now_ms);
/* The least of all that are made from this time on. */
struct uuid	 uuid_least(int64_t ms);
bool		 uuid_is_nil(struct uuid);
bool		 uuid_equal(struct uuid, struct uuid);
char		*uuid_text(struct arena *, struct uuid);
/* Canonical form in either case; false for all else. */
bool		 uuid_read(const char *, struct uuid *);

/* ---- ctx: what every function of a request receives first --------------- */

struct conf;
struct db;
struct house;		/* domain: what a worker keeps between requests */
struct tenant;		/* domain: set by the gate */
struct caller;		/* domain: set by the gate where somebody signed in */
struct server;		/* domain: set by the gate where a server called */
struct limit_state;	/* domain: what the RateLimit headers say */

struct ctx {
	struct arena		*arena;
	struct db		*db;
	const struct conf	*conf;
	struct house		*house;
	const struct tenant	*tenant;
	struct uuid		 tenant_id;	/* of tenant: what SQL is bound to */
	const struct caller	*who;
	const struct server	*server;
	const struct limit_state *limits;
	int64_t			 now;		/* ms since 1970, read once */
	const char		*address;	/* client's address, canonical */
	const char		*agent;		/* User-Agent, at most 200 bytes */
	const char		*locale;	/* of ours, as the request asks; NULL */
	struct uuid		 outbox;	/* a message of this request's; nil */
	const char		*log_tenant;	/* tenant's id for the log */
	char			 id[65];	/* request id */
};

/* ---- log.c: one JSON line per event on stderr --------------------------- */

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };

/* Lines below this level are not written (default LOG_INFO). */
void		 log_level_set(enum log_level);
bool		 log_level_read(const char *, enum log_level *);
/* c may be NULL before there is a request. Event is a fixed snake_case name. */
void		 log_event(const struct ctx *c, enum log_level, const char *event,
		    const char *detail, ...) PRINTF(4, 5);
/*
 * Log, once, where the cause is known, why a request fails, and return e.
 * The event's name is err_name(e); the caller never sees the detail.
 */
enum err	 fail(const struct ctx *c, enum err e, const char *detail, ...)
		    PRINTF(3, 4);

/* ---- text.c: encodings -------------------------------------------------- */

char		*hex_text(struct arena *, const void *, size_t);
bool		 hex_read(const char *, unsigned char *out, size_t want);
/* base64url without padding (RFC 4648, 5). */
char		*base64url_text(struct arena *, const void *, size_t);
/* Strict: no padding, no blanks, no stray bits at the end. NULL if not so. */
unsigned char	*base64url_read(struct arena *, const char *, size_t len,
		    size_t *out_len);
bool		 utf8_valid(const char *, size_t);
size_t		 utf8_count(const char *);	/* code points */
/* A control of C0 or C1 (UTF-8), or DEL? CR and LF among them. */
bool		 has_control(const char *);
/*
 * As a terminal may show it: every control, line or paragraph end, mark of
 * direction and byte that is no UTF-8 is a "?". The text itself where it has
 * none.
 */
const char	*text_shown(struct arena *, const char *);
/* Digits only, no sign, no blank, at most max; false for all else. */
bool		 number_read(const char *, int64_t max, int64_t *out);
bool		 ascii_equal_fold(const char *, const char *);
char		*ascii_lower(struct arena *, const char *);
/* ISO 8601, UTC, milliseconds: 2026-11-22T10:00:00.000Z */
char		*time_text(struct arena *, int64_t ms);
/* Percent-decode once a query's or form's value ('+' is a blank); NULL: bad. */
char		*percent_read(struct arena *, const char *, size_t);
char		*percent_text(struct arena *, const char *);

/* address.c, language.c, ip.c; outside this room include this header */
#include "base/forms.h"

/* ---- json.c, scan.c: strict reading into the arena, and writing --------- */

enum json_type {
	JSON_NULL, JSON_BOOL, JSON_INT, JSON_REAL, JSON_TEXT, JSON_LIST, JSON_MAP
};

struct json {
	enum json_type		 type;
	const char		*name;	/* a member's name in its map */
	bool			 b;
	int64_t			 i;
	double			 d;
	const char		*s;	/* NUL-free UTF-8 */
	const struct json	*first;	/* of a list or map */
	const struct json	*next;	/* sibling */
};

enum {
	JSON_DEPTH_MAX = 16,
	JSON_MEMBERS_MAX = 1024,	/* in a whole document: a cart of 100 */
	JSON_STRING_MAX = 8192		/* bytes */
};

#define json_each(item, of) \
	for (const struct json *item = (of)->first; item; item = item->next)

/*
 * What no lenient parser notices: NULL if text is one strict JSON document
 * (RFC 8259, I-JSON), else what is wrong with it.
 */
const char	*json_scan(const char *text, size_t len);
/* scan, then json-c, then our own tree. ERR_BODY_MALFORMED. */
enum err	 json_parse(struct ctx *, const char *text, size_t len,
		    const struct json **out) MUST_USE;
const struct json *json_get(const struct json *map, const char *name);
/* The member's text, or NULL when it is absent or no text. */
const char	*json_get_text(const struct json *map, const char *name);

/* Write a document by steps; commas and escapes are seen to. name NULL in lists. */
struct writer {
	struct text	 out;
	bool		 comma;
};

struct writer	 writer_new(struct arena *);
void		 write_map(struct writer *, const char *name);
void		 write_map_end(struct writer *);
void		 write_list(struct writer *, const char *name);
void		 write_list_end(struct writer *);
void		 write_text(struct writer *, const char *name, const char *);
void		 write_secret(struct writer *, const char *name, struct secret);
void		 write_int(struct writer *, const char *name, int64_t);
void		 write_bool(struct writer *, const char *name, bool);
void		 write_null(struct writer *, const char *name);
void		 write_uuid(struct writer *, const char *name, struct uuid);
void		 write_time(struct writer *, const char *name, int64_t ms);
/* A number by its decimal text, without the zeros that end it; NULL: null. */
void		 write_decimal(struct writer *, const char *name, const char *);
/* A tree read before, as it was. */
void		 write_tree(struct writer *, const char *name,
		    const struct json *);
/* A NULL text becomes null; the same holds for write_text. */
const char	*writer_text(const struct writer *);

/* ---- setting.c: typed tables of keys, for doorward.conf and for tenants -- */

enum setting_type {
	SETTING_TEXT, SETTING_INT, SETTING_BOOL, SETTING_CHOICE, SETTING_SECRET
};

struct setting {
	const char		*name;
	enum setting_type	 type;
	size_t			 offset;
	const char		*preset;	/* default, as text; NULL: none */
	int64_t			 min, max;	/* SETTING_INT */
	const char		*choices;	/* SETTING_CHOICE: "a|b|c" */
	/* NULL, or: is this text right? Answers what is wrong, or NULL. */
	const char		*(*check)(const char *);
	const char		*unit;		/* "s", "ms", "bytes", … or NULL */
	const char		*about;		/* one sentence for people */
};

#define SETTING_ROW_TEXT(T, m, preset, check, about) \
	{ #m, SETTING_TEXT, AT(T, m, const char *), preset, 0, 0, NULL, check, \
	  NULL, about }
#define SETTING_ROW_INT(T, m, preset, min, max, unit, about) \
	{ #m, SETTING_INT, AT(T, m, int64_t), preset, min, max, NULL, NULL, \
	  unit, about }
#define SETTING_ROW_BOOL(T, m, preset, about) \
	{ #m, SETTING_BOOL, AT(T, m, bool), preset, 0, 0, NULL, NULL, NULL, \
	  about }
#define SETTING_ROW_CHOICE(T, m, preset, choices, about) \
	{ #m, SETTING_CHOICE, AT(T, m, const char *), preset, 0, 0, choices, \
	  NULL, NULL, about }
#define SETTING_ROW_SECRET(T, m, about) \
	{ #m, SETTING_SECRET, AT(T, m, struct secret), NULL, 0, 0, NULL, NULL, \
	  NULL, about }
#define SETTING_END { .name = NULL }

void		 settings_preset(const struct setting *, void *into);
/* NULL, or a sentence saying what is wrong (in the arena). Copies the value. */
const char	*settings_put(struct arena *, const struct setting *, void *into,
		    const char *name, const char *value);
/* The value as text again, for showing; secrets show as "(set)" or "". */
const char	*settings_show(struct arena *, const struct setting *row,
		    const void *from);

#include "base/conf.h"

/* ---- conf_table.c, conf.c: doorward.conf, key = value; file.c ----------- */

extern const struct setting conf_settings[];

/*
 * Read the file over the presets, then see that the whole makes sense.
 * ERR_CONF with one sentence in *why that names file, line and mend.
 */
enum err	 conf_read(struct arena *, const char *path, struct conf *out,
		    const char **why) MUST_USE;
struct conf_faults {
	const char	*list[32];	/* sentences, as conf_read's */
	size_t		 n;
};

/*
 * The same for who wants to know all that is wrong: what cannot be taken is at
 * its preset, or empty. ERR_IO: the file cannot be read.
 */
enum err	 conf_examine(struct arena *, const char *path, struct conf *out,
		    struct conf_faults *) MUST_USE;
/* A whole small text file, at most max bytes, no NUL. ERR_IO. */
enum err	 file_read(struct arena *, const char *path, size_t max,
		    char **out, const char **why) MUST_USE;
/* The same for a secret: others must not be able to read it. */
enum err	 file_read_secret(struct arena *, const char *path, size_t max,
		    char **out, const char **why) MUST_USE;

/* ---- world.c: the only clock and the only dice -------------------------- */

/* ms since 1970; the clock file's content moves it (a signed offset in ms). */
int64_t		 world_now(void);
/* ms that only ever grow, for how long something took; nobody can hold them. */
int64_t		 world_ticks(void);
void		 world_clock_file(const char *path);
/* Bytes of getrandom(2); aborts when there are none. */
void		 world_random(void *, size_t);
/* Uniform in [0, below), by rejection. */
uint32_t	 world_dice(uint32_t below);
/* Sleep, TERM or not. */
void		 world_sleep(int64_t ms);
/* Tests: hold the clock still at this time (0: let it run). */
void		 world_hold(int64_t ms);

#endif
