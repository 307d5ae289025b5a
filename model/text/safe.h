/*
 * Foreign text, made safe for a terminal.
 *
 * Labels, holders, reasons, names from legacy tables, messages of servers: other
 * people wrote them, and a terminal obeys what it is sent.  Everything passes
 * safe_text() once before it is shown.  It does not filter, it replaces: filters
 * of escape sequences are state machines that keep failing, and what was
 * dropped can no longer be seen.  What is not plainly visible becomes a mark
 * with its code in hex: ‹1B›, ‹202E›, in ASCII <1B>, <202E>.  Marked are
 *
 *   - bytes that are not strict UTF-8, each by itself;
 *   - control characters (line feed and tab too), C1, line and paragraph
 *     separators, format characters (bidi, zero width, tags, soft hyphen),
 *     private use, unassigned;
 *   - what looks blank and is not a space, and spaces at either end: they make
 *     two labels look the same;
 *   - characters of whose width terminals have different opinions;
 *   - combining marks with nothing to combine with, and from the third on one
 *     cell, as ‹+n›;
 *   - the bracket of something in the text that reads as a mark: marks cannot be
 *     forged;
 *   - in ASCII, everything beyond ASCII.
 *
 * So the joiners of Persian, Indic scripts and emoji show as marks: ugly, but
 * honest.  Categories and widths are utf8proc's.
 *
 * The result is drawn cell by cell (safe_next()), or cut (safe_fit()).  Cutting
 * comes after making safe, never before.
 */
#ifndef MODEL_TEXT_SAFE_H
#define MODEL_TEXT_SAFE_H

#include <stdbool.h>
#include <stddef.h>

struct buf;

enum safe_form { SAFE_UTF8, SAFE_ASCII };

enum safe_cut {
	SAFE_CUT_END,
	SAFE_CUT_MIDDLE /* ids and host names differ at their ends */
};

/* One character and its up to two combining marks; bytes is borrowed from the text. */
struct safe_cell {
	const char *bytes;
	size_t n;
	int width; /* columns, 1 or 2 */
};

/* Appends the n bytes at text, made safe: valid UTF-8, or bytes 0x20 to 0x7e. */
void safe_text(const char *text, size_t n, enum safe_form form, struct buf *out);

/* Appends a JSON text whose value stays the same, and whose bytes a terminal does not obey: one line, valid
 * UTF-8, and in strings what is not plainly visible as \\uXXXX. Bytes that are not UTF-8 become \\ufffd. */
void safe_json(const char *text, size_t n, struct buf *out);

/* The following take safe text only. */

/* The cell at *p, and moves *p behind it; false at the end. */
bool safe_next(const char **p, const char *end, struct safe_cell *cell);

/* The length in bytes of the mark that begins at p, brackets included; 0 when none does. Each of its
 * characters is a cell of one column. For those who draw marks in a style of their own. */
size_t safe_mark(const char *p, const char *end, enum safe_form form);

/* Columns of the n bytes. */
size_t safe_width(const char *safe, size_t n);

/* Appends the text as it is when it fits, else cut to exactly that many columns, with "…" (ASCII "..") in
 * place of what went. A wide character or a mark is never cut in half; blanks fill up what it leaves. */
void safe_fit(const char *safe, size_t columns, enum safe_cut cut, enum safe_form form, struct buf *out);

#endif
