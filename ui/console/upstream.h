/*
 * The databases that the console asks: one by a pair of connections, or all databases of a fleet.
 */
#ifndef UI_CONSOLE_UPSTREAM_H
#define UI_CONSOLE_UPSTREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/conn/many.h"
#include "db/conn/pair.h"

struct app;
struct batch;
struct config;
struct conn;
struct conn_options;
struct connect;
struct err;
struct pollfd;

/* Invariant: the pair has no connections while there are parts of a fleet. */
struct upstream {
	struct pair pair; /* it borrows the connection for changes */

	struct many many; /* of a fleet; no parts: one database */
	struct connect *connects;
	const char **names;    /* of the profiles, borrowed from the configuration */
	const char **troubles; /* of the parts at the last answer, owned by these */
	struct batch **copies; /* of the batch, those with an answer */
	struct batch *asked;   /* the batch under way or ended, borrowed; NULL: none */
};

/* Begin with one database, as pair_init(), or with the fleet of a configuration, which must stay. */
void upstream_open(struct upstream *s, struct conn *primary, const struct conn_options *standby);
void upstream_open_fleet(struct upstream *s, const struct config *config);

/* Closes all connections but that for changes. */
void upstream_close(struct upstream *s);

bool upstream_is_fleet(const struct upstream *s);

/* As those of a pair. An answer of a fleet has the rows of all its databases, see db/batch/gather.h. */
bool upstream_is_ready(const struct upstream *s, enum pair_use use);
void upstream_submit(struct upstream *s, struct batch *b, enum pair_use use, int64_t deadline);
bool upstream_done(const struct upstream *s);
bool upstream_take(struct upstream *s, struct err *err) __attribute__((warn_unused_result));
void upstream_cancel(struct upstream *s);
int64_t upstream_now(const struct upstream *s);
int64_t upstream_deadline(const struct upstream *s);

/* Return how many entries for poll() it needs, fill them, and make progress with their results. */
size_t upstream_fds(const struct upstream *s);
void upstream_poll(const struct upstream *s, struct pollfd *fds);
void upstream_step(struct upstream *s, const struct pollfd *fds);

/* Waits until something happens there, or that steady time, and makes progress. */
void upstream_wait(struct upstream *s, int64_t until);

/* Tells the console's state about the connections. False when it cannot go on. */
bool upstream_watch(const struct upstream *s, struct app *app, struct err *err)
    __attribute__((warn_unused_result));

#endif
