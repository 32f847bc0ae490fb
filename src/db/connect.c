/* SPDX-License-Identifier: ISC */
/* One connection: where to, how it is protected, when it is let go. */

#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "db/inside.h"

enum {
	PORT_DEFAULT = 3306,
	PORT_MAX = 65535,
	HOST_MAX = 255,
	PASSWORD_MAX = 1024,
	REACH_SECONDS = 10 /* for one host at most; there may be others */
};

/* One statement, so that one trip sets all. */
static const char session_setup[] =
    "SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION',"
    " time_zone = '+00:00', tx_isolation = 'READ-COMMITTED',"
    " innodb_lock_wait_timeout = 1";

struct place {
	const char *socket; /* else host and port */
	char host[HOST_MAX + 1];
	unsigned port;
};

static bool
is_set(const char *value)
{
	return value && *value;
}

static const char *
or_null(const char *value)
{
	return is_set(value) ? value : NULL;
}

struct db *
db_new(const struct conf *conf)
{
	struct db *db = calloc(1, sizeof(*db));

	if (!db)
		abort();
	db->conf = conf;
	return db;
}

void
db_drop(struct db *db)
{
	if (db->my)
		mysql_close(db->my);
	db->my = NULL;
	stmts_free(db);
	if (db->tx == TX_OPEN)
		db->tx = TX_DOOMED;
}

void
db_close(struct db *db)
{
	if (!db)
		return;
	db_drop(db);
	free(db);
}

uint64_t
db_trips(const struct db *db)
{
	return db->trips;
}

unsigned
db_errno(const struct db *db)
{
	return db->number;
}

/* What closing has to say goes nowhere, and the parent's session lives on. */
void
db_forget(struct db *db)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (null < 0)
		abort();
	if (db->my)
		dup2(null, mysql_get_socket(db->my));
	close(null);
	db_drop(db);
	db->tx = TX_NONE;
	db->pinned = false;
}

/* ---- the list of hosts -------------------------------------------------- */

/* The next entry without blanks around it; false at the list's end. */
static bool
entry_next(const char **list, const char **out, size_t *len)
{
	const char *s = *list + strspn(*list, " ,");
	size_t n = strcspn(s, ",");

	*list = s + n;
	while (n > 0 && s[n - 1] == ' ')
		n--;
	*out = s;
	*len = n;
	return n > 0;
}

static unsigned
host_count(const char *list)
{
	const char *entry;
	size_t len;
	unsigned n = 0;

	while (entry_next(&list, &entry, &len))
		n++;
	return n;
}

/* Where the host's name ends and, past it, the port's digits begin. */
static bool
entry_split(const char *s, size_t *len, const char **port)
{
	const char *colon = strchr(s, ':');
	const char *close = strchr(s, ']');

	*port = NULL;
	*len = strlen(s);
	if (*s == '[') {
		if (!close || (close[1] && close[1] != ':'))
			return false;
		*len = (size_t)(close - s) + 1;
		*port = close[1] ? close + 2 : NULL;
	} else if (colon && !strchr(colon + 1, ':')) {
		*len = (size_t)(colon - s);
		*port = colon + 1;
	}
	return true;
}

/* host, host:port, [v6], [v6]:port */
static bool
place_read(struct arena *a, const char *entry, size_t len, struct place *out)
{
	const char *s = arena_copy(a, entry, len);
	const char *digits;
	int64_t port = PORT_DEFAULT;
	bool bracket = *s == '[';

	if (!entry_split(s, &len, &digits))
		return false;
	if (digits && (!number_read(digits, PORT_MAX, &port) || port == 0))
		return false;
	if (bracket) {
		s++;
		len -= 2;
	}
	if (len == 0 || len > HOST_MAX)
		return false;
	memset(out, 0, sizeof(*out));
	memcpy(out->host, s, len);
	out->port = (unsigned)port;
	return true;
}

/* ---- connecting --------------------------------------------------------- */

static enum err
password_read(struct ctx *c, char **out)
{
	const char *path = c->db->conf->db_password_file;
	const char *why = NULL;

	*out = NULL;
	if (!is_set(path))
		return OK;
	if (file_read_secret(c->arena, path, PASSWORD_MAX, out, &why))
		return fail(c, ERR_DB_AWAY, "db_password_file: %s", why);
	return OK;
}

/* Only VERIFY_SERVER_CERT keeps the connector from falling back to plain. */
static void
tls_demand(MYSQL *my, const struct conf *conf)
{
	my_bool on = 1;

	if (is_set(conf->db_tls_ca))
		mysql_options(my, MYSQL_OPT_SSL_CA, conf->db_tls_ca);
	mysql_options(my, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, &on);
}

/* The protocol is said, or the name localhost would mean a socket. */
static MYSQL *
handle_new(const struct conf *conf, bool tcp)
{
	MYSQL *my = mysql_init(NULL);
	unsigned timeout = (unsigned)conf->db_timeout_seconds;
	unsigned reach = timeout < REACH_SECONDS ? timeout : REACH_SECONDS;
	unsigned off = 0;
	unsigned protocol = tcp ? MYSQL_PROTOCOL_TCP : MYSQL_PROTOCOL_SOCKET;

	if (!my)
		abort();
	mysql_options(my, MYSQL_OPT_PROTOCOL, &protocol);
	mysql_options(my, MYSQL_OPT_LOCAL_INFILE, &off);
	mysql_options(my, MYSQL_OPT_CONNECT_TIMEOUT, &reach);
	mysql_options(my, MYSQL_OPT_READ_TIMEOUT, &timeout);
	mysql_options(my, MYSQL_OPT_WRITE_TIMEOUT, &timeout);
	mysql_options(my, MYSQL_SET_CHARSET_NAME, "utf8mb4");
	mysql_options(my, MYSQL_INIT_COMMAND, session_setup);
	if (tcp && conf->db_tls)
		tls_demand(my, conf);
	return my;
}

static bool
place_connect(struct ctx *c, const struct place *at, const char *password)
{
	const struct conf *conf = c->db->conf;
	MYSQL *my = handle_new(conf, at->socket == NULL);

	if (mysql_real_connect(my, at->socket ? NULL : at->host,
		or_null(conf->db_user), password, or_null(conf->db_name),
		at->port, at->socket, CLIENT_FOUND_ROWS)) {
		c->db->my = my;
		return true;
	}
	c->db->number = mysql_errno(my);
	log_event(c, LOG_WARN, "db_host_failed", "%s port %u: %u %.200s",
	    at->socket ? at->socket : at->host, at->port, mysql_errno(my),
	    mysql_error(my));
	mysql_close(my);
	return false;
}

/* Each host once, beginning with the one that the last error left us at. */
static bool
hosts_try(struct ctx *c, const char *password)
{
	struct db *db = c->db;
	unsigned count = host_count(db->conf->db_hosts);
	unsigned tried, i;
	const char *list, *entry = NULL;
	size_t len = 0;
	struct place at;

	for (tried = 0; tried < count; tried++, db->host++) {
		list = db->conf->db_hosts;
		for (i = 0; i <= db->host % count; i++)
			(void)entry_next(&list, &entry, &len);
		if (!place_read(c->arena, entry, len, &at))
			log_event(c, LOG_WARN, "db_host_failed",
			    "not host[:port]: %.*s", (int)len, entry);
		else if (place_connect(c, &at, password))
			return true;
	}
	return false;
}

static enum err
db_connect(struct ctx *c)
{
	const struct conf *conf = c->db->conf;
	struct place at = {conf->db_socket, "", 0};
	char *password;
	enum err e;

	if ((e = password_read(c, &password)))
		return e;
	if (is_set(conf->db_socket)) {
		if (place_connect(c, &at, password))
			return OK;
	} else if (is_set(conf->db_hosts) && hosts_try(c, password)) {
		return OK;
	}
	return fail(c, ERR_DB_AWAY, "no database server answers");
}

/* An idle connection has nothing to say: bytes or an end mean it is over. */
static bool
is_over(const struct db *db)
{
	struct pollfd fd = {mysql_get_socket(db->my), POLLIN, 0};

	return poll(&fd, 1, 0) != 0;
}

enum err
db_reach(struct ctx *c)
{
	struct db *db = c->db;

	if (db->my && is_over(db)) {
		log_event(c, LOG_INFO, "db_connection_over", "found when idle");
		db_drop(db);
	}
	if (db->tx == TX_DOOMED)
		return ERR_DB_RETRY;
	if (db->my)
		return OK;
	if (db->pinned)
		return fail(c, ERR_DB_AWAY, "lost while a lock was held");
	return db_connect(c);
}
