/* SPDX-License-Identifier: ISC */
/* A device's name, by what well-known browsers say. */

#include "shop.h"

#define LIKE_GECKO "AppleWebKit/537.36 (KHTML, like Gecko) "

static const struct {
	const char *name, *agent;
} cases[] = {
    {"Firefox on Linux",
	"Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"},
    {"Chrome on Windows",
	"Mozilla/5.0 (Windows NT 10.0; Win64; x64) " LIKE_GECKO
	"Chrome/126.0.0.0 Safari/537.36"},
    {"Edge on Windows", "Mozilla/5.0 (Windows NT 10.0; Win64; x64) " LIKE_GECKO
			"Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0"},
    {"Safari on iPhone",
	"Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) "
	"AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 "
	"Mobile/15E148 Safari/604.1"},
    {"Chrome on iPad", "Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) "
		       "AppleWebKit/605.1.15 CriOS/126.0 Safari/604.1"},
    {"Safari on macOS", "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) "
			"AppleWebKit/605.1.15 Version/17.5 Safari/605.1.15"},
    {"Samsung Internet on Android",
	"Mozilla/5.0 (Linux; Android 14; SM-S928B) " LIKE_GECKO
	"SamsungBrowser/25.0 Chrome/121.0.0.0 Mobile Safari/537.36"},
    {"Opera on Linux", "Mozilla/5.0 (X11; Linux x86_64) " LIKE_GECKO
		       "Chrome/125.0 Safari/537.36 OPR/111.0"},
    {"Android", "Dalvik/2.1.0 (Linux; U; Android 14; Pixel 8)"},
    {"curl/7.88.1", "curl/7.88.1"},
    {"shop-app/3.1", "shop-app/3.1 (build 17)"},
    {"", ""},
};

START_TEST(test_names)
{
	struct ctx *c = test_ctx();
	size_t i;

	for (i = 0; i < COUNT(cases); i++)
		ck_assert_str_eq(
		    device_name(c->arena, cases[i].agent), cases[i].name);
	ck_assert_ptr_null(device_name(c->arena, NULL));
	test_done(c);
}
END_TEST

SUITE(device, test_names)
