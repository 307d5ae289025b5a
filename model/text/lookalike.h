/*
 * Look-alikes: texts that people confuse, such as `owner`, `Owner`, `owner ` and an `owner` with a Cyrillic o
 * or a zero-width space.
 *
 * A text is folded to a skeleton; texts with the same skeleton look alike.  There are four folds, so that the
 * difference of two texts can be named:
 *
 *   - case, as Unicode folds it;
 *   - white space: none at the ends, one blank for any run of it;
 *   - hidden characters: control, format and other ignorable ones go;
 *   - letters: compatible forms (full-width, ligatures) and composed ones become
 *     their plain parts, and what is drawn like a Latin letter in most fonts
 *     becomes that letter: Cyrillic and Greek ones, 0 and o, 1 and l, dashes.
 *
 * The table of letters is short on purpose: it has what people type on their keyboards.
 */
#ifndef MODEL_TEXT_LOOKALIKE_H
#define MODEL_TEXT_LOOKALIKE_H

#include <stddef.h>

struct buf;

enum alike { ALIKE_CASE = 1, ALIKE_SPACE = 2, ALIKE_HIDDEN = 4, ALIKE_LETTERS = 8, ALIKE_ALL = 15 };

/* Appends the skeleton of a text by these folds, bits of enum alike. Bytes that are not UTF-8 stay. */
void alike_fold(const char *text, unsigned folds, struct buf *out);

/* Returns the folds, as bits, in which two look-alikes differ. */
unsigned alike_differences(const char *a, const char *b);

/* Appends their names: "case, white space". */
void alike_describe(unsigned why, struct buf *out);

/* A part of a text, in bytes. */
struct alike_span {
	size_t from;
	size_t to; /* equal to `from`: something is missing there */
};

/* Finds the parts of `a` that are not in `b`, in order and with the fewest characters. Returns their number,
 * at most `most`; the last one then covers all further ones. A very long text is one part. */
size_t alike_spans(const char *a, const char *b, struct alike_span *spans, size_t most);

#endif
