/* The input line: whatever is typed or pasted, the text is valid UTF-8 without control characters, and the
 * cursor is at a character. A byte below 0x20 is a key of its own, one that begins no character a paste of
 * the next ones. */
#include <stdlib.h>
#include <string.h>

#include "db/base/err.h"
#include "model/syntax/name.h"
#include "tests/fuzz/fuzz.h"
#include "ui/console/terminal/grid.h"
#include "ui/console/widgets/line_editor.h"

enum { PASTED = 200 };

static void check(const struct line_editor *p) {
	const char *text = line_editor_text(p);
	struct err err = {0};

	fuzz_check(line_editor_valid(p) && text_check("line", text, LINE_EDITOR_MAX, &err));
	for (; *text != '\0'; text++) {
		fuzz_check((unsigned char)*text >= 0x20 && *text != 0x7f);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
	char *text = fuzz_text(data, n);
	const char *at = text, *end = text + n;
	struct line_editor editor = {0};
	struct grid *g = grid_new(1, 20, false);

	while (at < end) {
		uint32_t code = 0;
		struct key_event event = {0};

		if (utf8_next(&at, end, &code)) {
			event.key = (int)code;
		} else {
			event.key = KEY_CODE_PASTE;
			event.text = at;
			event.n = end - at < PASTED ? (size_t)(end - at) : PASTED;
			at += event.n;
		}
		if (line_editor_key(&editor, &event) == LINE_EDITOR_ACCEPTED) {
			line_editor_remember(&editor);
			line_editor_set(&editor, "");
		}
		check(&editor);
	}
	line_editor_draw(&editor, g, 0, 1, 20, STYLE_NORMAL);
	fuzz_check(grid_valid(g) && g->cursor_column >= 0 && g->cursor_column < 20);
	grid_free(g);
	line_editor_release(&editor);
	free(text);
	return 0;
}
