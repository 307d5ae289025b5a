/*
 * The server that the console talks to: the one that it was started with, or a profile of :connect.
 */
#ifndef UI_CONSOLE_DESTINATION_H
#define UI_CONSOLE_DESTINATION_H

#include <stdbool.h>

#include "ui/config/config.h"
#include "ui/verbs/parse/connection.h"

struct app;
struct console_options;
struct err;

/* `struct destination d = {0}` is the server of the start. Its texts point into itself: it is moved by
 * copying it before its options are used. */
struct destination {
	struct config config;
	const struct profile *profile; /* NULL: the server of the start */
	struct connect connect;
	char *options; /* "@prod ", for copied commands */
};

/* Reads a profile; "" is the server of the start. */
bool destination_open(struct destination *to, const char *profile, struct err *err)
    __attribute__((warn_unused_result));
void destination_release(struct destination *to);

/* Returns the options of its connection, borrowed from both; the destination must stay in place. */
const struct conn_options *destination_options(struct destination *to, const struct console_options *start);

/* Tells the console's state about the environment and the rights there. */
void destination_describe(const struct destination *to, const struct console_options *start, struct app *app);

#endif
