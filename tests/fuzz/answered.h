/*
 * Rows as a server could send them: cells of any bytes, of the columns' types.
 */
#ifndef TESTS_FUZZ_ANSWERED_H
#define TESTS_FUZZ_ANSWERED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct row_type;

/* The bytes of an answer, of which each row takes some. Begins as zero but for these two. */
struct answered {
	const uint8_t *data;
	size_t n;
	char *cells[64]; /* of the rows so far, with a NUL after each */
	size_t count;
	bool clean; /* of the last row: its texts are UTF-8, its documents JSON, and no real is infinite */
};

/* Decodes the next row, which must be zero; false when a cell is refused. A cell is a byte with its length,
 * 255 for NULL, and its bytes. */
bool answered_row(struct answered *a, const struct row_type *type, void *row)
    __attribute__((warn_unused_result));

void answered_release(struct answered *a);

#endif
