/* SPDX-License-Identifier: ISC */
/* A partner's word: what it changes and what not, in the trail; a lost answer. */

#include "office.h"
#include "shop.h"

static const struct partner_customer pia = {
    "pia", "Pia Lund", "pia@x.example", "market"};

static struct partner_login
enter(struct ctx *c, const char *username, const char *email, const char *name)
{
	struct partner_customer who = pia;
	struct partner_login out;

	who.username = username;
	who.email = email;
	who.name = name;
	ck_ok(partner_sign_in(c, &who, &out));
	return out;
}

/* What they proved, by the code of a mail to it, stays theirs as well. */
START_TEST(test_update_leaves_what_was_proven)
{
	struct ctx *c = shop_open();
	struct partner_login out;
	struct login owner;

	shop_set(c, "identity_conflict", "update");
	shop_partner(c, "market", "customer:authenticate vouch_email");
	out = enter(c, "pia", "pia@x.example", "Pia Lund");
	c->who = NULL;
	owner = shop_sign_in(c, "pia@x.example");
	ck_assert(uuid_equal(owner.customer.id, out.login.customer.id));
	out = enter(c, "pia", "eve@x.example", "Pia L.");
	ck_assert(out.email_differs && !out.name_differs);
	ck_assert_str_eq(out.login.customer.email, "pia@x.example");
	ck_assert_int_ne(out.login.customer.email_proven_at, 0);
	ck_assert_str_eq(out.login.customer.full_name, "Pia L.");
	ck_assert_int_eq(office_count(c, "SELECT COUNT(*) FROM identities"
					 " WHERE kind = 'email' AND value ="
					 " 'pia@x.example' AND proven_at"
					 " IS NOT NULL"),
	    1);
	/* and leads its owner there, while the other leads to nobody */
	shop_later(c, HOUR_MS);
	ck_assert(uuid_equal(shop_sign_in(c, "pia@x.example").customer.id,
	    out.login.customer.id));
	ck_assert(!uuid_equal(shop_sign_in(c, "eve@x.example").customer.id,
	    out.login.customer.id));
	shop_close(c);
}
END_TEST

/* By their own proof at the other door, added by the one who is signed in. */
START_TEST(test_update_leaves_another_that_was_proven)
{
	struct ctx *c = shop_open();
	struct partner_login out;
	struct login own;
	struct proof proof;

	shop_set(c, "identity_conflict", "update");
	shop_partner(c, "market", "customer:authenticate vouch_email");
	out = enter(c, "pia", "pia@x.example", "Pia Lund");
	c->who = NULL;
	own = shop_sign_in(c, "pia@x.example");
	ck_ok(shop_ask(c, "own@x.example"));
	proof =
	    shop_proof("own@x.example", shop_letter(c, "own@x.example").code);
	ck_ok(session_admit(c, own.tokens.access, NULL));
	ck_ok(login_by_proof(c, &proof, NULL, NULL, &own));
	c->who = NULL;
	out = enter(c, "pia", "eve@x.example", "Pia Lund");
	ck_assert(out.email_differs);
	ck_assert_str_eq(out.login.customer.email, "own@x.example");
	shop_close(c);
}
END_TEST

/* ---- the trail ----------------------------------------------------------------- */

#define TOLD(what, event)                                                     \
	"SELECT IFNULL(GROUP_CONCAT(" what " ORDER BY id SEPARATOR ' '), '')" \
	" FROM audit_events WHERE event = '" event "' AND actor LIKE 'key:%'" \
	" AND customer_id IS NOT NULL"

START_TEST(test_what_is_taken_in_is_in_the_trail)
{
	struct ctx *c = shop_open();
	const char *first, *next;

	shop_set(c, "identity_conflict", "update");
	shop_partner(c, "market", NULL);
	enter(c, "pia", "pia@x.example", "Pia Lund");
	ck_assert_str_eq(
	    office_text(c, TOLD("detail", "contacts_updated")), "");
	enter(c, "pia", "pia@x.example", "Pia L.");
	ck_assert_str_eq(
	    office_text(c, TOLD("detail", "contacts_updated")), "market name");
	shop_later(c, 1);
	enter(c, "pia", "p@y.example", "Pia");
	first = office_text(c, TOLD("detail", "contacts_updated"));
	ck_assert_uint_eq(strlen(first),
	    strlen("market name market email=0f1e2d3c4b5a6978,name"));
	ck_assert_ptr_nonnull(strstr(first, "market email="));
	ck_assert_ptr_null(strstr(first, "y.example"));
	/* the same address has the same mark, and another another */
	office_do(c, "DELETE FROM audit_events");
	enter(c, "pia", "pia@x.example", "Pia");
	next = office_text(c, TOLD("detail", "contacts_updated"));
	ck_assert_ptr_null(strstr(first, strchr(next, '=')));
	office_do(c, "DELETE FROM audit_events");
	enter(c, "pia", "p@y.example", "Pia");
	next = office_text(c, TOLD("detail", "contacts_updated"));
	ck_assert_ptr_nonnull(strstr(first, strchr(next, '=')));
	ck_assert_str_eq(
	    office_text(c, TOLD("detail", "identity_conflict")), "");
	ck_assert_str_eq(
	    office_text(c, TOLD("result", "contacts_updated")), "ok");
	shop_close(c);
}
END_TEST

/* What is the customer's own differs, and what is not is taken in. */
START_TEST(test_one_is_kept_and_one_taken_in)
{
	struct ctx *c = shop_open();
	struct customer_change change = {.full_name = {true, "Pia L."}};
	struct partner_login out;
	struct customer now;

	shop_set(c, "identity_conflict", "update");
	shop_partner(c, "market", NULL);
	out = enter(c, "pia", "pia@x.example", "Pia Lund");
	ck_ok(session_admit(c, out.login.tokens.access, NULL));
	ck_ok(customer_update(c, &change, &now));
	c->who = NULL;
	out = enter(c, "pia", "p@y.example", "Pia Lund");
	ck_assert(out.name_differs && !out.email_differs);
	ck_assert_str_eq(
	    office_text(c, TOLD("detail", "identity_conflict")), "market name");
	ck_assert_str_eq(
	    office_text(c, TOLD("LEFT(detail, 13)", "contacts_updated")),
	    "market email=");
	shop_close(c);
}
END_TEST

START_TEST(test_what_is_vouched_for_is_in_the_trail)
{
	struct ctx *c = shop_open();

	shop_partner(c, "market", "customer:authenticate vouch_email");
	enter(c, "pia", "pia@x.example", "Pia Lund");
	enter(c, "pia", "pia@x.example", "Pia Lund");
	ck_assert_str_eq(
	    office_text(c, TOLD("detail", "address_vouched")), "market");
	shop_set(c, "identity_conflict", "update");
	enter(c, "pia", "p@y.example", "Pia Lund");
	ck_assert_str_eq(
	    office_text(c, TOLD("detail", "address_vouched")), "market market");
	/* what is somebody else's is not */
	enter(c, "eve", "p@y.example", "Eve");
	ck_assert_str_eq(
	    office_text(c, TOLD("detail", "address_vouched")), "market market");
	shop_close(c);
}
END_TEST

/* ---- answers that were lost ------------------------------------------------------ */

/*
 * The first try is cut short and yet leaves its session, as one does whose
 * COMMIT comes late: it is nobody's until the second try is under way.
 */
START_TEST(test_a_lost_answer_is_found_again)
{
	struct ctx *c = shop_open();
	struct partner_customer who = pia;
	struct partner_login first, out = {.email_differs = false};

	shop_partner(c, "market", NULL);
	ck_ok(partner_sign_in(c, &pia, &first));
	shop_set(c, "identity_conflict", "update");
	ck_ok(db_script(c,
	    "ALTER TABLE sessions ENGINE = Aria;\n"
	    "DELETE FROM sessions;\n"
	    "CREATE TRIGGER nobodys BEFORE INSERT ON sessions FOR EACH ROW"
	    " SET NEW.customer_id = REPEAT('x', 16);\n"
	    "CREATE TRIGGER cut BEFORE INSERT ON audit_events FOR EACH ROW"
	    " SIGNAL SQLSTATE '70100' SET MYSQL_ERRNO = 1317;\n"
	    "CREATE TRIGGER late AFTER UPDATE ON customers FOR EACH ROW"
	    " UPDATE sessions SET customer_id = NEW.id;\n"));
	who.name = "Pia L.";
	ck_ok(partner_sign_in(c, &who, &out));
	ck_assert(uuid_equal(out.login.customer.id, first.login.customer.id));
	ck_assert_int_eq(office_count(c, "SELECT COUNT(*) FROM sessions"), 1);
	/* rolled back here, and said as it is */
	ck_assert(out.name_differs && !out.email_differs);
	ck_ok(session_admit(c, out.login.tokens.access, NULL));
	shop_close(c);
}
END_TEST

SUITE(hearsay, test_update_leaves_what_was_proven,
    test_update_leaves_another_that_was_proven,
    test_what_is_taken_in_is_in_the_trail, test_one_is_kept_and_one_taken_in,
    test_what_is_vouched_for_is_in_the_trail, test_a_lost_answer_is_found_again)
