/* SPDX-License-Identifier: ISC */
/* log: one JSON line per event on stderr, in one write. */

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/base.h"

enum {
	LINE_MAX_BYTES = 2048,
	DETAIL_MAX_BYTES = 1024,
	TIME_ROOM = 32,
	CLOSING = 3 /* quote, brace, line feed */
};

static const char *const levels[] = {
    [LOG_DEBUG] = "debug",
    [LOG_INFO] = "info",
    [LOG_WARN] = "warn",
    [LOG_ERROR] = "error",
};

static enum log_level least = LOG_INFO;

struct line {
	char s[LINE_MAX_BYTES];
	size_t len;
};

static void event_write(const struct ctx *, enum log_level, const char *,
    const char *, va_list) PRINTF(4, 0);

void
log_level_set(enum log_level level)
{
	least = level;
}

bool
log_level_read(const char *s, enum log_level *out)
{
	size_t i;

	for (i = 0; s != NULL && i < COUNT(levels); i++) {
		if (strcmp(s, levels[i]) == 0) {
			*out = (enum log_level)i;
			return true;
		}
	}
	return false;
}

/* False, and nothing added, when the line would have no room to be closed. */
static bool
line_add(struct line *line, const char *s, size_t n)
{
	if (line->len + n > sizeof(line->s) - CLOSING)
		return false;
	memcpy(line->s + line->len, s, n);
	line->len += n;
	return true;
}

/* The bytes of the code point at s, 0 when it is not UTF-8. */
static size_t
point_bytes(const char *s)
{
	unsigned char lead = (unsigned char)*s;
	size_t n = 1, i;

	if (lead >= 0xf0)
		n = 4;
	else if (lead >= 0xe0)
		n = 3;
	else if (lead >= 0xc0)
		n = 2;
	for (i = 1; i < n; i++)
		if (s[i] == '\0')
			return 0;
	return utf8_valid(s, n) ? n : 0;
}

/* The next piece of s as JSON shows it; answers how many bytes of s it is. */
static size_t
piece_escape(const char *s, char out[8])
{
	unsigned char c = (unsigned char)*s;
	size_t n = point_bytes(s);

	if (n == 0)
		(void)snprintf(out, 8, "\\ufffd");
	else if (c == '"' || c == '\\')
		(void)snprintf(out, 8, "\\%c", c);
	else if (c < 0x20 || c == 0x7f)
		(void)snprintf(out, 8, "\\u%04x", c);
	else
		(void)snprintf(out, 8, "%.*s", (int)n, s);
	return n > 0 ? n : 1;
}

static void
line_add_escaped(struct line *line, const char *s)
{
	char piece[8];
	size_t n;

	for (; *s != '\0'; s += n) {
		n = piece_escape(s, piece);
		if (!line_add(line, piece, strlen(piece)))
			return;
	}
}

/* One member; left out when there is no value. */
static void
line_member(struct line *line, const char *name, const char *value)
{
	char start[32];
	int n;

	if (value == NULL || value[0] == '\0')
		return;
	n = snprintf(start, sizeof(start), "%s\"%s\":\"",
	    line->len == 0 ? "{" : ",", name);
	if (!line_add(line, start, (size_t)n))
		return;
	line_add_escaped(line, value);
	line->s[line->len++] = '"';
}

static void
now_text(char out[TIME_ROOM])
{
	int64_t ms = world_now();
	time_t seconds = (time_t)(ms / SECOND_MS);
	struct tm tm;
	size_t n;

	if (ms < 0 || gmtime_r(&seconds, &tm) == NULL)
		memset(&tm, 0, sizeof(tm));
	n = strftime(out, TIME_ROOM, "%Y-%m-%dT%H:%M:%S", &tm);
	(void)snprintf(out + n, TIME_ROOM - n, ".%03dZ",
	    (int)(ms < 0 ? 0 : ms % SECOND_MS));
}

static void
line_write(struct line *line)
{
	ssize_t done;

	line->s[line->len++] = '}';
	line->s[line->len++] = '\n';
	do
		done = write(STDERR_FILENO, line->s, line->len);
	while (done < 0 && errno == EINTR);
}

static void
event_write(const struct ctx *c, enum log_level level, const char *event,
    const char *format, va_list args)
{
	char detail[DETAIL_MAX_BYTES + 1], ts[TIME_ROOM];
	struct line line = {.len = 0};
	int saved = errno;

	if (vsnprintf(detail, sizeof(detail), format, args) < 0)
		detail[0] = '\0';
	now_text(ts);
	line_member(&line, "ts", ts);
	line_member(&line, "level", levels[level]);
	line_member(&line, "event", event);
	if (c != NULL) {
		line_member(&line, "request_id", c->id);
		line_member(&line, "tenant", c->log_tenant);
		line_member(&line, "address", c->address);
	}
	line_member(&line, "detail", detail);
	line_write(&line);
	errno = saved;
}

void
log_event(const struct ctx *c, enum log_level level, const char *event,
    const char *detail, ...)
{
	va_list args;

	if (level < least)
		return;
	va_start(args, detail);
	event_write(c, level, event, detail, args);
	va_end(args);
}

enum err
fail(const struct ctx *c, enum err e, const char *detail, ...)
{
	enum log_level level = err_status(e) >= 500 ? LOG_ERROR : LOG_INFO;
	va_list args;

	if (level < least)
		return e;
	va_start(args, detail);
	event_write(c, level, err_name(e), detail, args);
	va_end(args);
	return e;
}
