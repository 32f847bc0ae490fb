/* SPDX-License-Identifier: ISC */
/* Pieces of answers that several endpoints say. */

#include "api/api.h"

struct writer
envelope_open(struct ctx *c, const char *message)
{
	struct writer w = writer_new(c->arena);

	write_map(&w, NULL);
	write_bool(&w, "status", true);
	write_text(&w, "message", message);
	return w;
}

enum err
envelope_send(struct call *call, struct writer *w)
{
	write_map_end(w);
	return words_send(call, w);
}

enum err
words_send(struct call *call, struct writer *w)
{
	response_body(call->res, 200, JSON_TYPE, writer_text(w));
	return OK;
}

enum err
words_done(struct ctx *c, struct call *call, const char *message)
{
	struct writer w = envelope_open(c, message);

	write_map(&w, "data");
	write_map_end(&w);
	return envelope_send(call, &w);
}

void
words_user(struct ctx *c, struct writer *w, const struct customer *of)
{
	write_uuid(w, "id", of->id);
	write_text(w, "email", of->email);
	write_text(w, "fullName", of->full_name);
	write_text(w, "phoneNumber", of->phone);
	write_text(w, "address", of->address);
	write_text(w, "role", "customer");
	write_null(w, "merchantId");
	write_text(w, "tenantId", c->tenant->text);
	write_time(w, "createdAt", of->created_at);
}

void
words_merchant(struct writer *w, const struct merchant_login *of)
{
	const struct customer *account = &of->login.customer;

	write_uuid(w, "id", account->id);
	write_text(w, "email", account->email);
	write_text(w, "fullName", account->full_name);
	write_text(w, "phoneNumber", account->phone);
	write_text(w, "address", account->address);
	write_map(w, "role");
	write_text(w, "name", "Merchant");
	write_text(w, "slug", "merchant");
	write_map_end(w);
	write_uuid(w, "merchantId", account->id);
	write_text(w, "tenantId", of->shop ? of->shop->text : NULL);
	write_time(w, "createdAt", account->created_at);
}

void
words_customer(struct writer *w, const struct customer *of)
{
	write_uuid(w, "id", of->id);
	write_text(w, "email", of->email);
	write_text(w, "fullName", of->full_name);
	write_text(w, "firstName", of->first_name);
	write_text(w, "lastName", of->last_name);
	write_text(w, "phoneNumber", of->phone);
	write_text(w, "address", of->address);
	write_text(w, "status", of->status);
	write_time(w, "createdAt", of->created_at);
	write_time(w, "updatedAt", of->updated_at);
}

void
words_proven(struct writer *w, const struct customer *of)
{
	write_bool(w, "emailVerified", of->email_proven_at != 0);
	write_bool(w, "phoneVerified", of->phone_proven_at != 0);
}

void
words_tokens(struct writer *w, const struct tokens *of)
{
	write_secret(w, "token", of->access);
	write_secret(w, "refreshToken", of->refresh);
	write_int(w, "expiresIn", of->access_ms);
	write_int(w, "refreshTokenExpiresIn", of->refresh_ms);
}
