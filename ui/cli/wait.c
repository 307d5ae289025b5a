#include "ui/cli/wait.h"

#include <poll.h>

#include "db/batch/batch.h"
#include "db/base/clock.h"
#include "db/conn/conn.h"
#include "db/base/err.h"
#include "db/base/mem.h"
#include "model/worker.h"
#include "ui/verbs/parse/opt.h"
#include "ui/cli/patience.h"
#include "ui/cli/run.h"

enum {
	FIRST_PAUSE = 10,   /* milliseconds between two polls, growing to */
	LAST_PAUSE = 250,   /* this */
	LAST_POLL = 1000000 /* microseconds for the last poll */
};

struct waiting_state {
	struct run *run;
	const struct watch *watch;
	int64_t deadline;
	struct server_history accepted; /* of the server that accepted the request */
	struct patience patience;
	struct batch *last; /* the last successful poll */
};

static bool read_span(const struct run *run, int64_t *span, struct err *err) {
	return opt_duration(run->args, OPT_WAIT, -1, span, err);
}

bool wait_check(const struct run *run, struct err *err) {
	int64_t span;

	return read_span(run, &span, err);
}

static int64_t span_of(const struct run *run) {
	struct err never = {0};
	int64_t span = -1;

	if (!read_span(run, &span, &never)) {
		err_release(&never);
	}
	return span;
}

bool wait_requested(const struct run *run) {
	return opt_given(run->args, OPT_WAIT) && span_of(run) != 0 && !run->dry_run;
}

static int64_t find_deadline(const struct run *run) {
	int64_t span = span_of(run);
	int64_t end;

	if (span < 0 || __builtin_add_overflow(clock_steady(), span, &end)) {
		return run->deadline;
	}
	return clock_sooner(end, run->deadline);
}

char *wait_limit(const struct run *run) {
	int64_t span = span_of(run);

	if (span >= 0 && !clock_passed(run->deadline)) {
		return mem_print("--wait %s", opt(run->args, OPT_WAIT));
	}
	return mem_print("--timeout %s", opt(run->args, OPT_TIMEOUT));
}

static void note_workers(const struct waiting_state *w, const struct batch *b, size_t step) {
	bool alive = false;
	bool able = !w->watch->takes_hook(b);

	for (size_t i = 0; i < batch_count(b, step); i++) {
		const struct worker *worker = batch_row(b, step, i);

		alive = alive || worker->alive;
		able = able || (worker->alive && worker->hooks);
	}
	if (!alive) {
		run_note(w->run, "no worker is alive: waiting until one is started (berth worker)");
	} else if (!able) {
		run_note(w->run, "no live worker runs hooks: waiting for one (berth worker --hooks DIR)");
	}
}

/* Sets the error for a missing row: it was forgotten, unless this server may never have had it. */
static bool is_missing(const struct waiting_state *w, struct err *err) {
	struct conn *c = w->run->conn;

	if (history_continues(w->accepted, conn_history(c))) {
		return err_set(err, ERR_NOT_FOUND, "it has ended and was forgotten");
	}
	err_set(err, ERR_OUTCOME_UNKNOWN,
	    "it was accepted, but %s, which answers now, does not have it: it may have been lost with the "
	    "server that accepted it",
	    conn_server(c));
	return err_hint(err, "repeat the command with the same --id: it is applied at most once");
}

/* Returns true for an error that says nothing about the outcome. */
static bool is_blind(const struct err *err) {
	return err->code == ERR_TIMEOUT || err->code == ERR_NOT_ALLOWED;
}

static bool poll_failed(struct waiting_state *w, struct err *why, struct err *err) {
	if (is_blind(why)) {
		why->code = ERR_UNAVAILABLE;
	}
	if (clock_passed(w->deadline)) {
		err_release(why);
		return true;
	}
	if (patience_should_retry(&w->patience, why)) {
		return true;
	}
	err_move(err, why);
	return err_hint(err, "repeat the command with the same --id: it is applied at most once");
}

/* Polls once, with `workers` also for live workers. Returns true also after a temporary failure, which keeps
 * `last`. */
static bool poll_once(struct waiting_state *w, bool workers, int64_t deadline, struct err *err) {
	struct batch *b = batch_new(BATCH_READ);
	struct err why = {0};
	size_t list = 0;

	w->watch->add(b, w->watch->id);
	if (workers) {
		list = worker_list_add(b);
	}
	if (conn_run(w->run->conn, b, deadline, &why)) {
		if (workers && batch_count(b, 0) > 0) {
			note_workers(w, b, list);
		}
		batch_free(w->last);
		w->last = b;
		patience_answered(&w->patience);
		return batch_count(b, 0) > 0 || is_missing(w, err);
	}
	batch_free(b);
	return poll_failed(w, &why, err);
}

static bool is_over(const struct waiting_state *w) {
	return w->last != NULL && w->watch->is_over(batch_row(w->last, 0, 0));
}

static void pause_for(const struct waiting_state *w, int ms) {
	int left = clock_poll(w->deadline);

	(void)poll(NULL, 0, left >= 0 && left < ms ? left : ms);
}

static bool poll_until_over(struct waiting_state *w, struct err *err) {
	int ms = FIRST_PAUSE;

	if (!poll_once(w, true, w->deadline, err)) {
		return false;
	}
	while (!is_over(w) && !clock_passed(w->deadline)) {
		pause_for(w, ms);
		ms = ms * 3 / 2 < LAST_PAUSE ? ms * 3 / 2 : LAST_PAUSE;
		if (!poll_once(w, false, w->deadline, err)) {
			return false;
		}
	}
	return is_over(w) || poll_once(w, true, clock_steady() + LAST_POLL, err);
}

bool wait_for(struct run *run, const struct watch *watch, struct batch **last, bool *over, struct err *err) {
	struct waiting_state w = {.run = run,
	    .watch = watch,
	    .deadline = find_deadline(run),
	    .accepted = conn_history(run->conn),
	    .patience = patience_new(run)};
	bool ok = poll_until_over(&w, err);

	*over = ok && is_over(&w);
	*last = w.last;
	return ok;
}
