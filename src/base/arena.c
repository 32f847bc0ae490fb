/* SPDX-License-Identifier: ISC */
/* arena: the memory of one request, and texts that grow in it. */

#include <stdalign.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_GUARDED 1
#endif
#elif defined(__SANITIZE_ADDRESS__)
#define ARENA_GUARDED 1
#endif

/* Under AddressSanitizer, what was not handed out must not be touched. */
#ifdef ARENA_GUARDED
#include <sanitizer/asan_interface.h>
enum { GUARD_BYTES = 16 };
#define GUARD(p, n)   ASAN_POISON_MEMORY_REGION(p, n)
#define UNGUARD(p, n) ASAN_UNPOISON_MEMORY_REGION(p, n)
#else
enum { GUARD_BYTES = 0 };
#define GUARD(p, n)   ((void)(p), (void)(n))
#define UNGUARD(p, n) ((void)(p), (void)(n))
#endif

enum { BLOCK_BYTES = 64 * 1024, TEXT_ROOM = 64 };

struct block {
	struct block *next; /* the one before; the first block has none */
	size_t size, used;
	alignas(max_align_t) unsigned char data[];
};

struct arena {
	struct block *block; /* the newest */
	size_t used;
};

static char *arena_vprint(struct arena *, const char *, va_list) PRINTF(2, 0);

static struct block *
block_new(size_t size)
{
	struct block *block;

	if (size > SIZE_MAX - sizeof(*block))
		abort();
	if ((block = calloc(1, sizeof(*block) + size)) == NULL)
		abort();
	block->size = size;
	GUARD(block->data, size);
	return block;
}

static void
block_wipe(struct block *block)
{
	UNGUARD(block->data, block->size);
	explicit_bzero(block->data, block->used);
	block->used = 0;
	GUARD(block->data, block->size);
}

static void
block_free(struct block *block)
{
	block_wipe(block);
	UNGUARD(block->data, block->size);
	free(block);
}

struct arena *
arena_new(void)
{
	struct arena *a = calloc(1, sizeof(*a));

	if (a == NULL)
		abort();
	a->block = block_new(BLOCK_BYTES);
	return a;
}

void
arena_wipe(struct arena *a)
{
	struct block *next;

	while ((next = a->block->next) != NULL) {
		block_free(a->block);
		a->block = next;
	}
	block_wipe(a->block);
	a->used = 0;
}

void
arena_free(struct arena *a)
{
	if (a == NULL)
		return;
	arena_wipe(a);
	block_free(a->block);
	free(a);
}

/* The bytes that n take of a block: aligned, and never none. */
static size_t
bytes_aligned(size_t n)
{
	const size_t unit = alignof(max_align_t);

	if (n > SIZE_MAX / 2)
		abort();
	return ((n > 0 ? n : 1) + GUARD_BYTES + unit - 1) / unit * unit;
}

void *
arena_get(struct arena *a, size_t n)
{
	size_t want = bytes_aligned(n);
	struct block *block = a->block;
	void *p;

	if (want > block->size - block->used) {
		block = block_new(want > BLOCK_BYTES ? want : BLOCK_BYTES);
		block->next = a->block;
		a->block = block;
	}
	p = block->data + block->used;
	block->used += want;
	a->used += want;
	UNGUARD(p, n > 0 ? n : 1);
	return p;
}

void *
arena_list(struct arena *a, size_t n, size_t size)
{
	if (size != 0 && n > SIZE_MAX / size)
		abort();
	return arena_get(a, n * size);
}

char *
arena_copy(struct arena *a, const char *s, size_t n)
{
	char *copy;

	if (n == SIZE_MAX)
		abort();
	copy = arena_get(a, n + 1);
	if (n > 0)
		memcpy(copy, s, n);
	return copy;
}

char *
arena_text(struct arena *a, const char *s)
{
	return arena_copy(a, s, strlen(s));
}

static char *
arena_vprint(struct arena *a, const char *format, va_list args)
{
	va_list again;
	char *s;
	int n;

	if (format == NULL)
		abort();
	va_copy(again, args);
	if ((n = vsnprintf(NULL, 0, format, args)) < 0)
		abort();
	s = arena_get(a, (size_t)n + 1);
	(void)vsnprintf(s, (size_t)n + 1, format, again);
	va_end(again);
	return s;
}

char *
arena_print(struct arena *a, const char *format, ...)
{
	va_list args;
	char *s;

	va_start(args, format);
	s = arena_vprint(a, format, args);
	va_end(args);
	return s;
}

size_t
arena_used(const struct arena *a)
{
	return a->used;
}

struct text
text_new(struct arena *a)
{
	return (struct text){.arena = a};
}

/* Room for n more bytes and the NUL. */
static void
text_grow(struct text *t, size_t n)
{
	size_t room = t->room > 0 ? t->room : TEXT_ROOM;
	char *s;

	if (n > SIZE_MAX / 4 - t->len)
		abort();
	if (t->len + n < t->room)
		return;
	while (room <= t->len + n)
		room *= 2;
	s = arena_get(t->arena, room);
	if (t->len > 0)
		memcpy(s, t->s, t->len);
	t->s = s;
	t->room = room;
}

void
text_add(struct text *t, const char *s)
{
	text_add_n(t, s, strlen(s));
}

void
text_add_n(struct text *t, const char *s, size_t n)
{
	text_grow(t, n);
	if (n > 0)
		memcpy(t->s + t->len, s, n);
	t->len += n;
	t->s[t->len] = '\0';
}

void
text_add_c(struct text *t, char c)
{
	text_add_n(t, &c, 1);
}

void
text_addf(struct text *t, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	text_add(t, arena_vprint(t->arena, format, args));
	va_end(args);
}
