/* SPDX-License-Identifier: ISC */
/* doorward customer export: all that is held of somebody, for them to have. */

#include <stdio.h>

#include "cli/cli.h"

void
cli_write_time(struct writer *w, const char *name, int64_t ms)
{
	if (ms != 0)
		write_time(w, name, ms);
	else
		write_null(w, name);
}

static void
write_id(struct writer *w, const char *name, struct uuid id)
{
	if (uuid_is_nil(id))
		write_null(w, name);
	else
		write_uuid(w, name, id);
}

static void
profile_write(struct writer *w, const struct customer *u)
{
	write_map(w, "profile");
	write_uuid(w, "id", u->id);
	write_text(w, "status", u->status);
	write_text(w, "email", u->email);
	cli_write_time(w, "email_proven", u->email_proven_at);
	write_text(w, "email_source", u->email_source);
	write_text(w, "phone", u->phone);
	cli_write_time(w, "phone_proven", u->phone_proven_at);
	write_text(w, "secondary_phone", u->secondary_phone);
	write_text(w, "full_name", u->full_name);
	write_text(w, "first_name", u->first_name);
	write_text(w, "last_name", u->last_name);
	write_text(w, "name_source", u->name_source);
	write_text(w, "address", u->address);
	write_text(w, "id_number", u->id_number);
	write_text(w, "date_of_birth", u->date_of_birth);
	write_text(w, "nationality", u->nationality);
	write_text(w, "profile_url", u->profile_url);
	write_text(w, "locale", u->locale);
	write_text(w, "source", u->source);
	write_text(w, "username", u->username);
	write_time(w, "created", u->created_at);
	write_time(w, "updated", u->updated_at);
	write_map_end(w);
}

void
cli_dossier_write(struct writer *w, const struct dossier *d)
{
	const struct identity_row *row;

	profile_write(w, &d->customer);
	write_list(w, "identities");
	for (row = d->identities; row < d->identities + d->identities_n;
	     row++) {
		write_map(w, NULL);
		write_text(w, "kind", row->kind);
		write_text(w, "value", row->value);
		cli_write_time(w, "proven", row->proven_at);
		write_time(w, "created", row->created_at);
		write_map_end(w);
	}
	write_list_end(w);
}

/* Neither salt nor generation: they make tokens. */
static void
sessions_write(struct writer *w, const struct dossier *d)
{
	const struct session_row *row;
	const struct session *s;

	write_list(w, "sessions");
	for (row = d->sessions; row < d->sessions + d->sessions_n; row++) {
		s = &row->session;
		write_map(w, NULL);
		write_uuid(w, "id", s->id);
		write_text(w, "device", s->device);
		write_text(w, "address", s->address);
		write_text(w, "amr", s->amr);
		write_text(w, "idp", s->idp);
		write_text(w, "door", s->door);
		write_time(w, "authenticated", s->authenticated_at);
		write_time(w, "created", s->created_at);
		write_time(w, "seen", s->seen_at);
		write_time(w, "expires", session_ends_at(s));
		cli_write_time(w, "ended", s->ended_at);
		write_text(w, "end_reason", row->end_reason);
		write_map_end(w);
	}
	write_list_end(w);
}

/* The codes and links that were sent, but for what they were. */
static void
proofs_write(struct ctx *c, struct writer *w, const struct dossier_rest *r)
{
	const struct proof_row *row;
	struct ip from;
	size_t i;

	write_list(w, "messages");
	for (row = r->proofs; row < r->proofs + r->proofs_n; row++) {
		for (i = 0; i < sizeof(from.b); i++)
			from.b[i] = row->begun_from[i];
		write_map(w, NULL);
		write_text(w, "channel", row->channel);
		write_text(w, "destination", row->destination);
		write_text(w, "asked_for_from", ip_text(c->arena, &from));
		write_time(w, "created", row->created_at);
		write_time(w, "expires", row->expires_at);
		cli_write_time(w, "used", row->spent_at);
		write_map_end(w);
	}
	write_list_end(w);
}

static void
places_write(struct writer *w, const struct dossier_rest *r)
{
	const struct place_row *row;

	write_list(w, "locations");
	for (row = r->places; row < r->places + r->places_n; row++) {
		write_map(w, NULL);
		write_uuid(w, "id", row->id);
		write_text(w, "type", row->type);
		write_text(w, "address1", row->address1);
		write_text(w, "address2", row->address2);
		write_text(w, "city_name", row->city_name);
		write_text(w, "postal_code", row->postal_code);
		write_text(w, "country_code", row->country_code);
		write_text(w, "latitude", row->latitude);
		write_text(w, "longitude", row->longitude);
		write_text(w, "formatted_address", row->formatted_address);
		write_text(w, "description", row->description);
		write_time(w, "created", row->created_at);
		write_time(w, "updated", row->updated_at);
		write_map_end(w);
	}
	write_list_end(w);
}

/* As the shop wrote them: attributes are its own text. */
static void
cart_write_lines(struct writer *w, const struct cart *cart)
{
	const struct cart_line *line;

	write_list(w, "cart");
	for (line = cart->lines; line < cart->lines + cart->n; line++) {
		write_map(w, NULL);
		write_text(w, "product_id", line->product_id);
		write_text(w, "variant_id", line->variant_id);
		write_int(w, "quantity", line->quantity);
		write_text(w, "attributes", line->attributes);
		write_map_end(w);
	}
	write_list_end(w);
}

static void
events_write(struct writer *w, const struct dossier_rest *r)
{
	const struct audit_row *row;

	write_list(w, "events");
	for (row = r->events; row < r->events + r->events_n; row++) {
		write_map(w, NULL);
		write_time(w, "at", row->at);
		write_text(w, "event", row->event);
		write_text(w, "result", row->result);
		write_text(w, "actor", row->actor);
		write_id(w, "session", row->session);
		write_text(w, "address", row->address);
		write_text(w, "detail", row->detail);
		write_map_end(w);
	}
	write_list_end(w);
}

enum err
cli_customer_export(struct ctx *c, const struct given *in)
{
	struct writer w = writer_new(c->arena);
	struct dossier_rest rest;
	struct dossier d;
	struct customer u;
	enum err e;

	if ((e = cli_shop_enter(c, in->operands[0])) ||
	    (e = cli_customer_named(c, in->operands[0], in->operands[1], &u)) ||
	    (e = dossier_open(c, &u, &d)) || (e = dossier_export(c, &u, &rest)))
		return e;
	write_map(&w, NULL);
	write_text(&w, "shop", c->tenant->name);
	write_time(&w, "exported", c->now);
	cli_dossier_write(&w, &d);
	sessions_write(&w, &d);
	proofs_write(c, &w, &rest);
	cart_write_lines(&w, &rest.cart);
	places_write(&w, &rest);
	events_write(&w, &rest);
	write_map_end(&w);
	puts(writer_text(&w));
	return OK;
}
