/* The reader stays in its block; rows that were read are written so that they are read as the same; the line
 * of an error is one of the text. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "db/base/buf.h"
#include "db/base/err.h"
#include "db/base/mem.h"
#include "model/text/csv.h"
#include "tests/fuzz/fuzz.h"

/* A line of blanks alone is none. */
static void write_row(struct buf *out, const struct csv_row *row) {
	const char *only = row->fields[0];

	if (row->count == 1 && only[strspn(only, " \t")] == '\0') {
		buf_printf(out, "\"%s\"\r\n", only);
		return;
	}
	for (size_t i = 0; i < row->count; i++) {
		buf_puts(out, i > 0 ? "," : "");
		csv_field(out, row->fields[i]);
	}
	buf_puts(out, "\r\n");
}

static void check_again(const struct csv_row *row) {
	struct buf text = {0};
	struct err err = {0};
	struct csv_row again;
	struct csv csv;

	/* A line before it, so that the first field cannot begin with a byte order mark. */
	buf_puts(&text, "\r\n");
	write_row(&text, row);
	csv_init(&csv, buf_text(&text), text.len);
	fuzz_check(csv_next(&csv, &again, &err));
	fuzz_check(again.count == row->count && again.line == 2);
	for (size_t i = 0; i < row->count; i++) {
		fuzz_check(strcmp(row->fields[i], again.fields[i]) == 0);
	}
	fuzz_check(csv_next(&csv, &again, &err) && again.count == 0);
	csv_release(&csv);
	buf_release(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
	char *block = mem_new(n, 1); /* of exactly that size, so that reading past it is detected */
	int64_t line = 0;
	struct err err = {0};
	struct csv_row row;
	struct csv csv;
	bool ok;

	if (n > 0) {
		memcpy(block, data, n);
	}
	csv_init(&csv, block, n);
	while ((ok = csv_next(&csv, &row, &err)) && row.count > 0) {
		fuzz_check(row.line > line);
		line = row.line;
		check_again(&row);
	}
	if (!ok) {
		fuzz_check(
		    err.code == ERR_INVALID_INPUT && err.line > line && err.line <= fuzz_lines(data, n));
	}
	err_release(&err);
	csv_release(&csv);
	free(block);
	return 0;
}
