/*
 * Sets of states as bits, 1 << state: parsing them, and writing them for the server.
 */
#ifndef MODEL_SYNTAX_STATES_H
#define MODEL_SYNTAX_STATES_H

#include <stdbool.h>

struct buf;
struct err;

/* A name for several states, such as "live". A list ends with a NULL word. */
struct state_group {
	const char *word;
	unsigned states;
};

/* Reads "active,broken": names, of which NULL is the last, and groups. Else ERR_INVALID_INPUT with all
 * possible words. */
bool states_parse(const char *text, const char *const *names, const struct state_group *groups,
    unsigned *states, struct err *err) __attribute__((warn_unused_result));

/* Appends an array literal of PostgreSQL: "{active,broken}". */
void states_text(unsigned states, const char *const *names, struct buf *out);

#endif
