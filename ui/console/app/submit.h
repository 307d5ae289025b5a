/*
 * What the operator has asked for, as batches: the form, a plan, taking a
 * command back.
 */
#ifndef UI_CONSOLE_APP_SUBMIT_H
#define UI_CONSOLE_APP_SUBMIT_H

#include <stdbool.h>

struct app;
struct asked;
struct batch;
struct err;

/* Whether something is to be sent; and its batch, to be run and freed by the
 * caller, or NULL when it says something that cannot be sent, which is told. */
bool act_due(const struct app *app);
struct batch *act_ask(struct app *app, struct asked *asked, const char *detail);

void act_answered(struct app *app, const struct asked *asked, const struct batch *b);
void act_failed(struct app *app, const struct asked *asked, const struct err *err);

#endif
