/*
 * The server that the console talks to: the one that it was started with, or a profile of :connect.
 */
#ifndef UI_CONSOLE_DESTINATION_H
#define UI_CONSOLE_DESTINATION_H

#include <stdbool.h>

#include "db/conn/pair.h"
#include "ui/config/config.h"
#include "ui/console/app/app.h"
#include "ui/verbs/parse/connection.h"

struct console_options;
struct err;

/* `struct destination d = {0}` is the server of the start. Its texts point into itself: it is moved by
 * copying it before its options are used. */
struct destination {
	struct config config;
	const struct profile *profile; /* NULL: the server of the start */
	struct connect connect;
	struct connect reads;
	char *options; /* "@prod ", for copied commands */
};

/* Reads a profile; "" is the server of the start. */
bool destination_open(struct destination *to, const char *profile, struct err *err)
    __attribute__((warn_unused_result));
void destination_release(struct destination *to);

/* Tells the console's state about the environment and the rights there. */
void destination_describe(const struct destination *to, const struct console_options *start, struct app *app);

/* Begins the console again for the next destination, which it takes; the connection to the one before must be
 * closed. Returns the options of the new connection, borrowed from `to` and `start`: `to` must stay in place.
 */
const struct conn_options *destination_change(struct destination *to, const struct destination *next,
    const struct console_options *start, struct app *app);

/* Returns whether it is the fleet of the start, which has no single server. */
bool destination_is_fleet(const struct destination *to, const struct console_options *start);

/* Returns the options of the connection for reads, NULL for none, borrowed likewise. */
const struct conn_options *destination_reads(struct destination *to, const struct console_options *start);

/* Returns which of the two connections carries out a request. */
enum pair_use destination_use(enum act act);

/* Fills in the state of the connections, from which the texts are borrowed. False when it cannot go on: the
 * schema has another version. */
bool destination_watch(const struct pair *pair, struct app_link *link, struct err *err)
    __attribute__((warn_unused_result));

#endif
