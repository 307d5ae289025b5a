/*
 * A server that lies: it speaks enough of PostgreSQL's protocol to be believed, and then sends the bytes of
 * the test.
 *
 * It listens in a folder of its own, in a thread, and takes any number of connections.
 */
#ifndef TESTS_LIB_LIAR_H
#define TESTS_LIB_LIAR_H

#include <stdbool.h>
#include <stddef.h>

#include "db/base/buf.h"

struct liar;

/* When it lies. LIE_START: instead of the answer to the first packet. LIE_HELLO: instead of the answer to the
 * first request, which is berth's greeting or the first statement of a migration. LIE_BATCH: instead of the
 * answer to every later request. LIE_IDLE: after a good greeting, unasked. */
enum lie_at { LIE_START, LIE_HELLO, LIE_BATCH, LIE_IDLE };
enum lie_end { LIE_WAITS, LIE_CLOSES, LIE_REPEATS };

struct liar *liar_new(void) __attribute__((returns_nonnull, warn_unused_result));
void liar_free(struct liar *l); /* takes NULL */

/* Returns the `host` to connect to. */
const char *liar_folder(const struct liar *l) __attribute__((returns_nonnull));

/* From the next connection on it sends these bytes, and then waits, closes, or sends them again without end.
 */
void liar_says(struct liar *l, enum lie_at at, enum lie_end end, const struct buf *bytes);

/* Appends a message of the protocol. */
void lie_message(struct buf *b, char type, const void *body, size_t n);

/* Append a description of binary columns of one type, and a row of fields of that many bytes each, -1 for
 * NULL. */
void lie_columns(struct buf *b, int columns, unsigned type);
void lie_row(struct buf *b, int columns, int bytes);

#endif
