/* SPDX-License-Identifier: ISC */
/* The tests of db, on a real server. */

#include "test.h"

ROOM(connect, stmt, row, tx, redo, script)
