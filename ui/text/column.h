/*
 * Columns: what an answer about a noun, its table and its screen have in common.
 *
 * A shape is the table of a noun's columns (ui/text/shapes.h).  JSON and CSV carry the exact value of each
 * column that has a name, tables show those that have a title, and a screen shows those that it asks for by
 * name.
 */
#ifndef UI_TEXT_COLUMN_H
#define UI_TEXT_COLUMN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;
struct field;
struct json;
struct row_type;

/* The kind of the text that a column's text() appends. Empty text is null in each kind. */
enum column_kind {
	COLUMN_TEXT,  /* a string */
	COLUMN_RAW,   /* a JSON value: a number, an object ... */
	COLUMN_EITHER /* a number if it has nothing but digits, else a string */
};

/*
 *     {"name", "POOL"}                               the member of that name, by its type
 *     {"percent", "USED%", .show = show_percent}     in tables otherwise than in JSON
 *     {"value", "VALUE", .text = text_value}         computed
 *     {NULL, "AGE", .show = show_age, .right = true} for tables only
 *     {"id"}                                         for JSON and CSV only
 */
struct column {
	const char *name;                               /* of the JSON and CSV field */
	const char *title;                              /* in tables */
	void (*text)(const void *row, struct buf *out); /* appends; NULL: the member `name` */
	void (*show)(
	    const void *row, struct buf *out); /* appends for people; NULL: as text() or the member */
	enum column_kind kind;                 /* of text() */
	bool right;                            /* flush right; members that are numbers always are */
	bool plain; /* a JSON object or array of labels or names: in tables "a=b,c=d" and "a,b" */
	bool brief; /* one of the few words of an answer in one line */
};

struct shape {
	const struct row_type *type;
	const struct column *columns; /* ended by one without name and title */
	const struct shape *base;     /* comes first; columns of the same name replace its own; NULL: none */
};

/* A column with its member looked up, once for all rows. */
struct bound_column {
	const struct column *column;
	const struct field *field; /* NULL: the column computes */
};

/* Returns the columns of a shape as an array that the caller frees, and their number in n. */
struct bound_column *shape_bind(const struct shape *shape, size_t *n) __attribute__((returns_nonnull));

/* Returns one column; that there is none of this name is a broken invariant. */
struct bound_column shape_column(const struct shape *shape, const char *name);

/* Puts a whole row as a JSON object; the second one looks the columns up for this row alone. */
void columns_json(const struct bound_column *columns, size_t n, const void *row, struct json *j);
void shape_json(const struct shape *shape, const void *row, struct json *j);

/* Appends the exact value, as CSV has it; returns false and appends nothing for NULL. */
bool column_exact(const struct bound_column *column, const void *row, struct buf *out);

/* Puts the exact value as a JSON value. */
void column_json(const struct bound_column *column, const void *row, struct json *j);

/* Appends the value as people want to see it, in a table and in a list of the console; neither is made safe.
 */
void column_show(const struct bound_column *column, const void *row, struct buf *out);
void column_short(const struct bound_column *column, const void *row, int64_t now, struct buf *out);

/* Returns whether the column is flush right. */
bool column_is_right(const struct bound_column *column);

#endif
