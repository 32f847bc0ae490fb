/* SPDX-License-Identifier: ISC */
/* crier: a shop with a webhook, and the receiver that it leads to. */

#ifndef CRIER_H
#define CRIER_H

#include "mailserver.h"
#include "office.h"

#define WHERE(text)    "SELECT COUNT(*) FROM webhook_events WHERE " text
#define FAILED_REST_MS (5 * SECOND_MS)

/* Its path is /told. */
struct ctx	*crier_open(struct webhook_made *);
void		 crier_close(struct ctx *);
/* One of another shop, which leads to this path of the same receiver. */
struct uuid	 crier_other(struct ctx *, const char *path);
/* Something happened to customer n (0: to nobody). */
void		 crier_event(struct ctx *, unsigned n, const char *name);
void		 crier_event_for(struct ctx *, struct uuid webhook, unsigned n,
		    const char *name);
struct herald_round crier_run(struct ctx *);
/* How the receiver answers next; and a file of what it saw. */
void		 crier_say(struct ctx *, const char *words);
const char	*crier_heard(struct ctx *, const char *file);
/* How often the text holds that. */
size_t		 crier_times(const char *text, const char *what);

#endif
