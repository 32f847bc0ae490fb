# SPDX-License-Identifier: ISC
# What configure asks of this machine, and what it says when it is missing.

# DW_LIBRARY(VARIABLE, MODULES, DEBIAN-PACKAGE)
# Sets VARIABLE_CFLAGS and VARIABLE_LIBS, or notes the package as missing.
AC_DEFUN([DW_LIBRARY],
[PKG_CHECK_MODULES([$1], [$2], [],
	[AC_MSG_RESULT([missing: $2])
	 dw_missing="$dw_missing $3"])])

# DW_LIBRARIES_DONE
# One sentence for all that is missing, with what to type.
AC_DEFUN([DW_LIBRARIES_DONE],
[AS_IF([test -n "$dw_missing"],
	[AC_MSG_ERROR([libraries are missing. On Debian, as root:
    apt-get install$dw_missing])])])

# DW_JSON_NAMES
# libjwt brings in jansson, which has a json_object_get of its own beside that
# of json-c. Linked as we link, does each library get the right one?
AC_DEFUN([DW_JSON_NAMES],
[AC_CACHE_CHECK([that json_object_get is the one of json-c], [dw_cv_json_names],
	[dw_save_LIBS=$LIBS
	 dw_save_CFLAGS=$CFLAGS
	 LIBS="$JWT_LIBS $JSON_LIBS $LIBS"
	 CFLAGS="$CFLAGS $JWT_CFLAGS $JSON_CFLAGS"
	 AC_RUN_IFELSE([AC_LANG_PROGRAM([[
#include <string.h>
#include <json.h>
#include <jwt.h>]], [[
	struct json_object *map = json_object_new_object();
	struct json_object *again = json_object_get(map);
	const char *shop = NULL;
	jwt_t *token = NULL;

	if (again != map || json_object_put(map) != 0)
		return 1;
	if (jwt_new(&token) || jwt_add_grant(token, "shop", "green"))
		return 2;
	if (!(shop = jwt_get_grant(token, "shop")) || strcmp(shop, "green"))
		return 3;
	jwt_free(token);
	return json_object_put(again) == 1 ? 0 : 4;]])],
		[dw_cv_json_names=yes],
		[dw_cv_json_names=no],
		[dw_cv_json_names="not run (cross-compiling)"])
	 LIBS=$dw_save_LIBS
	 CFLAGS=$dw_save_CFLAGS])
AS_IF([test "x$dw_cv_json_names" = xno],
	[AC_MSG_ERROR([linked with "$JWT_LIBS $JSON_LIBS",
    json_object_get is not that of json-c: jansson has a function of the same
    name and comes first. Link libjwt dynamically, without -ljansson and without
    "pkg-config --static"; if JWT_LIBS, JSON_LIBS or LIBS are set, unset them.])])])
