/*
 * A file of commands, one a line, as words.
 *
 *     pool create web --kind ipv4 10.0.0.0/24      # a comment
 *     allocate web --holder 'vm 17' --label "note=it\"s mine"
 *
 * A line is split as a shell splits it, but nothing is expanded and nothing is
 * an operator: blanks and tabs part words; in '' everything is itself, in ""
 * all but a backslash before \ " $ or `, elsewhere a backslash makes the next
 * character itself.  A # at the start of a word begins a comment.  A command
 * ends with its line, so a quote does too, and a backslash at the end is an
 * error.  Lines without words pass; the last one needs no end.
 */
#ifndef MODEL_SCRIPT_H
#define MODEL_SCRIPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;

/* Where the reading is. The text is borrowed. */
struct script {
	const char *at;
	const char *end;
	int64_t line; /* the one read last, from 1 */
};

/* One command: argv as a program gets it, whose first element is empty, and NULL behind the last. */
struct script_line {
	int64_t number; /* of the line in the file */
	int argc;
	char **argv;
};

void script_init(struct script *s, const char *text, size_t n);

/* The next line that has words, for the caller to release; argc is 0 at the end. False: ERR_INVALID_INPUT
 * with its line, for a quote that is not closed, a NUL byte, or what is not valid UTF-8, also in a comment.
 */
bool script_next(struct script *s, struct script_line *line, struct err *err)
    __attribute__((warn_unused_result));

void script_line_release(struct script_line *line); /* takes an empty one too */

#endif
