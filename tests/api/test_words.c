/* SPDX-License-Identifier: ISC */
/* Pieces of answers, to the byte. */

#include "talk.h"

static const struct tenant tenant = {
    .text = "01890000-0000-7000-8000-000000000001"};

static const struct customer full = {
    .id = {.b = {1}},
    .status = "active",
    .email = "ann@example.com",
    .phone = "+2348012345678",
    .full_name = "Ann \"A\" Lee",
    .first_name = "Ann",
    .last_name = "Lee",
    .address = "1 Long Road",
    .created_at = 1000,
    .updated_at = 2000,
};

static const struct customer bare = {.id = {.b = {2}}, .status = "active"};

#define TIMES_OF_FULL                                 \
	"\"createdAt\":\"1970-01-01T00:00:01.000Z\"," \
	"\"updatedAt\":\"1970-01-01T00:00:02.000Z\""

static const char *
customer_text(struct ctx *c, const struct customer *of)
{
	struct writer w = writer_new(c->arena);

	write_map(&w, NULL);
	words_customer(&w, of);
	write_map_end(&w);
	return writer_text(&w);
}

START_TEST(test_a_customer)
{
	struct ctx *c = test_ctx();

	ck_assert_str_eq(customer_text(c, &full),
	    "{\"id\":\"01000000-0000-0000-0000-000000000000\","
	    "\"email\":\"ann@example.com\","
	    "\"fullName\":\"Ann \\\"A\\\" Lee\",\"firstName\":\"Ann\","
	    "\"lastName\":\"Lee\",\"phoneNumber\":\"+2348012345678\","
	    "\"address\":\"1 Long Road\",\"status\":\"active\"," TIMES_OF_FULL
	    "}");
	test_done(c);
}
END_TEST

START_TEST(test_what_a_customer_has_not_is_null)
{
	struct ctx *c = test_ctx();

	ck_assert_str_eq(customer_text(c, &bare),
	    "{\"id\":\"02000000-0000-0000-0000-000000000000\","
	    "\"email\":null,\"fullName\":null,\"firstName\":null,"
	    "\"lastName\":null,\"phoneNumber\":null,\"address\":null,"
	    "\"status\":\"active\","
	    "\"createdAt\":\"1970-01-01T00:00:00.000Z\","
	    "\"updatedAt\":\"1970-01-01T00:00:00.000Z\"}");
	test_done(c);
}
END_TEST

START_TEST(test_a_user)
{
	struct ctx *c = test_ctx();
	struct writer w = writer_new(c->arena);

	c->tenant = &tenant;
	write_map(&w, NULL);
	words_user(c, &w, &full);
	write_map_end(&w);
	ck_assert_str_eq(writer_text(&w),
	    "{\"id\":\"01000000-0000-0000-0000-000000000000\","
	    "\"email\":\"ann@example.com\","
	    "\"fullName\":\"Ann \\\"A\\\" Lee\","
	    "\"phoneNumber\":\"+2348012345678\","
	    "\"address\":\"1 Long Road\",\"role\":\"customer\","
	    "\"merchantId\":null,"
	    "\"tenantId\":\"01890000-0000-7000-8000-000000000001\","
	    "\"createdAt\":\"1970-01-01T00:00:01.000Z\"}");
	test_done(c);
}
END_TEST

static const char *
merchant_text(struct ctx *c, const struct tenant *shop)
{
	struct merchant_login of = {.login.customer = full, .shop = shop};
	struct writer w = writer_new(c->arena);

	write_map(&w, NULL);
	words_merchant(&w, &of);
	write_map_end(&w);
	return writer_text(&w);
}

#define MERCHANT_WITH(shop)                                        \
	"{\"id\":\"01000000-0000-0000-0000-000000000000\","        \
	"\"email\":\"ann@example.com\","                           \
	"\"fullName\":\"Ann \\\"A\\\" Lee\","                      \
	"\"phoneNumber\":\"+2348012345678\","                      \
	"\"address\":\"1 Long Road\","                             \
	"\"role\":{\"name\":\"Merchant\",\"slug\":\"merchant\"},"  \
	"\"merchantId\":\"01000000-0000-0000-0000-000000000000\"," \
	"\"tenantId\":" shop ",\"createdAt\":\"1970-01-01T00:00:01.000Z\"}"

START_TEST(test_a_merchant)
{
	struct ctx *c = test_ctx();

	ck_assert_str_eq(merchant_text(c, &tenant),
	    MERCHANT_WITH("\"01890000-0000-7000-8000-000000000001\""));
	ck_assert_str_eq(merchant_text(c, NULL), MERCHANT_WITH("null"));
	test_done(c);
}
END_TEST

START_TEST(test_what_is_proven)
{
	struct ctx *c = test_ctx();
	struct customer of = {.email_proven_at = 1};
	struct writer w = writer_new(c->arena);

	write_map(&w, NULL);
	words_proven(&w, &of);
	write_map_end(&w);
	ck_assert_str_eq(writer_text(&w),
	    "{\"emailVerified\":true,\"phoneVerified\":false}");
	test_done(c);
}
END_TEST

START_TEST(test_tokens_in_milliseconds)
{
	struct ctx *c = test_ctx();
	struct tokens tokens = {{"a.b.c"}, {"r"}, DAY_MS, 14 * DAY_MS};
	struct writer w = writer_new(c->arena);

	write_map(&w, NULL);
	words_tokens(&w, &tokens);
	write_map_end(&w);
	ck_assert_str_eq(writer_text(&w),
	    "{\"token\":\"a.b.c\",\"refreshToken\":\"r\","
	    "\"expiresIn\":86400000,\"refreshTokenExpiresIn\":1209600000}");
	test_done(c);
}
END_TEST

START_TEST(test_an_envelope)
{
	struct ctx *c = test_ctx();
	struct res res = {.status = 0};
	struct call call = {.res = &res};
	struct writer w = envelope_open(c, "Done.");

	write_text(&w, "data", "x");
	ck_assert_int_eq(envelope_send(&call, &w), OK);
	ck_assert_int_eq(res.status, 200);
	ck_assert_str_eq(res.type, "application/json; charset=utf-8");
	ck_assert_str_eq(
	    res.body, "{\"status\":true,\"message\":\"Done.\",\"data\":\"x\"}");
	test_done(c);
}
END_TEST

SUITE(words, test_a_customer, test_what_a_customer_has_not_is_null, test_a_user,
    test_a_merchant, test_what_is_proven, test_tokens_in_milliseconds,
    test_an_envelope)
