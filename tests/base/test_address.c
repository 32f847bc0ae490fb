/* SPDX-License-Identifier: ISC */
/* address: normal forms of e-mail addresses and phone numbers, and masks. */

#include <stdio.h>

#include "test.h"

#define X10 "xxxxxxxxxx"
#define X60 X10 X10 X10 X10 X10 X10
#define X63 X60 "xxx"

/* normal NULL: refused */
static const struct {
	const char *what, *address, *normal;
} emails[] = {
    {"a plain one", "ada@example.com", "ada@example.com"},
    {"the domain has no case", "Ada@EXAMPLE.Com", "Ada@example.com"},
    {"all of atext", "!#$%&'*+/=?^_`{|}~-@example.com",
	"!#$%&'*+/=?^_`{|}~-@example.com"},
    {"dots and a tag", "a.b+tag@mail.example.co.uk",
	"a.b+tag@mail.example.co.uk"},
    {"a domain in punycode", "a@xn--bcher-kva.example",
	"a@xn--bcher-kva.example"},
    {"digits in a domain", "a@1.2.example", "a@1.2.example"},
    {"64 bytes before the at", X60 "xxxx@example.com", X60 "xxxx@example.com"},
    {"a label of 63", "a@" X63 ".com", "a@" X63 ".com"},
    {"254 bytes", "xxxx@" X60 "." X60 "." X60 "." X60 ".xxxxx",
	"xxxx@" X60 "." X60 "." X60 "." X60 ".xxxxx"},
    {"255 bytes", "xxxxx@" X60 "." X60 "." X60 "." X60 ".xxxxx", NULL},
    {"65 bytes before the at", X60 "xxxxx@example.com", NULL},
    {"a label of 64", "a@" X63 "x.com", NULL},
    {"nothing", "", NULL},
    {"an at alone", "@", NULL},
    {"no at", "example.com", NULL},
    {"nothing before the at", "@example.com", NULL},
    {"nothing behind the at", "ada@", NULL},
    {"two ats", "a@b@example.com", NULL},
    {"quoted", "\"ada\"@example.com", NULL},
    {"quoted, with a blank", "\"a b\"@example.com", NULL},
    {"a comment", "ada(x)@example.com", NULL},
    {"a name before it", "Ada <ada@example.com>", NULL},
    {"an IPv4 literal", "ada@[192.0.2.1]", NULL},
    {"an IPv6 literal", "ada@[IPv6:::1]", NULL},
    {"an IPv4 address for a domain", "ada@192.0.2.1", NULL},
    {"a top label of digits", "ada@example.123", NULL},
    {"one label", "ada@localhost", NULL},
    {"a dot at the start", ".ada@example.com", NULL},
    {"a dot before the at", "ada.@example.com", NULL},
    {"two dots", "a..b@example.com", NULL},
    {"a dot at the domain's start", "ada@.example.com", NULL},
    {"a dot at the domain's end", "ada@example.com.", NULL},
    {"two dots in the domain", "ada@example..com", NULL},
    {"a hyphen at a label's start", "ada@-example.com", NULL},
    {"a hyphen at a label's end", "ada@example-.com", NULL},
    {"a hyphen at the end", "ada@example.com-", NULL},
    {"an underscore in the domain", "ada@ex_ample.com", NULL},
    {"letters beyond ASCII before the at", "ad\xc3\xa9@example.com", NULL},
    {"letters beyond ASCII behind it",
	"ada@b\xc3\xbc"
	"cher.example",
	NULL},
    {"a Cyrillic look-alike",
	"\xd0\xb0"
	"da@example.com",
	NULL},
    {"a blank before", " ada@example.com", NULL},
    {"a blank behind", "ada@example.com ", NULL},
    {"a line feed behind", "ada@example.com\n", NULL},
    {"a header behind", "ada@example.com\r\nBcc: b@example.com", NULL},
    {"two of them", "a@example.com,b@example.com", NULL},
};

START_TEST(test_emails)
{
	struct ctx *c = test_ctx();
	const char *normal;
	size_t i;

	for (i = 0; i < COUNT(emails); i++) {
		normal = email_normal(c->arena, emails[i].address, false);
		ck_case(emails[i].what,
		    (normal == NULL) == (emails[i].normal == NULL));
		if (normal == NULL)
			continue;
		ck_case(emails[i].what, strcmp(normal, emails[i].normal) == 0);
		ck_case(emails[i].what,
		    strcmp(email_normal(c->arena, normal, false), normal) == 0);
	}
	ck_assert_ptr_null(email_normal(c->arena, NULL, false));
	test_done(c);
}
END_TEST

START_TEST(test_local_part_is_lowered_by_policy)
{
	struct ctx *c = test_ctx();

	ck_assert_str_eq(email_normal(c->arena, "Ada.B@Example.COM", true),
	    "ada.b@example.com");
	ck_assert_str_eq(email_normal(c->arena, "Ada.B@Example.COM", false),
	    "Ada.B@example.com");
	test_done(c);
}
END_TEST

static const struct {
	const char *what, *phone, *normal;
} phones[] = {
    {"E.164 stays", "+2348031234567", "+2348031234567"},
    {"00 for the plus", "002348031234567", "+2348031234567"},
    {"the bare country code", "2348031234567", "+2348031234567"},
    {"blanks", "+234 803 123 4567", "+2348031234567"},
    {"hyphens, dots, parentheses", "(+1) 415-555.2671", "+14155552671"},
    {"one trunk zero is dropped", "+23408031234567", "+2348031234567"},
    {"a trunk zero in parentheses", "+44 (0) 20 7946 0000", "+442079460000"},
    {"a trunk zero behind 00", "00 44 020 7946 0000", "+442079460000"},
    {"Italy keeps its zero", "+39 06 1234 5678", "+390612345678"},
    {"Ivory Coast keeps its zero", "+225 07 12 34 56 78", "+2250712345678"},
    {"Italy without a zero", "+39 312 345 6789", "+393123456789"},
    {"a code of one digit", "+7 912 345 67 89", "+79123456789"},
    {"a code of three digits", "+380 44 123 4567", "+380441234567"},
    {"seven digits", "+2901234", "+2901234"},
    {"fifteen digits", "+234803123456789", "+234803123456789"},
    {"fifteen digits with all that may be before and between",
	"00234 (0) 803 123 456 789", "+234803123456789"},
    {"nothing", "", NULL},
    {"a plus alone", "+", NULL},
    {"six digits", "+290123", NULL},
    {"sixteen digits", "+2348031234567890", NULL},
    {"forty digits", "+2348031234567890123456789012345678901234", NULL},
    {"a national number", "08031234567", NULL},
    {"a zero behind the plus", "+08031234567", NULL},
    {"three zeros", "0002348031234567", NULL},
    {"00 behind the plus", "+002348031234567", NULL},
    {"two trunk zeros", "+234008031234567", NULL},
    {"no country: 210", "+2101234567", NULL},
    {"no country: 999", "+9991234567", NULL},
    {"no country: 384", "+3841234567", NULL},
    {"a code that is cut", "23", NULL},
    {"two pluses", "++2348031234567", NULL},
    {"a plus behind digits", "234+8031234567", NULL},
    {"letters", "+1 800 FLOWERS", NULL},
    {"an extension", "+14155552671x12", NULL},
    {"an extension after a semicolon", "+14155552671;ext=12", NULL},
    {"a slash", "+49 30/1234567", NULL},
    {"a tabulator", "+234\t8031234567", NULL},
    {"a line feed behind", "+2348031234567\n", NULL},
    {"digits of another script",
	"+234\xd9\xa8\xd9\xa0\xd9\xa3"
	"1234567",
	NULL},
    {"a no-break space",
	"+234\xc2\xa0"
	"8031234567",
	NULL},
};

START_TEST(test_phones)
{
	struct ctx *c = test_ctx();
	const char *normal;
	size_t i;

	for (i = 0; i < COUNT(phones); i++) {
		normal = phone_normal(c->arena, phones[i].phone);
		ck_case(phones[i].what,
		    (normal == NULL) == (phones[i].normal == NULL));
		if (normal == NULL)
			continue;
		ck_case(phones[i].what, strcmp(normal, phones[i].normal) == 0);
		ck_case(phones[i].what,
		    strcmp(phone_normal(c->arena, normal), normal) == 0);
	}
	ck_assert_ptr_null(phone_normal(c->arena, NULL));
	test_done(c);
}
END_TEST

static const struct {
	const char *phone;
	size_t len;
} countries[] = {
    {"+14155552671", 1},
    {"+79123456789", 1},
    {"+2348031234567", 3},
    {"+27821234567", 2},
    {"+442079460000", 2},
    {"+390612345678", 2},
    {"+35312345678", 3},
    {"+8613812345678", 2},
    {"+85212345678", 3},
    {"+97212345678", 3},
    {"+2101234567", 0},
    {"2348031234567", 0},
    {"+", 0},
    {"", 0},
};

START_TEST(test_country_codes)
{
	size_t i;

	for (i = 0; i < COUNT(countries); i++)
		ck_case(countries[i].phone,
		    phone_country_len(countries[i].phone) == countries[i].len);
}
END_TEST

/* ITU-T, List of E.164 assigned country codes, from one to another. */
/* clang-format off */
static const struct {
	int from, to;
} assigned[] = {
	{1, 1}, {7, 7},
	{20, 20}, {27, 27}, {30, 34}, {36, 36}, {39, 41}, {43, 49}, {51, 58},
	{60, 66}, {81, 82}, {84, 84}, {86, 86}, {90, 95}, {98, 98},
	{211, 213}, {216, 216}, {218, 218}, {220, 258}, {260, 269}, {290, 291},
	{297, 299}, {350, 359}, {370, 383}, {385, 387}, {389, 389}, {420, 421},
	{423, 423}, {500, 509}, {590, 599}, {670, 670}, {672, 683}, {685, 692},
	{800, 800}, {808, 808}, {850, 850}, {852, 853}, {855, 856}, {870, 870},
	{878, 878}, {880, 883}, {886, 886}, {960, 968}, {970, 977}, {979, 979},
	{992, 996}, {998, 998},
};
/* clang-format on */

static bool
is_assigned(int code)
{
	size_t i;

	for (i = 0; i < COUNT(assigned); i++)
		if (code >= assigned[i].from && code <= assigned[i].to)
			return true;
	return false;
}

START_TEST(test_all_country_codes)
{
	char phone[8];
	int code;
	size_t want;

	for (code = 0; code < 1000; code++) {
		want = is_assigned(code / 100)  ? 1
		       : is_assigned(code / 10) ? 2
		       : is_assigned(code)      ? 3
						: 0;
		(void)snprintf(phone, sizeof(phone), "+%03d", code);
		if (code < 100)
			want = 0;
		ck_case(phone, phone_country_len(phone) == want);
	}
}
END_TEST

#define DOTS_3 "\xe2\x80\xa2\xe2\x80\xa2\xe2\x80\xa2"
#define DOTS_5 DOTS_3 "\xe2\x80\xa2\xe2\x80\xa2"

START_TEST(test_masks)
{
	struct arena *a = arena_new();

	ck_assert_str_eq(
	    email_mask(a, "ada@example.com"), "a" DOTS_3 "@example.com");
	ck_assert_str_eq(
	    email_mask(a, "a@example.com"), "a" DOTS_3 "@example.com");
	ck_assert_str_eq(email_mask(a, "@example.com"), DOTS_3);
	ck_assert_str_eq(email_mask(a, "nobody"), DOTS_3);
	ck_assert_str_eq(phone_mask(a, "+2348031234000"), "+2348" DOTS_5 "000");
	ck_assert_str_eq(phone_mask(a, "+49301234567"), "+4930" DOTS_5 "567");
	ck_assert_str_eq(phone_mask(a, "+4930123456"), "+49" DOTS_5 "56");
	ck_assert_str_eq(phone_mask(a, "+2901234"), "+2" DOTS_5 "4");
	ck_assert_str_eq(phone_mask(a, "123456"), DOTS_5);
	ck_assert_str_eq(phone_mask(a, ""), DOTS_5);
	arena_free(a);
}
END_TEST

/* At least half of the digits of any number are hidden, and at least four. */
/* normal NULL: none */
static const struct {
	const char *what, *said, *normal;
} pairs[] = {
    {"capitals", "NG", "NG"},
    {"small letters", "pl", "PL"},
    {"both", "gB", "GB"},
    {"three letters", "NGA", NULL},
    {"one letter", "N", NULL},
    {"nothing", "", NULL},
    {"digits", "56", NULL},
    {"a letter and a digit", "N6", NULL},
    {"no ASCII", "\xc3\xa9", NULL},
    {"signs between the letters", "[@", NULL},
};

START_TEST(test_country_pairs)
{
	struct arena *a = arena_new();
	const char *normal;
	size_t i;

	for (i = 0; i < COUNT(pairs); i++) {
		normal = country_normal(a, pairs[i].said);
		ck_case(pairs[i].what, !normal == !pairs[i].normal);
		if (normal)
			ck_assert_str_eq(normal, pairs[i].normal);
	}
	arena_free(a);
}
END_TEST

START_TEST(test_masks_hide_enough)
{
	static const char number[] = "+234803123456789";
	struct arena *a = arena_new();
	size_t n, i, digits;
	char *phone, *mask;

	for (n = 8; n < sizeof(number); n++) {
		phone = arena_copy(a, number, n);
		mask = phone_mask(a, phone);
		for (digits = 0, i = 0; mask[i] != '\0'; i++)
			digits += mask[i] >= '0' && mask[i] <= '9';
		ck_case(phone, n - 1 - digits >= 4);
	}
	arena_free(a);
}
END_TEST

/* Whatever comes, it is refused or its normal form is its own normal form. */
START_TEST(test_random_bytes)
{
	static const char letters[] = "0123456789+ -().@aZ\xc3\n";
	struct arena *a = arena_new();
	const char *email, *phone;
	char s[33];
	int round;
	uint32_t i, n;

	for (round = 0; round < 20000; round++) {
		n = world_dice(sizeof(s));
		world_random(s, sizeof(s));
		for (i = 0; i < n && round % 2 != 0; i++)
			s[i] = letters[world_dice(sizeof(letters) - 1)];
		s[n] = '\0';
		email = email_normal(a, s, true);
		phone = phone_normal(a, s);
		if (email != NULL)
			ck_assert_str_eq(email_normal(a, email, true), email);
		if (phone != NULL)
			ck_assert_str_eq(phone_normal(a, phone), phone);
		(void)email_mask(a, s);
		(void)phone_mask(a, s);
		arena_wipe(a);
	}
	arena_free(a);
}
END_TEST

SUITE(address, test_emails, test_local_part_is_lowered_by_policy, test_phones,
    test_country_codes, test_all_country_codes, test_masks, test_country_pairs,
    test_masks_hide_enough, test_random_bytes)
