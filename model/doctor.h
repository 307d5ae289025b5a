/*
 * The check of every invariant, piece by piece: each piece reads some thousand rows in a transaction of its
 * own, so that a check of ten million leases needs no more memory than one of a thousand, can tell how far it
 * has come, and goes on where it was after a lost connection.
 *
 *     struct doctor d = {0};
 *     while (!d.done) {
 *             step = doctor_piece_add(b, &d, rows);  ... run the batch ...
 *             doctor_take(&d, b, step, &err)
 *     }
 */
#ifndef MODEL_DOCTOR_H
#define MODEL_DOCTOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct batch;
struct err;
struct doctor_check;
struct finding;

struct doctor {
	struct doctor_check *checks; /* in the order of their places */
	size_t count;
	char *part; /* of the next piece; NULL: the first one */
	char *after;
	double share; /* of the whole that is checked, from 0 to 1 */
	bool done;
};

/* Adds the next piece, of about so many rows. Returns its step. */
size_t doctor_piece_add(struct batch *b, const struct doctor *d, int64_t rows);

/* Takes what the step found. Each check of the part has a row: none at all is ERR_INTERNAL. */
bool doctor_take(struct doctor *d, const struct batch *b, size_t step, struct err *err)
    __attribute__((warn_unused_result));

/* Returns what has been found, `count` rows in the order in which it is told, to be freed with free(). Their
 * texts belong to the doctor. */
struct finding *doctor_findings(struct doctor *d) __attribute__((returns_nonnull, warn_unused_result));

void doctor_release(struct doctor *d);

#endif
