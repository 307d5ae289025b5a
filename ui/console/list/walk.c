#include "ui/console/list/walk.h"

#include <stdlib.h>

#include "ui/text/column.h"
#include "db/batch/rowset.h"

#define WINDOW 512

struct walk walk_start(const struct view *view, int sort, bool reverse) {
	return (struct walk){.view = view,
	    .question = {.sort = sort,
		.reverse = reverse,
		.page = WINDOW,
		.total = -1,
		.every = true,
		.jump = JUMP_FIRST}};
}

/* Makes the next window begin after this row, which is copied. */
static void continue_after(struct walk *walk, const void *row) {
	free(walk->last);
	walk->last = row_copy(walk->view->kind.shape->type, row);
	walk->question.key = list_key(&walk->view->kind, row);
	walk->question.at = walk->last;
}

bool walk_next(struct walk *walk, const struct answer *answer) {
	if (!answer->fill.more_below || answer->fill.count == 0) {
		return false;
	}
	walk->question.after = true;
	walk->question.offset = answer->fill.offset + (int64_t)answer->fill.count;
	continue_after(walk, answer->rows[answer->fill.count - 1]);
	return true;
}

void walk_release(struct walk *walk) {
	free(walk->last);
	*walk = (struct walk){0};
}
