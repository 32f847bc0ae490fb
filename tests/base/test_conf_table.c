/* SPDX-License-Identifier: ISC */
/* conf_table: every member of struct conf has its key, and what it takes. */

#include "test.h"

static const struct {
	const char *key, *preset;
} presets[] = {
    {"environment", "production"},
    {"public_url", NULL},
    {"default_shop", ""},
    {"platform", "platform"},
    {"founding", "off"},
    {"trusted_proxies", ""},
    {"metrics_from", ""},
    {"log_level", "info"},
    {"clock_file", ""},
    {"master_key_file", NULL},
    {"db_socket", "/run/mysqld/mysqld.sock"},
    {"db_hosts", ""},
    {"db_name", "doorward"},
    {"db_user", "doorward"},
    {"db_password_file", ""},
    {"db_tls_ca", ""},
    {"db_tls", "true"},
    {"db_timeout_seconds", "5"},
    {"email_channel", "smtp"},
    {"sms_channel", "none"},
    {"whatsapp_channel", "none"},
    {"message_dir", ""},
    {"smtp_url", "smtp://127.0.0.1:25"},
    {"smtp_user", ""},
    {"smtp_password_file", ""},
    {"smtp_ca", ""},
    {"smtp_tls", "starttls"},
    {"mail_from", ""},
    {"sendmail", "/usr/sbin/sendmail"},
    {"whatsapp_url", "https://graph.facebook.com/v23.0"},
    {"whatsapp_phone_id", ""},
    {"whatsapp_token_file", ""},
    {"whatsapp_template", ""},
    {"whatsapp_languages", "en"},
    {"twilio_url", "https://api.twilio.com"},
    {"twilio_account", ""},
    {"twilio_user", ""},
    {"twilio_token_file", ""},
    {"twilio_from", ""},
    {"hook_url", ""},
    {"hook_secret_file", ""},
    {"outbound_networks", ""},
    {"outbound_ca", ""},
    {"delivery_timeout_seconds", "30"},
    {"client_address_factor", "1"},
    {"refresh_grace_seconds", "10"},
    {"clock_leeway_seconds", "60"},
    {"platform_sends_a_day", "100000"},
};

static const struct setting *
row_of(const char *key)
{
	const struct setting *row;

	for (row = conf_settings; row->name != NULL; row++)
		if (strcmp(row->name, key) == 0)
			return row;
	return NULL;
}

START_TEST(test_presets)
{
	size_t i;

	for (i = 0; i < COUNT(presets); i++) {
		ck_case(presets[i].key, row_of(presets[i].key) != NULL);
		ck_case(presets[i].key,
		    !row_of(presets[i].key)->preset == !presets[i].preset);
		if (presets[i].preset != NULL)
			ck_assert_str_eq(
			    row_of(presets[i].key)->preset, presets[i].preset);
	}
}
END_TEST

/* The rows lie side by side over the whole struct: no member lacks a key. */
START_TEST(test_every_member_has_its_key)
{
	const struct setting *row;
	unsigned char seen[sizeof(struct conf)] = {0};
	size_t i, n, holes = 0;

	for (row = conf_settings; row->name != NULL; row++) {
		n = row->type == SETTING_BOOL ? sizeof(bool) : 8;
		for (i = 0; i < n; i++)
			seen[row->offset + i]++;
	}
	for (i = 0; i < sizeof(seen); i++) {
		ck_assert_uint_le(seen[i], 1);
		holes += seen[i] == 0;
	}
	/* behind the one bool */
	ck_assert_uint_eq(holes, 7);
}
END_TEST

START_TEST(test_every_key_is_told_about)
{
	const struct setting *row;

	for (row = conf_settings; row->name != NULL; row++) {
		ck_case(row->name, row->about != NULL);
		ck_case(row->name, row->about[strlen(row->about) - 1] == '.');
		ck_case(
		    row->name, row->type != SETTING_INT || row->max > row->min);
	}
}
END_TEST

static const struct {
	const char *what, *key, *value;
	bool good;
} values[] = {
    {"a host", "public_url", "https://auth.example.com", true},
    {"a port", "public_url", "https://auth.example.com:8443", true},
    {"a path", "public_url", "https://example.com/shop/auth", true},
    {"an IPv6 address", "public_url", "https://[2001:db8::1]:8443", true},
    {"plain http, outside of production", "public_url", "http://127.0.0.1:8080",
	true},
    {"no scheme", "public_url", "auth.example.com", false},
    {"no host", "public_url", "https://", false},
    {"no host, a path", "public_url", "https:///x", false},
    {"another scheme", "public_url", "ftp://example.com", false},
    {"a slash at the end", "public_url", "https://example.com/", false},
    {"a slash at the path's end", "public_url", "https://example.com/x/",
	false},
    {"two slashes", "public_url", "https://example.com//x", false},
    {"a query", "public_url", "https://example.com?x=1", false},
    {"a fragment", "public_url", "https://example.com/x#y", false},
    {"a user", "public_url", "https://me@example.com", false},
    {"no port behind the colon", "public_url", "https://example.com:", false},
    {"a long port", "public_url", "https://example.com:808080", false},
    {"a blank", "public_url", "https://example.com/a b", false},
    {"a bracket alone", "public_url", "https://[::1", false},
    {"a slug", "default_shop", "demo-2", true},
    {"no slug", "default_shop", "", true},
    {"upper case in a slug", "default_shop", "Demo", false},
    {"a slug that looks like an option", "default_shop", "-x", false},
    {"networks", "trusted_proxies", "10.0.0.0/8, ::1", true},
    {"names for networks", "trusted_proxies", "proxy", false},
    {"smtp", "smtp_url", "smtp://mail.example.com:587", true},
    {"smtps without a port", "smtp_url", "smtps://mail.example.com", true},
    {"http for smtp", "smtp_url", "http://mail.example.com", false},
    {"a password in smtp", "smtp_url", "smtp://u:p@mail.example.com", false},
    {"a path in smtp", "smtp_url", "smtp://mail.example.com/x", false},
    {"no mail server", "smtp_url", "", false},
    {"database servers", "db_hosts", "db1, db2:3307,[::1]:3306", true},
    {"no port behind a server's colon", "db_hosts", "db1:", false},
    {"blanks between servers", "db_hosts", "db1 db2", false},
    {"a minute", "db_timeout_seconds", "60", true},
    {"more than a minute", "db_timeout_seconds", "61", false},
    {"no time at all", "db_timeout_seconds", "0", false},
    {"half a minute of grace", "refresh_grace_seconds", "30", true},
    {"more grace", "refresh_grace_seconds", "31", false},
    {"two minutes of leeway", "clock_leeway_seconds", "120", true},
    {"more leeway", "clock_leeway_seconds", "121", false},
    {"a factor of a million", "client_address_factor", "1000000", true},
    {"a factor of zero", "client_address_factor", "0", false},
    {"an empty template folder", "template_dir", "", false},
    {"another environment", "environment", "staging", false},
    {"a channel that is none for SMS", "sms_channel", "smtp", false},
    {"sendmail by its path", "sendmail", "/usr/lib/sendmail", true},
    {"sendmail by its name", "sendmail", "sendmail", false},
    {"a phone's id", "whatsapp_phone_id", "106540352242922", true},
    {"a phone's number for its id", "whatsapp_phone_id", "+4915", false},
    {"a template", "whatsapp_template", "sign_in_code_2", true},
    {"a template in upper case", "whatsapp_template", "Sign_in", false},
    {"a template's path", "whatsapp_template", "../x", false},
    {"one language", "whatsapp_languages", "pt-BR", true},
    {"languages", "whatsapp_languages", "en:en_US  pt-BR:pt_BR de", true},
    {"no language", "whatsapp_languages", "", false},
    {"a language of one letter", "whatsapp_languages", "en e", false},
    {"nothing behind a colon", "whatsapp_languages", "en: de", false},
    {"commas between languages", "whatsapp_languages", "en,de", false},
    {"an account", "twilio_account", "AC0123456789abcdef0123456789abcdef",
	true},
    {"a short account", "twilio_account", "AC0123", false},
    {"an account that leads elsewhere", "twilio_account",
	"AC0123456789abcdef0123456789abcd/.", false},
    {"an API key", "twilio_user", "SK0123456789abcdef0123456789abcdef", true},
    {"an account for an API key", "twilio_user",
	"AC0123456789abcdef0123456789abcdef", false},
    {"a number that sends", "twilio_from", "+15005550006", true},
    {"a name that sends", "twilio_from", "My Shop 1", true},
    {"a service that sends", "twilio_from",
	"MG0123456789abcdef0123456789abcdef", true},
    {"a name too long", "twilio_from", "My Shop in 12", false},
    {"a plus alone", "twilio_from", "+", false},
    {"a hook", "hook_url", "https://hook.example:8443/a/b?c=d&e=%20", true},
    {"no hook", "hook_url", "", true},
    {"a hook without a scheme", "hook_url", "hook.example", false},
    {"a hook with a password", "hook_url", "https://u:p@hook.example/", false},
    {"a hook with a fragment", "hook_url", "https://hook.example/#x", false},
    {"listed networks", "outbound_networks", "127.0.0.1 10.0.0.0/8", true},
    {"names for listed networks", "outbound_networks", "localhost", false},
    {"no time for requests", "delivery_timeout_seconds", "0", false},
    {"more time than a delivery has", "delivery_timeout_seconds", "31", false},
};

START_TEST(test_values)
{
	struct ctx *c = test_ctx();
	const char *wrong;
	struct conf conf;
	size_t i;

	settings_preset(conf_settings, &conf);
	for (i = 0; i < COUNT(values); i++) {
		wrong = settings_put(c->arena, conf_settings, &conf,
		    values[i].key, values[i].value);
		ck_case(values[i].what, (wrong == NULL) == values[i].good);
		if (wrong != NULL)
			ck_case(
			    values[i].what, strncmp(wrong, values[i].key,
						strlen(values[i].key)) == 0);
	}
	test_done(c);
}
END_TEST

SUITE(conf_table, test_presets, test_every_member_has_its_key,
    test_every_key_is_told_about, test_values)
