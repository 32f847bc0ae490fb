/* SPDX-License-Identifier: ISC */
/* What every test file stands on: Check, a context, case tables. */

#ifndef TEST_H
#define TEST_H

#include <check.h>
#undef fail /* an old name of Check's, and one of ours */
#include <stdlib.h>
#include <string.h>

#include "base/base.h"

/*
 * tests/<room>/main.c names the suites of its room, one per source file:
 *	ROOM(arena, text, uuid)
 * and tests/<room>/test_<file>.c ends in
 *	SUITE(arena, test_wipes, test_grows)
 */
#define SUITE_DECLARE(name) Suite *suite_##name(void);
#define SUITE_ADD(name)	    srunner_add_suite(runner, suite_##name());
#define TCASE_ADD(test)	    tcase_add_test(tcase, test);

#define FE_1(F, x)	    F(x)
#define FE_2(F, x, ...)	    F(x) FE_1(F, __VA_ARGS__)
#define FE_3(F, x, ...)	    F(x) FE_2(F, __VA_ARGS__)
#define FE_4(F, x, ...)	    F(x) FE_3(F, __VA_ARGS__)
#define FE_5(F, x, ...)	    F(x) FE_4(F, __VA_ARGS__)
#define FE_6(F, x, ...)	    F(x) FE_5(F, __VA_ARGS__)
#define FE_7(F, x, ...)	    F(x) FE_6(F, __VA_ARGS__)
#define FE_8(F, x, ...)	    F(x) FE_7(F, __VA_ARGS__)
#define FE_9(F, x, ...)	    F(x) FE_8(F, __VA_ARGS__)
#define FE_10(F, x, ...)    F(x) FE_9(F, __VA_ARGS__)
#define FE_11(F, x, ...)    F(x) FE_10(F, __VA_ARGS__)
#define FE_12(F, x, ...)    F(x) FE_11(F, __VA_ARGS__)
#define FE_13(F, x, ...)    F(x) FE_12(F, __VA_ARGS__)
#define FE_14(F, x, ...)    F(x) FE_13(F, __VA_ARGS__)
#define FE_15(F, x, ...)    F(x) FE_14(F, __VA_ARGS__)
#define FE_16(F, x, ...)    F(x) FE_15(F, __VA_ARGS__)
#define FE_17(F, x, ...)    F(x) FE_16(F, __VA_ARGS__)
#define FE_18(F, x, ...)    F(x) FE_17(F, __VA_ARGS__)
#define FE_19(F, x, ...)    F(x) FE_18(F, __VA_ARGS__)
#define FE_20(F, x, ...)    F(x) FE_19(F, __VA_ARGS__)
#define FE_21(F, x, ...)    F(x) FE_20(F, __VA_ARGS__)
#define FE_22(F, x, ...)    F(x) FE_21(F, __VA_ARGS__)
#define FE_23(F, x, ...)    F(x) FE_22(F, __VA_ARGS__)
#define FE_24(F, x, ...)    F(x) FE_23(F, __VA_ARGS__)
#define FE_25(F, x, ...)    F(x) FE_24(F, __VA_ARGS__)
#define FE_26(F, x, ...)    F(x) FE_25(F, __VA_ARGS__)
#define FE_27(F, x, ...)    F(x) FE_26(F, __VA_ARGS__)
#define FE_28(F, x, ...)    F(x) FE_27(F, __VA_ARGS__)
#define FE_29(F, x, ...)    F(x) FE_28(F, __VA_ARGS__)
#define FE_30(F, x, ...)    F(x) FE_29(F, __VA_ARGS__)
#define FE_31(F, x, ...)    F(x) FE_30(F, __VA_ARGS__)
#define FE_32(F, x, ...)    F(x) FE_31(F, __VA_ARGS__)
#define FE_33(F, x, ...)    F(x) FE_32(F, __VA_ARGS__)
#define FE_34(F, x, ...)    F(x) FE_33(F, __VA_ARGS__)
#define FE_35(F, x, ...)    F(x) FE_34(F, __VA_ARGS__)
#define FE_36(F, x, ...)    F(x) FE_35(F, __VA_ARGS__)
#define FE_37(F, x, ...)    F(x) FE_36(F, __VA_ARGS__)
#define FE_38(F, x, ...)    F(x) FE_37(F, __VA_ARGS__)
#define FE_39(F, x, ...)    F(x) FE_38(F, __VA_ARGS__)
#define FE_40(F, x, ...)    F(x) FE_39(F, __VA_ARGS__)
#define FE_41(F, x, ...)    F(x) FE_40(F, __VA_ARGS__)
#define FE_42(F, x, ...)    F(x) FE_41(F, __VA_ARGS__)
#define FE_43(F, x, ...)    F(x) FE_42(F, __VA_ARGS__)
#define FE_44(F, x, ...)    F(x) FE_43(F, __VA_ARGS__)
#define FE_45(F, x, ...)    F(x) FE_44(F, __VA_ARGS__)
#define FE_46(F, x, ...)    F(x) FE_45(F, __VA_ARGS__)
#define FE_47(F, x, ...)    F(x) FE_46(F, __VA_ARGS__)
#define FE_48(F, x, ...)    F(x) FE_47(F, __VA_ARGS__)
#define FE_49(F, x, ...)    F(x) FE_48(F, __VA_ARGS__)
#define FE_50(F, x, ...)    F(x) FE_49(F, __VA_ARGS__)
#define FE_51(F, x, ...)    F(x) FE_50(F, __VA_ARGS__)
#define FE_52(F, x, ...)    F(x) FE_51(F, __VA_ARGS__)
#define FE_53(F, x, ...)    F(x) FE_52(F, __VA_ARGS__)
#define FE_54(F, x, ...)    F(x) FE_53(F, __VA_ARGS__)
#define FE_55(F, x, ...)    F(x) FE_54(F, __VA_ARGS__)
#define FE_56(F, x, ...)    F(x) FE_55(F, __VA_ARGS__)
#define FE_57(F, x, ...)    F(x) FE_56(F, __VA_ARGS__)
#define FE_58(F, x, ...)    F(x) FE_57(F, __VA_ARGS__)
#define FE_59(F, x, ...)    F(x) FE_58(F, __VA_ARGS__)
#define FE_60(F, x, ...)    F(x) FE_59(F, __VA_ARGS__)
#define FE_61(F, x, ...)    F(x) FE_60(F, __VA_ARGS__)
#define FE_62(F, x, ...)    F(x) FE_61(F, __VA_ARGS__)
#define FE_63(F, x, ...)    F(x) FE_62(F, __VA_ARGS__)
#define FE_64(F, x, ...)    F(x) FE_63(F, __VA_ARGS__)
#define FE_PICK(_1, _2, _3, _4, _5, _6, _7, _8, _9, _10, _11, _12, _13, \
    _14, _15, _16, _17, _18, _19, _20, _21, _22, _23, _24, _25, _26, _27, \
    _28, _29, _30, _31, _32, _33, _34, _35, _36, _37, _38, _39, _40, _41, \
    _42, _43, _44, _45, _46, _47, _48, _49, _50, _51, _52, _53, _54, _55, \
    _56, _57, _58, _59, _60, _61, _62, _63, _64, NAME, ...) NAME
#define FOR_EACH(F, ...) \
	FE_PICK(__VA_ARGS__, FE_64, FE_63, FE_62, FE_61, FE_60, FE_59, FE_58, \
	    FE_57, FE_56, FE_55, FE_54, FE_53, FE_52, FE_51, FE_50, FE_49, FE_48, \
	    FE_47, FE_46, FE_45, FE_44, FE_43, FE_42, FE_41, FE_40, FE_39, FE_38, \
	    FE_37, FE_36, FE_35, FE_34, FE_33, FE_32, FE_31, FE_30, FE_29, FE_28, \
	    FE_27, FE_26, FE_25, FE_24, FE_23, FE_22, FE_21, FE_20, FE_19, FE_18, \
	    FE_17, FE_16, FE_15, FE_14, FE_13, FE_12, FE_11, FE_10, FE_9, FE_8, \
	    FE_7, FE_6, FE_5, FE_4, FE_3, FE_2, FE_1,)(F, __VA_ARGS__)

#define ROOM(...)                                                             \
	FOR_EACH(SUITE_DECLARE, __VA_ARGS__)                                  \
	int main(void)                                                        \
	{                                                                     \
		SRunner *runner = srunner_create(NULL);                       \
		int	 failed;                                              \
                                                                              \
		FOR_EACH(SUITE_ADD, __VA_ARGS__)                              \
		srunner_run_all(runner, CK_NORMAL);                           \
		failed = srunner_ntests_failed(runner);                       \
		srunner_free(runner);                                         \
		return failed ? EXIT_FAILURE : EXIT_SUCCESS;                  \
	}

/* A test has TEST_SECONDS; valgrind and ASan run without Check's fork. */
enum { TEST_SECONDS = 120 };

#define SUITE(name, ...)                                                      \
	Suite *suite_##name(void);                                            \
	Suite *suite_##name(void)                                             \
	{                                                                     \
		Suite *suite = suite_create(#name);                           \
		TCase *tcase = tcase_create(#name);                           \
                                                                              \
		tcase_set_timeout(tcase, TEST_SECONDS);                       \
		FOR_EACH(TCASE_ADD, __VA_ARGS__)                              \
		suite_add_tcase(suite, tcase);                                \
		return suite;                                                 \
	}

/* In a case table: fail with the case's own sentence. */
#define ck_case(what, condition)                                              \
	ck_assert_msg((condition), "case \"%s\": %s", (what), #condition)

/* A context with a fresh arena, a request id, and no database. */
struct ctx	*test_ctx(void);
/*
 * The same with a database of this program's own on the server that
 * tests/db_up.sh started (DW_DB_SOCKET): empty, or with sql/schema.sql when
 * with_schema. Exits with 77 (skipped, aloud) when there is no server.
 */
struct ctx	*test_db_ctx(bool with_schema);
/* What test_done() does first where there is a database (support_db.c). */
void		 test_db_done(struct ctx *) __attribute__((weak));
/* Forget this context and all that it holds. */
void		 test_done(struct ctx *);

#endif
