/* SPDX-License-Identifier: ISC */
/* Start and stop tests/mailserver.py and receiver.py, and read what it saw. */

#ifndef MAILSERVER_H
#define MAILSERVER_H

#include <sys/types.h>

#include "base/base.h"

struct mailserver {
	pid_t pid;
	char port[16];
	char dir[256];
};

/* tls is starttls, implicit or none. */
void mailserver_start(struct mailserver *, const char *tls);
/* The same of tests/receiver.py; tls is implicit or none. */
void receiver_start(struct mailserver *, const char *tls);
/* Wait for its end; it removes its folder. */
void mailserver_stop(struct mailserver *);
/* The path of a file in its folder ("ca.pem"). */
char *
mailserver_path(const struct mailserver *, struct arena *, const char *name);
/* That file's content ("wire", "last/text"); "" when there is none. */
char *
mailserver_read(const struct mailserver *, struct arena *, const char *name);

/* Write a file there ("say"). */
void mailserver_write(const struct mailserver *, struct arena *,
    const char *name, const char *what);

/* The built net.so's folder: DW_MODULE_DIR, or this one. */
const char *module_dir(void);

#endif
