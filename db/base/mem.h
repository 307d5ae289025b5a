/*
 * Memory that never fails.
 *
 * A console that cannot get a few kilobytes cannot tell anybody so either:
 * running out of memory aborts here, in one place, and no caller has a branch
 * that nobody ever tested.  Sizes are counts of elements, so that a product is
 * checked once.
 */
#ifndef DB_BASE_MEM_H
#define DB_BASE_MEM_H

#include <stddef.h>

/* An array of n zeroed elements of size bytes; never NULL, also for n = 0. */
void *mem_new(size_t n, size_t size) __attribute__((returns_nonnull, warn_unused_result));

/* p (or NULL) with room for n elements of size bytes; what is new is not zeroed. */
void *mem_grow(void *p, size_t n, size_t size) __attribute__((returns_nonnull, warn_unused_result));

/* A copy of s, owned by the caller; NULL stays NULL. */
char *mem_text(const char *s) __attribute__((warn_unused_result));

/* A formatted string, owned by the caller. */
char *mem_print(const char *format, ...)
    __attribute__((format(printf, 1, 2), returns_nonnull, warn_unused_result));

#endif
