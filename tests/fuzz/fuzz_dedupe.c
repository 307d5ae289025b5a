/* The identifiers of `dedupe`: a table, its key, and lists of columns, each on a line. What is accepted is
 * JSON that names what was typed. */
#include <jansson.h>
#include <stdlib.h>

#include "db/base/buf.h"
#include "db/base/err.h"
#include "model/dedupe.h"
#include "tests/fuzz/fuzz.h"

/* Returns a line, or NULL for an empty one. */
static char *next(const uint8_t **data, size_t *n) {
	char *line = fuzz_line(data, n);

	if (line[0] == '\0') {
		free(line);
		return NULL;
	}
	return line;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
	char *lines[10];
	struct dedupe_words words;
	struct buf ask = {0};
	struct err err = {0};

	for (size_t i = 0; i < 10; i++) {
		lines[i] = next(&data, &n);
	}
	words = (struct dedupe_words){.table = lines[0],
	    .key = lines[1],
	    .order = lines[2],
	    .values = lines[3],
	    .row_id = lines[4],
	    .null_as_empty = lines[5],
	    .fold = lines[6],
	    .live = lines[7],
	    .trim = lines[8],
	    .constraint = lines[9]};
	if (lines[0] != NULL && lines[1] != NULL && dedupe_ask(&words, &ask, &err)) {
		json_t *root = json_loads(buf_text(&ask), JSON_REJECT_DUPLICATES, NULL);

		fuzz_check(json_is_object(root) && json_object_size(root) > 1);
		json_decref(root);
	} else if (err.message != NULL) {
		fuzz_refused(&err, ERR_INVALID_INPUT);
	}
	buf_release(&ask);
	for (size_t i = 0; i < 10; i++) {
		free(lines[i]);
	}
	return 0;
}
