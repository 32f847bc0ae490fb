/* SPDX-License-Identifier: ISC */
/* Signing in, as one transaction: once per challenge, whatever runs beside. */

#include <sys/wait.h>
#include <unistd.h>

#include "street.h"

static struct signin
signin_of(struct ctx *c, const char *to, struct session *s)
{
	struct signin in = {.session = s,
	    .kind = "email",
	    .value = to,
	    .begun_at = c->tenant_id,
	    .sessions_max = 10,
	    .cart_expires_at = c->now + DAY_MS};

	in.new_customer = uuid_make(c->now);
	return in;
}

START_TEST(test_first_proof_creates_and_next_finds)
{
	struct ctx *c = street_open();
	struct session s;
	struct signed_in first, next;

	first = street_sign_in(c, "a@x.example", &s);
	ck_assert_int_eq(first.outcome, SIGNIN_OPENED);
	ck_assert(first.created);
	ck_assert_str_eq(first.customer.email, "a@x.example");
	ck_assert_int_eq(first.customer.email_proven_at, c->now);
	next = street_sign_in(c, "a@x.example", &s);
	ck_assert(!next.created);
	ck_assert(uuid_equal(first.customer.id, next.customer.id));
	ck_assert_int_eq(
	    street_count(c, "SELECT COUNT(*) FROM audit_events WHERE "
			    "event IN ('signed_up', 'signed_in') AND "
			    "result = 'ok' AND session_id IS NOT NULL"),
	    2);
	test_done(c);
}
END_TEST

START_TEST(test_a_challenge_is_spent_once)
{
	struct ctx *c = street_open();
	struct session s, t;
	struct signin in;
	struct signed_in out;

	street_sign_in(c, "a@x.example", &s);
	t = street_session(c, s.challenge);
	in = signin_of(c, "a@x.example", &t);
	ck_ok(store_signin(c, &in, &out));
	ck_assert_int_eq(out.outcome, SIGNIN_SPENT);
	ck_assert_int_eq(street_count(c, "SELECT COUNT(*) FROM sessions"), 1);
	test_done(c);
}
END_TEST

START_TEST(test_disabled_stays_out)
{
	struct ctx *c = street_open();
	struct session s;
	struct signed_in out;

	street_sign_in(c, "a@x.example", &s);
	ck_ok(store_customer_status(c, s.customer, "disabled", "operator"));
	out = street_sign_in(c, "a@x.example", &s);
	ck_assert_int_eq(out.outcome, SIGNIN_DISABLED);
	ck_assert_int_eq(street_count(c, "SELECT COUNT(*) FROM sessions "
					 "WHERE ended_at IS NULL"),
	    0);
	ck_assert_int_eq(street_count(c, "SELECT COUNT(*) FROM audit_events "
					 "WHERE detail = 'email disabled'"),
	    1);
	test_done(c);
}
END_TEST

START_TEST(test_a_bearer_adds_what_is_free)
{
	struct ctx *c = street_open();
	struct session s, t;
	struct signin in;
	struct signed_in out;
	struct uuid ann;

	ann = street_sign_in(c, "a@x.example", &s).customer.id;
	t = street_session(c, street_begin(c, "b@x.example", "1", 1));
	in = signin_of(c, "b@x.example", &t);
	in.bearer = ann;
	ck_ok(store_signin(c, &in, &out));
	ck_assert_int_eq(out.outcome, SIGNIN_OPENED);
	ck_assert(!out.created);
	ck_assert(uuid_equal(out.customer.id, ann));
	ck_assert_str_eq(out.customer.email, "b@x.example");
	/* what is another's is refused, and the code is not spent */
	street_sign_in(c, "c@x.example", &s);
	t = street_session(c, street_begin(c, "c@x.example", "1", 1));
	in = signin_of(c, "c@x.example", &t);
	in.bearer = ann;
	ck_ok(store_signin(c, &in, &out));
	ck_assert_int_eq(out.outcome, SIGNIN_TAKEN);
	in.bearer = (struct uuid){{0}};
	ck_ok(store_signin(c, &in, &out));
	ck_assert_int_eq(out.outcome, SIGNIN_OPENED);
	test_done(c);
}
END_TEST

START_TEST(test_the_oldest_session_makes_room)
{
	struct ctx *c = street_open();
	struct session first, s;
	struct customer u;
	int i;

	street_sign_in(c, "a@x.example", &first);
	for (i = 0; i < 10; i++) {
		c->now++;
		street_sign_in(c, "a@x.example", &s);
	}
	ck_assert_int_eq(street_count(c, "SELECT COUNT(*) FROM sessions "
					 "WHERE ended_at IS NULL"),
	    10);
	ck_ok(store_session_find(c, first.id, &first, &u));
	ck_assert_int_ne(first.ended_at, 0);
	test_done(c);
}
END_TEST

START_TEST(test_an_unproven_account_is_taken_over)
{
	struct ctx *c = street_open();
	struct session squatter, owner;
	struct customer u;

	street_sign_in(c, "a@x.example", &squatter);
	ck_ok(db_script(c, "UPDATE identities SET proven_at = NULL;\n"));
	street_sign_in(c, "a@x.example", &owner);
	ck_ok(store_session_find(c, squatter.id, &squatter, &u));
	ck_assert_int_ne(squatter.ended_at, 0);
	ck_ok(store_session_find(c, owner.id, &owner, &u));
	ck_assert_int_eq(owner.ended_at, 0);
	test_done(c);
}
END_TEST

/* Lines p<from> to p<to - 1>, of this quantity each. */
static void
cart_fill(struct ctx *c, struct uuid id, int from, int to, int quantity)
{
	struct writer w = writer_new(c->arena);
	int i;

	write_list(&w, NULL);
	for (i = from; i < to; i++) {
		write_map(&w, NULL);
		write_text(&w, "p", arena_print(c->arena, "p%d", i));
		write_text(&w, "v", "");
		write_int(&w, "q", quantity);
		write_map_end(&w);
	}
	write_list_end(&w);
	ck_ok(store_cart_write(c, id, true, writer_text(&w), c->now + DAY_MS));
}

static struct signed_in
move(struct ctx *c, struct uuid guest)
{
	struct session s =
	    street_session(c, street_begin(c, "a@x.example", "1", 1));
	struct signin in = signin_of(c, "a@x.example", &s);
	struct signed_in out;

	in.guest_cart = guest;
	ck_ok(store_signin(c, &in, &out));
	ck_assert_int_eq(out.outcome, SIGNIN_OPENED);
	return out;
}

START_TEST(test_a_cart_moves_once)
{
	struct ctx *c = street_open();
	struct uuid guest = uuid_make(c->now), late = uuid_make(c->now);
	struct signed_in out;
	struct cart cart;

	cart_fill(c, guest, 0, 3, 600);
	out = move(c, guest);
	ck_assert_int_eq(out.moved, 3);
	ck_assert_int_eq(out.clamped, 0);
	ck_assert_int_eq(move(c, guest).moved, 0);
	ck_assert_int_eq(
	    store_cart_write(c, guest, true, "[]", c->now), ERR_GUEST_SPENT);
	ck_ok(store_cart_read(c, guest, &cart));
	ck_assert(cart.spent);
	ck_assert_uint_eq(cart.n, 0);
	/* the same products add up, to 999 */
	cart_fill(c, late, 2, 5, 500);
	out = move(c, late);
	ck_assert_int_eq(out.moved, 3);
	ck_assert_int_eq(out.clamped, 1);
	ck_ok(store_cart_read(c, out.customer.id, &cart));
	ck_assert_uint_eq(cart.n, 5);
	ck_assert_int_eq(cart.lines[2].quantity, 999);
	ck_assert_int_eq(cart.lines[4].quantity, 500);
	test_done(c);
}
END_TEST

START_TEST(test_a_cart_holds_a_hundred_lines)
{
	struct ctx *c = street_open();
	struct uuid guest = uuid_make(c->now), late = uuid_make(c->now);
	struct signed_in out;
	struct cart cart;

	cart_fill(c, guest, 0, 90, 1);
	move(c, guest);
	cart_fill(c, late, 85, 105, 1);
	out = move(c, late);
	ck_assert_int_eq(out.moved, 15);
	ck_assert_int_eq(out.clamped, 5);
	ck_ok(store_cart_read(c, out.customer.id, &cart));
	ck_assert_uint_eq(cart.n, 100);
	test_done(c);
}
END_TEST

START_TEST(test_a_proof_gives_back)
{
	static const unsigned char who[16] = "who", pair[16] = "pair",
				   from[16] = "from";
	struct ctx *c = street_open();
	struct session s =
	    street_session(c, street_begin(c, "a@x.example", "1", 1));
	struct signin in = signin_of(c, "a@x.example", &s);
	struct limit_row rows[] = {{.kind = 9, .subject = "from"},
	    {.kind = 1, .subject = "who"}, {.kind = 2, .subject = "who"},
	    {.kind = 3, .subject = "pair"}};
	struct signed_in out;
	size_t i;
	int n;

	for (i = 0; i < COUNT(rows); i++) {
		rows[i].tenant = i ? c->tenant_id : (struct uuid){{0}};
		rows[i].add = 1;
		rows[i].window_ms = HOUR_MS;
	}
	for (n = 0; n < 3; n++)
		ck_ok(store_limits_take(c, rows, COUNT(rows)));
	in.give = (struct signin_limits){.hour = 1,
	    .row = 2,
	    .pause = 3,
	    .prefix = 4,
	    .address = 9,
	    .subject = who,
	    .pair = pair,
	    .client = from,
	    .back = 1};
	ck_ok(store_signin(c, &in, &out));
	for (i = 0; i < COUNT(rows); i++)
		rows[i].add = 0;
	ck_ok(store_limits_take(c, rows, COUNT(rows)));
	ck_assert_int_eq(rows[0].n, 2);
	ck_assert_int_eq(rows[1].n, 2);
	ck_assert_int_eq(rows[2].n, 0);
	ck_assert_int_eq(rows[3].n, 0);
	test_done(c);
}
END_TEST

/* What many share is held by somebody: who is in is told so all the same. */
START_TEST(test_a_proof_waits_for_nobody)
{
	static const unsigned char from[16] = "from";
	struct ctx *c = street_open();
	struct session s =
	    street_session(c, street_begin(c, "a@x.example", "1", 1));
	struct signin in = signin_of(c, "a@x.example", &s);
	struct limit_row row = {
	    .kind = 9, .subject = "from", .add = 1, .window_ms = HOUR_MS};
	struct db *ours = c->db, *theirs = db_new(c->conf);
	struct signed_in out;

	ck_ok(store_limits_take(c, &row, 1));
	c->db = theirs;
	ck_ok(db_script(c, "START TRANSACTION;\nUPDATE limits SET n = 7;\n"));
	in.give = (struct signin_limits){.hour = 1,
	    .address = 9,
	    .subject = from,
	    .client = from,
	    .back = 1};
	c->db = ours;
	ck_ok(store_signin(c, &in, &out));
	ck_assert_int_eq(out.outcome, SIGNIN_OPENED);
	db_close(theirs);
	test_done(c);
}
END_TEST

enum { RUNNERS = 8 };

/* In a process of its own; says how it went in one byte. */
static void
run_one(struct ctx *c, struct uuid challenge, int fd)
{
	struct session s;
	struct signin in;
	struct signed_in out = {.outcome = -1};
	enum err e;
	char said;

	db_forget(c->db);
	s = street_session(c, challenge);
	in = signin_of(c, "a@x.example", &s);
	while ((e = store_signin(c, &in, &out)) == ERR_CONFLICT)
		;
	said = e ? 'e' : (char)('0' + out.outcome);
	(void)!write(fd, &said, 1);
}

START_TEST(test_many_at_once_open_one)
{
	struct ctx *c = street_open();
	struct uuid challenge = street_begin(c, "a@x.example", "1", 1);
	int i, fds[2], opened = 0, spent = 0;
	char said;

	ck_assert_int_eq(pipe(fds), 0);
	for (i = 0; i < RUNNERS; i++) {
		if (fork() != 0)
			continue;
		run_one(c, challenge, fds[1]);
		_exit(0);
	}
	for (i = 0; i < RUNNERS; i++) {
		ck_assert_int_eq(read(fds[0], &said, 1), 1);
		opened += said == '0' + SIGNIN_OPENED;
		spent += said == '0' + SIGNIN_SPENT;
	}
	while (wait(NULL) > 0)
		;
	ck_assert_int_eq(opened, 1);
	ck_assert_int_eq(spent, RUNNERS - 1);
	ck_assert_int_eq(street_count(c, "SELECT COUNT(*) FROM customers"), 1);
	test_done(c);
}
END_TEST

START_TEST(test_the_first_language_said_stays)
{
	static const struct {
		const char *what, *to, *said, *known;
	} cases[] = {
	    {"none is said", "a@x.example", NULL, NULL},
	    {"later one is", "a@x.example", "fr", "fr"},
	    {"and then another", "a@x.example", "pl", "fr"},
	    {"said at once", "b@x.example", "ar", "ar"},
	    {"and none any more", "b@x.example", NULL, "ar"},
	};
	struct ctx *c = street_open();
	struct session s;
	struct signin in;
	struct signed_in out;
	size_t i;

	for (i = 0; i < COUNT(cases); i++) {
		s = street_session(
		    c, street_begin(c, cases[i].to, "1", (unsigned char)i));
		in = signin_of(c, cases[i].to, &s);
		in.locale = cases[i].said;
		ck_ok(store_signin(c, &in, &out));
		ck_case(cases[i].what, !out.customer.locale == !cases[i].known);
		if (cases[i].known)
			ck_assert_str_eq(out.customer.locale, cases[i].known);
	}
	test_done(c);
}
END_TEST

SUITE(signin, test_a_proof_waits_for_nobody, test_the_first_language_said_stays,
    test_first_proof_creates_and_next_finds, test_a_challenge_is_spent_once,
    test_disabled_stays_out, test_a_bearer_adds_what_is_free,
    test_the_oldest_session_makes_room, test_an_unproven_account_is_taken_over,
    test_a_cart_moves_once, test_a_cart_holds_a_hundred_lines,
    test_a_proof_gives_back, test_many_at_once_open_one)
