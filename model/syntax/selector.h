/*
 * Selectors: requirements for the labels of an object.
 *
 *     a   !a   a=b   a==b   a!=b   a in (b,c)   a notin (b,c)   a>1   a<1
 *
 * Requirements are separated by commas and must all hold; an empty selector selects everything.  Every
 * selector that Kubernetes' labels.Parse accepts has the same meaning here:
 *
 *   - blanks, tabs and line ends may separate words and symbols;
 *   - a missing value is the empty one: "a=", "a in ()", "(b,)" is b or empty;
 *   - `in` and `notin` are ordinary words in the place of a key or value;
 *   - `!=` and `notin` also select objects without the key;
 *   - `>` and `<` compare unsigned integers up to 2^63 - 1, leading zeros allowed; other labels are not
 *     selected.
 *
 * Unlike in Kubernetes a prefix may have capitals, and its parts have at most 63 characters
 * (model/syntax/label.h).
 */
#ifndef MODEL_SYNTAX_SELECTOR_H
#define MODEL_SYNTAX_SELECTOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;
struct err;

enum { SELECTOR_MAX_BYTES = 65536, SELECTOR_MAX_REQUIREMENTS = 256 };

enum selector_op {
	SELECTOR_EXISTS,
	SELECTOR_ABSENT,
	SELECTOR_EQUALS,
	SELECTOR_NOT_EQUALS,
	SELECTOR_IN,
	SELECTOR_NOT_IN,
	SELECTOR_GREATER,
	SELECTOR_LESS,
	SELECTOR_AT_LEAST, /* this and the next: only in filters */
	SELECTOR_AT_MOST,
	SELECTOR_OPS
};

/* Texts are borrowed from the selector. Invariant: values are sorted by strcmp() and unique; none for EXISTS
 * and ABSENT, at least one for IN and NOT_IN, else one. */
struct requirement {
	enum selector_op op;
	const char *prefix; /* "" for none */
	const char *name;
	const char **values;
	size_t count;
	int64_t number; /* the value of GREATER, LESS, AT_LEAST and AT_MOST */
};

/* `struct selector s = {0}` selects everything. */
struct selector {
	struct requirement *requirements; /* as written, from left to right */
	size_t count;
	char *words; /* owns the texts */
	const char **values;
};

/* Parses a selector; else ERR_INVALID_INPUT with what was expected and the detail {"selector", "position"}:
 * the number of characters before the first wrong one. A byte that is not UTF-8 counts as a wrong character,
 * and is U+FFFD in the detail. */
bool selector_parse(const char *text, struct selector *out, struct err *err)
    __attribute__((warn_unused_result));
void selector_release(struct selector *selector);

/* Parses the bytes from `from` to `to` of a text, which is valid UTF-8, as a part of a filter: with the
 * operators >= and <=. The detail of an error has the whole text and the position in it. */
bool selector_parse_part(const char *text, size_t from, size_t to, struct selector *out, struct err *err)
    __attribute__((warn_unused_result));

/* Sets that detail: the text, valid UTF-8, and the number of its characters before the wrong byte. Returns
 * false. */
bool selector_point(const char *text, size_t wrong, struct err *err);

/* Appends [{"op", "prefix", "name", "values": [...]}] for the server; op is exists, absent, equals,
 * not_equals, in, not_in, greater, less, at_least or at_most. */
void selector_json(const struct selector *selector, struct buf *out);

/* Returns the same as an argument of a query: NULL, which selects everything, for a selector that is NULL or
 * empty. The text is borrowed from the buffer, which must be empty. */
const char *selector_text(const struct selector *selector, struct buf *out);

#endif
