/*
 * Scripts: files of verbs, one on each line, split into words.
 *
 *     pool create web --kind ipv4 10.0.0.0/24      # a comment
 *     allocate web --holder 'vm 17' --label "note=it\"s mine"
 *
 * A line is split as by a shell, without expansions and operators: blanks and tabs separate words; in ''
 * every character is literal, in "" all but a backslash before \ " $ or `; elsewhere a backslash quotes the
 * next character.  A # at the start of a word begins a comment.  Quotes end on the same line; a backslash at
 * the end of a line and a lone carriage return outside of quotes are errors.  Lines without words are
 * skipped.  More rules are in model/text/line.h.
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

/* The position of the reader. The text is borrowed. */
struct script {
	const char *at;
	const char *end;
	int64_t line; /* the one read last, from 1 */
};

/* One line: argv as a program gets it, with an empty first element and NULL after the last. */
struct script_line {
	int64_t number; /* in the file, from 1 */
	int argc;
	char **argv;
};

void script_init(struct script *s, const char *text, size_t n);

/* Reads the next line with words, to be released by the caller; argc is 0 at the end. False:
 * ERR_INVALID_INPUT with the line. */
bool script_next(struct script *s, struct script_line *line, struct err *err)
    __attribute__((warn_unused_result));

void script_line_release(struct script_line *line);

/* Returns how many bytes of a line are before one of its words, counted as argv is, from 1; all of it for a
 * word that it does not have. */
size_t script_word_at(const char *line, int word);

/* Appends a text in single quotes, as one word. */
void script_quote(const char *text, struct buf *out);

/* Extends the digest of a script by one line. Only words count, each with its length; blanks, quotes,
 * comments and empty lines do not. The first `before` is zero. */
struct id script_digest(struct id before, const struct script_line *line);

/* The line numbers of a script's verbs as a short text: "2+1,9+4" means that from the 2nd verb on each is one
 * line further down than its place among the verbs, and from the 9th on four; "" is a script without other
 * lines.
 *
 * script_place_put() appends the line of the next verb.  script_place_next() reads the lines in the same
 * order, and returns false for an invalid text.  Both begin with a zero struct. */
struct script_places {
	int64_t place; /* of the verb last put or read, from 1 */
	int64_t shift; /* its line minus its place */
};

void script_place_put(struct script_places *places, int64_t line, struct buf *text);
bool script_place_next(struct script_places *places, const char **text, int64_t *line)
    __attribute__((warn_unused_result));

/* Adds the first step of a script's batch, which stores the digest and the places under its id. Other content
 * with the same id is ERR_ID_CONFLICT. So is the same content at other places; then the error's detail has
 * the stored "places", from which the ids of the lines must be derived. */
size_t script_begin_add(struct batch *b, struct id id, struct id digest, const char *places);

#endif
