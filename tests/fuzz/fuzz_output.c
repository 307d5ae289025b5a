/* The end of a hook's output: valid UTF-8 of a bounded length, however it came in pieces. The first byte is
 * the length of a piece. */
#include <stdlib.h>
#include <string.h>

#include "db/base/buf.h"
#include "db/base/err.h"
#include "db/base/mem.h"
#include "model/syntax/name.h"
#include "tests/fuzz/fuzz.h"
#include "ui/worker/last_output.h"

static void read(const char *bytes, size_t n, size_t piece, struct buf *out) {
	struct last_output *output = mem_new(1, sizeof *output);

	for (size_t at = 0; at < n; at += piece) {
		last_output_add(output, bytes + at, n - at < piece ? n - at : piece);
	}
	last_output_text(output, out);
	free(output);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
	size_t piece = n == 0 ? 1 : (size_t)data[0] + 1;
	char *bytes = fuzz_text(data, n);
	struct buf whole = {0}, pieces = {0};
	struct err err = {0};

	read(bytes, n, n + 1, &whole);
	read(bytes, n, piece, &pieces);
	fuzz_check(strlen(buf_text(&whole)) == whole.len);
	fuzz_check(text_check("output", buf_text(&whole), LAST_OUTPUT_CHARS, &err));
	fuzz_check(strcmp(buf_text(&whole), buf_text(&pieces)) == 0);
	buf_release(&whole);
	buf_release(&pieces);
	free(bytes);
	return 0;
}
