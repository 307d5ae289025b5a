#include "ui/console/dialogs/plan_list.h"

#include <inttypes.h>

#include "db/base/buf.h"
#include "ui/console/terminal/key.h"
#include "ui/console/widgets/pen.h"

#define PAGE 10 /* lines that PgDn and PgUp scroll */

void plan_list_release(struct plan_list *list) {
	text_search_release(&list->search);
	list->top = 0;
}

static bool scroll(struct plan_list *list, size_t count, int key) {
	size_t *top = &list->top;

	switch (key) {
	case KEY_CODE_DOWN:
		*top += 1;
		break;
	case KEY_CODE_PAGE_DOWN:
		*top += PAGE;
		break;
	case KEY_CODE_UP:
		*top -= *top > 0 ? 1 : 0;
		break;
	case KEY_CODE_PAGE_UP:
		*top -= *top > PAGE ? PAGE : *top;
		break;
	default:
		return false;
	}
	*top = *top < count ? *top : count > 0 ? count - 1 : 0;
	return true;
}

/* Scrolls to the line that the search goes to, if there is one. */
static void go(struct plan_list *list, const struct plan_lines *lines, enum text_search_result result) {
	struct buf text = {0};
	int line;

	for (size_t i = 0; i < lines->count; i++) {
		lines->put(lines, i, &text);
		buf_char(&text, '\n');
	}
	line = text_search_line(&list->search, result, buf_text(&text), (int)list->top);
	list->top = line >= 0 ? (size_t)line : list->top;
	buf_release(&text);
}

bool plan_list_key(
    struct plan_list *list, const struct plan_lines *lines, bool letters, const struct key_event *event) {
	enum text_search_result result;

	if (!list->search.typing && scroll(list, lines->count, event->key)) {
		return true;
	}
	if (!list->search.typing && !letters) {
		return false;
	}
	result = text_search_key(&list->search, event);
	if (result != TEXT_SEARCH_NONE && result != TEXT_SEARCH_WAITS) {
		go(list, lines, result);
	}
	return result != TEXT_SEARCH_NONE;
}

void plan_list_more(struct pen *p, int64_t more, bool loaded) {
	pen_print(p, STYLE_DIM, "and %" PRId64 " more", more);
	pen_say(p, STYLE_DIM, loaded ? "; PgDn shows them, / searches" : "");
}
