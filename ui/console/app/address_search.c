#include "ui/console/app/address_search.h"

#include <stdlib.h>
#include <string.h>

#include "db/base/err.h"
#include "db/base/mem.h"
#include "model/syntax/range.h"
#include "ui/console/app/app.h"
#include "ui/console/app/call_mode.h"
#include "ui/verbs/call.h"

static bool is_address(const char *text) {
	struct err ignored = {0};
	struct range range;
	bool ok = range_guess(text, &range, &ignored) && (range.kind == KIND_IPV4 || range.kind == KIND_IPV6);

	err_release(&ignored);
	return ok;
}

void address_search_begin(struct app *app) {
	const char *text = app_pane(app)->filter;

	address_search_end(app);
	if (is_address(text)) {
		app->sought = mem_text(text);
		app->requests.refresh = true;
	}
}

void address_search_end(struct app *app) {
	free(app->sought);
	app->sought = NULL;
}

/* Opens the answer of `pool find` over the list as it was. */
static void find(struct app *app) {
	char *line = mem_print("pool find %s", app->sought);
	struct err ignored = {0};
	size_t wrong;
	struct call *call = call_new(line, app->verbs, app->ascii, &wrong, &ignored);

	if (call != NULL) {
		(void)app_filter(app, app->before);
		call_mode_open(app, call);
	}
	err_release(&ignored);
	free(line);
}

void address_search_answered(struct app *app, const struct pane *pane) {
	if (app->sought == NULL || app->mode != MODE_LIST || pane != app_pane(app) ||
	    strcmp(pane->filter, app->sought) != 0) {
		return;
	}
	if (pane->list.count == 0 && !pane->at_least) {
		find(app);
	}
	address_search_end(app);
}
