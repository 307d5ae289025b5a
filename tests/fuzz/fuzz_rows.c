/* Rows of every query: what a server sends is refused, or printed as JSON, CSV and a table. The first byte
 * is the shape. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db/base/err.h"
#include "db/base/mem.h"
#include "db/batch/rows.h"
#include "model/text/csv.h"
#include "tests/fuzz/answered.h"
#include "tests/fuzz/fuzz.h"
#include "ui/cli/output.h"
#include "ui/text/column.h"
#include "ui/text/shapes.h"

static const struct shape *const shapes[] = {&pool_shape, &pool_changed_shape, &resource_shape,
    &resource_changed_shape, &lease_shape, &lease_allocated_shape, &holder_shape, &org_shape,
    &org_changed_shape, &project_shape, &project_changed_shape, &free_range_shape, &exclusion_shape,
    &stretch_shape, &event_shape, &change_shape, &command_shape, &command_queued_shape, &worker_shape,
    &queue_stats_shape, &alert_shape, &finding_shape, &duplicate_shape, &dedupe_run_shape,
    &dedupe_report_shape, &dedupe_own_shape, &dedupe_undone_shape, &dedupe_removed_shape,
    &dedupe_shown_shape};

/* Returns the row printed in a format; owned by the caller. */
static char *print(const struct shape *shape, const void *row, enum format format, bool one) {
	struct err err = {0};
	char *text = NULL;
	size_t n = 0;
	struct sink sink = {.file = open_memstream(&text, &n), .format = format, .form = SAFE_ASCII};

	fuzz_check(sink.file != NULL);
	if (one) {
		fuzz_check(output_one(&sink, shape, row, &err));
	} else {
		struct list *list = list_begin(&sink, shape);

		list_row(list, row);
		fuzz_check(list_end(list, &err));
	}
	(void)fclose(sink.file);
	return text;
}

static void check_csv(const char *text) {
	struct err err = {0};
	struct csv_row row;
	struct csv csv;
	size_t width;

	csv_init(&csv, text, strlen(text));
	fuzz_check(csv_next(&csv, &row, &err) && row.count > 0);
	width = row.count;
	fuzz_check(csv_next(&csv, &row, &err) && row.count == width);
	fuzz_check(csv_next(&csv, &row, &err) && row.count == 0);
	csv_release(&csv);
}

static void check_safe(const char *text) {
	for (; *text != '\0'; text++) {
		fuzz_check(*text == '\n' || (*text >= ' ' && *text <= '~'));
	}
}

static void check(const struct shape *shape, const void *row, bool clean) {
	for (int one = 0; one < 2; one++) {
		char *json = print(shape, row, FORMAT_JSON, one != 0);
		char *csv = print(shape, row, FORMAT_CSV, one != 0);
		char *table = print(shape, row, FORMAT_TABLE, one != 0);

		if (clean) {
			fuzz_json(json);
			check_csv(csv);
		}
		check_safe(table);
		free(json);
		free(csv);
		free(table);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
	const struct shape *shape = shapes[n == 0 ? 0 : data[0] % (sizeof shapes / sizeof shapes[0])];
	struct answered answered = {.data = n == 0 ? data : data + 1, .n = n == 0 ? 0 : n - 1};
	void *row = mem_new(1, shape->type->size);

	if (answered_row(&answered, shape->type, row)) {
		check(shape, row, answered.clean);
	}
	answered_release(&answered);
	free(row);
	return 0;
}
