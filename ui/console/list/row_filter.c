#include "ui/console/list/filter.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "db/base/clock.h"
#include "db/base/mem.h"
#include "db/batch/rows.h"
#include "ui/console/list/view.h"
#include "ui/text/column.h"
#include "ui/text/row.h"

/* A term of a filter and the member that it is about. */
struct term {
	const struct filter_field *field;
	const struct field *member;
	const char *op;
	json_t *values; /* texts; borrowed */
};

static const char *text_of(json_t *object, const char *key) {
	const char *text = json_string_value(json_object_get(object, key));

	return text == NULL ? "" : text;
}

static struct term read_term(const struct view *view, json_t *json) {
	const char *name = text_of(json, "field");
	const struct view_member *member = view->members;

	while (strcmp(member->field, name) != 0) {
		member++;
	}
	return (struct term){.field = filter_field_find(view->fields, name, strlen(name)),
	    .member = row_field(view->kind.shape->type, member->member),
	    .op = text_of(json, "op"),
	    .values = json_object_get(json, "values")};
}

/* Returns whether an order, below, at or above 0, is what an operator asks for. */
static bool meets(int order, const char *op) {
	switch (*op) {
	case '<':
		return order < 0 || (op[1] == '=' && order == 0);
	case '>':
		return order > 0 || (op[1] == '=' && order == 0);
	default:
		return order == 0;
	}
}

static int compare(int64_t a, int64_t b) {
	return (a > b ? 1 : 0) - (a < b ? 1 : 0);
}

/* Compares a number with the digits of one that may be greater than any of 64 bits. */
static int compare_count(int64_t number, const char *digits) {
	char *own = mem_print("%" PRId64, number);
	size_t n, m = strlen(own);
	int order;

	digits += strspn(digits, "0");
	digits -= *digits == '\0' ? 1 : 0;
	n = strlen(digits);
	order = m != n ? (m < n ? -1 : 1) : strcmp(own, digits);
	free(own);
	return order;
}

/* Returns the word of a row: of a member with few values the one that stands for it, else its text. */
static const char *word_of(const struct term *term, const void *row) {
	return term->member->type == FIELD_BOOL
		   ? term->field->words[*(const bool *)row_member(term->member, row) ? 1 : 0]
		   : row_text(term->member, row);
}

/* Returns whether a text of the row, as it is shown or as it is, contains a part in any case. */
static bool contains(
    const struct view *view, const struct field *member, const void *row, int64_t now, const char *part) {
	struct bound_column bound = shape_column(view->kind.shape, member->name);
	struct buf text = {0};
	bool found;

	column_short(&bound, row, now, &text);
	found = strcasestr(buf_text(&text), part) != NULL || strcasestr(row_text(member, row), part) != NULL;
	buf_release(&text);
	return found;
}

/* Returns whether a row meets a term with this value, without regard to `!=` and `notin`. */
static bool meets_value(
    const struct question *q, const struct term *term, const void *row, const char *value) {
	int64_t number = 0;

	switch (term->field->type) {
	case FILTER_WORD:
		return strcasecmp(word_of(term, row), value) == 0;
	case FILTER_COUNT:
		memcpy(&number, row_member(term->member, row), sizeof number);
		return meets(compare_count(number, value), term->op);
	case FILTER_SPAN:
		memcpy(&number, row_member(term->member, row), sizeof number);
		return number != TIME_NONE &&
		       meets(compare(q->now - number, strtoll(value, NULL, 10)), term->op);
	default:
		return contains(q->view, term->member, row, q->now, value);
	}
}

static bool meets_term(const struct question *q, const struct term *term, const void *row) {
	bool negated = strcmp(term->op, "!=") == 0 || strcmp(term->op, "notin") == 0;
	bool found = false;
	json_t *value;
	size_t i;

	json_array_foreach(term->values, i, value) {
		found = found || meets_value(q, term, row, json_string_value(value));
	}
	return found != negated;
}

/* Returns whether a word is in a text of the row, or in a cell. */
static bool has_word(const struct question *q, const void *row, const char *word) {
	const struct row_type *type = q->view->kind.shape->type;
	struct context context = {.now = q->now, .scope = q->scope};
	struct buf text = {0};

	for (size_t i = 0; i < type->count; i++) {
		bool said = type->fields[i].type == FIELD_TEXT || type->fields[i].type == FIELD_JSON;

		buf_printf(&text, "%s\n", said ? row_text(&type->fields[i], row) : "");
	}
	for (size_t i = 0; i < q->view->column_count; i++) {
		view_cell(q->view, i, row, &context, &text);
		buf_puts(&text, "\n");
	}
	word = strcasestr(buf_text(&text), word);
	buf_release(&text);
	return word != NULL;
}

static bool matches(const struct question *q, json_t *filter, const void *row) {
	bool all = true;
	json_t *part;
	size_t i;

	json_array_foreach(json_object_get(filter, "words"), i, part) {
		all = all && has_word(q, row, text_of(part, "text"));
	}
	json_array_foreach(json_object_get(filter, "terms"), i, part) {
		struct term term = read_term(q->view, part);

		all = all && meets_term(q, &term, row);
	}
	return all != json_is_true(json_object_get(filter, "invert"));
}

size_t loaded_filter(const struct question *q, const void **rows, size_t count) {
	const char *text = row_filter_text(q->filter);
	json_t *filter = text == NULL ? NULL : json_loads(text, JSON_ALLOW_NUL, NULL);
	const void **others = mem_new(count, sizeof *others);
	size_t kept = 0, dropped = 0;

	for (size_t i = 0; i < count; i++) {
		if (filter == NULL || matches(q, filter, rows[i])) {
			rows[kept++] = rows[i];
		} else {
			others[dropped++] = rows[i];
		}
	}
	memcpy(rows + kept, others, dropped * sizeof *others);
	free(others);
	json_decref(filter);
	return kept;
}
