/*
 * The last characters of an output of any length: the end of a failed hook's standard error is kept with its
 * command.  The result is valid UTF-8; other bytes become U+FFFD.
 */
#ifndef UI_WORKER_LAST_OUTPUT_H
#define UI_WORKER_LAST_OUTPUT_H

#include <stddef.h>

struct buf;

#define LAST_OUTPUT_CHARS 1000
#define LAST_OUTPUT_BYTES                                                                                    \
	(4 * LAST_OUTPUT_CHARS + 256) /* enough for the characters and some trailing blanks */

/* `struct last_output t = {0}` is empty. */
struct last_output {
	char bytes[2 * LAST_OUTPUT_BYTES];
	size_t len;
};

void last_output_add(struct last_output *t, const char *bytes, size_t n);

/* Appends the last LAST_OUTPUT_CHARS characters, without trailing blanks and line ends. */
void last_output_text(const struct last_output *t, struct buf *out);

#endif
