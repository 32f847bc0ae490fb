/* SPDX-License-Identifier: ISC */
/* The tests of the room delivery. */

#include "test.h"

ROOM(template, locale, channel, mail, smtp, file, sendmail, outbound, whatsapp,
    twilio, hook, inbox)
