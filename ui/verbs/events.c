#include "ui/verbs/verb.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "db/batch/batch.h"
#include "db/base/clock.h"
#include "db/base/err.h"
#include "db/base/mem.h"
#include "model/queue.h"
#include "ui/verbs/parse/args.h"
#include "ui/cli/lookup.h"
#include "ui/cli/perform.h"
#include "ui/verbs/parse/opt.h"
#include "ui/cli/run.h"
#include "ui/text/shapes.h"

enum {
	LIMIT = 100,
	PAGE = 1000, /* events in one answer to --follow */
	PAUSE = 250  /* milliseconds between two looks with --follow */
};

/* The state of --follow. */
struct last_output {
	struct run *run;
	struct list *list;
	struct event_ask ask;
	char *place; /* from the server; NULL at the start */
	bool away;   /* the server does not answer now */
};

static bool check_target(const char *text, struct err *err) {
	struct target target;

	if (!target_parse(text, TARGET_ANY, &target, err)) {
		return false;
	}
	if (target.kind == TARGET_COMMAND) {
		err_set(err, ERR_INVALID_INPUT, "%s: a command has no events of its own", text);
		return err_hint(err, "berth queue show shows its outcome");
	}
	return true;
}

static bool look_target(struct run *run, struct batch *b, struct err *err) {
	const char *text = operand(run->args, 0);

	return text == NULL || (check_target(text, err) && lookup_add(b, text, TARGET_ANY, err));
}

static bool read_ask(struct run *run, struct event_ask *ask, struct err *err) {
	const struct args *args = run->args;
	const char *text = operand(args, 0);
	enum target_kind kind = TARGET_ANY;

	if (!opt_instant(args, OPT_SINCE, &ask->since, err) ||
	    !opt_int(args, OPT_LIMIT, 1, INT64_MAX, LIMIT, &ask->limit, err) ||
	    !opt_int(args, OPT_AFTER, 0, INT64_MAX, 0, &ask->after, err) ||
	    (text != NULL && !lookup_found(run, 0, text, TARGET_ANY, &kind, &ask->target, err))) {
		return false;
	}
	ask->kind = kind == TARGET_ANY ? NULL : target_kind_names[kind];
	ask->newest = ask->since == TIME_NONE && !opt_given(args, OPT_AFTER);
	return true;
}

static bool add_events(struct run *run, struct batch *b, struct err *err) {
	struct event_ask ask = {0};

	if (!read_ask(run, &ask, err)) {
		return false;
	}
	event_list_add(b, &ask);
	return true;
}

static bool answer_events(struct run *run, const struct batch *b, struct err *err) {
	return run_list(run, &event_shape, b, run->step, err);
}

/* Prints the new events, all rows but the last one, which is the place to continue at. False: more events are
 * ready. */
static bool print_news(struct last_output *t, const struct batch *b) {
	size_t count = batch_count(b, 0) - 1;
	bool all = (t->ask.newest && t->place == NULL) || (int64_t)count < t->ask.limit;
	const struct event *last = batch_row(b, 0, count);

	for (size_t i = 0; i < count; i++) {
		list_row(t->list, batch_row(b, 0, i));
	}
	free(t->place);
	t->place = mem_text(last->after);
	return all;
}

/* Returns whether the reader of the output is gone, which writing does not show while there are no events. */
static bool reader_left(const struct run *run, int ms) {
	struct pollfd out = {.fd = fileno(run->sink.file), .events = 0};

	return poll(&out, 1, ms) == 1 && (out.revents & (POLLERR | POLLHUP)) != 0;
}

/* Reads the new events, one answer for each full page. */
static bool look(struct last_output *t, struct err *err) {
	bool all = false;

	while (!all) {
		struct batch *b = batch_new(BATCH_READ);
		bool ok;

		event_news_add(b, &t->ask, t->place);
		ok = run_batch(t->run, b, err);
		if (ok) {
			all = print_news(t, b);
			t->ask.limit = PAGE;
			ok = list_flush(t->list, err);
		}
		batch_free(b);
		if (!ok) {
			return false;
		}
	}
	return true;
}

/* Reads the new events, and waits for a lost server: the place stays valid. */
static bool look_again(struct last_output *t, struct err *err) {
	struct err why = {0};

	if (look(t, &why)) {
		if (t->away) {
			run_note(t->run, "the server is back");
		}
		t->away = false;
		return true;
	}
	if (why.code != ERR_UNAVAILABLE) {
		return err_move(err, &why);
	}
	if (!t->away) {
		run_note(t->run, "%s; continues when the server is back", why.message);
	}
	t->away = true;
	err_release(&why);
	return true;
}

static bool look_on(struct last_output *t, struct err *err) {
	while (!reader_left(t->run, PAUSE)) {
		if (clock_passed(t->run->deadline)) {
			err_set(err, ERR_TIMEOUT, "timed out");
			return run_explain(t->run, err);
		}
		if (!look_again(t, err)) {
			return false;
		}
	}
	return true;
}

/* Follows the events, from the last few on when no option sets the beginning. However it ends, the output is
 * a whole document. */
static bool follow(struct run *run, const struct event_ask *ask, struct err *err) {
	struct last_output t = {.run = run, .list = list_begin(&run->sink, &event_shape), .ask = *ask};
	struct err ignored = {0};
	bool ok;

	if (!t.ask.newest) {
		t.ask.limit = PAGE;
	}
	ok = look(&t, err) && look_on(&t, err);
	free(t.place);
	if (!list_end(t.list, ok ? err : &ignored)) {
		ok = false;
	}
	err_release(&ignored);
	return ok;
}

static bool run_events(struct run *run, struct err *err) {
	struct event_ask ask = {0};
	struct batch *found;
	bool ok;

	if (!opt_given(run->args, OPT_FOLLOW)) {
		return perform_parts(run, err);
	}
	found = batch_new(BATCH_READ);
	run->found = found;
	ok = look_target(run, found, err) && (batch_steps(found) == 0 || run_batch(run, found, err)) &&
	     read_ask(run, &ask, err) && follow(run, &ask, err);
	batch_free(found);
	return ok;
}

const struct verb events_verbs[] = {
    {
	.words = "events",
	.examples = "berth events pool/web --since 2026-01-31\n"
		    "berth events --follow --json\n",
	.synopsis = "[T]",
	.summary = "list changes, oldest first, of one object or of all",
	.notes =
	    "T: lease/ID, resource/ID, resource/POOL/RANGE, resource/POOL/VALUE, pool/NAME, org/NAME,\n"
	    "project/ORG/NAME.\n"
	    "Shows the newest ones; with --since or --after the first ones from there. --after takes the\n"
	    "seq of the last row, 0 for the start. --follow continues with new events, also after the\n"
	    "server was away: each event once, those of a long transaction when it commits.\n",
	.texts = (const struct option_text[]){{OPT_AFTER, "SEQ", "only those after the event with this seq"},
	    {OPT_END}},
	.options = (const enum option_id[]){OPT_SINCE, OPT_LIMIT, OPT_AFTER, OPT_FOLLOW, OPT_END},
	.max = 1,
	.run = run_events,
	.look = look_target,
	.add = add_events,
	.answer = answer_events,
    },
    {0},
};
