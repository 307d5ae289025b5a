#include "tests/fuzz/imported.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "model/import.h"
#include "model/syntax/range.h"
#include "tests/fuzz/fuzz.h"

/* A row that is sent names a value or range that is read as the same. */
static void check_entry(const struct import_file *file, const struct import_entry *entry) {
	const char *text = file->names.text + entry->text;
	struct range range;
	struct err err = {0};

	fuzz_check(entry->text < file->names.len && entry->pool < file->names.len);
	if (entry->code != ERR_NONE) {
		fuzz_check(entry->message != NULL && entry->message[0] != '\0');
	} else if (entry->skip == NULL) {
		fuzz_check(entry->first <= entry->last && entry->at + entry->len <= file->json.len);
		fuzz_check(range_values(text, entry->kind, &range, &err) || file->what == IMPORT_RANGES);
		fuzz_check(file->what == IMPORT_RANGES || range.first == entry->first);
		err_release(&err);
	}
}

/* All rows together are those of the chunks. */
static void check_rows(const struct import_file *file) {
	struct buf text = {0};
	size_t at = 0, count = 0;

	while (at < file->count) {
		json_t *rows;

		buf_cut(&text, 0);
		import_rows(file, 2, &at, &text);
		rows = json_loads(buf_text(&text), JSON_DECODE_INT_AS_REAL | JSON_REJECT_DUPLICATES, NULL);
		fuzz_check(json_is_array(rows) && json_array_size(rows) <= 2);
		for (size_t i = 0; i < json_array_size(rows); i++) {
			json_t *line = json_object_get(json_array_get(rows, i), "line");

			fuzz_check(json_number_value(line) > 0);
		}
		count += json_array_size(rows);
		json_decref(rows);
	}
	fuzz_check(count == import_count(file));
	buf_release(&text);
}

static void check_skipped(const struct import_file *file) {
	struct buf text = {0};

	fuzz_check(import_skipped(file, &text) == file->count - import_count(file));
	fuzz_check((text.len > 0) == (file->count > import_count(file)));
	buf_release(&text);
}

void imported_check(const uint8_t *data, size_t n, const struct import_ask *ask) {
	char *text = fuzz_text(data, n);
	int64_t lines = fuzz_lines(data, n), line = 0;
	struct import_file file;
	struct err err = {0};

	if (import_read(text, n, ask, &file, &err)) {
		for (size_t i = 0; i < file.count; i++) {
			fuzz_check(file.entries[i].line >= line && file.entries[i].line <= lines);
			line = file.entries[i].line;
			check_entry(&file, &file.entries[i]);
		}
		check_rows(&file);
		check_skipped(&file);
	} else {
		fuzz_check(err.line >= 0 && err.line <= lines);
		fuzz_refused(&err, (int)err.code);
	}
	import_release(&file);
	free(text);
}
