/* SPDX-License-Identifier: ISC */
/* What the fuzz targets share: each takes any bytes, and must come back. */

#ifndef FUZZ_H
#define FUZZ_H

#include <stdint.h>

#include "base/base.h"

/* Its own name in check_fuzz; libFuzzer's in a program of its own. */
#ifdef FUZZ_ALONE
#define FUZZ_TARGET(name) LLVMFuzzerTestOneInput
#else
#define FUZZ_TARGET(name) fuzz_##name
#endif

/* Each answers 0, or does not return: what must hold is asked by fuzz_must(). */
int		 FUZZ_TARGET(address)(const uint8_t *, size_t);
int		 FUZZ_TARGET(base64url)(const uint8_t *, size_t);
int		 FUZZ_TARGET(header)(const uint8_t *, size_t);
int		 FUZZ_TARGET(json)(const uint8_t *, size_t);
int		 FUZZ_TARGET(jwks)(const uint8_t *, size_t);
int		 FUZZ_TARGET(jwt)(const uint8_t *, size_t);

enum { FUZZ_NOW = 1800000000 };		/* seconds since 1970 */

/* A context with an empty arena and presets, that says nothing on stderr. */
struct ctx	*fuzz_ctx(void);
/* The bytes as a text of that context, to their first NUL. */
char		*fuzz_text(struct ctx *, const uint8_t *, size_t);
/* Abort when it does not hold, as a sanitizer would. */
void		 fuzz_must(bool holds, const char *what);

#endif
