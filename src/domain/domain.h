/* SPDX-License-Identifier: ISC */
/* domain: the rules. A rule reads as a story; words are the doors' business. */

#ifndef DOMAIN_H
#define DOMAIN_H

#include "base/base.h"
#include "crypto/crypto.h"
#include "store/store.h"
/* by subject; outside this room include this header, never those */
#include "domain/shops.h"
#include "domain/limits.h"
#include "domain/people.h"
#include "domain/post.h"

#endif
