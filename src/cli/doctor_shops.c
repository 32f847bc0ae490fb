/* SPDX-License-Identifier: ISC */
/* doctor: tenants, their hosts, and the keys that sign for them. */

#include <string.h>

#include "cli/doctor.h"

/* Where no key turns by itself; and how late one that does may be. */
enum { KEY_OLD_DAYS = 365, KEY_LATE_DAYS = 7 };

static const char *
name_of(const struct tenant *t)
{
	return t->slug != NULL ? t->slug : t->text;
}

/* Do this for each tenant. */
static void
tenants_each(
    struct doctor *d, void (*each)(struct doctor *, const struct tenant *))
{
	const struct tenant *t;
	struct tenant_row *rows;
	size_t i, n;

	if (doctor_failed(d, store_tenant_list(d->c, &rows, &n)))
		return;
	for (i = 0; i < n; i++)
		if (!doctor_failed(d, tenant_from_row(d->c, &rows[i], &t)))
			each(d, t);
}

/* ---- sealed secrets ----------------------------------------------------------------- */

static void
sealed_tell(struct doctor *d, const char *what, const struct tenant *t)
{
	doctor_fault(d,
	    arena_print(d->c->arena,
		"put back into %s, beside the newer ones, the line that it "
		"was sealed with",
		d->conf.master_key_file),
	    "The master key does not open %s of '%s'.", what, name_of(t));
}

static void
sealed_check(struct doctor *d, const struct tenant *t)
{
	const struct bytes word = mac_text("try");
	struct signing_key_row *keys;
	struct digest mac;
	size_t i, n;

	tenant_enter(d->c, t);
	if (tenant_mac(d->c, "doctor", &word, 1, &mac))
		sealed_tell(d, "the MAC key", t);
	if (doctor_failed(d, store_signing_key_list(d->c, t->id, &keys, &n)))
		return;
	for (i = 0; i < n; i++)
		if (signing_key_try(d->c, &keys[i]))
			sealed_tell(d,
			    arena_print(
				d->c->arena, "the signing key %s", keys[i].kid),
			    t);
}

void
doctor_sealed(struct doctor *d)
{
	tenants_each(d, sealed_check);
}

/* ---- tenants ------------------------------------------------------------------------- */

static void
tenant_tell(struct doctor *d, const struct tenant *t)
{
	if (t->suspended)
		doctor_info(d, "'%s' is suspended.", name_of(t));
	if (t->held)
		doctor_info(d, "'%s' waits for `doorward tenant approve %s`.",
		    name_of(t), name_of(t));
}

void
doctor_tenants(struct doctor *d)
{
	const struct conf *conf = &d->conf;
	const struct tenant *t;
	bool founding = strcmp(conf->founding, "off") != 0;
	enum err e;

	e = tenant_by_slug(d->c, conf->platform, &t);
	if (founding && (e == ERR_TENANT_UNKNOWN || (!e && !t->platform)))
		doctor_fault(d,
		    arena_print(d->c->arena,
			"doorward tenant create %s --platform", conf->platform),
		    "founding = %s, and no tenant '%s' is the platform.",
		    conf->founding, conf->platform);
	if (*conf->default_shop &&
	    tenant_by_slug(d->c, conf->default_shop, &t) == ERR_TENANT_UNKNOWN)
		doctor_fault(d,
		    arena_print(d->c->arena,
			"doorward tenant create %s; or correct default_shop",
			conf->default_shop),
		    "default_shop = %s: there is no such shop.",
		    conf->default_shop);
	tenants_each(d, tenant_tell);
}

/* ---- hosts ------------------------------------------------------------------------------ */

struct hosts {
	struct host_row *rows;
	size_t n;
};

static const struct host_row *
host_find(const struct hosts *all, const char *host)
{
	size_t i;

	for (i = 0; i < all->n; i++)
		if (strcmp(all->rows[i].host, host) == 0)
			return &all->rows[i];
	return NULL;
}

/* What its settings say must be what requests are led by. */
static void
hosts_compare(struct doctor *d, const struct tenant *t, const struct hosts *all)
{
	char *rest = arena_text(d->c->arena, t->set.hosts), *host;
	const struct host_row *row;

	while ((host = strsep(&rest, " ")) != NULL) {
		if (*host == '\0')
			continue;
		row = host_find(all, host);
		if (row == NULL || !uuid_equal(row->tenant, t->id))
			doctor_fault(d,
			    arena_print(d->c->arena,
				"doorward tenant set %s hosts \"%s\", and "
				"take it from the other",
				name_of(t), t->set.hosts),
			    "%s is among the hosts of '%s', but leads to %s.",
			    host, name_of(t),
			    row == NULL ? "nobody" : "another tenant");
	}
}

void
doctor_hosts(struct doctor *d)
{
	const struct tenant *t;
	struct tenant_row *rows;
	struct hosts all;
	size_t i, n;

	if (doctor_failed(d, store_doctor_hosts(d->c, &all.rows, &all.n)) ||
	    doctor_failed(d, store_tenant_list(d->c, &rows, &n)))
		return;
	for (i = 0; i < n; i++)
		if (!doctor_failed(d, tenant_from_row(d->c, &rows[i], &t)))
			hosts_compare(d, t, &all);
	doctor_word(d, "%zu", all.n);
}

/* ---- signing keys -------------------------------------------------------------------------- */

static int64_t
key_days_most(const struct tenant *t)
{
	int64_t days = t->set.key_rotation_days;

	return days > 0 ? days + KEY_LATE_DAYS : KEY_OLD_DAYS;
}

/* The present one will end, and no other one is there to sign then. */
static void
end_check(struct doctor *d, const struct tenant *t, enum alg alg)
{
	struct signing_key_row *list;
	size_t n;

	if (doctor_failed(d, store_signing_key_list(d->c, t->id, &list, &n)) ||
	    signing_key_lasts(d->c, list, n, alg))
		return;
	doctor_fault(d,
	    arena_print(d->c->arena, "doorward key rotate %s --alg %s",
		name_of(t), alg_name(alg)),
	    "The %s key of '%s' ends, and no other one takes its place: "
	    "nobody can sign in there then.",
	    alg_name(alg), name_of(t));
}

static void
key_check(struct doctor *d, const struct tenant *t, enum alg which)
{
	const char *alg = alg_name(which);
	struct arena *a = d->c->arena;
	struct signing_key_row row;
	int64_t days;
	enum err e;

	e = store_signing_key_current(d->c, t->id, alg, &row);
	if (e == ERR_NOT_FOUND) {
		doctor_fault(d,
		    arena_print(
			a, "doorward key create %s --alg %s", name_of(t), alg),
		    "No %s key signs for '%s': nobody can sign in there.", alg,
		    name_of(t));
		return;
	}
	if (doctor_failed(d, e))
		return;
	end_check(d, t, which);
	days = (d->c->now - row.signs_from) / DAY_MS;
	if (days > key_days_most(t))
		doctor_warn(d,
		    arena_print(
			a, "doorward key rotate %s --alg %s", name_of(t), alg),
		    "The %s key of '%s' is due to be replaced: it signs for "
		    "%lld days.",
		    alg, name_of(t), (long long)days);
}

static void
keys_check(struct doctor *d, const struct tenant *t)
{
	static const enum alg algs[] = {ALG_HS512, ALG_ES256};
	size_t i;

	for (i = 0; i < COUNT(algs); i++)
		if (!t->suspended && doors_sign_by(&t->set, algs[i]))
			key_check(d, t, algs[i]);
}

void
doctor_keys(struct doctor *d)
{
	tenants_each(d, keys_check);
}
