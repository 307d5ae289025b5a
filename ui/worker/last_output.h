/*
 * The last characters of what somebody says, however much it is: what a failed
 * hook has written on its standard error is kept with its command.
 *
 * What is kept is a valid text: bytes that are none become U+FFFD.
 */
#ifndef UI_WORKER_LAST_OUTPUT_H
#define UI_WORKER_LAST_OUTPUT_H

#include <stddef.h>

struct buf;

#define LAST_OUTPUT_CHARS 1000
#define LAST_OUTPUT_BYTES (4 * LAST_OUTPUT_CHARS + 256) /* of them, and some blanks at the end */

/* `struct last_output t = {0}` is ready. */
struct last_output {
	char bytes[2 * LAST_OUTPUT_BYTES];
	size_t len;
};

void last_output_add(struct last_output *t, const char *bytes, size_t n);

/* Appends the last LAST_OUTPUT_CHARS characters, without line ends and blanks behind them. */
void last_output_text(const struct last_output *t, struct buf *out);

#endif
