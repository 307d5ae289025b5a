/*
 * The tour of the demo: the five steps of an operator's story, which are ticked when they were done.
 *
 * It only watches: what the operator does and sees ticks a step, in any order, and nothing waits for it.
 */
#ifndef UI_CONSOLE_APP_TOUR_H
#define UI_CONSOLE_APP_TOUR_H

#include <stdbool.h>
#include <stddef.h>

struct app;
struct buf;

enum tour_step { TOUR_WORST, TOUR_CAUSE, TOUR_HOLDERS, TOUR_RELEASE, TOUR_UNDO, TOUR_STEPS };

/* `struct tour tour = {0}` is none. */
struct tour {
	bool on;     /* there is one */
	bool hidden; /* the operator has closed its panel; the help still has it */
	bool done[TOUR_STEPS];
};

/* The line of a step, and the two lines of the help about it. */
struct tour_text {
	const char *keys;
	const char *what;
	const char *help[2];
};
extern const struct tour_text tour_texts[TOUR_STEPS];

/* Ticks the steps that have been done: call it after a key event and after an answer. */
void tour_watch(struct app *app);

/* Ticks one step. */
void tour_did(struct tour *tour, enum tour_step step);

/* Returns the first step that was not done; TOUR_STEPS when all were. */
enum tour_step tour_next(const struct tour *tour);

/* Appends the lines of the tour in the help, three for each step and a blank one; nothing without a tour. */
void tour_help_add(const struct tour *tour, struct buf *out);

/* Returns true while the panel is to be shown. */
bool tour_shown(const struct tour *tour);

/* Closes the panel; false when there is none. */
bool tour_hide(struct app *app);

#endif
