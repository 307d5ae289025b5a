/* Every accepted duration, time or end is written in a form that is read as the same again. */
#include <stdlib.h>

#include "db/base/buf.h"
#include "db/base/err.h"
#include "model/syntax/duration.h"
#include "model/syntax/instant.h"
#include "tests/fuzz/fuzz.h"

static void check(const char *text, bool (*parse)(const char *text, int64_t *us, struct err *err),
    void (*print)(int64_t us, struct buf *out)) {
	struct err err = {0};
	struct buf out = {0};
	int64_t us = 0;
	int64_t again = 0;

	if (parse(text, &us, &err)) {
		print(us, &out);
		fuzz_check(parse(buf_text(&out), &again, &err) && us == again);
	} else {
		fuzz_refused(&err, ERR_INVALID_INPUT);
	}
	buf_release(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
	char *text = fuzz_text(data, n);

	check(text, duration_parse, duration_text);
	check(text, instant_parse, instant_text);
	check(text, end_parse, end_text);
	free(text);
	return 0;
}
