/* The reader stays in its block; words that are quoted again are read as the same; the line of an error is
 * one of the text. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "db/base/buf.h"
#include "db/base/err.h"
#include "db/base/mem.h"
#include "model/text/script.h"
#include "tests/fuzz/fuzz.h"

static void quote(const char *word, struct buf *out) {
	buf_puts(out, " '");
	for (; *word != '\0'; word++) {
		if (*word == '\'') {
			buf_puts(out, "'\\''");
		} else {
			buf_char(out, *word);
		}
	}
	buf_char(out, '\'');
}

static void check_again(const struct script_line *line) {
	struct buf text = {0};
	struct err err = {0};
	struct script_line again;
	struct script script;

	for (int i = 1; i < line->argc; i++) {
		quote(line->argv[i], &text);
	}
	script_init(&script, buf_text(&text), text.len);
	fuzz_check(script_next(&script, &again, &err));
	fuzz_check(again.argc == line->argc && again.number == 1 && again.argv[again.argc] == NULL);
	for (int i = 0; i < line->argc; i++) {
		fuzz_check(strcmp(line->argv[i], again.argv[i]) == 0);
	}
	script_line_release(&again);
	buf_release(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
	char *block = mem_new(n, 1); /* of exactly that size, so that reading past it is detected */
	struct script script;
	struct script_line line;
	struct err err = {0};
	int64_t last = 0;
	bool ok;

	if (n > 0) {
		memcpy(block, data, n);
	}
	script_init(&script, block, n);
	while ((ok = script_next(&script, &line, &err)) && line.argc > 0) {
		fuzz_check(line.number > last && line.number <= fuzz_lines(data, n));
		last = line.number;
		check_again(&line);
		script_line_release(&line);
	}
	fuzz_check(ok || (err.line > last && err.line <= fuzz_lines(data, n)));
	err_release(&err);
	free(block);
	return 0;
}
