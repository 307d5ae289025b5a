#include "model/import/row.h"

#include <stdlib.h>
#include <string.h>

#include "db/base/clock.h"
#include "db/base/mem.h"
#include "db/base/num.h"
#include "model/syntax/instant.h"

/* The last second of the year 9999. */
#define LAST_SECOND INT64_C(253402300799)

void row_begin(struct import_row *row, int64_t line) {
	err_release(&row->wrong);
	buf_cut(&row->words, 0);
	buf_char(&row->words, '\0');
	memset(row->at, 0, sizeof row->at);
	memset(row->titles, 0, sizeof row->titles);
	row->line = line;
	row->skip = NULL;
	row->is_named = false;
}

void row_release(struct import_row *row) {
	err_release(&row->wrong);
	buf_release(&row->words);
}

const char *row_cell(const struct import_row *row, enum import_cell cell) {
	return row->words.text + row->at[cell];
}

void row_put(struct import_row *row, enum import_cell cell, const char *text, size_t n) {
	size_t at = row->words.len;

	buf_add(&row->words, text, n);
	buf_char(&row->words, '\0');
	row->at[cell] = at;
}

bool row_refuse(struct import_row *row, enum import_cell cell, const char *why) {
	err_set(&row->wrong, ERR_INVALID_INPUT, "\"%s\" %s", row_cell(row, cell), why);
	return row_blame(row, cell, &row->wrong);
}

bool row_blame(const struct import_row *row, enum import_cell cell, struct err *err) {
	if (row->titles[cell] != NULL) {
		char *message = mem_print("column \"%s\": %s", row->titles[cell], err->message);

		free(err->message);
		err->message = message;
	}
	return false;
}

bool row_seconds(struct import_row *row, enum import_cell cell, int64_t *seconds) {
	return int_parse(row_cell(row, cell), 0, LAST_SECOND, seconds) ||
	       row_refuse(row, cell, "is not a number of seconds");
}

void row_put_end(struct import_row *row, int64_t seconds) {
	struct buf text = {0};

	if (seconds <= row->now / TIME_SECOND) {
		row->skip = "expired";
		return;
	}
	instant_text(seconds * TIME_SECOND, &text);
	row_put(row, CELL_UNTIL, buf_text(&text), text.len);
	buf_release(&text);
}
