/*
 * Identity: the UUIDs of objects and commands, chosen by the client.
 *
 * The nil UUID means "none" and is refused as input.
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

/* Returns a new id (version 7 of RFC 9562): the time, then random bits. Each is greater than all that this
 * process has made before, also when the clock is set back: rows that are made one after the other are
 * neighbours in an index. Other processes' ids of the same instant come in any order. */
struct id id_new(void);

/* Returns the n-th id derived from base: version 5, base as name space, n in decimal as name. The same base
 * and n always give the same id. */
struct id id_derive(struct id base, uint64_t n);

/* Extends a digest by n bytes: version 5, the digest so far as name space. */
struct id id_digest(struct id before, const void *bytes, size_t n);

/* Reads the canonical form in either case; false for any other text and for nil. */
bool id_parse(const char *text, struct id *id) __attribute__((warn_unused_result));

/* Writes the canonical form in lower case. Returns out. */
const char *id_text(struct id id, char out[ID_TEXT]);

bool id_is_nil(struct id id);
bool id_equal(struct id a, struct id b);

#endif
