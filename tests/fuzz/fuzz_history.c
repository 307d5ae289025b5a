/* The lines of earlier runs: those that were read are valid, are not too many, and are read again from the
 * file that they make. */
#include <stdlib.h>
#include <string.h>

#include "db/base/buf.h"
#include "db/base/err.h"
#include "model/syntax/name.h"
#include "tests/fuzz/fuzz.h"
#include "ui/config/history.h"

enum { KEPT = 200 };

struct taken {
	size_t count;
	struct buf lines;
};

static void take(void *context, char kind, const char *text) {
	struct taken *taken = context;
	struct err err = {0};

	fuzz_check((kind == '/' || kind == ':') && text[0] != '\0' && strchr(text, '\n') == NULL);
	fuzz_check(text_check("line", text, SIZE_MAX, &err));
	buf_printf(&taken->lines, "%c%s\n", kind, text);
	taken->count++;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
	struct taken first = {0}, second = {0};

	fuzz_file("history", data, n);
	history_read(take, &first);
	fuzz_check(first.count <= KEPT);
	fuzz_file("history", NULL, 0);
	history_add(buf_text(&first.lines), first.lines.len);
	history_read(take, &second);
	fuzz_check(second.count == first.count);
	fuzz_check(strcmp(buf_text(&first.lines), buf_text(&second.lines)) == 0);
	buf_release(&first.lines);
	buf_release(&second.lines);
	return 0;
}
