/*
 * Makes foreign text safe for a terminal.
 *
 * Labels, holders, reasons, names of foreign tables and messages of servers may contain anything, and a
 * terminal obeys control sequences.  All such text passes safe_text() before it is shown.  Characters that
 * are not plainly visible are replaced by a mark with their code in hex: ‹1B›, ‹202E›, in ASCII <1B>, <202E>.
 * Marked are
 *
 *   - bytes that are not strict UTF-8, one by one;
 *   - control characters (also line feed and tab), C1, line and paragraph separators;
 *   - format characters (bidi, zero width, tags, soft hyphen), private use, unassigned;
 *   - blanks other than a space, and spaces at either end, which make two labels look the same;
 *   - characters whose width differs between terminals;
 *   - combining marks without a base, and all after the second on one base, as ‹+n›;
 *   - brackets in the text that would look like a mark;
 *   - in ASCII, all other characters.
 *
 * So the joiners of Persian, Indic scripts and emoji appear as marks.  Categories and widths are utf8proc's.
 *
 * Safe text is drawn cell by cell (safe_next()) or cut (safe_fit()); never cut before making it safe.
 */
#ifndef MODEL_TEXT_SAFE_H
#define MODEL_TEXT_SAFE_H

#include <stdbool.h>
#include <stddef.h>

struct buf;

enum safe_form { SAFE_UTF8, SAFE_ASCII };

enum safe_cut {
	SAFE_CUT_END,
	SAFE_CUT_MIDDLE /* for ids and host names, which differ at their ends */
};

/* One character and its up to two combining marks; bytes is borrowed from the text. */
struct safe_cell {
	const char *bytes;
	size_t n;
	int width; /* columns, 1 or 2 */
};

/* Appends the n bytes at text, made safe: valid UTF-8, or bytes 0x20 to 0x7e. */
void safe_text(const char *text, size_t n, enum safe_form form, struct buf *out);

/* Appends JSON with the same value, safe for a terminal: one line of valid UTF-8, with \\uXXXX for characters
 * that are not plainly visible. Bytes that are not UTF-8 become \\ufffd. */
void safe_json(const char *text, size_t n, struct buf *out);

/* The following take safe text only. */

/* Reads the cell at *p and moves *p after it; false at the end. */
bool safe_next(const char **p, const char *end, struct safe_cell *cell);

/* Returns the length in bytes of the mark that begins at p, with its brackets; 0 for none. Each of its
 * characters is a cell of one column. */
size_t safe_mark(const char *p, const char *end, enum safe_form form);

/* Returns the columns of the n bytes. */
size_t safe_width(const char *safe, size_t n);

/* Appends the text, cut to exactly that many columns if it does not fit, with "…" (ASCII "..") in place of
 * the rest. Wide characters and marks are not cut in half; blanks fill the gap. */
void safe_fit(const char *safe, size_t columns, enum safe_cut cut, enum safe_form form, struct buf *out);

#endif
