#include "ui/verbs/dedupe.h"

#include <stdlib.h>
#include <string.h>

#include "db/batch/batch.h"
#include "db/base/err.h"
#include "db/base/mem.h"
#include "model/dedupe.h"
#include "ui/verbs/parse/args.h"
#include "ui/cli/dedupe_run.h"
#include "ui/cli/context.h"
#include "ui/cli/record.h"
#include "ui/verbs/parse/opt.h"
#include "ui/cli/patience.h"
#include "ui/cli/run.h"
#include "ui/text/shapes.h"
#include "ui/verbs/call.h"
#include "ui/verbs/verb.h"

/* Options that need --table. */
static const enum option_id of_table[] = {OPT_KEY, OPT_ORDER, OPT_VALUE, OPT_ROW_ID, OPT_NULL_AS_EMPTY,
    OPT_FOLD, OPT_LIVE, OPT_TRIM, OPT_SURVIVOR, OPT_CONSTRAINT, OPT_REPOINT};

static bool needs_table(const struct args *args, struct err *err) {
	for (size_t i = 0; i < sizeof of_table / sizeof *of_table; i++) {
		if (opt_given(args, of_table[i])) {
			return err_set(err, ERR_INVALID_INPUT, "--%s: only together with --table",
			    option_specs[of_table[i]].name);
		}
	}
	return true;
}

bool dedupe_read(const struct args *args, struct buf *ask, struct err *err) {
	struct dedupe_words words = {
	    .table = opt(args, OPT_TABLE),
	    .key = opt(args, OPT_KEY),
	    .order = opt(args, OPT_ORDER),
	    .values = opt(args, OPT_VALUE),
	    .row_id = opt(args, OPT_ROW_ID),
	    .null_as_empty = opt(args, OPT_NULL_AS_EMPTY),
	    .fold = opt(args, OPT_FOLD),
	    .live = opt(args, OPT_LIVE),
	    .trim = opt(args, OPT_TRIM),
	    .constraint = opt(args, OPT_CONSTRAINT),
	    .repoint = opt_given(args, OPT_REPOINT),
	};
	int survivor = DEDUPE_NEWEST;

	if (opt_given(args, OPT_TRIM) && strcmp(args->verb->words, "dedupe fix") == 0) {
		err_set(err, ERR_INVALID_INPUT, "--trim: a constraint cannot cut what it compares");
		return err_hint(err, "berth dedupe check --trim shows what would collide");
	}
	if (words.table == NULL) {
		return needs_table(args, err);
	}
	if (!opt_enum(args, OPT_SURVIVOR, dedupe_survivor_names, DEDUPE_NEWEST, &survivor, err) ||
	    !opt_need(args, OPT_KEY, &words.key, err)) {
		return false;
	}
	words.survivor = (enum dedupe_survivor)survivor;
	return dedupe_ask(&words, ask, err);
}

bool dedupe_read_words(const char *verb, const char *words, struct buf *ask, struct err *err) {
	char *line = mem_print("%s %s", verb, words);
	size_t wrong;
	struct call *call = call_new(line, verbs, false, &wrong, err);
	bool ok = call != NULL && dedupe_read(call_args(call), ask, err);

	call_free(call);
	free(line);
	return ok;
}

/* dedupe check. */

struct both {
	const struct batch *b;
	size_t steps;
};

/* Returns a row among those of all steps of a batch. */
static const void *row_of_any(const struct rows *rows, size_t index) {
	const struct both *both = rows->from;

	for (size_t step = 0; step < both->steps; step++) {
		size_t n = batch_count(both->b, step);

		if (index < n) {
			return batch_row(both->b, step, index);
		}
		index -= n;
	}
	abort();
}

static struct rows rows_of_all(const struct both *both) {
	struct rows rows = {row_of_any, both, 0, 0};

	for (size_t step = 0; step < both->steps; step++) {
		rows.count += batch_count(both->b, step);
	}
	return rows;
}

static bool add_check(struct run *run, struct batch *b, struct err *err) {
	struct buf ask = {0};
	bool ok = dedupe_read(run->args, &ask, err);

	if (ok && ask.len > 0) {
		dedupe_check_add(b, buf_text(&ask));
	}
	for (size_t i = 0; ok && ask.len == 0 && dedupe_own[i].table != NULL; i++) {
		struct buf own = {0};

		ok = dedupe_ask(&dedupe_own[i], &own, err);
		dedupe_check_add(b, buf_text(&own));
		buf_release(&own);
	}
	buf_release(&ask);
	return ok;
}

static bool answer_check(struct run *run, const struct batch *b, struct err *err) {
	const struct both both = {b, batch_steps(b)};
	struct rows rows = rows_of_all(&both);

	run->exit = rows.count > 0 ? 1 : 0;
	if (rows.count == 0 && run->sink.format == FORMAT_TABLE) {
		run_note(run, "no duplicates");
	}
	return output_list(&run->sink, &duplicate_shape, rows, err);
}

/* dedupe fix. */

/* Returns the report of a run, with the removed rows and the reason for each. */
static struct record *report(const struct dedupe_run *done, struct rows rows) {
	struct record *record = record_new();

	record_row(record, &dedupe_report_shape, done);
	record_list(record, "rows", &dedupe_removed_shape, rows);
	return record;
}

static void note_null(const struct run *run, const struct dedupe_run *done) {
	if (done->takes_null != NULL) {
		run_note(run,
		    "%s: NULL may still be written to %s, and the constraint does not treat it as ''; hint: "
		    "ALTER TABLE %s ALTER COLUMN … SET NOT NULL",
		    done->table, done->takes_null, done->table);
	}
}

static bool print_run(struct run *run, struct id id, struct err *err) {
	struct batch *b = batch_new(BATCH_READ);
	struct patience patience = patience_new(run);
	bool ok;

	dedupe_show_add(b, id);
	dedupe_removed_add(b, id);
	ok = patience_read(&patience, b, "the run is done", err) &&
	     (batch_count(b, 0) == 1 || err_set(err, ERR_NOT_FOUND, "the run is done, and was forgotten"));
	if (ok) {
		note_null(run, batch_row(b, 0, 0));
		ok = record_print(report(batch_row(b, 0, 0), rows_of_step(b, 1)), &run->sink, err);
	}
	batch_free(b);
	return ok;
}

static bool fix_table(struct run *run, const char *ask, struct err *err) {
	struct id id;
	char *detail = NULL;
	bool ok = run_id(run, &id, err) && context_read(run->args, &detail, err);

	if (ok) {
		struct dedupe_walk w = dedupe_fix(id, ask, detail);

		ok = dedupe_run_drive(run, &w, err);
		if (ok && id_is_nil(w.run)) {
			struct dedupe_run nothing = {.table = w.table, .constraint = w.standing};

			run_note(run, "nothing to do: constraint %s exists", w.standing);
			ok = record_print(report(&nothing, rows_of_array(NULL, 1, 0)), &run->sink, err);
		} else if (ok) {
			ok = print_run(run, w.run, err);
		}
	}
	free(detail);
	return ok;
}

/* Prints the plan of a fix. It removes rows and puts them back as a trial, so it runs as a change that is
 * rolled back. */
static bool would_fix(struct run *run, const char *ask, struct err *err) {
	struct batch *b = batch_new(BATCH_DRY);
	bool ok;

	dedupe_would_add(b, ask);
	dedupe_would_remove_add(b, ask);
	ok = run_batch(run, b, err);
	if (ok) {
		note_null(run, batch_row(b, 0, 0));
		ok = record_print(report(batch_row(b, 0, 0), rows_of_step(b, 1)), &run->sink, err);
	}
	batch_free(b);
	return ok;
}

/* Prints the constraints of berth's own tables, which never have duplicates. */
static bool fix_own(struct run *run, struct err *err) {
	struct batch *b = batch_new(BATCH_READ);
	bool ok;

	dedupe_own_add(b);
	ok = run_batch(run, b, err) && run_list(run, &dedupe_own_shape, b, 0, err);
	batch_free(b);
	return ok;
}

static bool run_fix(struct run *run, struct err *err) {
	struct buf ask = {0};
	bool ok = dedupe_read(run->args, &ask, err);

	if (ok) {
		ok = ask.len == 0   ? fix_own(run, err)
		     : run->dry_run ? would_fix(run, buf_text(&ask), err)
				    : fix_table(run, buf_text(&ask), err);
	}
	buf_release(&ask);
	return ok;
}

#define TABLE_NOTES                                                                                          \
	"T is schema.table, C a column; unusual names in double quotes, others exactly as they are.\n"       \
	"Rows with the same key are duplicates; NULL is the same as NULL, and as '' in the columns of\n"     \
	"--null-as-empty; case does not matter in those of --fold. With --live only rows whose C is NULL\n"  \
	"count. They conflict when the columns of --value differ: by default `value`, or all "               \
	"but\n"                                                                                              \
	"keys and times. Without --table: berth's own tables.\n"

static const struct option_text table_texts[] = {
    {OPT_VALUE, "C,…", "columns that conflict when they differ; default: value, or all but keys and times"},
    {OPT_ORDER, "C", "column that orders rows from old to new; default: updated_at, else created_at"},
    {OPT_END},
};

const struct verb dedupe_verbs[] = {
    {
	.words = "dedupe check",
	.examples = "berth dedupe check\n"
		    "berth dedupe check --table public.tags --key owner,tag\n",
	.synopsis = "[--table T --key C,…]",
	.summary = "find rows of a table with the same key; exit 1 if there are any",
	.notes = TABLE_NOTES "--trim shows what would be equal if the column were cut. Changes nothing.\n",
	.texts = table_texts,
	.options = (const enum option_id[]){OPT_TABLE, OPT_KEY, OPT_ORDER, OPT_VALUE, OPT_ROW_ID,
	    OPT_NULL_AS_EMPTY, OPT_FOLD, OPT_LIVE, OPT_TRIM, OPT_END},
	.add = add_check,
	.answer = answer_check,
    },
    {
	.words = "dedupe fix",
	.examples = "berth dedupe fix --table public.tags --key owner,tag --survivor newest --dry-run\n",
	.synopsis = "[--table T --key C,…]",
	.summary = "remove duplicates from a table, and add a constraint against new ones",
	.notes = TABLE_NOTES
	"The row of a group that is kept is the newest or oldest by --order (else updated_at, else "
	"created_at),\n"
	"or the one with the lowest or highest id (the primary key, or --row-id); with abort a conflict "
	"ends\n"
	"the run before anything is changed. Removed rows are saved: dedupe undo puts them back. No\n"
	"transaction is blocked for more than a moment. After any interruption the same command continues\n"
	"the run; --id finds its report. References to removed rows are refused; --repoint moves them to "
	"the\n"
	"row that stays, until the undo. With --fold or --live the constraint is a unique index.\n",
	.texts = table_texts,
	.options =
	    (const enum option_id[]){OPT_TABLE, OPT_KEY, OPT_ORDER, OPT_VALUE, OPT_ROW_ID, OPT_NULL_AS_EMPTY,
		OPT_FOLD, OPT_LIVE, OPT_TRIM, OPT_SURVIVOR, OPT_CONSTRAINT, OPT_REPOINT, OPT_END},
	.flags = VERB_MUTATES,
	.run = run_fix,
    },
    {0},
};
