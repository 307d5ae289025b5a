/* Documents in answers of the server: an event's members before and after, and the detail of an error. They
 * are told, and errors are JSON, whatever the documents hold. A document a line. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db/base/buf.h"
#include "db/base/err.h"
#include "db/base/mem.h"
#include "gen/rows.h"
#include "model/syntax/name.h"
#include "tests/fuzz/fuzz.h"
#include "ui/text/change.h"
#include "ui/text/report.h"

static void check_change(const char *before, const char *after) {
	struct event event = {.kind = "lease", .target = "lease/x", .before = before, .after = after};
	struct buf out = {0};

	change_words(&event, "->", ", ", false, &out);
	change_words(&event, "->", "\n", true, &out);
	event.before = NULL;
	change_words(&event, "->", ", ", false, &out);
	buf_release(&out);
}

static void check_error(const char *message, const char *detail) {
	struct err err = {.code = ERR_CONFLICT, .message = mem_text(message), .detail = mem_text(detail)};
	struct err ignored = {0};
	struct buf out = {0};
	char *told = NULL;
	size_t n = 0;
	FILE *file = open_memstream(&told, &n);

	fuzz_check(file != NULL && report_error(file, SAFE_ASCII, false, &err) == err_exit(err.code));
	(void)fclose(file);
	for (size_t i = 0; i < n; i++) {
		fuzz_check(told[i] == '\n' || (told[i] >= ' ' && told[i] <= '~'));
	}
	free(told);
	report_json(&err, &out);
	if (text_check("message", message, SIZE_MAX, &ignored) &&
	    text_check("detail", detail, SIZE_MAX, &ignored)) {
		fuzz_json(buf_text(&out));
		fuzz_check(strchr(buf_text(&out), '\n') == NULL);
	}
	buf_release(&out);
	err_release(&ignored);
	err_release(&err);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
	char *first = fuzz_line(&data, &n);
	char *second = fuzz_line(&data, &n);

	check_change(first, second);
	check_error(first, second);
	free(first);
	free(second);
	return 0;
}
