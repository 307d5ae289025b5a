/* The places of a script's verbs, as the server keeps them: lines that were read are written so that they are
 * read as the same. */
#include <stdlib.h>

#include "db/base/buf.h"
#include "model/text/script.h"
#include "tests/fuzz/fuzz.h"

enum { MOST = 64 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
	char *text = fuzz_text(data, n);
	const char *at = text;
	int64_t lines[MOST];
	struct script_places places = {0}, again = {0};
	struct buf out = {0};
	size_t count = 0;

	while (count < MOST && script_place_next(&places, &at, &lines[count])) {
		count++;
	}
	places = (struct script_places){0};
	for (size_t i = 0; i < count; i++) {
		script_place_put(&places, lines[i], &out);
	}
	at = buf_text(&out);
	for (size_t i = 0; i < count; i++) {
		int64_t line = 0;

		fuzz_check(script_place_next(&again, &at, &line) && line == lines[i]);
	}
	fuzz_check(*at == '\0');
	buf_release(&out);
	free(text);
	return 0;
}
