/* SPDX-License-Identifier: ISC */
/* The keys of doorward.conf, as they are used. */

#ifndef BASE_CONF_H
#define BASE_CONF_H

#include <stdbool.h>
#include <stdint.h>

struct conf {
	/* where things are */
	const char	*environment;		/* production|development|test */
	const char	*public_url;		/* https://auth.example.com */
	const char	*default_shop;		/* slug; "" none */
	const char	*platform;		/* slug of the platform tenant */
	const char	*founding;		/* off|invite|open */
	const char	*trusted_proxies;	/* networks */
	const char	*metrics_from;		/* networks; "" nobody */
	const char	*log_level;
	const char	*clock_file;		/* only when environment = test */
	const char	*module_dir;		/* net.so */
	const char	*template_dir;
	/* secrets */
	const char	*master_key_file;	/* lines: <version> <64 hex> */
	/* database */
	const char	*db_socket;		/* path; else hosts over TCP */
	const char	*db_hosts;		/* host[:port], comma-separated */
	const char	*db_name;
	const char	*db_user;
	const char	*db_password_file;	/* "" none (socket authentication) */
	const char	*db_tls_ca;		/* "" the system's store */
	bool		 db_tls;		/* TCP without TLS only if false */
	int64_t		 db_timeout_seconds;
	/* delivery */
	const char	*deliver;		/* courier|inline */
	int64_t		 delivery_timeout_seconds; /* of one hand-over */
	const char	*email_channel;		/* none|smtp|sendmail|hook|file */
	const char	*sms_channel;		/* none|twilio|hook|file */
	const char	*whatsapp_channel;	/* none|whatsapp|hook|file */
	const char	*message_dir;		/* of channel file */
	const char	*smtp_url;		/* smtp://host:port or smtps:// */
	const char	*smtp_user;
	const char	*smtp_password_file;
	const char	*smtp_ca;		/* "" the system's store */
	const char	*smtp_tls;		/* starttls|implicit|none (loopback) */
	const char	*mail_from;		/* default sender */
	const char	*sendmail;		/* path of the program */
	const char	*whatsapp_url, *whatsapp_phone_id, *whatsapp_token_file;
	const char	*whatsapp_template, *whatsapp_languages;
	const char	*twilio_url, *twilio_account, *twilio_user;
	const char	*twilio_token_file, *twilio_from;
	const char	*hook_url, *hook_secret_file;
	const char	*outbound_networks;	/* not public, yet allowed */
	const char	*outbound_ca;		/* "" the system's store */
	/* bounds of SECURITY.md, by default and at most */
	int64_t		 client_address_factor;	/* multiplies address limits */
	int64_t		 refresh_grace_seconds;	/* 10, at most 30 */
	int64_t		 clock_leeway_seconds;	/* 60, at most 120 */
	int64_t		 platform_sends_a_day;
};

#endif
