/* SPDX-License-Identifier: ISC */
/* The tests of the room net. */

#include "test.h"

ROOM(load, curl, fetch)
