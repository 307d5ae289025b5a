#include "ui/console/widgets/confirm.h"

#include <string.h>

#include "ui/console/terminal/grid.h"

void confirm_release(struct confirm *c) {
	line_editor_release(&c->typed);
	*c = (struct confirm){0};
}

static enum confirm_result key_of_line(const struct key_event *event) {
	switch (event->key) {
	case 'y':
		return CONFIRM_YES;
	case 'J':
		return CONFIRM_JSON;
	case 'C':
		return CONFIRM_COMMAND;
	case KEY_CODE_ESCAPE:
	case KEY_CODE_CTRL('c'):
	case 'q':
	case 'n':
		return CONFIRM_LEFT;
	case KEY_CODE_PASTE:
		return CONFIRM_PASTED;
	default:
		return CONFIRM_WAITS;
	}
}

enum confirm_result confirm_key(struct confirm *c, const char *phrase, const struct key_event *event) {
	bool copies = c->copies && (event->key == 'J' || event->key == 'C');

	if (phrase == NULL || event->key == KEY_CODE_PASTE || (copies && c->typed.text.len == 0)) {
		return key_of_line(event);
	}
	switch (line_editor_key(&c->typed, event)) {
	case LINE_EDITOR_ACCEPTED:
		return strcmp(phrase, line_editor_text(&c->typed)) == 0 ? CONFIRM_YES : CONFIRM_WRONG;
	case LINE_EDITOR_DROPPED:
		return CONFIRM_LEFT;
	default:
		return CONFIRM_WAITS;
	}
}

static int indent_of(int columns) {
	return columns > 20 ? 2 : 0;
}

/* Returns the rows of the phrase, which is ASCII. */
static int phrase_rows(const char *phrase, int columns) {
	return columns < 1 ? 1 : ((int)strlen(phrase) + columns - 1) / columns;
}

int confirm_rows(const char *phrase, int columns) {
	return 2 + phrase_rows(phrase, columns - indent_of(columns));
}

void confirm_draw(
    const struct confirm *c, const char *phrase, const char *title, struct grid *g, struct rect area) {
	int left = area.column + indent_of(area.columns);
	int end = area.column + area.columns;
	int rows = phrase_rows(phrase, end - left);
	int last = area.row + area.rows - 1;

	for (int line = 0; line < rows && rows - line < area.rows; line++) {
		(void)grid_print(g, last - rows + line, left, end, STYLE_BOLD, "%.*s", end - left,
		    phrase + line * (end - left));
	}
	if (area.rows > rows + 1) {
		struct pen pen = pen_start(g, (struct rect){last - rows - 1, area.column, 1, area.columns});

		pen_say(&pen, STYLE_WARNING, title);
		pen_key(&pen, "Esc", "leaves it");
		if (c->copies) {
			pen_key(&pen, "J C", "copy");
		}
	}
	line_editor_draw(&c->typed, g, last, left, end, STYLE_NORMAL);
}
