/*
 * What the operator has in_flight for, as batches: the form, a plan, taking a
 * command back.
 */
#ifndef UI_CONSOLE_APP_SUBMIT_H
#define UI_CONSOLE_APP_SUBMIT_H

#include <stdbool.h>

struct app;
struct in_flight;
struct batch;
struct err;

/* Whether something is to be sent; and its batch, to be run and freed by the
 * caller, or NULL when it says something that cannot be sent, which is told. */
bool submit_due(const struct app *app);
struct batch *submit_start(struct app *app, struct in_flight *in_flight, const char *detail);

void submit_answered(struct app *app, const struct in_flight *in_flight, const struct batch *b);
void submit_failed(struct app *app, const struct in_flight *in_flight, struct err *err);

#endif
