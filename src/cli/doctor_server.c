/* SPDX-License-Identifier: ISC */
/* doctor: the database server, and what we may do there. */

#include <string.h>

#include "cli/doctor.h"

enum {
	NO_SUCH_TABLE = 1146,
	VERSION_LEAST = 1006, /* 10.6 */
	PACKET_LEAST = 1024 * 1024,
	CONNECTIONS_LEAST = 32,
	FULL_PERCENT = 80
};

#define CLOCK_FAULT_MS (60 * SECOND_MS)
#define CLOCK_WARN_MS  (5 * SECOND_MS)

/* ---- a server that answers ------------------------------------------------------------ */

/* clang-format off */
/* By the number that it, or Connector/C, refused us with; %s is db_name. */
static const struct refusal {
	unsigned	 number;
	const char	*what;
	const char	*mend;
} refusals[] = {
	{ 1045, "it refuses us: a wrong password, or none",
	  "correct db_user, and the password in db_password_file" },
	{ 1698, "it refuses us over the socket",
	  "run this as the system's user of that name (sudo -u), or set db_password_file" },
	{ 1130, "it lets nobody in from this machine's address",
	  "mariadb -e 'CREATE USER …; GRANT … ON %s.* TO …' there" },
	{ 1044, "we have no rights there",
	  "mariadb -e 'GRANT SELECT, INSERT, UPDATE, DELETE ON %s.* TO …'" },
	{ 1049, "it has no such database",
	  "mariadb -e 'CREATE DATABASE %s CHARACTER SET utf8mb4', then `doorward migrate`" },
	{ 1040, "all its connections are taken",
	  "raise max_connections of the server, or start fewer workers" },
	{ 2002, "nobody answers there",
	  "systemctl start mariadb, or correct db_socket or db_hosts" },
	{ 2003, "nobody answers there",
	  "systemctl start mariadb, or correct db_hosts" },
	{ 2005, "the host's name is not known",
	  "correct db_hosts" },
	{ 2026, "it speaks no TLS, or nobody vouches for its certificate",
	  "name in db_tls_ca what vouches for it; ssl_cert and ssl_key let it speak TLS" },
	{ 0, "it cannot be reached",
	  "correct db_socket, db_hosts, db_user and db_password_file" },
};
/* clang-format on */

static const char *
place(const struct conf *conf)
{
	return *conf->db_socket ? conf->db_socket : conf->db_hosts;
}

static void
refusal_tell(struct doctor *d)
{
	const struct refusal *r = refusals;
	unsigned number = db_errno(d->c->db);
	struct arena *a = d->c->arena;
	const char *mend, *slot;

	while (r->number != 0 && r->number != number)
		r++;
	mend = r->mend;
	if ((slot = strstr(mend, "%s")) != NULL)
		mend = arena_print(a, "%.*s%s%s", (int)(slot - mend), mend,
		    d->conf.db_name, slot + 2);
	doctor_fault(d, mend, "%s: %s (user '%s', error %u).", place(&d->conf),
	    r->what, d->conf.db_user, number);
}

void
doctor_database(struct doctor *d)
{
	struct server_row *row = arena_get(d->c->arena, sizeof(*row));

	d->c->db = db_new(&d->conf);
	if (store_doctor_server(d->c, row)) {
		refusal_tell(d);
		return;
	}
	d->server = row;
	doctor_word(
	    d, "%s at %s, as %s", row->version, place(&d->conf), row->user);
	d->grounds |= ON_DB;
}

/* Only the names of this machine; others go over a wire. */
static bool
hosts_are_here(struct arena *a, const char *hosts)
{
	char *rest = arena_text(a, hosts), *host;
	struct ip ip;

	while ((host = strsep(&rest, ",")) != NULL) {
		host += strspn(host, " [");
		host[strcspn(host, "]")] = '\0';
		if (!ip_read(host, &ip))
			host[strcspn(host, ":")] = '\0';
		if (!ascii_equal_fold(host, "localhost") &&
		    (!ip_read(host, &ip) || !ip_is_loopback(&ip)))
			return false;
	}
	return true;
}

void
doctor_tls(struct doctor *d)
{
	const struct conf *conf = &d->conf;
	const char *cipher = d->server->cipher;
	bool plain = cipher == NULL || *cipher == '\0';

	if (*conf->db_socket) {
		doctor_word(d, "not needed over a socket");
		return;
	}
	doctor_word(d, "%s", plain ? "none" : cipher);
	if (plain && conf->db_tls)
		doctor_fault(d, "ssl_cert and ssl_key in the server's settings",
		    "db_tls = true, and yet nothing is encrypted.");
	else if (plain && !hosts_are_here(d->c->arena, conf->db_hosts))
		doctor_fault(d, "db_tls = true, and db_tls_ca",
		    "db_tls = false: the password and every row go to %s in "
		    "plain text.",
		    conf->db_hosts);
}

/* ---- its settings ------------------------------------------------------------------------ */

/* "10.11.6-MariaDB-0+deb12u1" is 1011; 0 for a server that is no MariaDB. */
static int64_t
version_number(struct arena *a, const char *version)
{
	size_t n = strspn(version, "0123456789"), k;
	int64_t major, minor;

	if (strstr(version, "MariaDB") == NULL || version[n] != '.')
		return 0;
	k = strspn(version + n + 1, "0123456789");
	if (!number_read(arena_copy(a, version, n), 999, &major) ||
	    !number_read(arena_copy(a, version + n + 1, k), 99, &minor))
		return 0;
	return major * 100 + minor;
}

static void
sizes_check(struct doctor *d, const struct server_row *row)
{
	if (row->packet_max < PACKET_LEAST)
		doctor_fault(d,
		    "mariadb -e 'SET GLOBAL max_allowed_packet = 16777216', "
		    "and the same in the server's settings",
		    "max_allowed_packet is %lld bytes: large carts and mails "
		    "are refused.",
		    (long long)row->packet_max);
	if (row->connections_max < CONNECTIONS_LEAST ||
	    row->connections_used * 100 >= row->connections_max * FULL_PERCENT)
		doctor_warn(d,
		    "raise max_connections of the server above the workers of "
		    "all web servers, couriers and commands together",
		    "%lld of max_connections = %lld were in use at once.",
		    (long long)row->connections_used,
		    (long long)row->connections_max);
	if (row->flush_log != 1)
		doctor_warn(d,
		    "mariadb -e 'SET GLOBAL innodb_flush_log_at_trx_commit = "
		    "1', and the same in the server's settings",
		    "innodb_flush_log_at_trx_commit = %lld: after a power cut "
		    "spent codes may open again.",
		    (long long)row->flush_log);
}

void
doctor_settings(struct doctor *d)
{
	const struct server_row *row = d->server;
	int64_t version = version_number(d->c->arena, row->version);

	if (version < VERSION_LEAST)
		doctor_fault(d, "MariaDB 10.6 or newer",
		    "The server is %s, which lacks what is needed.",
		    row->version);
	if (strcmp(row->charset, "utf8mb4") != 0)
		doctor_fault(d,
		    "let no proxy or init_connect of the server change it",
		    "The connection speaks %s, not utf8mb4.", row->charset);
	if (strcmp(row->charset_database, "utf8mb4") != 0)
		doctor_warn(d,
		    arena_print(d->c->arena,
			"mariadb -e 'ALTER DATABASE %s CHARACTER SET utf8mb4'",
			d->conf.db_name),
		    "New tables would be %s.", row->charset_database);
	if (strstr(row->sql_mode, "STRICT_ALL_TABLES") == NULL)
		doctor_fault(d,
		    "let no proxy or init_connect of the server change it",
		    "sql_mode is '%s': what is too long would be cut.",
		    row->sql_mode);
	sizes_check(d, row);
}

/* ---- clock, rights -------------------------------------------------------------------------- */

void
doctor_clock(struct doctor *d)
{
	struct server_row row;
	int64_t off;

	if (doctor_failed(d, store_doctor_server(d->c, &row)))
		return;
	off = world_now() - row.now;
	doctor_word(
	    d, "%+.1f s from the database's", (double)off / (double)SECOND_MS);
	if (off > CLOCK_FAULT_MS || off < -CLOCK_FAULT_MS)
		doctor_fault(d,
		    "timedatectl set-ntp true, here and on the database's "
		    "machine; clock_file belongs to tests",
		    "This machine's clock is %lld s off the database's: codes "
		    "and tokens expire too soon or too late.",
		    (long long)(off / SECOND_MS));
	else if (off > CLOCK_WARN_MS || off < -CLOCK_WARN_MS)
		doctor_warn(d, "timedatectl set-ntp true, on both machines",
		    "This machine's clock is %lld s off the database's.",
		    (long long)(off / SECOND_MS));
}

const char *
doctor_account(struct doctor *d)
{
	const char *user = d->server->user, *at = strrchr(user, '@');

	if (at == NULL)
		return user;
	return arena_print(
	    d->c->arena, "\"%.*s\"@\"%s\"", (int)(at - user), user, at + 1);
}

void
doctor_rights(struct doctor *d)
{
	const char *missing, *beyond;
	struct arena *a = d->c->arena;
	const struct conf *conf = &d->conf;
	enum err e = store_doctor_rights(d->c, &missing, &beyond);

	if (e == ERR_DB && db_errno(d->c->db) == NO_SUCH_TABLE) {
		doctor_word(d, "there are no tables yet");
		return;
	}
	if (doctor_failed(d, e))
		return;
	doctor_word(d, "%s may read and write rows", d->server->user);
	if (missing != NULL)
		doctor_fault(d,
		    arena_print(a, "mariadb -e 'GRANT %s ON %s.* TO %s'",
			missing, conf->db_name, doctor_account(d)),
		    "%s may not %s.", d->server->user, missing);
	if (beyond != NULL)
		doctor_warn(d,
		    arena_print(a,
			"REVOKE it; workers need SELECT, INSERT, UPDATE and "
			"DELETE ON %s.*, and only `doorward migrate` more",
			conf->db_name),
		    "%s may do more than is needed: %s.", d->server->user,
		    strlen(beyond) < 200 ? beyond
					 : arena_print(a, "%.200s …", beyond));
}
