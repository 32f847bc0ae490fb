/* SPDX-License-Identifier: ISC */
/* The development inbox: what would have been sent, for who develops. */

#include "api/api.h"
#include "delivery/delivery.h"

static void
write_item(struct writer *w, const struct inbox_item *of)
{
	write_uuid(w, "id", of->id);
	write_text(w, "kind", message_kind_name(of->kind));
	write_text(w, "to", of->to);
	write_text(w, "subject", of->subject);
	write_time(w, "at", of->at);
}

/* 200 with the newest messages, without their texts. */
static enum err
show_all(struct ctx *c, struct call *call, const void *in)
{
	struct inbox_item *list;
	struct writer w;
	size_t i, n;
	enum err e;

	(void)in;
	if ((e = inbox_list(c, &list, &n)))
		return e;
	w = writer_new(c->arena);
	write_map(&w, NULL);
	write_list(&w, "messages");
	for (i = 0; i < n; i++) {
		write_map(&w, NULL);
		write_item(&w, &list[i]);
		write_map_end(&w);
	}
	write_list_end(&w);
	write_map_end(&w);
	return words_send(call, &w);
}

/* 200 with all of one message; 404. */
static enum err
show_one(struct ctx *c, struct call *call, const void *in)
{
	struct inbox_item item;
	struct writer w;
	struct uuid id;
	enum err e;

	(void)in;
	if (!uuid_read(call->param, &id))
		return fail(c, ERR_NOT_FOUND, "the message's id is no UUID");
	if ((e = inbox_find(c, id, &item)))
		return e;
	w = writer_new(c->arena);
	write_map(&w, NULL);
	write_item(&w, &item);
	write_text(&w, "text", item.text);
	write_text(&w, "html", item.html);
	write_map_end(&w);
	return words_send(call, &w);
}

const struct endpoint inbox_show_all = {show_all, NULL, 0};
const struct endpoint inbox_show_one = {show_one, NULL, 0};
