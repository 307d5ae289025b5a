#include "ui/cli/patience.h"

#include <stdlib.h>

#include "db/base/clock.h"
#include "db/conn/conn.h"
#include "db/base/err.h"
#include "db/base/mem.h"
#include "ui/cli/run.h"

enum { PATIENCE = 30000000 /* microseconds */ };

struct patience patience_new(struct run *run) {
	(void)conn_require_writable(run->conn, true);
	return (struct patience){.run = run, .since = TIME_NONE};
}

void patience_answered(struct patience *p) {
	p->since = TIME_NONE;
}

static bool is_away(const struct err *err) {
	switch (err->code) {
	case ERR_UNAVAILABLE:
	case ERR_READ_ONLY:
	case ERR_SCHEMA_MISMATCH:
	case ERR_OUTCOME_UNKNOWN:
		return true;
	default:
		return false;
	}
}

static bool is_exhausted(const struct patience *p) {
	return clock_passed(p->run->deadline) || clock_steady() - p->since >= PATIENCE;
}

/* The last batch may have been applied, and what was accepted before continues without us. */
static bool exhausted(const struct patience *p, struct err *err) {
	bool timeout = clock_passed(p->run->deadline) && err->code != ERR_OUTCOME_UNKNOWN;
	char *reason = mem_text(err->message);

	err_set(err, timeout ? ERR_TIMEOUT : ERR_OUTCOME_UNKNOWN,
	    "the server is gone, and the result cannot be read: %s", reason);
	free(reason);
	return false;
}

bool patience_should_retry(struct patience *p, struct err *err) {
	struct conn *c = p->run->conn;

	if (!is_away(err) || conn_unconfirmed(c)) {
		return false;
	}
	if (p->since == TIME_NONE) {
		p->since = clock_steady();
	}
	if (is_exhausted(p)) {
		return exhausted(p, err);
	}
	if (conn_state(c) == CONN_READY) {
		conn_reconnect(c, err->message);
	}
	err_release(err);
	return true;
}

bool patience_read(struct patience *p, struct batch *b, const char *done, struct err *err) {
	char *reason;

	while (!conn_run(p->run->conn, b, p->run->deadline, err)) {
		if (!patience_should_retry(p, err)) {
			reason = mem_text(err->message);
			err_set(err, ERR_OUTCOME_UNKNOWN, "%s, but the result could not be read: %s", done,
			    reason);
			free(reason);
			return false;
		}
	}
	patience_answered(p);
	return true;
}
