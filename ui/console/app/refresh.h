/*
 * Requests to the server and their answers, between the state and the loop.
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

/* A request in flight. */
struct in_flight {
	enum act act;    /* ACT_NONE: a refresh of a pane */
	struct id plan;  /* of ACT_LOOK and ACT_QUEUE */
	struct id undo;  /* the command to cancel; of ACT_MERGE the run, of ACT_NAMES the form */
	uint64_t number; /* of the question, the call, or the names of the form */
	struct question question;
	struct row_filter filter; /* owned, as question borrows it */
	char *from;               /* likewise, its text to go on from; or NULL */
	struct scope scope;       /* likewise */
	bool rows; /* it asks for the rows; else, of a screen that is expensive to read, only for more of one
		    */
	struct id more_of;
	size_t more_at;   /* the first step of the rows that belong to more_of, */
	size_t head_at;   /* the first one of the screen's header, */
	size_t follow_at; /* the first one of the pending commands, */
	size_t alerts_at; /* those of the alerts and the plans of others, if they are asked for, */
	size_t end;       /* the one after these, */
	bool placed;      /* which finds what the pane is limited to */
	int64_t since;    /* steady */
	bool cancelled;   /* the server was asked to cancel it */
};

/* Returns whether the current pane is to be refreshed now; if not, *when is the steady time when it is. */
bool refresh_due(const struct app *app, int64_t *when);

/* Returns the batch of the next refresh, to be run and freed by the caller. */
struct batch *refresh_start(struct app *app, struct in_flight *in_flight) __attribute__((returns_nonnull));

/* Returns the batch of a question for all rows that match, as many as can be marked. */
struct batch *refresh_gather(struct app *app, struct in_flight *in_flight) __attribute__((returns_nonnull));

/* Returns true when the answer is no longer needed. */
bool refresh_outdated(const struct app *app, const struct in_flight *in_flight);

/* Take the answer, also to a request of submit_start(), or the error in its place. */
void refresh_answered(struct app *app, const struct in_flight *in_flight, const struct batch *b);
void refresh_failed(struct app *app, const struct in_flight *in_flight, struct err *err);

void in_flight_release(struct in_flight *in_flight);

#endif
