/*
 * The verbs of a line after `:`. A reading verb opens the screen that shows exactly what it asks for, else a
 * pager (ui/console/app/call_mode.h). A changing verb opens its form or its plan: that of its request in the
 * queue, else that of its dry run (ui/console/app/plan_mode.h).
 */
#ifndef UI_CONSOLE_INPUT_ACTIONS_H
#define UI_CONSOLE_INPUT_ACTIONS_H

#include <stddef.h>

struct app;
struct call;
struct err;

enum done {
	DONE,
	DONE_TAKEN,    /* the same, and the call belongs to the plan */
	DONE_WRONG,    /* err is set: the words are wrong */
	DONE_ELSEWHERE /* no screen or form fits exactly */
};

struct verb_action {
	const char *words; /* of the verb */
	enum done (*act)(struct app *app, const struct call *call, int value, struct err *err);
	int value;
};

/* The verbs that open a screen, those that set up the console, and those that open a plan or a form; ended by
 * one without words. */
extern const struct verb_action screen_actions[];
extern const struct verb_action setting_actions[];
extern const struct verb_action plan_actions[];

#endif
