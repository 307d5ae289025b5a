/*
 * Sets of states, as bits 1 << the state: how people write them and how the
 * server takes them.
 */
#ifndef MODEL_SYNTAX_STATES_H
#define MODEL_SYNTAX_STATES_H

#include <stdbool.h>

struct buf;
struct err;

/* A word for several states ("live"); lists of them end with one without a word. */
struct state_group {
	const char *word;
	unsigned states;
};

/* Reads "active,broken": words among the names, which NULL ends, and the groups. Else ERR_INVALID_INPUT, with
 * all of the words. */
bool states_parse(const char *text, const char *const *names, const struct state_group *groups,
    unsigned *states, struct err *err) __attribute__((warn_unused_result));

/* Appends PostgreSQL's array literal of them: "{active,broken}". */
void states_text(unsigned states, const char *const *names, struct buf *out);

#endif
