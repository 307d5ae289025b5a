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
 * error, as is a carriage return alone outside of quotes.  Lines without words
 * pass.  The rest of what a line may be is in model/text/line.h.
 */
#ifndef MODEL_TEXT_SCRIPT_H
#define MODEL_TEXT_SCRIPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/base/id.h"

struct batch;
struct buf;
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
 * with its line, for a quote that is not closed and for what no line may hold, also in a comment. */
bool script_next(struct script *s, struct script_line *line, struct err *err)
    __attribute__((warn_unused_result));

void script_line_release(struct script_line *line); /* takes an empty one too */

/* Returns how many bytes of a line are before one of its words, counted as argv is, from 1; all of it for a
 * word that it does not have. */
size_t script_word_at(const char *line, int word);

/* The digest of a file's commands so far, and of one more. It is made of the words alone, each with its
 * length: blanks, quotes, comments and empty lines are no part of it. The first `before` is zero. */
struct id script_digest(struct id before, const struct script_line *line);

/* Where the commands of a file stand, as a short text: "2+1,9+4" says that from the 2nd one on each stands
 * one line further down than its place among the commands, and from the 9th on four. "" is a file of commands
 * alone.
 *
 * script_place_put() appends the line of the next command.  script_place_next() reads them in the same order,
 * and is false for a text that no file can have. Both begin with a zero struct. */
struct script_places {
	int64_t place; /* of the command last put or read, from 1 */
	int64_t shift; /* how many lines further down it stands */
};

void script_place_put(struct script_places *places, int64_t line, struct buf *text);
bool script_place_next(struct script_places *places, const char **text, int64_t *line)
    __attribute__((warn_unused_result));

/* Adds the step that a batch of these commands begins with: under its id the digest is kept, and the places.
 * Refused as ERR_ID_CONFLICT is other content. The same content at other places too: then the error's detail
 * has them as "places", and the ids of the lines are to be derived from those. */
size_t script_begin_add(struct batch *b, struct id id, struct id digest, const char *places);

#endif
