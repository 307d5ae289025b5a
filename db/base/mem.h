/*
 * Allocation that never fails.
 *
 * Running out of memory aborts the program here, so that no caller has an untested branch for it.  Arguments
 * are a count and a size of elements, so that their product is checked in one place.
 */
#ifndef DB_BASE_MEM_H
#define DB_BASE_MEM_H

#include <stddef.h>

/* Returns an array of n zeroed elements of size bytes; never NULL, also for n = 0. */
void *mem_new(size_t n, size_t size) __attribute__((returns_nonnull, warn_unused_result));

/* Resizes p (or NULL) to n elements of size bytes; new elements are not zeroed. */
void *mem_grow(void *p, size_t n, size_t size) __attribute__((returns_nonnull, warn_unused_result));

/* Returns a copy of s, owned by the caller; NULL for NULL. */
char *mem_text(const char *s) __attribute__((warn_unused_result));

/* Returns a formatted string, owned by the caller. */
char *mem_print(const char *format, ...)
    __attribute__((format(printf, 1, 2), returns_nonnull, warn_unused_result));

#endif
