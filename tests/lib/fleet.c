#include "tests/lib/fleet.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "db/batch/batch.h"
#include "db/base/err.h"
#include "tests/lib/database.h"
#include "tests/lib/place.h"

void fleet_open(struct fleet *f, struct place *p, const char *over) {
	static const char *const names[] = {"w0", "w1", "w2", "w3"};

	*f = (struct fleet){.place = p, .seed = 7, .over = over};
	for (size_t i = 0; i < WORKERS; i++) {
		f->hands[i].self = work_self(names[i]);
		f->hands[i].self.chunk = 5;
		f->hands[i].self.tries = 1000;
	}
}

struct batch *fleet_next(struct fleet *f, size_t i) {
	struct hand *h = &f->hands[i];
	struct batch *b;

	if (f->ended) {
		return NULL;
	}
	b = batch_new(BATCH_WRITE);
	switch (h->deed) {
	case START:
		/* A new process: the claims of the previous one are free. */
		h->self.started++;
		h->held = 0;
		worker_start_add(b, &h->self);
		break;
	case APPLY:
		worker_apply_add(b, &h->self);
		break;
	case SPREAD:
		worker_fan_out_add(b, &h->self);
		break;
	case TEND:
		worker_maintain_add(b, &h->self);
		break;
	case CLAIM:
		worker_claim_add(b, &h->self, (int64_t)(HELD - h->held));
		break;
	case FINISH:
		worker_finish_add(b, &h->self, h->jobs[h->held - 1].command, h->jobs[h->held - 1].epoch,
		    rand_r(&f->seed) % 3 != 0, "no");
		break;
	}
	return b;
}

/* Takes the outcome of a deed. */
static int64_t take_answer(struct fleet *f, struct hand *h, struct batch *b) {
	const struct total *total;

	switch (h->deed) {
	case START:
		return 1;
	case TEND:
		return ((const struct maintained *)batch_row(b, 0, 0))->done;
	case CLAIM:
		for (size_t i = 0; i < batch_count(b, 0); i++) {
			const struct job *job = batch_row(b, 0, i);

			h->jobs[h->held++] = (struct work_job){.command = job->command, .epoch = job->epoch};
		}
		return (int64_t)batch_count(b, 0);
	case FINISH:
		h->held--;
		total = batch_row(b, 0, 0);
		f->refused += total->total == 0 ? 1 : 0;
		return 1;
	default:
		total = batch_row(b, 0, 0);
		f->applied += h->deed == APPLY ? total->total : 0;
		return total->total;
	}
}

/* Returns true when the fleet may end: not before enough connections were cut. */
static bool may_end(const struct fleet *f) {
	return !f->stays && (!f->die || f->cut > ENOUGH_CUTS);
}

static bool all_idle(const struct fleet *f) {
	for (size_t i = 0; i < WORKERS; i++) {
		if (f->hands[i].idle < 5) {
			return false;
		}
	}
	return true;
}

static void cut_all(struct fleet *f) {
	f->cut += strtoul(
	    database_ask(f->place->database,
		"select count(pg_terminate_backend(pid)) from pg_stat_activity where datname = "
		"current_database() and pid <> pg_backend_pid() and state = 'active' and query ~ 'berth[.]'"),
	    NULL, 10);
}

void fleet_answer(struct fleet *f, size_t i, struct batch *b, const struct err *err) {
	struct hand *h = &f->hands[i];

	if (err->code != ERR_NONE) {
		if (!f->die || (err->code != ERR_UNAVAILABLE && err->code != ERR_OUTCOME_UNKNOWN)) {
			fail_msg("worker %zu, deed %d: %s %s %s", i, (int)h->deed, err_name(err->code),
			    err->message, err->sqlstate);
		}
		/* The worker is gone, with everything in its memory. */
		work_kill(f->place->database, &h->self);
		h->deed = START;
		return;
	}
	h->idle = take_answer(f, h, b) > 0 ? 0 : h->idle + 1;
	h->deed = h->held > 0 && h->deed >= CLAIM ? FINISH : h->deed >= CLAIM ? APPLY : h->deed + 1;
	if (f->die && ++f->deeds % 23 == 0) {
		cut_all(f);
	}
	if (may_end(f) && all_idle(f) && strcmp(database_ask(f->place->database, f->over), "1") == 0) {
		f->ended = true;
	}
}
