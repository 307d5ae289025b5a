/*
 * Reading verbs that no screen shows: the answer is shown in a pager.
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
	CALL_LOOKS, /* waits for an answer */
	CALL_DONE
};

struct call_mode {
	enum call_state state;
	struct call *call; /* owned */
	uint64_t number;   /* counts the calls; the answer to an older one is dropped */
	struct pager pager;
};

void call_mode_release(struct call_mode *mode);

/* Opens the pager on a call. Takes the call. */
void call_mode_open(struct app *app, struct call *call);

void call_mode_key(struct app *app, const struct key_event *event);

/* Returns the batch to send. NULL: the words were wrong; the command line shows the error. */
struct batch *call_mode_start(struct app *app);

/* Take the answer to the call of that number, or the error in its place. */
void call_mode_answered(struct app *app, uint64_t number, const struct batch *b);
void call_mode_failed(struct app *app, uint64_t number, struct err *err);

/* Tells the pager the number of rows of the screen's body. */
void call_mode_layout(struct app *app, int rows);

void call_mode_draw(const struct app *app, struct grid *g, struct rect body);

#endif
