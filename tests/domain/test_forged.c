/* SPDX-License-Identifier: ISC */
/* Tokens that are rightly signed, and still nobody's: who signed, for whom. */

#include "domain/inside.h"

#include "shop.h"

struct own_key {
	struct sign_key *key;
	const char *kid;
};

/* A shop with ann in it, another shop, and each one's ES256 key. */
struct scene {
	struct ctx *c;
	const struct tenant *here, *there;
	struct own_key key_here, key_there;
	const char *sub, *sid;
};

enum whose { HERE, THERE };

/* Which key signs, which kid is named, and what is claimed in place of truth. */
/* clang-format off */
static const struct {
	const char	*what;
	enum whose	 key, kid;
	const char	*claim, *value;		/* NULL: left out */
	enum err	 e;
} cases[] = {
	{ "the truth",               HERE,  HERE,  "x",   "y",        OK },
	{ "the key of another shop", THERE, THERE, "x",   "y",        ERR_TOKEN_INVALID },
	{ "that key, our kid",       THERE, HERE,  "x",   "y",        ERR_TOKEN_INVALID },
	{ "our key, that kid",       HERE,  THERE, "x",   "y",        ERR_TOKEN_INVALID },
	{ "another tid",             HERE,  HERE,  "tid", "there",    ERR_SESSION_ENDED },
	{ "another tid and its key", THERE, THERE, "tid", "there",    ERR_SESSION_ENDED },
	{ "no tid",                  HERE,  HERE,  "tid", NULL,       ERR_TOKEN_INVALID },
	{ "tid no id",               HERE,  HERE,  "tid", "shop",     ERR_TOKEN_INVALID },
	{ "another iss",             HERE,  HERE,  "iss", "https://auth.example.com/x",
	                                                              ERR_TOKEN_INVALID },
	{ "iss with a slash behind", HERE,  HERE,  "iss", "/",        ERR_TOKEN_INVALID },
	{ "no iss",                  HERE,  HERE,  "iss", NULL,       ERR_TOKEN_INVALID },
	{ "another aud",             HERE,  HERE,  "aud", "https://api.example.com",
	                                                              ERR_TOKEN_INVALID },
	{ "no aud",                  HERE,  HERE,  "aud", NULL,       ERR_TOKEN_INVALID },
	{ "another sub",             HERE,  HERE,  "sub", "01890000-0000-7000-8000-00000000abcd",
	                                                              ERR_TOKEN_INVALID },
	{ "no sub",                  HERE,  HERE,  "sub", NULL,       ERR_TOKEN_INVALID },
	{ "another sid",             HERE,  HERE,  "sid", "01890000-0000-7000-8000-00000000abcd",
	                                                              ERR_SESSION_ENDED },
	{ "no sid",                  HERE,  HERE,  "sid", NULL,       ERR_TOKEN_INVALID },
	{ "sid of SQL",              HERE,  HERE,  "sid", "' OR 1=1", ERR_TOKEN_INVALID },
};
/* clang-format on */

/* Parsed for the test alone: what the ring gives lasts to the next question. */
static struct own_key
own_key(struct ctx *c, const struct tenant *of)
{
	struct signing_key_row row;
	struct own_key out;
	struct bytes material;

	ck_ok(store_signing_key_current(c, of->id, "ES256", &row));
	ck_ok(unseal(c->arena, house_master(c), SEAL_AT("signing key", &row.id),
	    row.material, &material));
	ck_ok(key_load(ALG_ES256, material, &out.key));
	out.kid = row.kid;
	return out;
}

static struct scene
scene_open(void)
{
	struct scene s = {.c = shop_open()};

	shop_set(s.c, "door_b_alg", "ES256");
	s.here = s.c->tenant;
	ck_ok(session_admit(
	    s.c, shop_sign_in(s.c, "ann@x.example").tokens.access, NULL));
	s.sub = uuid_text(s.c->arena, s.c->who->customer.id);
	s.sid = uuid_text(s.c->arena, s.c->who->session.id);
	s.there = shop_add(s.c, "there");
	s.key_here = own_key(s.c, s.here);
	s.key_there = own_key(s.c, s.there);
	return s;
}

/* What the row has it say in place of the truth. */
static const char *
said(const struct scene *s, size_t row, const char *name, const char *truth)
{
	const char *value = cases[row].value;

	if (strcmp(cases[row].claim, name) != 0)
		return truth;
	if (value != NULL && strcmp(value, "there") == 0)
		return s->there->text;
	if (value != NULL && strcmp(value, "/") == 0)
		return arena_print(s->c->arena, "%s/", truth);
	return value;
}

static void
scene_close(struct scene *s)
{
	key_free(s->key_here.key);
	key_free(s->key_there.key);
	shop_close(s->c);
}

static struct secret
forged(const struct scene *s, size_t row, const char *typ, int64_t exp)
{
	const struct sign_key *key =
	    cases[row].key == HERE ? s->key_here.key : s->key_there.key;
	const char *kid =
	    cases[row].kid == HERE ? s->key_here.kid : s->key_there.kid;
	struct claim claims[] = {
	    CLAIM_T("iss", said(s, row, "iss", s->here->iss)),
	    CLAIM_T("aud", said(s, row, "aud", s->here->aud)),
	    CLAIM_T("sub", said(s, row, "sub", s->sub)),
	    CLAIM_T("tid", said(s, row, "tid", s->here->text)),
	    CLAIM_T("sid", said(s, row, "sid", s->sid)), CLAIM_I("exp", exp),
	    CLAIM_END};
	struct secret token;

	ck_ok(jwt_make(s->c, SIGNER(key, kid), typ, claims, &token));
	return token;
}

START_TEST(test_whose_key_and_whose_claims)
{
	struct scene s = scene_open();
	int64_t exp = s.c->now / SECOND_MS + 300;
	size_t i;

	for (i = 0; i < COUNT(cases); i++)
		ck_case(cases[i].what,
		    session_admit(s.c, forged(&s, i, "at+jwt", exp), NULL) ==
			cases[i].e);
	scene_close(&s);
}
END_TEST

START_TEST(test_other_types_and_times)
{
	static const char *const types[] = {
	    "JWT", "refresh+jwt", "guest+jwt", "AT+JWT", "application/at+jwt"};
	struct scene s = scene_open();
	int64_t now = s.c->now / SECOND_MS;
	size_t i;

	for (i = 0; i < COUNT(types); i++)
		ck_case(types[i],
		    session_admit(s.c, forged(&s, 0, types[i], now + 300),
			NULL) == ERR_TOKEN_INVALID);
	ck_ok(session_admit(s.c, forged(&s, 0, "at+jwt", INT64_MAX), NULL));
	ck_err(session_admit(s.c, forged(&s, 0, "at+jwt", now - 60), NULL),
	    ERR_TOKEN_EXPIRED);
	ck_err(session_admit(s.c, forged(&s, 0, "at+jwt", -1), NULL),
	    ERR_TOKEN_INVALID);
	ck_err(session_admit(s.c, forged(&s, 0, "at+jwt", INT64_MIN), NULL),
	    ERR_TOKEN_INVALID);
	scene_close(&s);
}
END_TEST

/*
 * Each letter of our kid in turn: another master, another row, another MAC. Of
 * the first, which names a master key that is not here, only the database knows.
 */
START_TEST(test_bent_kids)
{
	struct scene s = scene_open();
	char *kid = arena_text(s.c->arena, s.key_here.kid);
	struct claim claims[] = {CLAIM_I("exp", INT64_MAX), CLAIM_END};
	uint64_t trips = db_trips(s.c->db);
	struct secret token;
	size_t i;

	for (i = 0; kid[i] != '\0'; i++) {
		kid[i] = kid[i] == 'B' ? 'C' : 'B';
		ck_ok(jwt_make(s.c, SIGNER(s.key_here.key, kid), "at+jwt",
		    claims, &token));
		ck_err(session_admit(s.c, token, NULL), ERR_TOKEN_INVALID);
		kid[i] = s.key_here.kid[i];
	}
	ck_assert_uint_eq(db_trips(s.c->db), trips + 1);
	scene_close(&s);
}
END_TEST

/* HS512 of the tenant itself under the kid of its ES256 key, and the reverse. */
START_TEST(test_the_other_algorithm_of_the_same_tenant)
{
	struct scene s = scene_open();
	const struct ring_key *hs;
	struct claim claims[] = {CLAIM_I("exp", INT64_MAX), CLAIM_END};
	struct secret token;

	ck_ok(ring_current(s.c, s.here->id, ALG_HS512, &hs));
	ck_ok(jwt_make(
	    s.c, SIGNER(hs->key, s.key_here.kid), "at+jwt", claims, &token));
	ck_err(session_admit(s.c, token, NULL), ERR_TOKEN_INVALID);
	ck_ok(jwt_make(
	    s.c, SIGNER(s.key_here.key, hs->kid), "at+jwt", claims, &token));
	ck_err(session_admit(s.c, token, NULL), ERR_TOKEN_INVALID);
	scene_close(&s);
}
END_TEST

SUITE(forged, test_whose_key_and_whose_claims, test_other_types_and_times,
    test_bent_kids, test_the_other_algorithm_of_the_same_tenant)
