/* SPDX-License-Identifier: ISC */
/* What the channel file has written, read again: the development inbox. */

#include <dirent.h>
#include <errno.h>
#include <string.h>

#include "delivery/delivery.h"

enum { UUID_TEXT = 36, FILE_MAX = 256 * 1024 };

#define LAST_TIME_MS INT64_C(9999999999999)

/* clang-format off */
static const struct {
	const char	 *ending;
	enum message_kind kind;
} endings[] = {
	{ ".eml",	   MESSAGE_EMAIL },
	{ ".sms.txt",	   MESSAGE_SMS },
	{ ".whatsapp.txt", MESSAGE_WHATSAPP },
};
/* clang-format on */

/* A file of the folder, and what its name says of it. */
struct entry {
	const char *name;
	struct inbox_item item;
};

/* The newest so far, in order. */
struct shelf {
	struct entry list[INBOX_MAX];
	size_t n;
};

bool
inbox_in_use(const struct conf *conf)
{
	const struct channel *ch;
	enum message_kind kind;

	for (kind = MESSAGE_EMAIL; kind <= MESSAGE_WHATSAPP; kind++)
		if ((ch = channel_for(conf, kind)) && ch->send == file_send)
			return true;
	return false;
}

/* ---- names ------------------------------------------------------------------ */

/* <ms>-<id>.<ending>, as file.c writes them; all else is none of ours. */
static bool
name_read(struct ctx *c, const char *name, struct inbox_item *out)
{
	size_t n = strcspn(name, "-"), i;
	const char *id = name + n + 1;

	if (name[n] == '\0' || strlen(id) <= UUID_TEXT ||
	    !number_read(
		arena_copy(c->arena, name, n), LAST_TIME_MS, &out->at) ||
	    !uuid_read(arena_copy(c->arena, id, UUID_TEXT), &out->id))
		return false;
	for (i = 0; i < COUNT(endings); i++)
		if (strcmp(id + UUID_TEXT, endings[i].ending) == 0) {
			out->kind = endings[i].kind;
			return true;
		}
	return false;
}

static bool
is_newer(const struct inbox_item *a, const struct inbox_item *b)
{
	if (a->at != b->at)
		return a->at > b->at;
	return memcmp(a->id.b, b->id.b, sizeof(a->id.b)) > 0;
}

static void
shelf_put(struct ctx *c, struct shelf *shelf, const struct entry *entry)
{
	size_t at = shelf->n;

	while (at > 0 && is_newer(&entry->item, &shelf->list[at - 1].item))
		at--;
	if (at == INBOX_MAX)
		return;
	if (shelf->n < INBOX_MAX)
		shelf->n++;
	memmove(&shelf->list[at + 1], &shelf->list[at],
	    (shelf->n - at - 1) * sizeof(shelf->list[0]));
	shelf->list[at] = *entry;
	shelf->list[at].name = arena_text(c->arena, entry->name);
}

/* All of them when id is NULL, else that one. */
static enum err
folder_read(struct ctx *c, const struct uuid *id, struct shelf *shelf)
{
	const char *path = c->conf->message_dir;
	DIR *dir = opendir(path ? path : "");
	const struct dirent *file;
	struct entry entry = {.name = NULL};

	if (!dir)
		return fail(c, ERR_IO, "message_dir: %s", strerror(errno));
	while ((file = readdir(dir)) != NULL) {
		entry.name = file->d_name;
		if (name_read(c, file->d_name, &entry.item) &&
		    (!id || uuid_equal(*id, entry.item.id)))
			shelf_put(c, shelf, &entry);
	}
	closedir(dir);
	return OK;
}

/* ---- what is in them ---------------------------------------------------------- */

/* The standard alphabet, padded; NULL: no such text. */
static const char *
base64_read(struct ctx *c, const char *s, size_t len)
{
	char *copy = arena_copy(c->arena, s, len), *p;
	unsigned char *bytes;
	size_t n;

	for (p = copy; *p; p++)
		*p = *p == '+' ? '-' : *p == '/' ? '_' : *p;
	bytes = base64url_read(c->arena, copy, strcspn(copy, "="), &n);
	return bytes ? arena_copy(c->arena, (const char *)bytes, n) : NULL;
}

/* A header's value without the encoding of mail_word(). */
static const char *
word_read(struct ctx *c, const char *value)
{
	static const char head[] = "=?UTF-8?B?";
	struct text t = text_new(c->arena);
	const char *end, *plain;

	for (text_add(&t, ""); *value; value = end + 2 + (end[2] == ' ')) {
		end = strstr(value, "?=");
		if (strncmp(value, head, sizeof(head) - 1) != 0 || !end)
			break;
		value += sizeof(head) - 1;
		plain = base64_read(c, value, (size_t)(end - value));
		text_add(&t, plain ? plain : "");
	}
	text_add(&t, value);
	return t.s;
}

/* "To" of the lines before the blank one; "" when there is none. */
static const char *
header_read(struct ctx *c, const char *file, const char *name)
{
	size_t n = strlen(name), len;

	for (; (len = strcspn(file, "\n")) > 0; file += len + 1) {
		if (strncmp(file, name, n) == 0 && file[n] == ':')
			return arena_copy(c->arena, file + n + 2, len - n - 2);
		if (file[len] == '\0')
			break;
	}
	return "";
}

static const char *
after_blank(const char *s)
{
	const char *blank = s ? strstr(s, "\n\n") : NULL;

	return blank ? blank + 2 : NULL;
}

/* A mail's part of that type; NULL: it has none. */
static const char *
part_read(struct ctx *c, const char *file, const char *type)
{
	const char *head = arena_print(c->arena,
	    "\n--" MAIL_BOUNDARY "\nContent-Type: %s; charset=utf-8\n", type);
	const char *body = after_blank(strstr(file, head));
	const char *end = body ? strstr(body, "\n--" MAIL_BOUNDARY) : NULL;

	return end ? arena_copy(c->arena, body, (size_t)(end - body)) : NULL;
}

static enum err
entry_open(struct ctx *c, const struct entry *entry, struct inbox_item *out)
{
	const char *path =
	    arena_print(c->arena, "%s/%s", c->conf->message_dir, entry->name);
	const char *why, *text;
	char *file;

	*out = entry->item;
	if (file_read(c->arena, path, FILE_MAX, &file, &why))
		return fail(c, ERR_IO, "%s", why);
	out->to = header_read(c, file, "To");
	text = out->kind == MESSAGE_EMAIL ? part_read(c, file, "text/plain")
					  : after_blank(file);
	out->text = text ? text : "";
	if (out->kind != MESSAGE_EMAIL)
		return OK;
	out->subject = word_read(c, header_read(c, file, "Subject"));
	out->html = part_read(c, file, "text/html");
	return OK;
}

/* ---- the two questions ---------------------------------------------------------- */

enum err
inbox_list(struct ctx *c, struct inbox_item **out, size_t *n)
{
	struct shelf *shelf = arena_get(c->arena, sizeof(*shelf));
	size_t i;
	enum err e;

	if ((e = folder_read(c, NULL, shelf)))
		return e;
	*out = arena_list(c->arena, shelf->n, sizeof(**out));
	*n = shelf->n;
	for (i = 0; i < shelf->n; i++)
		if ((e = entry_open(c, &shelf->list[i], &(*out)[i])))
			return e;
	return OK;
}

enum err
inbox_find(struct ctx *c, struct uuid id, struct inbox_item *out)
{
	struct shelf *shelf = arena_get(c->arena, sizeof(*shelf));
	enum err e;

	if ((e = folder_read(c, &id, shelf)))
		return e;
	if (shelf->n == 0)
		return fail(c, ERR_NOT_FOUND, "no such message");
	return entry_open(c, &shelf->list[0], out);
}
