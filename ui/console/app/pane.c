#include "ui/console/app/pane.h"

#include <stdlib.h>

#include "db/base/buf.h"
#include "db/base/clock.h"
#include "db/base/mem.h"
#include "ui/text/humanize.h"

struct pane *pane_new(const struct view *view, struct scope scope) {
	struct pane *pane = mem_new(1, sizeof *pane);

	*pane = (struct pane){.view = view,
	    .filter = mem_text(""),
	    .given = mem_text(""),
	    .scope = scope,
	    .sort = view->first,
	    .total = -1,
	    .expanded = scope.kind == SCOPE_ONE,
	    .fetched = TIME_NONE,
	    .failed = TIME_NONE,
	    .fresh = true};
	list_init(&pane->list, &view->kind);
	return pane;
}

void pane_free(struct pane *pane) {
	if (pane == NULL) {
		return;
	}
	list_release(&pane->list);
	marks_release(&pane->marks);
	rowsets_release(pane->more);
	rowsets_release(pane->head);
	free(pane->reach_text);
	free(pane->from_text);
	free(pane->filter);
	free(pane->given);
	scope_release(&pane->scope);
	free(pane);
}

void pane_sorted(const struct pane *pane, int64_t now, struct buf *out) {
	if (pane->among > 0) {
		buf_puts(out, " among ");
		humanize_number(pane->among, out);
	}
	if (pane->sampled != 0) {
		buf_puts(out, " by samples ");
		humanize_when(pane->sampled, now, out);
	}
}

void pane_search_anew(struct pane *pane) {
	free(pane->from_text);
	pane->from_text = NULL;
	pane->from = 0;
	pane->looked = 0;
}
