/*
 * Requests of the operator as batches: a form, a plan, cancelling a command.
 */
#ifndef UI_CONSOLE_APP_SUBMIT_H
#define UI_CONSOLE_APP_SUBMIT_H

#include <stdbool.h>

struct app;
struct in_flight;
struct batch;
struct err;

/* Return whether something is to be sent, and its batch, to be run and freed by the caller; NULL when it
 * cannot be sent, which is shown. */
bool submit_due(const struct app *app);
struct batch *submit_start(struct app *app, struct in_flight *in_flight, const char *detail);

void submit_answered(struct app *app, const struct in_flight *in_flight, const struct batch *b);
void submit_failed(struct app *app, const struct in_flight *in_flight, struct err *err);

#endif
