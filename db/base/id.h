/*
 * Identity: the UUIDs that requestors choose, made and written by libuuid.
 *
 * The nil UUID stands for "none"; it is refused as input, so that it can.
 */
#ifndef DB_BASE_ID_H
#define DB_BASE_ID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct id {
	unsigned char bytes[16];
};

#define ID_TEXT 37 /* "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx" and its NUL */

/* A new random one (version 4). */
struct id id_new(void);

/* The n-th one that belongs to base: version 5, in base's name space, of n in
 * decimal. The same base and n give the same id everywhere and for ever. */
struct id id_derive(struct id base, uint64_t n);

/* The digest of n bytes, and of what has led to `before`: version 5, in that one's name space. */
struct id id_digest(struct id before, const void *bytes, size_t n);

/* Reads the canonical form, either case; false for anything else and for nil. */
bool id_parse(const char *text, struct id *id) __attribute__((warn_unused_result));

/* Writes the canonical form in lower case; returns out. */
const char *id_text(struct id id, char out[ID_TEXT]);

bool id_is_nil(struct id id);
bool id_equal(struct id a, struct id b);

#endif
