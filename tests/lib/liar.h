/*
 * A server that lies: it speaks as much of PostgreSQL's protocol as it takes to be believed, up to the moment
 * at which it sends what the test has written down.
 *
 * It listens in a folder of its own, in a thread of its own, and takes any number of connections.
 */
#ifndef TESTS_LIB_LIAR_H
#define TESTS_LIB_LIAR_H

#include <stdbool.h>
#include <stddef.h>

#include "db/base/buf.h"

struct liar;

/* LIE_START: in place of the answer to the first packet. LIE_HELLO: of the answer to the first request, which
 * is the greeting of berth, or the first statement of a migration. LIE_BATCH: to every later one, and the
 * greeting is answered well. LIE_IDLE: behind a good greeting, unasked. */
enum lie_at { LIE_START, LIE_HELLO, LIE_BATCH, LIE_IDLE };
enum lie_end { LIE_WAITS, LIE_CLOSES, LIE_REPEATS };

struct liar *liar_new(void) __attribute__((returns_nonnull, warn_unused_result));
void liar_free(struct liar *l); /* takes NULL */

/* The `host` to connect to. */
const char *liar_folder(const struct liar *l) __attribute__((returns_nonnull));

/* From the next connection on it says these bytes there, and then waits, closes, or says them again for ever.
 */
void liar_says(struct liar *l, enum lie_at at, enum lie_end end, const struct buf *bytes);

/* Appends a message of the protocol: its type and its body. */
void lie_message(struct buf *b, char type, const void *body, size_t n);

/* Appends a description of columns, all of them of this type, in binary; and a row of fields of that many
 * bytes each, -1 for NULL. */
void lie_columns(struct buf *b, int columns, unsigned type);
void lie_row(struct buf *b, int columns, int bytes);

#endif
