#include "ui/console/app/filter_completion.h"

#include "ui/console/app/app.h"
#include "ui/console/app/completion.h"
#include "ui/console/app/match.h"
#include "ui/verbs/candidates.h"

void filter_complete(struct app *app) {
	const char *text = line_editor_text(&app->filter);
	struct candidates c = {0};
	size_t at = candidates_of_filter(app_pane(app)->view->fields, text, &c);
	struct match m = {.word = text + at, .filter = true, .open = c.open};

	if (c.names != NAMES_NONE) {
		completion_request(app, true, &c, at);
	} else {
		for (size_t i = 0; i < c.count; i++) {
			match_offer(&m, c.items[i].name);
		}
		match_apply(app, &m, at);
	}
	match_release(&m);
	candidates_release(&c);
}
