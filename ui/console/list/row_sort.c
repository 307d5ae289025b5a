#include "ui/console/list/row_sort.h"

#include <stdlib.h>
#include <string.h>

#include "db/base/clock.h"
#include "db/base/mem.h"
#include "db/batch/rows.h"
#include "ui/text/row.h"

struct entry {
	const void *row;
	size_t place;
};

struct way {
	const struct field *field;
	bool falls;
};

/* Returns whether a row has no value: NULL, or a text that shows nothing. */
static bool is_empty(const struct field *field, const void *row) {
	const void *member = row_member(field, row);

	switch (field->type) {
	case FIELD_TEXT:
	case FIELD_JSON:
		return *row_text(field, row) == '\0' || strcmp(row_text(field, row), "{}") == 0 ||
		       strcmp(row_text(field, row), "[]") == 0;
	case FIELD_TIME:
		return *(const int64_t *)member == TIME_NONE;
	case FIELD_ID:
		return id_is_nil(*(const struct id *)member);
	default:
		return false;
	}
}

/* Returns -1, 0 or 1. */
static int sign(bool less, bool more) {
	return (more ? 1 : 0) - (less ? 1 : 0);
}

static int compare_numbers(int64_t a, int64_t b) {
	return sign(a<b, a> b);
}

/* Compares whole numbers by their digits. */
static int compare_digits(const char *a, const char *b) {
	size_t m = strlen(a), n = strlen(b);

	return m != n ? sign(m<n, m> n) : strcmp(a, b);
}

static int compare_texts(const char *a, const char *b) {
	int folded = strcasecmp(a, b);

	return folded != 0 ? folded : strcmp(a, b);
}

static int compare_members(const struct field *field, const void *a, const void *b) {
	const void *x = row_member(field, a);
	const void *y = row_member(field, b);

	switch (field->type) {
	case FIELD_BOOL:
		return compare_numbers(*(const bool *)x, *(const bool *)y);
	case FIELD_INT:
	case FIELD_TIME:
		return compare_numbers(*(const int64_t *)x, *(const int64_t *)y);
	case FIELD_REAL:
		return sign(*(const double *)x<*(const double *)y, *(const double *)x> * (const double *)y);
	case FIELD_ENUM:
		return compare_numbers(*(const int *)x, *(const int *)y);
	case FIELD_COUNT:
		return compare_digits(((const struct count *)x)->digits, ((const struct count *)y)->digits);
	case FIELD_VALUE:
		return sign(*(const u128 *)x<*(const u128 *)y, *(const u128 *)x> * (const u128 *)y);
	case FIELD_ID:
		return memcmp(x, y, sizeof(struct id));
	case FIELD_TEXT:
	case FIELD_JSON:
		return compare_texts(row_text(field, a), row_text(field, b));
	}
	return 0;
}

static int compare(const void *a, const void *b, void *context) {
	const struct entry *x = a, *y = b;
	const struct way *way = context;
	bool last = is_empty(way->field, x->row);
	int order;

	if (last != is_empty(way->field, y->row)) {
		return last ? 1 : -1;
	}
	order = last ? 0 : compare_members(way->field, x->row, y->row);
	return order == 0 ? sign(x->place<y->place, x->place> y->place) : way->falls ? -order : order;
}

static void turn(const void **rows, size_t count) {
	for (size_t i = 0; i < count / 2; i++) {
		const void *row = rows[i];

		rows[i] = rows[count - 1 - i];
		rows[count - 1 - i] = row;
	}
}

void rows_sort(const struct field *field, bool falls, const void **rows, size_t count) {
	struct way way = {field, falls};
	struct entry *entries;

	if (field == NULL) {
		turn(rows, falls ? count : 0);
		return;
	}
	entries = mem_new(count, sizeof *entries);
	for (size_t i = 0; i < count; i++) {
		entries[i] = (struct entry){rows[i], i};
	}
	if (count > 0) {
		qsort_r(entries, count, sizeof *entries, compare, &way);
	}
	for (size_t i = 0; i < count; i++) {
		rows[i] = entries[i].row;
	}
	free(entries);
}
