#include "ui/cli/run.h"

#include <stdarg.h>
#include <stdlib.h>

#include "db/batch/batch.h"
#include "db/base/buf.h"
#include "db/base/clock.h"
#include "db/conn/conn.h"
#include "db/base/err.h"
#include "db/base/mem.h"
#include "model/pool.h"
#include "ui/config/config.h"
#include "ui/verbs/verb.h"
#include "ui/cli/hint.h"
#include "ui/verbs/parse/file.h"
#include "ui/verbs/parse/opt.h"
#include "ui/text/report.h"

/* Returns why a verb that would change something may not. */
static const char *barrier(const struct run *run) {
	if (!opt_given(run->args, OPT_READ_ONLY)) {
		return "the server accepts no changes";
	}
	return run->profile != NULL && run->profile->read_only ? "the profile is read-only" : "--read-only";
}

static enum format format_of(const struct args *args) {
	if (opt_given(args, OPT_JSON)) {
		return FORMAT_JSON;
	}
	return opt_given(args, OPT_CSV) ? FORMAT_CSV : FORMAT_TABLE;
}

bool run_init(struct run *run, const struct args *args, const struct verb *const *table, FILE *out,
    FILE *err_file, enum safe_form form, int64_t now, struct err *err) {
	int64_t timeout = 0;
	int color = COLOR_AUTO;

	if (!opt_duration(args, OPT_TIMEOUT, 0, &timeout, err) ||
	    !opt_enum(args, OPT_COLOR, color_names, COLOR_AUTO, &color, err)) {
		return false;
	}
	*run = (struct run){
	    .args = args,
	    .verbs = table,
	    .sink = {out, format_of(args), form},
	    .err = err_file,
	    .quiet = opt_given(args, OPT_QUIET),
	    .dry_run = opt_given(args, OPT_DRY_RUN),
	    .color = (enum color)color,
	    .deadline = TIME_NONE,
	};
	if (opt_given(args, OPT_TIMEOUT) && __builtin_add_overflow(now, timeout, &run->deadline)) {
		run->deadline = TIME_NONE;
	}
	return true;
}

void run_report(const struct run *run, enum report_level level, const char *text) {
	char *told;

	if (run->quiet) {
		return;
	}
	told = hint_text(run->args, run->verbs, text);
	report_note(run->err, run->sink.form, level, "%s", told);
	free(told);
}

void run_note(const struct run *run, const char *format, ...) {
	struct buf text = {0};
	va_list args;

	va_start(args, format);
	buf_vprintf(&text, format, args);
	va_end(args);
	run_report(run, REPORT_NOTE, buf_text(&text));
	buf_release(&text);
}

static const void *step_at(const struct rows *rows, size_t index) {
	return batch_row(rows->from, rows->step, index);
}

struct rows rows_of_step(const struct batch *b, size_t step) {
	return (struct rows){step_at, b, step, batch_count(b, step)};
}

bool run_list(
    struct run *run, const struct shape *shape, const struct batch *b, size_t step, struct err *err) {
	return output_list(&run->sink, shape, rows_of_step(b, step), err);
}

bool run_one(
    struct run *run, const struct shape *shape, const struct batch *b, size_t step, struct err *err) {
	return output_one(&run->sink, shape, batch_row(b, step, 0), err);
}

bool run_explain(const struct run *run, struct err *err) {
	const struct verb *verb = run->args->verb;
	char *message = NULL;

	if (err->code == ERR_TIMEOUT && clock_passed(run->deadline)) {
		message =
		    mem_print("%s: timed out after --timeout %s", verb->words, opt(run->args, OPT_TIMEOUT));
	} else if (err->code == ERR_READ_ONLY) {
		message = mem_print("%s: %s, and this would change something", verb->words, barrier(run));
	}
	if (message != NULL) {
		free(err->message);
		err->message = message;
	}
	if (err->code == ERR_TIMEOUT && (verb->flags & VERB_MUTATES) != 0) {
		err_hint(err, "nothing was changed");
	}
	return false;
}

void run_dry_note(const struct run *run) {
	if (run->dry_run) {
		run_note(run, "dry run: nothing was changed");
	}
}

/* Adds the id of the request to an error after which it may be repeated: with the same id it is applied at
 * most once. */
static void add_id(const struct run *run, struct err *err) {
	bool unknown = err->code == ERR_OUTCOME_UNKNOWN;
	bool sent = conn_process(run->conn).pid > 0;
	char id[ID_TEXT];

	if (id_is_nil(run->id) || run->dry_run || !sent ||
	    (!unknown && err->code != ERR_UNAVAILABLE && err->code != ERR_TIMEOUT)) {
		return;
	}
	(void)id_text(run->id, id);
	if (err->detail == NULL) {
		err->detail = mem_print("{\"id\":\"%s\"}", id);
	}
	if (unknown) {
		err_hint(err, "repeat the command with --id %s: it is applied at most once", id);
	} else {
		err_hint(err, "nothing was changed; to repeat the same request: --id %s", id);
	}
}

bool run_batch(struct run *run, struct batch *b, struct err *err) {
	if (!conn_run(run->conn, b, run->deadline, err)) {
		run_explain(run, err);
		add_id(run, err);
		return false;
	}
	run_dry_note(run);
	return true;
}

bool run_id(struct run *run, struct id *id, struct err *err) {
	if (!opt_id(run->args, OPT_ID, id, err)) {
		return false;
	}
	if (id_is_nil(*id)) {
		*id = id_is_nil(run->id) ? id_new() : run->id;
	}
	run->id = *id;
	return true;
}

bool run_input(struct run *run, const char *path, struct buf *out, int64_t *at, struct err *err) {
	struct input once = {0};
	struct input *input = run->input == NULL ? &once : run->input;
	bool ok = input->at != 0 || file_read(path, &input->text, err);

	if (ok) {
		input->at = input->at == 0 ? clock_now() : input->at;
		*at = input->at;
		buf_add(out, buf_text(&input->text), input->text.len);
	} else {
		buf_cut(&input->text, 0);
	}
	buf_release(&once.text);
	return ok;
}

bool run_no_pool(const struct run *run, const char *name, struct err *err) {
	struct batch *b = batch_new(BATCH_READ);
	struct err ignored = {0};

	err_set(err, ERR_NOT_FOUND, "pool %s does not exist", name);
	err_hint(err, "berth pool list shows the existing ones");
	pool_renamed_add(b, name);
	if (run->conn != NULL && conn_run(run->conn, b, run->deadline, &ignored) && batch_count(b, 0) > 0) {
		const struct pool *pool = batch_row(b, 0, 0);

		err_hint(err, "it was renamed to %s", pool->name);
	}
	err_release(&ignored);
	batch_free(b);
	return false;
}
