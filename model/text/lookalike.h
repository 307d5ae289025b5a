/*
 * Texts that people take for one another: `owner`, `Owner`, `owner ` and an
 * `owner` with a Cyrillic o or a zero-width space in it.
 *
 * A text is folded to a skeleton; texts with the same skeleton look alike.  Four
 * things are folded, each by itself, so that it can be told what two differ in:
 *
 *   - case, as Unicode folds it;
 *   - white space: none at the ends, one blank for any run of it;
 *   - hidden characters: control, format and other ignorable ones go;
 *   - letters: compatible forms (full-width, ligatures) and composed ones become
 *     their plain parts, and what is drawn like a Latin letter in most fonts
 *     becomes that letter: Cyrillic and Greek ones, 0 and o, 1 and l, dashes.
 *
 * The table of such letters is short on purpose: it has what people type on
 * keyboards that they use, and nothing that only looks similar.  It finds what is
 * worth a look by a person, and is no reason to change anything.
 */
#ifndef MODEL_TEXT_LOOKALIKE_H
#define MODEL_TEXT_LOOKALIKE_H

#include <stddef.h>

struct buf;

enum alike { ALIKE_CASE = 1, ALIKE_SPACE = 2, ALIKE_HIDDEN = 4, ALIKE_LETTERS = 8, ALIKE_ALL = 15 };

/* Appends the skeleton of a text by these folds, bits of enum alike. What is not UTF-8 stays as it is. */
void alike_fold(const char *text, unsigned folds, struct buf *out);

/* Of two texts that look alike: in what they differ. */
unsigned alike_differences(const char *a, const char *b);

/* Appends it in words: "case, white space". */
void alike_describe(unsigned why, struct buf *out);

/* A part of a text, in bytes. */
struct alike_span {
	size_t from;
	size_t to; /* from: something is missing there */
};

/* The parts of `a` that are not in `b`, in their order, as the fewest characters that differ: at most `most`
 * of them, the last one reaching over all further ones. Of very long texts it is one part. */
size_t alike_spans(const char *a, const char *b, struct alike_span *spans, size_t most);

#endif
