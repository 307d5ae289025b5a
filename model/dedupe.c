#include "model/dedupe.h"

#include <stdio.h>
#include <string.h>

#include "db/base/err.h"
#include "db/batch/batch.h"
#include "gen/queries.h"

/* The number of times that a duplicate may get past the guard, which should never happen. */
enum { REFUSED_MOST = 5 };

/* Another run has just begun with the same table. */
static const struct rule run_rules[] = {
    {"dedupe_run_open", ERR_CONFLICT, "another run on this table is unfinished"},
    {"dedupe_run_pkey", ERR_CONFLICT, "a run of this id has just begun"},
    {0},
};

size_t dedupe_check_add(struct batch *b, const char *ask) {
	return query_dedupe_check_add(b, ask);
}

size_t dedupe_group_add(struct batch *b, const char *ask, const char *key) {
	return query_dedupe_group_add(b, ask, key);
}

size_t dedupe_examples_add(struct batch *b, const char *ask) {
	return query_dedupe_examples_add(b, ask);
}

size_t dedupe_rule_add(struct batch *b, const char *ask) {
	return query_dedupe_rule_add(b, ask);
}

size_t dedupe_would_add(struct batch *b, const char *ask) {
	return query_dedupe_would_add(b, ask);
}

size_t dedupe_would_remove_add(struct batch *b, const char *ask) {
	return query_dedupe_would_remove_add(b, ask);
}

size_t dedupe_tables_add(struct batch *b, const char *word, int64_t most) {
	return query_dedupe_tables_add(b, word, most);
}

size_t dedupe_columns_add(struct batch *b, const char *table, const char *word, int64_t most) {
	return query_dedupe_columns_add(b, table, word, most);
}

size_t dedupe_own_add(struct batch *b) {
	return query_dedupe_own_add(b);
}

size_t dedupe_show_add(struct batch *b, struct id run) {
	return query_dedupe_show_add(b, run);
}

size_t dedupe_removed_add(struct batch *b, struct id run) {
	return query_dedupe_removed_add(b, run);
}

size_t dedupe_shown_add(struct batch *b, struct id run, int64_t after, int64_t most) {
	return query_dedupe_shown_add(b, run, after, most);
}

size_t dedupe_runs_add(struct batch *b) {
	return query_dedupe_runs_add(b);
}

size_t dedupe_undo_add(struct batch *b, struct id run) {
	return batch_rules(b, query_dedupe_undo_add(b, run), run_rules);
}

size_t dedupe_forget_add(struct batch *b, struct id run) {
	return query_dedupe_forget_add(b, run);
}

size_t dedupe_blockers_add(struct batch *b, int64_t pid) {
	return query_dedupe_blockers_add(b, pid);
}

struct dedupe_walk dedupe_fix(struct id id, const char *ask, const char *detail) {
	return (struct dedupe_walk){.id = id, .ask = ask, .detail = detail};
}

struct dedupe_walk dedupe_undo(struct id run) {
	return (struct dedupe_walk){.id = run};
}

/* Returns the batch of one transaction of a run, which begins with its limits. A statement by itself has
 * none. */
static struct batch *new_batch(bool alone) {
	struct batch *b = batch_new(alone ? BATCH_ALONE : BATCH_WRITE);

	if (!alone) {
		query_dedupe_limits_add(b);
	}
	return b;
}

struct batch *dedupe_greeting(void) {
	struct batch *b = batch_new(BATCH_READ);

	query_dedupe_limits_add(b);
	return b;
}

bool dedupe_refuse_pooler(bool direct, struct err *err) {
	if (direct) {
		return true;
	}
	err_set(err, ERR_PRECONDITION_FAILED,
	    "this connection goes through a pooler, but a run needs a session of its own");
	return err_hint(err, "connect to the server itself");
}

static const void *answer(const struct batch *b) {
	return batch_row(b, batch_steps(b) - 1, 0);
}

struct batch *dedupe_leave(const struct dedupe_walk *w) {
	struct batch *b = new_batch(false);

	query_dedupe_leave_add(b, w->run, w->epoch);
	return b;
}

/* A run that is over, was never begun, or cannot be reached leaves no guard to remove; one that ran out of
 * time will be continued. */
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

	if (w->begun && w->alone) {
		query_dedupe_statement_add(b, w->run, w->epoch);
	} else if (w->begun) {
		query_dedupe_step_add(b, w->run, w->epoch);
	} else if (w->ask == NULL) {
		dedupe_undo_add(b, w->id);
	} else {
		batch_rules(b, query_dedupe_begin_add(b, w->id, w->ask, w->detail), run_rules);
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
	/* A fix that was undone is over as well. */
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

/* Returns whether the error is a duplicate that got past the guard, as replication can do: the index that
 * found it is invalid, and the next step searches for duplicates again. */
static bool is_found_again(struct dedupe_walk *w, const struct err *err) {
	return w->alone && err->code == ERR_ALREADY_EXISTS && ++w->refused < REFUSED_MOST;
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
