/*
 * The runs of dedupe: undone, listed, shown and forgotten.
 */
#include "ui/verbs/verb.h"

#include <stdint.h>
#include <string.h>

#include "db/batch/batch.h"
#include "db/base/err.h"
#include "model/dedupe.h"
#include "ui/verbs/parse/args.h"
#include "ui/verbs/parse/opt.h"
#include "ui/cli/dedupe_run.h"
#include "ui/cli/patience.h"
#include "ui/cli/run.h"
#include "ui/text/shapes.h"

enum { SHOWN = 100 /* rows that dedupe show prints unless --limit asks for others */ };

static bool run_of(const struct run *run, struct id *id, struct err *err) {
	return id_parse(operand(run->args, 0), id) ||
	       err_set(err, ERR_INVALID_INPUT, "'%s' is not the id of a run", operand(run->args, 0));
}

enum undone { UNDONE_NOW, UNDONE_BEFORE, UNDONE_NEXT };

static int64_t restored(const struct dedupe_run *shown, enum undone when) {
	if (when == UNDONE_NEXT) {
		return strcmp(shown->state, "undone") == 0 ? 0 : shown->removed;
	}
	return when == UNDONE_NOW ? shown->restored : 0;
}

static bool read_undone(struct run *run, struct batch *b, struct err *err) {
	struct patience patience = patience_new(run);

	return patience_read(&patience, b, "the run is undone", err);
}

/* Prints the state of the run, or fails with not_found; under --dry-run also checks that undoing could begin.
 */
static bool print_undone(struct run *run, struct id id, enum undone when, struct err *err) {
	struct batch *b = batch_new(when == UNDONE_NEXT ? BATCH_DRY : BATCH_READ);
	bool ok;

	dedupe_show_add(b, id);
	if (when == UNDONE_NEXT) {
		dedupe_undo_add(b, id);
	}
	ok = (when == UNDONE_NEXT ? run_batch(run, b, err) : read_undone(run, b, err)) &&
	     (batch_count(b, 0) == 1 || err_set(err, ERR_NOT_FOUND, "there is no such dedupe run"));
	if (ok) {
		struct dedupe_run shown = *(const struct dedupe_run *)batch_row(b, 0, 0);

		shown.restored = restored(&shown, when);
		ok = output_one(&run->sink, &dedupe_undone_shape, &shown, err);
	}
	batch_free(b);
	return ok;
}

static bool run_undo(struct run *run, struct err *err) {
	struct dedupe_walk w;
	struct id id;

	if (!run_of(run, &id, err)) {
		return false;
	}
	if (run->dry_run) {
		return print_undone(run, id, UNDONE_NEXT, err);
	}
	w = dedupe_undo(id);
	return dedupe_run_drive(run, &w, err) &&
	       print_undone(run, id, w.phase[0] == '\0' ? UNDONE_BEFORE : UNDONE_NOW, err);
}

static bool add_runs(struct run *run, struct batch *b, struct err *err) {
	(void)run;
	(void)err;
	dedupe_runs_add(b);
	return true;
}

static bool answer_runs(struct run *run, const struct batch *b, struct err *err) {
	return run_list(run, &dedupe_run_shape, b, run->step, err);
}

static bool add_show(struct run *run, struct batch *b, struct err *err) {
	int64_t after, limit;
	struct id id;

	if (!run_of(run, &id, err) || !opt_int(run->args, OPT_AFTER, 0, INT64_MAX, 0, &after, err) ||
	    !opt_int(run->args, OPT_LIMIT, 1, INT64_MAX, SHOWN, &limit, err)) {
		return false;
	}
	dedupe_show_add(b, id);
	dedupe_shown_add(b, id, after, limit);
	return true;
}

static bool answer_show(struct run *run, const struct batch *b, struct err *err) {
	return (batch_count(b, run->step) == 1 ||
		   err_set(err, ERR_NOT_FOUND, "there is no such dedupe run")) &&
	       run_list(run, &dedupe_shown_shape, b, run->step + 1, err);
}

static bool add_forget(struct run *run, struct batch *b, struct err *err) {
	struct id id;

	if (!run_of(run, &id, err)) {
		return false;
	}
	dedupe_show_add(b, id);
	dedupe_forget_add(b, id);
	return true;
}

static bool answer_forget(struct run *run, const struct batch *b, struct err *err) {
	return (batch_count(b, run->step) == 1 ||
		   err_set(err, ERR_NOT_FOUND, "there is no such dedupe run")) &&
	       run_one(run, &dedupe_run_shape, b, run->step, err);
}

const struct verb dedupe_run_verbs[] = {
    {
	.words = "dedupe undo",
	.examples = "berth dedupe undo 4f2c0a91-0000-4000-8000-00000000000a\n",
	.synopsis = "RUN",
	.summary = "put back the rows that a run has removed, and drop its constraint",
	.notes = "Rows added since then stay. A row that is in the way is named; when it is gone, the same\n"
		 "command continues. An unfinished run can be undone too.\n",
	.min = 1,
	.max = 1,
	.flags = VERB_MUTATES,
	.run = run_undo,
    },
    {
	.words = "dedupe runs",
	.examples = "berth dedupe runs\n",
	.synopsis = "",
	.summary = "list the dedupe runs, also those that were undone",
	.add = add_runs,
	.answer = answer_runs,
    },
    {
	.words = "dedupe show",
	.examples = "berth dedupe show 4f2c0a91-0000-4000-8000-00000000000a --limit 20\n",
	.synopsis = "RUN",
	.summary = "show each row that a run has removed, and the row that was kept for it",
	.notes =
	    "The rows come in the order in which they were removed; --after continues after the last SEQ.\n",
	.min = 1,
	.max = 1,
	.texts = (const struct option_text[]){{OPT_AFTER, "SEQ", "only those after the row with this seq"},
	    {OPT_END}},
	.options = (const enum option_id[]){OPT_LIMIT, OPT_AFTER, OPT_END},
	.add = add_show,
	.answer = answer_show,
    },
    {
	.words = "dedupe forget",
	.examples = "berth dedupe forget 4f2c0a91-0000-4000-8000-00000000000a\n",
	.synopsis = "RUN",
	.summary = "forget a run and its removed rows for good",
	.min = 1,
	.max = 1,
	.flags = VERB_MUTATES | VERB_ALONE,
	.add = add_forget,
	.answer = answer_forget,
    },
    {0},
};
