/*
 * Questions to the server and its answers, between the state and the loop.
 */
#ifndef UI_CONSOLE_ASK_H
#define UI_CONSOLE_ASK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ui/console/view.h"

struct app;
struct batch;
struct err;

/* A question under way. */
struct asked {
	bool act; /* an allocation; else a refresh of a pane */
	size_t pane;
	uint64_t number;
	struct question question;
	char *match; /* owned, as question borrows them */
	char *scope;
	char *more;
	struct id more_of;
	int64_t since;  /* steady */
	bool cancelled; /* the server was asked to stop */
};

/* Whether the current pane is to be asked for now, and if not, when (steady). */
bool ask_due(const struct app *app, int64_t *when);

/* A batch for what is to be asked, to be run and freed by the caller. */
struct batch *ask_refresh(struct app *app, struct asked *asked) __attribute__((returns_nonnull));

/* The same for the form; NULL when it says something else than can be sent, which is told. */
struct batch *ask_act(struct app *app, struct asked *asked, const char *detail);

/* Whether nobody waits for the answer any more. */
bool ask_outdated(const struct app *app, const struct asked *asked);

/* Takes the answer, or why there is none. */
void ask_answered(struct app *app, const struct asked *asked, const struct batch *b);
void ask_failed(struct app *app, const struct asked *asked, const struct err *err);

void asked_release(struct asked *asked);

#endif
