#include "ui/cli/families.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "db/batch.h"
#include "db/clock.h"
#include "db/err.h"
#include "db/mem.h"
#include "model/queue.h"
#include "ui/cli/args.h"
#include "ui/cli/find.h"
#include "ui/cli/opt.h"
#include "ui/cli/run.h"
#include "ui/cli/shapes.h"

enum {
	LIMIT = 100,
	PAUSE = 250,       /* milliseconds between two looks with --follow */
	SETTLING = 2000000 /* microseconds */
};

/* Numbers are drawn before the commit, so that one may appear behind higher ones.
 * What has come lately is asked for again, until nothing can come before it, and
 * known by its number. */
struct tail {
	struct event_ask ask; /* `after` is the highest that has settled */
	struct seen {
		int64_t seq;
		int64_t at;   /* the server's time of the change */
		int64_t came; /* steady time */
	} * seen;             /* those behind it that were printed, ascending */
	size_t count;
};

static bool check_target(const char *text, struct err *err) {
	struct target target;

	if (!target_parse(text, TARGET_ANY, &target, err)) {
		return false;
	}
	if (target.kind == TARGET_COMMAND) {
		err_set(err, ERR_INVALID_INPUT, "%s: events are of what a command changes", text);
		return err_hint(err, "berth queue show tells what became of it");
	}
	return true;
}

static bool read_ask(struct run *run, struct event_ask *ask, struct err *err) {
	const struct args *args = run->args;
	const char *text = operand(args, 0);
	enum target_kind kind = TARGET_ANY;

	if (text != NULL && !check_target(text, err)) {
		return false;
	}
	if (!opt_instant(args, OPT_SINCE, &ask->since, err) ||
	    !opt_int(args, OPT_LIMIT, 1, INT64_MAX, LIMIT, &ask->limit, err) ||
	    !opt_int(args, OPT_AFTER, 0, INT64_MAX, 0, &ask->after, err) ||
	    (text != NULL && !find_target(run, text, TARGET_ANY, &kind, &ask->target, err))) {
		return false;
	}
	ask->kind = kind == TARGET_ANY ? NULL : target_kind_names[kind];
	return true;
}

static bool print_once(struct run *run, const struct event_ask *ask, struct err *err) {
	struct batch *b = batch_new(BATCH_READ);
	size_t step = event_list_add(b, ask);
	bool ok = run_batch(run, b, err) && run_list(run, &event_shape, b, step, err);

	batch_free(b);
	return ok;
}

/* Forgets what has settled: it came a while ago, or others have come that are a while younger. */
static void settle(struct tail *t, int64_t now) {
	int64_t latest = INT64_MIN;
	size_t settled = 0;

	for (size_t i = 0; i < t->count; i++) {
		latest = t->seen[i].at > latest ? t->seen[i].at : latest;
	}
	for (size_t i = 0; i < t->count; i++) {
		if (t->seen[i].came < now - SETTLING || t->seen[i].at < latest - SETTLING) {
			settled = i + 1;
		}
	}
	if (settled > 0) {
		t->ask.after = t->seen[settled - 1].seq;
		t->count -= settled;
		memmove(t->seen, t->seen + settled, t->count * sizeof *t->seen);
	}
}

/* Prints those that were not seen; what there is now is what was seen then. */
static void print_new(struct tail *t, const struct batch *b, struct list *list) {
	struct seen *all = mem_new(batch_count(b, 0), sizeof *all);
	int64_t now = clock_steady();
	size_t old = 0;

	for (size_t i = 0; i < batch_count(b, 0); i++) {
		const struct event *event = batch_row(b, 0, i);

		while (old < t->count && t->seen[old].seq < event->seq) {
			old++;
		}
		if (old < t->count && t->seen[old].seq == event->seq) {
			all[i] = t->seen[old];
		} else {
			all[i] = (struct seen){event->seq, event->at, now};
			list_row(list, event);
		}
	}
	free(t->seen);
	t->seen = all;
	t->count = batch_count(b, 0);
	settle(t, now);
}

static bool look(struct run *run, struct tail *t, struct list *list, struct err *err) {
	struct batch *b = batch_new(BATCH_READ);
	bool ok;

	event_list_add(b, &t->ask);
	ok = run_batch(run, b, err);
	if (ok) {
		print_new(t, b, list);
		ok = list_flush(list, err);
	}
	batch_free(b);
	return ok;
}

/* Whoever reads it may have gone, which writing alone would not tell while nothing happens. */
static bool reader_left(const struct run *run, int ms) {
	struct pollfd out = {.fd = fileno(run->sink.file), .events = 0};

	return poll(&out, 1, ms) == 1 && (out.revents & (POLLERR | POLLHUP)) != 0;
}

/* Where nothing says where to begin, with the last ones. */
static bool look_first(struct run *run, struct tail *t, struct list *list, struct err *err) {
	bool ok;

	t->ask.newest = t->ask.after == 0 && t->ask.since == TIME_NONE;
	t->ask.limit = t->ask.newest ? t->ask.limit : 0;
	ok = look(run, t, list, err);
	if (t->ask.newest && t->ask.after == 0 && t->count > 0) {
		t->ask.after = t->seen[0].seq - 1;
	}
	t->ask.newest = false;
	t->ask.limit = 0;
	return ok;
}

static bool look_on(struct run *run, struct tail *t, struct list *list, struct err *err) {
	while (!reader_left(run, PAUSE)) {
		if (clock_passed(run->deadline)) {
			err_set(err, ERR_TIMEOUT, "time is up");
			return run_explain(run, err);
		}
		if (!look(run, t, list, err)) {
			return false;
		}
	}
	return true;
}

/* However it ends, what was printed is a whole document. */
static bool follow(struct run *run, const struct event_ask *ask, struct err *err) {
	struct tail t = {.ask = *ask};
	struct list *list = list_begin(&run->sink, &event_shape);
	struct err ignored = {0};
	bool ok = look_first(run, &t, list, err) && look_on(run, &t, list, err);

	free(t.seen);
	if (!list_end(list, ok ? err : &ignored)) {
		ok = false;
	}
	err_release(&ignored);
	return ok;
}

static bool run_events(struct run *run, struct err *err) {
	struct event_ask ask = {0};

	if (!read_ask(run, &ask, err)) {
		return false;
	}
	return opt_given(run->args, OPT_FOLLOW) ? follow(run, &ask, err) : print_once(run, &ask, err);
}

const struct verb command_events = {
    .words = "events",
    .synopsis = "[T]",
    .summary = "list what has changed, oldest first, of one thing or of all",
    .notes = "T: lease/ID, resource/ID, resource/POOL/RANGE, pool/NAME, org/NAME, project/ORG/NAME.\n"
	     "--after takes the seq of the last row. --follow begins with the last ones and goes on\n"
	     "with what happens.\n",
    .options = (const enum option_id[]){OPT_SINCE, OPT_LIMIT, OPT_AFTER, OPT_FOLLOW, OPT_END},
    .max = 1,
    .run = run_events,
};
