#include "ui/console/widgets/pager.h"

#include <stdlib.h>
#include <string.h>

#include "db/base/mem.h"
#include "model/text/safe.h"
#include "ui/console/terminal/grid.h"

void pager_release(struct pager *p) {
	text_search_release(&p->search);
	*p = (struct pager){.page = p->page};
}

bool pager_key(struct pager *p, const char *text, const struct key_event *event) {
	enum text_search_result result = text_search_key(&p->search, event);
	int from = result == TEXT_SEARCH_HERE ? p->top : p->found;
	int line = text_search_line(&p->search, result, text, from);

	if (line >= 0) {
		p->found = line;
		pager_scroll(p, line - p->top, 0);
	}
	return result != TEXT_SEARCH_NONE;
}

void pager_open(struct pager *p, const char *text) {
	pager_release(p);
	while (*text != '\0') {
		size_t n = strcspn(text, "\n");
		int width = (int)safe_width(text, n);

		p->columns = width > p->columns ? width : p->columns;
		p->lines++;
		text += n + (text[n] == '\0' ? 0 : 1);
	}
}

/* Returns the value between 0 and a limit, which may be below 0. */
static int within(int value, int limit) {
	int most = limit < 0 ? 0 : limit;

	return value < 0 ? 0 : value > most ? most : value;
}

void pager_scroll(struct pager *p, int lines, int columns) {
	p->top = within(p->top + lines, p->lines - p->page);
	p->left = within(p->left + columns, p->columns - 1);
}

/* Returns how many of the n bytes the first characters are. */
static size_t bytes_of(const char *text, size_t n, int characters) {
	size_t at = 0;

	while (characters > 0 && at < n) {
		at++;
		while (at < n && ((unsigned char)text[at] & 0xC0) == 0x80) {
			at++;
		}
		characters--;
	}
	return at;
}

void pager_draw(const struct pager *p, const char *text, struct grid *g, struct rect area) {
	for (int line = 0; *text != '\0' && line < p->top + area.rows; line++) {
		size_t n = strcspn(text, "\n");

		if (line >= p->top) {
			size_t skipped = bytes_of(text, n, p->left);
			char *shown = mem_print("%.*s", (int)(n - skipped), text + skipped);

			(void)grid_marked(g, area.row + line - p->top, area.column,
			    area.column + area.columns,
			    text_search_matches(&p->search, text) ? STYLE_ACCENT : STYLE_NORMAL, shown);
			free(shown);
		}
		text += n + (text[n] == '\0' ? 0 : 1);
	}
}
