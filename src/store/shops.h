/* SPDX-License-Identifier: ISC */
/* Questions about tenants: who they are, their keys, who runs them. */

#ifndef STORE_SHOPS_H
#define STORE_SHOPS_H

#include "db/db.h"

/* ---- tenant.c -------------------------------------------------------------- */

struct tenant_row {
	struct uuid	 id;
	const char	*slug;			/* NULL: none */
	const char	*name;
	const char	*kind;			/* platform|shop */
	const char	*status;		/* active|suspended|deleting */
	const char	*settings;		/* lines name = value */
	struct bytes	 mac_key;		/* sealed */
	struct uuid	 founded_by;		/* nil: the operator made it */
	int64_t		 approved_at;		/* 0: not yet */
	int64_t		 delete_at;		/* 0: it stays */
	int64_t		 created_at;
	int64_t		 updated_at;		/* another after each change */
	struct uuid	 key_id;		/* the API key it was found by */
	int64_t		 key_per_minute;	/* and how often that may be used */
};

/* By the hash of a publishable key that is active and not expired. */
enum err	 store_tenant_by_key(struct ctx *, struct bytes hash,
		    struct tenant_row *) MUST_USE;
/* By a host of its settings, else by slug (the configuration's default). */
enum err	 store_tenant_by_host(struct ctx *, const char *host,
		    const char *slug, struct tenant_row *) MUST_USE;
enum err	 store_tenant_by_slug(struct ctx *, const char *slug,
		    struct tenant_row *) MUST_USE;
enum err	 store_tenant_by_id(struct ctx *, struct uuid,
		    struct tenant_row *) MUST_USE;
enum err	 store_tenant_add(struct ctx *,
		    const struct tenant_row *) MUST_USE;
enum err	 store_tenant_list(struct ctx *, struct tenant_row **,
		    size_t *n) MUST_USE;
/*
 * Its name and settings. tokens_until: when the last token ends that was signed
 * for a longer life than is set now; 0: there is none.
 */
enum err	 store_tenant_set(struct ctx *, const struct tenant_row *,
		    int64_t tokens_until) MUST_USE;
/* Hosts and origins of one tenant, replaced as a whole (in a transaction). */
enum err	 store_tenant_names_clear(struct ctx *, struct uuid) MUST_USE;
enum err	 store_tenant_name_add(struct ctx *, struct uuid,
		    const char *kind, const char *value) MUST_USE;
/* Is this origin on any tenant's list? ERR_NOT_FOUND: no. */
enum err	 store_origin_known(struct ctx *, const char *origin) MUST_USE;
/* The database answers (readyz). */
enum err	 store_ping(struct ctx *) MUST_USE;

/* ---- apikey.c, signing_key.c ------------------------------------------------ */

struct api_key_row {
	struct uuid	 id;
	const char	*kind;			/* publishable|secret|partner */
	const char	*name;
	const char	*prefix;
	struct bytes	 secret_hash;		/* only on the way in */
	const char	*scopes;		/* blank-separated */
	const char	*source;		/* a partner's; else NULL */
	const char	*networks;		/* it may come from; "": any */
	int64_t		 per_minute;		/* 0: as the code has it */
	const char	*status;		/* active|inactive|revoked */
	int64_t		 expires_at;		/* 0: never */
	int64_t		 last_used_at;		/* 0: not yet */
	int64_t		 created_at;
};

struct api_key_found {
	struct api_key_row	 key;
	struct tenant_row	 tenant;
};

enum err	 store_api_key_add(struct ctx *, struct uuid tenant,
		    const struct api_key_row *) MUST_USE;
enum err	 store_api_key_list(struct ctx *, struct uuid tenant,
		    struct api_key_row **, size_t *n) MUST_USE;
/* Whatever its status: who asks decides what that means. ERR_NOT_FOUND. */
enum err	 store_api_key_find(struct ctx *, struct bytes hash,
		    struct api_key_found *) MUST_USE;
/* From what it is to what it shall be; a revoked one stays. ERR_NOT_FOUND. */
enum err	 store_api_key_status(struct ctx *, struct uuid tenant,
		    struct uuid id, const char *status) MUST_USE;
/* Remember its use, unless a younger one within `least` ms is known. */
enum err	 store_api_key_used(struct ctx *, struct uuid tenant,
		    struct uuid id, int64_t least) MUST_USE;

struct signing_key_row {
	struct uuid	 tenant, id;
	const char	*kid;
	const char	*alg;
	struct bytes	 material;		/* sealed */
	int64_t		 signs_from;
	int64_t		 retires_at;		/* 0: not yet */
	int64_t		 created_at;
};

enum err	 store_signing_key_add(struct ctx *,
		    const struct signing_key_row *) MUST_USE;
enum err	 store_signing_key_by_kid(struct ctx *, const char *kid,
		    struct signing_key_row *) MUST_USE;
/* The newest of this algorithm that signs by now. */
enum err	 store_signing_key_current(struct ctx *, struct uuid tenant,
		    const char *alg, struct signing_key_row *) MUST_USE;
enum err	 store_signing_key_list(struct ctx *, struct uuid tenant,
		    struct signing_key_row **, size_t *n) MUST_USE;
/* Those of this algorithm that are not retired, the oldest first. */
enum err	 store_signing_key_published(struct ctx *, struct uuid tenant,
		    const char *alg, struct signing_key_row **,
		    size_t *n) MUST_USE;
/* Only when none of its algorithm, that nobody retired, was made after since. */
enum err	 store_signing_key_add_unless(struct ctx *,
		    const struct signing_key_row *, int64_t since,
		    bool *added) MUST_USE;
/* From now on. ERR_NOT_FOUND: no such key, or retired already. */
enum err	 store_signing_key_retire(struct ctx *, struct uuid tenant,
		    const char *kid) MUST_USE;
/*
 * All others of its algorithm that nobody retired yet: when the tokens end that
 * they sign as it is set now, and those of before (tokens_until); so many ms
 * after.
 */
enum err	 store_signing_key_retire_others(struct ctx *,
		    const struct signing_key_row *, int64_t tokens_end,
		    int64_t leeway_ms) MUST_USE;
/* Who changes a tenant's keys waits here for who does, to the transaction's end. */
enum err	 store_signing_key_lock(struct ctx *, struct uuid tenant) MUST_USE;

struct key_age {
	struct tenant_row	 tenant;
	const char		*alg;		/* NULL: it has no key at all */
	int64_t			 newest;	/* created_at */
	int64_t			 retires_at;	/* 0: the newest that stays */
};

/*
 * Of up to so many tenants whose id is above, in the order of their ids: of each
 * algorithm the newest key that has no end, or else the newest.
 */
enum err	 store_signing_key_ages(struct ctx *, const struct uuid *after,
		    int64_t most, struct key_age **, size_t *n) MUST_USE;

/* ---- member.c: who runs which shop ------------------------------------------- */

struct member_row {
	struct uuid	 account;
	const char	*role;
	const char	*email, *phone;		/* of the account */
	int64_t		 created_at;
};

/* Shops that this account runs, the oldest first, two at most; or this one. */
enum err	 store_member_shops(struct ctx *, struct uuid account,
		    struct uuid shop, struct tenant_row **, size_t *n) MUST_USE;
enum err	 store_member_add(struct ctx *, struct uuid shop,
		    struct uuid account, const char *role) MUST_USE;
enum err	 store_member_remove(struct ctx *, struct uuid shop,
		    struct uuid account) MUST_USE;
enum err	 store_member_list(struct ctx *, struct uuid shop,
		    struct uuid platform, struct member_row **,
		    size_t *n) MUST_USE;

/* ---- founding.c: invitations, approval, suspension, deletion ------------------- */

enum err	 store_invitation_add(struct ctx *, struct uuid platform,
		    const char *email, int64_t expires_at) MUST_USE;
/* Spend it: ERR_NOT_FOUND when there is none that is live. */
enum err	 store_invitation_spend(struct ctx *, struct uuid platform,
		    const char *email) MUST_USE;
/* ERR_NOT_FOUND: approved already, or no shop. */
enum err	 store_tenant_approve(struct ctx *, struct uuid) MUST_USE;
/*
 * active|suspended|deleting; delete_at 0: it stays. kept: of one that is being
 * deleted and has a minute left; else of one that is not. ERR_NOT_FOUND.
 */
enum err	 store_tenant_status(struct ctx *, struct uuid,
		    const char *status, int64_t delete_at, bool kept) MUST_USE;
/* One of those whose time has come. ERR_NOT_FOUND: none. */
enum err	 store_tenant_gone(struct ctx *, struct uuid *) MUST_USE;
/* Delete up to a batch of its rows of each kind, itself last; how many. */
enum err	 store_tenant_erase(struct ctx *, struct uuid, int64_t batch,
		    uint64_t *n) MUST_USE;

#endif
