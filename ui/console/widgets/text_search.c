#include "ui/console/widgets/text_search.h"

#include <stdlib.h>
#include <string.h>

#include "db/base/mem.h"
#include "ui/console/terminal/grid.h"
#include "ui/console/terminal/key.h"

void text_search_release(struct text_search *search) {
	line_editor_release(&search->word);
	*search = (struct text_search){0};
}

static enum text_search_result type(struct text_search *search, const struct key_event *event) {
	switch (line_editor_key(&search->word, event)) {
	case LINE_EDITOR_EDITED:
		return TEXT_SEARCH_HERE;
	case LINE_EDITOR_ACCEPTED:
		line_editor_remember(&search->word);
		search->typing = false;
		return TEXT_SEARCH_HERE;
	case LINE_EDITOR_DROPPED:
		line_editor_set(&search->word, "");
		search->typing = false;
		return TEXT_SEARCH_WAITS;
	default:
		return TEXT_SEARCH_WAITS;
	}
}

enum text_search_result text_search_key(struct text_search *search, const struct key_event *event) {
	search->missed = false;
	if (search->typing) {
		return type(search, event);
	}
	if (event->key == '/') {
		line_editor_set(&search->word, "");
		search->typing = true;
		return TEXT_SEARCH_WAITS;
	}
	if (search->word.text.len == 0) {
		return TEXT_SEARCH_NONE;
	}
	return event->key == 'n'   ? TEXT_SEARCH_NEXT
	       : event->key == 'N' ? TEXT_SEARCH_PREVIOUS
				   : TEXT_SEARCH_NONE;
}

bool text_search_matches(const struct text_search *search, const char *line) {
	const char *word = line_editor_text(&search->word);
	char *copy;
	bool found;

	if (*word == '\0') {
		return false;
	}
	copy = mem_print("%.*s", (int)strcspn(line, "\n"), line);
	found = strcasestr(copy, word) != NULL;
	free(copy);
	return found;
}

int text_search_line(struct text_search *search, enum text_search_result result, const char *text, int line) {
	int first = -1, last = -1, before = -1, after = -1, here = -1;

	for (int i = 0; *text != '\0'; i++) {
		if (text_search_matches(search, text)) {
			first = first < 0 ? i : first;
			last = i;
			before = i < line ? i : before;
			here = here < 0 && i >= line ? i : here;
			after = after < 0 && i > line ? i : after;
		}
		text += strcspn(text, "\n");
		text += *text == '\0' ? 0 : 1;
	}
	search->missed = result > TEXT_SEARCH_WAITS && first < 0 && search->word.text.len > 0;
	switch (result) {
	case TEXT_SEARCH_HERE:
		return here >= 0 ? here : first;
	case TEXT_SEARCH_NEXT:
		return after >= 0 ? after : first;
	case TEXT_SEARCH_PREVIOUS:
		return before >= 0 ? before : last;
	default:
		return -1;
	}
}

void text_search_draw(const struct text_search *search, struct grid *g, int row) {
	static const char missed[] = " no line has it";
	bool told = search->missed && g->columns > 2 * (int)sizeof missed;
	int end = told ? g->columns - (int)sizeof missed : g->columns;

	if (!search->typing && !search->missed) {
		return;
	}
	(void)grid_print(g, row, 0, g->columns, STYLE_NORMAL, "%*s", g->columns, "");
	(void)grid_put(g, row, 0, g->columns, STYLE_ACCENT, "/");
	if (search->typing) {
		line_editor_draw(&search->word, g, row, 1, end, STYLE_NORMAL);
	} else {
		(void)grid_foreign(
		    g, row, 1, end, STYLE_NORMAL, line_editor_text(&search->word), search->word.text.len);
	}
	if (told) {
		(void)grid_put(g, row, end, g->columns, STYLE_WARNING, missed);
	}
}
