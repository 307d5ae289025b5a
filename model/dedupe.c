#include "model/dedupe.h"

#include <stdio.h>
#include <string.h>

#include "db/batch/batch.h"
#include "db/base/err.h"

enum { REFUSED_MOST = 5 /* times that writers may slip a duplicate in, which the guard makes impossible */ };

/* Somebody has just begun with the same table. */
static const struct rule run_rules[] = {
    {"dedupe_run_open", ERR_CONFLICT, "another run on this table is unfinished"},
    {"dedupe_run_pkey", ERR_CONFLICT, "a run of this id has just begun"},
    {0},
};

size_t dedupe_check_add(struct batch *b, const char *ask) {
	return batch_add(b, NULL, QUERY_DEDUPE_CHECK, (struct arg[]){arg_json(ask)}, 1, NULL);
}

size_t dedupe_would_add(struct batch *b, const char *ask) {
	return batch_add(b, NULL, QUERY_DEDUPE_WOULD, (struct arg[]){arg_json(ask)}, 1, NULL);
}

size_t dedupe_would_remove_add(struct batch *b, const char *ask) {
	return batch_add(b, NULL, QUERY_DEDUPE_WOULD_REMOVE, (struct arg[]){arg_json(ask)}, 1, NULL);
}

size_t dedupe_own_add(struct batch *b) {
	return batch_add(b, NULL, QUERY_DEDUPE_OWN, NULL, 0, NULL);
}

size_t dedupe_show_add(struct batch *b, struct id run) {
	return batch_add(b, NULL, QUERY_DEDUPE_SHOW, (struct arg[]){arg_id(run)}, 1, NULL);
}

size_t dedupe_removed_add(struct batch *b, struct id run) {
	return batch_add(b, NULL, QUERY_DEDUPE_REMOVED, (struct arg[]){arg_id(run)}, 1, NULL);
}

size_t dedupe_runs_add(struct batch *b) {
	return batch_add(b, NULL, QUERY_DEDUPE_RUNS, NULL, 0, NULL);
}

size_t dedupe_undo_add(struct batch *b, struct id run) {
	return batch_add(b, NULL, QUERY_DEDUPE_UNDO, (struct arg[]){arg_id(run)}, 1, run_rules);
}

size_t dedupe_forget_add(struct batch *b, struct id run) {
	return batch_add(b, NULL, QUERY_DEDUPE_FORGET, (struct arg[]){arg_id(run)}, 1, NULL);
}

size_t dedupe_blockers_add(struct batch *b, int64_t pid) {
	return batch_add(b, NULL, QUERY_DEDUPE_BLOCKERS, (struct arg[]){arg_int(pid)}, 1, NULL);
}

struct dedupe_walk dedupe_fix(struct id id, const char *ask, const char *detail) {
	return (struct dedupe_walk){.id = id, .ask = ask, .detail = detail};
}

struct dedupe_walk dedupe_undo(struct id run) {
	return (struct dedupe_walk){.id = run};
}

/* A transaction of a run: its limits, then the step. A statement by itself has no room for limits. */
static struct batch *new_batch(bool alone) {
	struct batch *b = batch_new(alone ? BATCH_ALONE : BATCH_WRITE);

	if (!alone) {
		batch_add(b, NULL, QUERY_DEDUPE_LIMITS, NULL, 0, NULL);
	}
	return b;
}

struct batch *dedupe_greeting(void) {
	struct batch *b = batch_new(BATCH_READ);

	batch_add(b, NULL, QUERY_DEDUPE_LIMITS, NULL, 0, NULL);
	return b;
}

bool dedupe_refuse_pooler(bool direct, struct err *err) {
	if (direct) {
		return true;
	}
	err_set(err, ERR_PRECONDITION_FAILED,
	    "this connection goes through a pooler, and a run needs a session of its own");
	return err_hint(err, "connect to the server itself");
}

static const void *answer(const struct batch *b) {
	return batch_row(b, batch_steps(b) - 1, 0);
}

struct batch *dedupe_leave(const struct dedupe_walk *w) {
	struct batch *b = new_batch(false);

	batch_add(b, NULL, QUERY_DEDUPE_LEAVE, (struct arg[]){arg_id(w->run), arg_int(w->epoch)}, 2, NULL);
	return b;
}

/* A run that is over, was never begun, or cannot be reached leaves nothing to take off; one that ran out of
 * time is gone on with. */
bool dedupe_can_leave(const struct dedupe_walk *w, const struct err *err) {
	return w->begun && w->ask != NULL && !id_is_nil(w->run) && err->code != ERR_TIMEOUT &&
	       err->code != ERR_UNAVAILABLE && err->code != ERR_OUTCOME_UNKNOWN;
}

bool dedupe_has_left(struct dedupe_walk *w, const struct batch *b) {
	w->pause = ((const struct dedupe_progress *)answer(b))->pause;
	return w->pause == 0;
}

struct batch *dedupe_next(const struct dedupe_walk *w) {
	struct batch *b = new_batch(w->alone);
	struct arg claim[] = {arg_id(w->run), arg_int(w->epoch)};

	if (w->begun) {
		batch_add(b, NULL, w->alone ? QUERY_DEDUPE_STATEMENT : QUERY_DEDUPE_STEP, claim, 2, NULL);
	} else if (w->ask == NULL) {
		dedupe_undo_add(b, w->id);
	} else {
		struct arg args[] = {arg_id(w->id), arg_json(w->ask), arg_json(w->detail)};

		batch_add(b, NULL, QUERY_DEDUPE_BEGIN, args, 3, run_rules);
	}
	return b;
}

static bool is_over(const char *state) {
	return strcmp(state, "done") == 0 || strcmp(state, "undone") == 0;
}

static enum dedupe_walk_state take_claim(struct dedupe_walk *w, const struct dedupe_claim *claim) {
	w->begun = true;
	w->run = claim->run;
	w->epoch = claim->epoch;
	w->restored = claim->restored;
	(void)snprintf(w->table, sizeof w->table, "%s", claim->table);
	if (id_is_nil(claim->run)) {
		(void)snprintf(w->standing, sizeof w->standing, "%s", claim->constraint);
	}
	/* A fix that has been undone is over as well. */
	return strcmp(claim->state, "undone") == 0 || (is_over(claim->state) && w->ask != NULL)
		   ? DEDUPE_DONE
		   : DEDUPE_GOES_ON;
}

static enum dedupe_walk_state take_progress(struct dedupe_walk *w, const struct dedupe_progress *progress) {
	(void)snprintf(w->phase, sizeof w->phase, "%s", progress->phase);
	w->done = progress->done;
	w->total = progress->total;
	w->pause = progress->pause;
	w->blocker = progress->blocker;
	w->alone = progress->alone;
	return is_over(progress->state) ? DEDUPE_DONE : DEDUPE_GOES_ON;
}

/* A duplicate that got in behind the guard, as a trigger of replication's can let it in: the index that found
 * it is not valid, and the next step looks for duplicates anew. */
static bool is_found_again(struct dedupe_walk *w, const struct err *err) {
	return w->alone && strcmp(err->sqlstate, "23505") == 0 && ++w->refused < REFUSED_MOST;
}

enum dedupe_walk_state dedupe_take(struct dedupe_walk *w, const struct batch *b, bool done, struct err *err) {
	w->pause = 0;
	w->blocker = 0;
	if (!done && !is_found_again(w, err)) {
		return DEDUPE_FAILED;
	}
	if (!done) {
		err_release(err);
	}
	if (w->alone) {
		w->alone = false;
		return DEDUPE_GOES_ON;
	}
	return w->begun ? take_progress(w, answer(b)) : take_claim(w, answer(b));
}
