/*
 * Questions to the server and its answers, between the state and the loop.
 */
#ifndef UI_CONSOLE_APP_REFRESH_H
#define UI_CONSOLE_APP_REFRESH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ui/console/app/app.h"
#include "ui/console/list/filter.h"
#include "ui/console/list/view.h"

struct batch;
struct err;

/* A question under way. */
struct asked {
	enum act act;    /* ACT_NONE: a refresh of a pane */
	struct id draft; /* of ACT_LOOK and ACT_QUEUE */
	struct id undo;  /* of ACT_UNDO: the command that is taken back; of ACT_MERGE: the run */
	size_t pane;
	uint64_t number;
	struct question question;
	struct filter filter; /* owned, as question borrows it */
	char *scope;          /* likewise */
	struct id more_of;
	size_t more_at;   /* the first step of what belongs to that row, */
	size_t head_at;   /* ... to the screen, */
	size_t follow_at; /* ... of the commands that are followed, */
	size_t end;       /* and the one behind the last */
	int64_t since;    /* steady */
	bool cancelled;   /* the server was asked to stop */
};

/* Whether the current pane is to be asked for now, and if not, when (steady). */
bool ask_due(const struct app *app, int64_t *when);

/* A batch for what is to be asked, to be run and freed by the caller. */
struct batch *ask_refresh(struct app *app, struct asked *asked) __attribute__((returns_nonnull));

/* Whether nobody waits for the answer any more. */
bool ask_outdated(const struct app *app, const struct asked *asked);

/* Takes the answer, also to what act_ask() asked, or why there is none. */
void ask_answered(struct app *app, const struct asked *asked, const struct batch *b);
void ask_failed(struct app *app, const struct asked *asked, const struct err *err);

void asked_release(struct asked *asked);

#endif
