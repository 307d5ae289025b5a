/*
 * Filters: what a list shows, in the console after `/` and as --filter.
 *
 *     web   "ci runner"   10.0.0.7                   words: each is in a text that the row shows
 *     state=broken   holder!="ci runner"   kind in (ipv4,ipv6)
 *     free<20   used%>=90   priority>0               fields: counts and a percentage,
 *     held>30d   lag>5m                              spans,
 *     expires<1h   runs-out<7d   expires=never       times, as a span from now or as RFC 3339,
 *     value=10.0.0.0/24   value>100                  values and ranges
 *     env=prod   !old   label:state=x   tier in (a)  labels, as in a selector
 *
 * Terms are separated by blanks or commas and must all hold; a `!` as the very first character inverts the
 * whole, one after a blank belongs to its term.  A name that is no field of the rows is the key of a label,
 * and `label:NAME` always is.  A bare word beside a comma is the key of a label that must be there, as in a
 * selector; so every selector is a filter of the same meaning, as long as none of its keys with an operator
 * is a field.
 *
 * Rows without labels, such as commands and alerts, have no keys: there one is an error, which names the
 * fields.
 *
 * A word and the value of a field may be quoted; within quotes a backslash escapes the next character.
 */
#ifndef MODEL_SYNTAX_FILTER_H
#define MODEL_SYNTAX_FILTER_H

#include <stdbool.h>
#include <stddef.h>

struct buf;
struct err;

enum { FILTER_MAX_BYTES = 16384, FILTER_MAX_TERMS = 256 };

/* The kinds of rows. The server meets the filters of all but the last ones, of which a screen has all rows.
 */
enum filter_rows {
	FILTER_NONE, /* of no list */
	FILTER_LEASES,
	FILTER_POOLS,
	FILTER_COMMANDS,
	FILTER_RESOURCES,
	FILTER_PROJECTS,
	FILTER_ALERTS,
	FILTER_HOLDERS,
	FILTER_LABEL_KEYS,
	FILTER_LABEL_VALUES,
	FILTER_LABEL_TARGETS,
	FILTER_LOOKALIKES,
	FILTER_DUPLICATES,
	FILTER_RUNS,
	FILTER_REMOVED,
	FILTER_ROWS
};

/* The ways in which the value of a field is read and compared. The server has the same table with the
 * expressions, berth.filter_fields(). */
enum filter_type {
	FILTER_WORD,    /* one of the words of the field, in any case; = != in notin */
	FILTER_NAME,    /* a text, exactly; all operators, byte by byte */
	FILTER_PART,    /* a part of a text, in any case; = != */
	FILTER_COUNT,   /* a whole number */
	FILTER_PERCENT, /* a number with a fraction, a % may follow */
	FILTER_SPAN,    /* a duration */
	FILTER_TIME,    /* a duration from now, a time, or `never` (= !=) */
	FILTER_VALUE    /* an address, number or slot; a range with = and !=; in and notin of neither */
};

struct filter_field {
	const char *name;
	enum filter_type type;
	const char *const *words; /* of FILTER_WORD, ended by NULL; NULL: any text, exactly */
	const char *const *shown; /* further ones, which screens show for them; or NULL */
};

/* The fields of each kind of row, ended by a NULL name; NULL for FILTER_NONE. */
extern const struct filter_field *const filter_fields[FILTER_ROWS];

/* Returns true for rows that have labels. */
bool filter_has_labels(enum filter_rows rows);

/* Returns the field of that name of n bytes; NULL when there is none. */
const struct filter_field *filter_field_find(enum filter_rows rows, const char *name, size_t n);

/* `struct row_filter f = {0}` matches everything. */
struct row_filter {
	char *json; /* for the server, which checks it: {"invert", "words", "terms", "labels"}; NULL: matches
		       all */
};

/* Parses a filter; else ERR_INVALID_INPUT with what was expected and the detail {"selector", "position"}: the
 * filter, and the number of characters before the first wrong one. */
bool row_filter_parse(const char *text, enum filter_rows rows, struct row_filter *out, struct err *err)
    __attribute__((warn_unused_result));
void row_filter_release(struct row_filter *filter);

/* Return the filter of one word, or of a field of FILTER_NAME that is a text; both may have any characters.
 */
struct row_filter row_filter_word(const char *word);
struct row_filter row_filter_name(const char *field, const char *text);

/* Returns the filter as an argument of a query: NULL for none. */
const char *row_filter_text(const struct row_filter *filter);

#endif
