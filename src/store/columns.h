/* SPDX-License-Identifier: ISC */
/* Columns that several questions of this room answer with. */

#ifndef STORE_COLUMNS_H
#define STORE_COLUMNS_H

#include "store/store.h"

/* A text variable of a compound statement. */
#define TEXT_VAR(n) "VARCHAR(" n ") CHARACTER SET utf8mb4 COLLATE utf8mb4_bin"

#define TENANT_COLUMNS \
	"t.id, t.slug, t.name, t.kind, t.status, t.settings, t.mac_key," \
	" t.founded_by, t.approved_at, t.delete_at, t.created_at, t.updated_at"

/* The same of a struct tenant_row, or of one that is member m of T. */
#define TENANT_COLS(T, m) \
	COL_UUID(T, m id), \
	COL_TEXT(T, m slug), \
	COL_TEXT(T, m name), \
	COL_TEXT(T, m kind), \
	COL_TEXT(T, m status), \
	COL_TEXT(T, m settings), \
	COL_BYTES(T, m mac_key), \
	COL_UUID(T, m founded_by), \
	COL_INT(T, m approved_at), \
	COL_INT(T, m delete_at), \
	COL_INT(T, m created_at), \
	COL_INT(T, m updated_at)

/* Each change of a tenant is told from the one before, whatever the clocks. */
#define TENANT_UPDATED "updated_at = GREATEST(updated_at + 1, ?)"

#define CUSTOMER_COLUMNS \
	"u.id, u.status, u.email, u.email_proven_at, u.phone," \
	" u.phone_proven_at, u.full_name, u.first_name, u.last_name," \
	" u.address, u.id_number, u.date_of_birth, u.nationality," \
	" u.profile_url, u.locale, u.source, u.username, u.email_source," \
	" u.name_source, u.secondary_phone, u.created_at, u.updated_at"

/* The same of a struct customer, or of one at the start of member m of T. */
#define CUSTOMER_COLS(T, m) \
	COL_UUID(T, m id), \
	COL_TEXT(T, m status), \
	COL_TEXT(T, m email), \
	COL_INT(T, m email_proven_at), \
	COL_TEXT(T, m phone), \
	COL_INT(T, m phone_proven_at), \
	COL_TEXT(T, m full_name), \
	COL_TEXT(T, m first_name), \
	COL_TEXT(T, m last_name), \
	COL_TEXT(T, m address), \
	COL_TEXT(T, m id_number), \
	COL_TEXT(T, m date_of_birth), \
	COL_TEXT(T, m nationality), \
	COL_TEXT(T, m profile_url), \
	COL_TEXT(T, m locale), \
	COL_TEXT(T, m source), \
	COL_TEXT(T, m username), \
	COL_TEXT(T, m email_source), \
	COL_TEXT(T, m name_source), \
	COL_TEXT(T, m secondary_phone), \
	COL_INT(T, m created_at), \
	COL_INT(T, m updated_at)

#define SESSION_COLUMNS \
	"s.id, s.customer_id, s.client_id, s.door, s.amr, s.idp, s.salt," \
	" s.generation, s.rotated_at, s.rotated_before_at, s.device," \
	" s.address, s.authenticated_at, s.created_at, s.seen_at," \
	" s.idle_expires_at, s.expires_at, s.ended_at"

#define SESSION_COLS(T, m) \
	COL_UUID(T, m id), \
	COL_UUID(T, m customer), \
	COL_UUID(T, m client), \
	COL_TEXT(T, m door), \
	COL_TEXT(T, m amr), \
	COL_TEXT(T, m idp), \
	COL_FIXED(T, m salt), \
	COL_INT(T, m generation), \
	COL_INT(T, m rotated_at), \
	COL_INT(T, m rotated_before_at), \
	COL_TEXT(T, m device), \
	COL_TEXT(T, m address), \
	COL_INT(T, m authenticated_at), \
	COL_INT(T, m created_at), \
	COL_INT(T, m seen_at), \
	COL_INT(T, m idle_expires_at), \
	COL_INT(T, m expires_at), \
	COL_INT(T, m ended_at)

/* customer.c: a text, or the beginning of one, for LIKE … ESCAPE '|' */
const char	*like_text(struct ctx *, const char *, bool prefix);

#endif
