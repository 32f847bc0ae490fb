/* SPDX-License-Identifier: ISC */
/* Faults of tenants and of the keys that sign for them. */

#include "sick.h"

#define OTHER_KEY \
	"1 100102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n"
#define KEY_LINE \
	"1 000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n"

static void
another_master(struct sick *k)
{
	sick_file(k, "master.key", OTHER_KEY, 0600);
}

static void
right_master(struct sick *k)
{
	sick_file(k, "master.key", KEY_LINE, 0600);
}

static void
key_bent(struct sick *k)
{
	stage_do(&k->s, "CREATE TABLE kept AS SELECT * FROM signing_keys");
	stage_do(&k->s, "UPDATE signing_keys SET material = "
			"CONCAT(material, 'x') WHERE alg = 'ES256'");
}

static void
key_straight(struct sick *k)
{
	stage_do(&k->s, "UPDATE signing_keys s JOIN kept ON kept.id = s.id "
			"SET s.material = kept.material");
	stage_do(&k->s, "DROP TABLE kept");
}

static void
keys_later(struct sick *k)
{
	stage_do(
	    &k->s, "UPDATE signing_keys SET signs_from = signs_from + 3600000");
}

static void
keys_now(struct sick *k)
{
	stage_do(
	    &k->s, "UPDATE signing_keys SET signs_from = signs_from - 3600000");
}

static void
keys_expired(struct sick *k)
{
	stage_do(&k->s, "UPDATE signing_keys SET retires_at = created_at");
}

static void
keys_live(struct sick *k)
{
	stage_do(&k->s, "UPDATE signing_keys SET retires_at = NULL");
}

static void
door_a_key_expired(struct sick *k)
{
	stage_do(&k->s, "UPDATE signing_keys SET retires_at = created_at"
			" WHERE alg = 'ES256'");
}

static void
key_ends(struct sick *k)
{
	stage_do(&k->s, "UPDATE signing_keys SET retires_at ="
			" created_at + 86400000 WHERE alg = 'ES256' AND"
			" tenant_id = (SELECT id FROM tenants WHERE slug ="
			" 'green')");
}

/* As the mend says it, where the key of minutes ago counts for none. */
static void
key_rotated(struct sick *k)
{
	ck_assert_int_eq(
	    stage_run(&k->s, "key rotate green --alg ES256").status, 0);
}

static void
host_taken(struct sick *k)
{
	struct ran ran = stage_run(&k->s, "tenant set green hosts a.example");

	ck_ran(ran, ran.status == 0);
	stage_do(&k->s, "UPDATE tenant_names SET tenant_id = REVERSE(tenant_id)"
			" WHERE kind = 'host'");
}

static void
host_given_back(struct sick *k)
{
	stage_do(&k->s, "DELETE FROM tenant_names");
	ck_assert_int_eq(
	    stage_run(&k->s, "tenant set green hosts a.example").status, 0);
}

static void
platform_gone(struct sick *k)
{
	stage_do(&k->s, "UPDATE tenants SET slug = 'gone' WHERE slug ="
			" 'platform'");
}

static void
platform_back(struct sick *k)
{
	stage_do(&k->s, "UPDATE tenants SET slug = 'platform' WHERE slug ="
			" 'gone'");
}

static const struct sickness shops[] = {
    {"another master key", NULL, another_master, "sealed secrets",
	"The master key does not open the MAC key of 'green'.",
	"Mend: put back into", right_master},
    {"a sealed key that was altered", NULL, key_bent, "sealed secrets",
	"The master key does not open the signing key ", "Mend: put back into",
	key_straight},
    {"a default shop that there is not", "default_shop = blue", NULL, "tenants",
	"default_shop = blue: there is no such shop.",
	"Mend: doorward tenant create blue", NULL},
    {"a platform whose slug is another", "founding = open", platform_gone,
	"tenants", "no tenant 'platform' is the platform",
	"Mend: doorward tenant create platform --platform", platform_back},
    {"a host that leads elsewhere", NULL, host_taken, "hosts",
	"a.example is among the hosts of 'green', but leads to another",
	"Mend: doorward tenant set green hosts", host_given_back},
    {"a key that does not sign yet", NULL, keys_later, "signing keys",
	"No HS512 key signs for 'green'",
	"Mend: doorward key create green --alg HS512", keys_now},
    {"a key that has expired", NULL, keys_expired, "signing keys",
	"No HS512 key signs for 'green'",
	"Mend: doorward key create green --alg HS512", keys_live},
    {"a key of door A's algorithm that has expired", NULL, door_a_key_expired,
	"signing keys", "No ES256 key signs for 'green'",
	"Mend: doorward key create green --alg ES256", keys_live},
    {"a key with an end and no successor", NULL, key_ends, "signing keys",
	"The ES256 key of 'green' ends, and no other one takes its place",
	"Mend: doorward key rotate green --alg ES256", key_rotated},
};

START_TEST(test_shops)
{
	struct sick k;

	sick_open(&k);
	sick_each(&k, shops, COUNT(shops));
	sick_close(&k);
}
END_TEST

START_TEST(test_what_is_only_told)
{
	struct sick k;
	struct ran ran;

	sick_open(&k);
	stage_do(&k.s, "UPDATE signing_keys SET signs_from = 0");
	sick_warns(&k, "signing keys", "is due to be replaced");
	ck_assert_int_eq(stage_run(&k.s, "tenant suspend green").status, 0);
	ran = stage_run(&k.s, "doctor");
	ck_says(ran, "'green' is suspended.");
	ck_ran(ran, ran.status == 0);
	sick_close(&k);
}
END_TEST

SUITE(doctor_shops, test_shops, test_what_is_only_told)
