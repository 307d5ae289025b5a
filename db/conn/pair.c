#include "db/conn/pair.h"

#include <assert.h>
#include <stddef.h>

#include "db/base/clock.h"
#include "db/conn/conn.h"

enum { PAUSE_FIRST = 2000000, PAUSE_LAST = 30000000 }; /* microseconds */

void pair_init(struct pair *p, struct conn *primary, const struct conn_options *standby) {
	*p = (struct pair){.primary = primary, .standby = standby == NULL ? NULL : conn_new(standby)};
	backoff_init(&p->pause, PAUSE_FIRST, PAUSE_LAST);
}

void pair_release(struct pair *p) {
	conn_free(p->standby);
	err_release(&p->outcome);
	*p = (struct pair){0};
}

static bool is_up(const struct conn *c) {
	return conn_state(c) == CONN_READY || conn_state(c) == CONN_BUSY;
}

/* Returns true when the standby is known to be none of the primary's. */
static bool is_foreign(const struct pair *p) {
	return is_up(p->standby) && is_up(p->primary) &&
	       conn_history(p->standby).system != conn_history(p->primary).system;
}

/* Returns true when only the standby can be asked. */
static bool is_alone(const struct pair *p) {
	return conn_state(p->primary) == CONN_DOWN;
}

/* Returns true when the standby may be asked now. */
static bool may_ask(const struct pair *p) {
	return p->standby != NULL && !is_foreign(p) &&
	       (is_alone(p) || (!p->changed && p->avoid <= clock_steady()));
}

static bool standby_is_ready(const struct pair *p) {
	return may_ask(p) && conn_state(p->standby) == CONN_READY;
}

bool pair_is_ready(const struct pair *p, enum pair_use use) {
	return conn_state(p->primary) == CONN_READY || (use == PAIR_READS && standby_is_ready(p));
}

/* Returns true when what the standby has answered is all that was seen before. */
static bool is_whole(const struct pair *p) {
	return !p->changed && conn_place(p->standby) >= p->need;
}

/* Takes the standby's answer, or leaves it alone for a while. */
static bool accept_standby(struct pair *p, bool ok, const struct err *err) {
	bool lost = err->code == ERR_UNAVAILABLE || err->code == ERR_SCHEMA_MISMATCH;
	bool good = ok ? is_whole(p) || is_alone(p) : !lost;

	if (good) {
		backoff_reset(&p->pause);
		p->older = ok && !is_whole(p);
		p->by_standby = true;
	} else {
		p->avoid = clock_steady() + backoff_next(&p->pause);
	}
	return good;
}

/* Notes what the primary's answer means for later reads. */
static void note_primary(struct pair *p, enum pair_use use, bool ok) {
	if (use == PAIR_CHANGES) {
		pair_changed(p);
	} else if (use == PAIR_READS && ok) {
		p->need = conn_place(p->primary);
		p->changed = p->by_standby = p->older = false;
	}
}

static void end(struct pair *p, struct err *why) {
	p->at = NULL;
	p->ended = true;
	err_move(&p->outcome, why);
}

static void send(struct pair *p, struct conn *to) {
	p->at = to;
	conn_submit(to, p->batch, p->deadline);
}

/* Sends the batch to the primary, which the standby could not answer. */
static void send_to_primary(struct pair *p, struct err *why) {
	if (conn_state(p->primary) == CONN_READY) {
		err_release(why);
		send(p, p->primary);
		return;
	}
	if (why->code == ERR_NONE) {
		(void)err_set(why, ERR_UNAVAILABLE, "the standby has not replayed the last changes yet");
	}
	end(p, why);
}

void pair_submit(struct pair *p, struct batch *b, enum pair_use use, int64_t deadline) {
	assert(p->batch == NULL && pair_is_ready(p, use));
	p->batch = b;
	p->use = use;
	p->deadline = deadline;
	send(p, use == PAIR_READS && standby_is_ready(p) ? p->standby : p->primary);
}

/* Takes the answer of a connection that has ended the batch. */
static void settle(struct pair *p) {
	struct err err = {0};
	bool ok;

	if (p->at == NULL || !conn_done(p->at)) {
		return;
	}
	ok = conn_take(p->at, &err);
	if (p->at == p->standby && !accept_standby(p, ok, &err)) {
		send_to_primary(p, &err);
		return;
	}
	if (p->at == p->primary) {
		note_primary(p, p->use, ok);
	}
	end(p, &err);
}

bool pair_done(const struct pair *p) {
	return p->ended;
}

bool pair_take(struct pair *p, struct err *err) {
	bool ok = p->outcome.code == ERR_NONE;

	assert(p->ended);
	p->ended = false;
	p->batch = NULL;
	return ok || err_move(err, &p->outcome);
}

void pair_cancel(struct pair *p) {
	if (p->at != NULL) {
		conn_cancel(p->at);
	}
}

bool pair_run(struct pair *p, struct batch *b, enum pair_use use, int64_t deadline, struct err *err) {
	bool ok;

	if (use == PAIR_READS && may_ask(p)) {
		struct err why = {0};

		ok = conn_run(p->standby, b, deadline, &why);
		if (!is_foreign(p) && accept_standby(p, ok, &why)) {
			return ok || err_move(err, &why);
		}
		err_release(&why);
	}
	ok = conn_run(p->primary, b, deadline, err);
	note_primary(p, use, ok);
	return ok;
}

void pair_step(struct pair *p, short primary, short standby) {
	conn_step(p->primary, primary);
	if (p->standby != NULL) {
		conn_step(p->standby, standby);
	}
	settle(p);
}

int64_t pair_deadline(const struct pair *p) {
	int64_t deadline = conn_deadline(p->primary);

	return p->standby == NULL ? deadline : clock_sooner(deadline, conn_deadline(p->standby));
}

void pair_changed(struct pair *p) {
	p->changed = true;
}

int64_t pair_now(const struct pair *p) {
	return conn_now(p->by_standby ? p->standby : p->primary);
}

int64_t pair_behind(const struct pair *p) {
	return p->by_standby ? conn_behind(p->standby) : 0;
}

const char *pair_trouble(const struct pair *p) {
	if (p->standby == NULL) {
		return NULL;
	}
	if (conn_trouble(p->standby)->code != ERR_NONE) {
		return conn_trouble(p->standby)->message;
	}
	if (is_foreign(p)) {
		return "it is of another cluster";
	}
	if (p->by_standby) {
		return p->older ? "it may lack what was seen on the primary, which is away" : NULL;
	}
	return p->avoid > clock_steady() ? "it has not replayed the last changes yet" : NULL;
}
