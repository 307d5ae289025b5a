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
struct in_flight {
	enum act act;   /* ACT_NONE: a refresh of a pane */
	struct id plan; /* of ACT_LOOK and ACT_QUEUE */
	struct id undo; /* of ACT_UNDO: the command that is taken back; of ACT_MERGE: the run */
	size_t pane;
	uint64_t number;
	struct question question;
	struct filter filter; /* owned, as question borrows it */
	struct scope scope;   /* likewise */
	struct id more_of;
	size_t more_at;   /* the first step of what belongs to that row, */
	size_t head_at;   /* ... to the screen, */
	size_t follow_at; /* ... of the commands that are followed, */
	size_t end;       /* and the one behind the last */
	int64_t since;    /* steady */
	bool cancelled;   /* the server was in_flight to stop */
};

/* Whether the current pane is to be in_flight for now, and if not, when (steady). */
bool refresh_due(const struct app *app, int64_t *when);

/* A batch for what is to be in_flight, to be run and freed by the caller. */
struct batch *refresh_start(struct app *app, struct in_flight *in_flight) __attribute__((returns_nonnull));

/* Whether nobody waits for the answer any more. */
bool refresh_outdated(const struct app *app, const struct in_flight *in_flight);

/* Takes the answer, also to what submit_start() in_flight, or why there is none. */
void refresh_answered(struct app *app, const struct in_flight *in_flight, const struct batch *b);
void refresh_failed(struct app *app, const struct in_flight *in_flight, struct err *err);

void in_flight_release(struct in_flight *in_flight);

#endif
