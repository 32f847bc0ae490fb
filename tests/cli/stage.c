/* SPDX-License-Identifier: ISC */
/* stage: the command run in a process of its own, and what it said. */

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "stage.h"

enum { WORDS_MAX = 24, FILE_MAX = 256 * 1024 };

static const char master_line[] = "1 "
				  "000102030405060708090a0b0c0d0e0f"
				  "101112131415161718191a1b1c1d1e1f\n";

/* ---- the folder ------------------------------------------------------------------ */

static const char *
path_of(struct stage *s, const char *name)
{
	return arena_print(s->c->arena, "%s/%s", s->dir, name);
}

static void
file_add(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_APPEND, 0600);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	ck_assert_int_eq(close(fd), 0);
}

const char *
stage_file(struct stage *s, const char *name)
{
	const char *why;
	char *text;

	ck_ok(file_read(s->c->arena, path_of(s, name), FILE_MAX, &text, &why));
	return text;
}

void
stage_conf(struct stage *s, const char *line)
{
	file_add(s->conf, arena_print(s->c->arena, "%s\n", line));
}

static void
folder_remove(struct arena *a, const char *folder)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;

	ck_assert_ptr_nonnull(dir);
	while ((entry = readdir(dir)) != NULL)
		(void)unlink(arena_print(a, "%s/%s", folder, entry->d_name));
	(void)closedir(dir);
	ck_assert_int_eq(rmdir(folder), 0);
}

/* ---- opening and closing ----------------------------------------------------------- */

static const char *
source(struct stage *s, const char *path)
{
	const char *src = getenv("DW_SRC");

	return arena_print(s->c->arena, "%s/%s", src ? src : ".", path);
}

static void
conf_write(struct stage *s)
{
	struct arena *a = s->c->arena;

	s->conf = path_of(s, "doorward.conf");
	file_add(path_of(s, "master.key"), master_line);
	file_add(s->conf,
	    arena_print(a,
		"environment = development\n"
		"public_url = https://auth.example.com\n"
		"master_key_file = %s/master.key\n"
		"message_dir = %s/messages\n"
		"email_channel = file\nsms_channel = file\n"
		"whatsapp_channel = file\n"
		"db_user = root\ndb_name = %s\ndb_socket = %s\n",
		s->dir, s->dir, s->c->conf->db_name, s->c->conf->db_socket));
	stage_conf(s,
	    arena_print(a, "template_dir = %s", source(s, "conf/templates")));
	ck_assert_int_eq(mkdir(path_of(s, "messages"), 0700), 0);
}

/* The command's processes live in the real time. */
void
stage_open(struct stage *s, bool with_schema)
{
	char *dir;

	s->c = test_db_ctx(with_schema);
	world_hold(0);
	s->c->now = world_now();
	dir = arena_text(s->c->arena, "/tmp/doorward-stage-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(dir));
	s->dir = dir;
	conf_write(s);
	ck_assert_int_eq(setenv("DOORWARD_SQL_DIR", source(s, "sql"), 1), 0);
	ck_assert_int_eq(unsetenv("DOORWARD_CONF"), 0);
}

void
stage_close(struct stage *s)
{
	folder_remove(s->c->arena, path_of(s, "messages"));
	folder_remove(s->c->arena, s->dir);
	test_done(s->c);
}

/* ---- running ------------------------------------------------------------------------ */

static void
stream_to(int fd, const char *path)
{
	int file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	if (file < 0 || dup2(file, fd) < 0)
		_exit(EXIT_FAILURE);
	(void)close(file);
}

static int
words_split(struct arena *a, const char *words, char **argv)
{
	char *rest = arena_text(a, words), *word, *s;
	int argc = 0;

	argv[argc++] = arena_text(a, "doorward");
	while (argc < WORDS_MAX && (word = strsep(&rest, " ")) != NULL) {
		for (s = word; *s; s++)
			*s = *s == '~' ? ' ' : *s;
		argv[argc++] = word;
	}
	argv[argc] = NULL;
	return argc;
}

/* The connection of the test is not the command's. */
static pid_t
begin(struct stage *s, const char *words, const char *out, const char *err)
{
	char *argv[WORDS_MAX + 1];
	int argc, status;
	pid_t pid;

	(void)fflush(stdout);
	pid = fork();
	ck_assert_int_ge(pid, 0);
	if (pid > 0)
		return pid;
	stream_to(STDOUT_FILENO, path_of(s, out));
	stream_to(STDERR_FILENO, path_of(s, err));
	argc = words_split(s->c->arena, words, argv);
	status = cli_main(argc, argv);
	(void)fflush(stdout);
	_exit(status);
}

int
stage_end(int pid)
{
	int status;

	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert(WIFEXITED(status));
	return WEXITSTATUS(status);
}

struct ran
stage_run_bare(struct stage *s, const char *words)
{
	struct ran ran;

	ran.status = stage_end(begin(s, words, "out", "err"));
	ran.out = stage_file(s, "out");
	ran.err = stage_file(s, "err");
	return ran;
}

static const char *
with_conf(struct stage *s, const char *words)
{
	return arena_print(s->c->arena, "%s -c %s", words, s->conf);
}

struct ran
stage_run(struct stage *s, const char *words)
{
	return stage_run_bare(s, with_conf(s, words));
}

int
stage_begin(struct stage *s, const char *words, const char *log)
{
	return begin(s, with_conf(s, words), "out", log);
}

const struct json *
stage_json(struct stage *s, const struct ran *ran)
{
	const struct json *json;

	ck_ran(*ran, ran->status == 0);
	ck_ok(json_parse(s->c, ran->out, strlen(ran->out), &json));
	return json;
}

/* ---- the database ---------------------------------------------------------------------- */

struct cell {
	int64_t i;
	const char *s;
};

/* The arena keeps the row: its address is the key of the prepared handle. */
static struct cell
ask(struct stage *s, const char *sql, const struct col *cols)
{
	struct stmt *stmt = arena_get(s->c->arena, sizeof(*stmt));
	struct cell out = {-1, NULL};
	uint64_t changed;

	*stmt =
	    (struct stmt){arena_text(s->c->arena, sql), CROSS_TENANT, "a test"};
	if (cols != NULL)
		ck_ok(db_one(s->c, stmt, NO_ARGS, cols, &out));
	else
		ck_ok(db_change(s->c, stmt, NO_ARGS, &changed));
	return out;
}

int64_t
stage_count(struct stage *s, const char *sql)
{
	static const struct col cols[] = {COL_INT(struct cell, i), COL_END};

	return ask(s, sql, cols).i;
}

const char *
stage_text(struct stage *s, const char *sql)
{
	static const struct col cols[] = {COL_TEXT(struct cell, s), COL_END};

	return ask(s, sql, cols).s;
}

void
stage_do(struct stage *s, const char *sql)
{
	(void)ask(s, sql, NULL);
}

struct uuid
stage_message(struct stage *s)
{
	static const struct stmt insert = {
	    "INSERT INTO outbox (id, tenant_id, kind, state, destination,"
	    " payload, next_at, created_at, expires_at) SELECT ?, id, 'email',"
	    " 'queued', 'ada@example.com', ?, ?, ?, ? FROM tenants LIMIT 1",
	    CROSS_TENANT, "a test"};
	const struct letter letter = {.name = "signin",
	    .locale = "en",
	    .code = "123456",
	    .host = "auth.example.com",
	    .link = "https://auth.example.com/",
	    .minutes = 10};
	struct ctx *c = s->c;
	struct conf conf = *c->conf;
	struct uuid id = uuid_make(c->now);
	struct bytes payload;
	const char *why = "";
	uint64_t changed;

	conf.master_key_file = path_of(s, "master.key");
	ck_ok(house_open(&conf, c->arena, &c->house, &why));
	payload = letter_seal(c, &id, &letter);
	house_close(c->house);
	ck_ok(db_change(c, &insert,
	    ARGS(UUID(id), BLOB(payload), INT(c->now), INT(c->now),
		INT(c->now + HOUR_MS)),
	    &changed));
	ck_assert_uint_eq(changed, 1);
	return id;
}

/* clang-format off */
#define ANN(n) " CAST(CONCAT(t.slug, '-ann-', '" n "') AS BINARY(16))"

static const char *const people[] = {
	"INSERT INTO customers (tenant_id, id, email, email_proven_at, phone,"
	" full_name, created_at, updated_at) SELECT t.id," ANN("id") ","
	" 'ann@x.example', 1000, '+2348031234567', 'Ann Obi', 1000, 1000"
	" FROM tenants t",
	"INSERT INTO identities (tenant_id, kind, value, customer_id,"
	" proven_at, created_at) SELECT t.id, 'email', 'ann@x.example',"
	ANN("id") ", 1000, 1000 FROM tenants t",
	"INSERT INTO identities (tenant_id, kind, value, customer_id,"
	" created_at) SELECT t.id, 'partner', 'acme:u-1'," ANN("id") ", 2000"
	" FROM tenants t",
	"INSERT INTO api_keys (tenant_id, id, kind, name, prefix, secret_hash,"
	" source, created_at) SELECT t.id, 'k', 'partner', 'n', 'p', t.slug,"
	" 'acme', 1 FROM tenants t",
	"INSERT INTO sessions (tenant_id, id, customer_id, door, amr, idp,"
	" salt, rotated_at, device, address, authenticated_at, created_at,"
	" seen_at, idle_expires_at, expires_at) SELECT t.id, CAST(CONCAT("
	" t.slug, '-s-', s.seq) AS BINARY(16))," ANN("id") ", 'B', 'otp',"
	" 'email', 'SALTSALTSALTSALT', 1, 'Mozilla/5.0 (X11; Linux x86_64)"
	" Firefox/128.0', '192.0.2.7', x.now - 3600000 * (2 - s.seq),"
	" x.now - 3600000 * (2 - s.seq), x.now, x.now + 3600000, 9e12"
	" FROM tenants t, seq_1_to_2 s, (SELECT"
	" CAST(UNIX_TIMESTAMP() * 1000 AS SIGNED) now) x",
	"INSERT INTO carts (tenant_id, id, kind, updated_at, expires_at)"
	" SELECT t.id," ANN("id") ", 'customer', 1, 9e12 FROM tenants t",
	"INSERT INTO cart_lines (tenant_id, cart_id, product_id, quantity,"
	" position) SELECT t.id," ANN("id") ", 'shoe', 2, 1 FROM tenants t",
	"INSERT INTO locations (tenant_id, id, customer_id, type, city_name,"
	" created_at, updated_at) SELECT t.id, 'l'," ANN("id") ", 'home',"
	" 'Lagos', 1, 1 FROM tenants t",
	"INSERT INTO audit_events (tenant_id, id, at, event, result, actor,"
	" customer_id, address, detail) SELECT t.id, CAST(CONCAT(UNHEX(LPAD("
	" HEX(x.now - 7200000), 12, '0')), 'e') AS BINARY(16)),"
	" x.now - 7200000, 'signed_in', 'ok', 'customer'," ANN("id") ","
	" '192.0.2.7', 'email' FROM tenants t, (SELECT"
	" CAST(UNIX_TIMESTAMP() * 1000 AS SIGNED) now) x",
};
/* clang-format on */

const char *
stage_people(struct stage *s)
{
	const char *hex;
	size_t i;

	(void)stage_run(s, "tenant create shop");
	(void)stage_run(s, "tenant create other");
	for (i = 0; i < COUNT(people); i++)
		stage_do(s, people[i]);
	hex = stage_text(s,
	    "SELECT LOWER(HEX(u.id)) FROM customers u JOIN tenants t"
	    " ON t.id = u.tenant_id WHERE t.slug = 'shop'");
	return arena_print(s->c->arena, "%.8s-%.4s-%.4s-%.4s-%s", hex, hex + 8,
	    hex + 12, hex + 16, hex + 20);
}
