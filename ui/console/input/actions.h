/*
 * The verbs of a line after `:`. A reading verb opens the screen that shows exactly what it asks for; a
 * changing verb opens its plan or form. Everything else is a call: ui/console/app/call_mode.h.
 */
#ifndef UI_CONSOLE_INPUT_ACTIONS_H
#define UI_CONSOLE_INPUT_ACTIONS_H

#include <stddef.h>

struct app;
struct call;
struct err;

enum done {
	DONE,
	DONE_WRONG,    /* err is set: the words are wrong */
	DONE_ELSEWHERE /* no screen or form fits exactly: it is a call */
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
