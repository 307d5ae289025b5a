#include "ui/console/app/reads.h"

#include <stddef.h>

#include "db/base/clock.h"
#include "ui/console/app/app.h"
#include "ui/text/humanize.h"

#define BEHIND_FROM (5 * TIME_SECOND)

void reads_tell(struct app *app) {
	const char *trouble = app->link.reads_trouble;
	bool by_standby = app->link.by_standby;

	if (trouble != NULL && !app->reads_wrong) {
		app->reads_wrong = true;
		app_say(app, STYLE_WARNING, "standby: %.*s; reading from the %s",
		    (int)humanize_sentence(trouble), trouble, by_standby ? "standby" : "primary");
	} else if (trouble == NULL && by_standby && app->reads_wrong) {
		app->reads_wrong = false;
		app_say(app, STYLE_NORMAL, "reading from the standby again");
	}
}

bool reads_source(const struct app *app, struct buf *out) {
	const struct app_link *link = &app->link;

	if (link->standby == NULL) {
		return true;
	}
	buf_puts(out, link->by_standby ? "  standby" : "  primary");
	if (link->behind >= BEHIND_FROM) {
		buf_puts(out, " ");
		humanize_exact(link->behind, out);
		buf_puts(out, " behind");
	}
	return link->reads_trouble == NULL;
}
