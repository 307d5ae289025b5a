/*
 * Selectors: what the labels of an object must be like.
 *
 *     a   !a   a=b   a==b   a!=b   a in (b,c)   a notin (b,c)   a>1   a<1
 *
 * Requirements are separated by commas and must all hold; none at all selects
 * everything.  Whatever Kubernetes' labels.Parse accepts means the same here,
 * because people bring their selectors along, with what follows from its way of
 * reading:
 *
 *   - blanks, tabs and line ends may stand anywhere between words and symbols;
 *   - a missing value is the empty one: "a=", "a in ()", and each empty place of a
 *     list ("(b,)" is b or empty), however many commas there are;
 *   - `in` and `notin` are words like others where a key or a value stands;
 *   - `!=` and `notin` also select what has no such key;
 *   - `>` and `<` compare integers: decimal digits, at most 2^63 - 1, leading
 *     zeros allowed.  No sign, for no label has one.  Something else in the
 *     selector is an error; in a label it makes that nothing is selected, and so
 *     does a larger number.
 *
 * A prefix may have capitals, which Kubernetes refuses, and its parts at most 63
 * characters, as everywhere (model/syntax/label.h).
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
	SELECTOR_OPS
};

/* Texts are borrowed from the selector. Invariant: values are in the order of strcmp(), none twice; none for
 * exists and absent, at least one for in and not in, else one. */
struct requirement {
	enum selector_op op;
	const char *prefix; /* "" for none */
	const char *name;
	const char **values;
	size_t count;
	int64_t number; /* the value of greater and less */
};

/* `struct selector s = {0}` selects everything. */
struct selector {
	struct requirement *requirements; /* as written, from left to right */
	size_t count;
	char *words; /* what they point into */
	const char **values;
};

struct selector_label {
	const char *prefix; /* "" for none */
	const char *name;
	const char *value;
};

/* Else ERR_INVALID_INPUT with what was expected and detail {"selector", "position"}: how many characters
 * stand before the first that is wrong; all of them when the text ends too early. Bytes that are not UTF-8
 * are each a character that is wrong, and U+FFFD in the detail. */
bool selector_parse(const char *text, struct selector *out, struct err *err)
    __attribute__((warn_unused_result));
void selector_release(struct selector *selector);

/* Whether an object with these labels is selected. No key may stand twice. */
bool selector_matches(const struct selector *selector, const struct selector_label *labels, size_t count)
    __attribute__((warn_unused_result));

/* Appends [{"op", "prefix", "name", "values": [...]}] as the server reads it; op is one of exists, absent,
 * equals, not_equals, in, not_in, greater, less. */
void selector_json(const struct selector *selector, struct buf *out);

/* The same as the argument of a query: NULL, which is everything, for a selector that is NULL or empty. The
 * buffer must be empty and outlive the use. */
const char *selector_text(const struct selector *selector, struct buf *out);

#endif
