/*
 * A verb that no screen shows: its answer in a pager; one that changes something first as a dry run, which
 * `y` sends for real.
 */
#ifndef UI_CONSOLE_APP_CALL_MODE_H
#define UI_CONSOLE_APP_CALL_MODE_H

#include <stdbool.h>
#include <stdint.h>

#include "ui/console/widgets/pager.h"

struct app;
struct batch;
struct call;
struct err;
struct grid;
struct key_event;
struct rect;

enum call_state {
	CALL_NONE,
	CALL_LOOKS, /* an answer, or the plan, is awaited */
	CALL_PLAN,  /* y sends it */
	CALL_SENT,  /* for real; the outcome is awaited */
	CALL_DONE
};

struct call_mode {
	enum call_state state;
	struct call *call; /* owned */
	uint64_t number;   /* counts them; the answer to an older one is dropped */
	struct pager pager;
	bool unsettled; /* it was sent and the outcome is unknown */
};

void call_mode_release(struct call_mode *mode);

/* Opens the pager on a call, which it takes. */
void call_mode_open(struct app *app, struct call *call);

void call_mode_key(struct app *app, const struct key_event *event);

/* Returns what is to be sent; NULL: the words were wrong, which is told on the command line. */
struct batch *call_mode_start(struct app *app);

/* Takes the answer to the call of that number, or why there is none. */
void call_mode_answered(struct app *app, uint64_t number, const struct batch *b);
void call_mode_failed(struct app *app, uint64_t number, struct err *err);

/* Tells the pager how many rows the body of the screen has. */
void call_mode_layout(struct app *app, int rows);

void call_mode_draw(const struct app *app, struct grid *g, struct rect body);

#endif
