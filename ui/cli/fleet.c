#include "ui/cli/fleet.h"

#include <stdlib.h>

#include "db/base/clock.h"
#include "db/base/err.h"
#include "db/base/mem.h"
#include "db/batch/batch.h"
#include "db/conn/conn.h"
#include "db/conn/many.h"
#include "model/fleet.h"
#include "ui/cli/output.h"
#include "ui/cli/perform.h"
#include "ui/cli/run.h"
#include "ui/config/config.h"
#include "ui/text/shapes.h"
#include "ui/verbs/parse/connection.h"
#include "ui/verbs/parse/opt.h"
#include "ui/verbs/verb.h"

#define PATIENCE (10 * TIME_SECOND) /* without --timeout: one that hangs does not keep the others */

struct member {
	const struct profile *profile;
	struct connect connect;
};

struct fleet {
	struct run *run;
	struct many many;
	struct member *members; /* many.count of them */
	size_t step;            /* of the rows, in each batch */
};

bool fleet_check(const struct run *run, const struct config *config, struct err *err) {
	static const enum option_id other[] = {
	    OPT_DBNAME, OPT_HOST, OPT_PORT, OPT_PASSWORD, OPT_LOCAL, OPT_STANDBY};
	const struct verb *verb = run->args->verb;

	if (config->fleet_count == 0) {
		(void)err_set(err, ERR_INVALID_INPUT, "@fleet: there are no profiles");
		return err_hint(err, "profiles are sections [profile NAME] of the configuration");
	}
	if (verb == NULL && (opt_given(run->args, OPT_ONCE) || opt_given(run->args, OPT_LINEAR))) {
		(void)err_set(err, ERR_INVALID_INPUT, "@fleet: its console needs a whole screen");
		return err_hint(err, "berth @fleet pool list prints its pools");
	}
	if (verb != NULL && verb->fleet == NULL) {
		const char *name = config->profiles[config->fleet[0]].name;

		(void)err_set(err, ERR_INVALID_INPUT, "%s: @fleet is several databases, and this is for one",
		    verb->words);
		return err_hint(err, "name one profile: @%s %s", name, verb->words);
	}
	for (size_t i = 0; i < sizeof other / sizeof *other; i++) {
		if (opt_given(run->args, other[i])) {
			return err_set(err, ERR_INVALID_INPUT,
			    "--%s: not with @fleet: its profiles name the servers",
			    option_specs[other[i]].name);
		}
	}
	return true;
}

/* Makes the connection and the batch of each database. */
static bool prepare(struct fleet *f, const struct config *config, struct err *err) {
	for (size_t i = 0; i < f->many.count; i++) {
		struct run run = *f->run;
		struct many_part *part = &f->many.parts[i];

		f->members[i].profile = &config->profiles[config->fleet[i]];
		connect_to_member(&f->members[i].connect, f->members[i].profile, f->run->args);
		part->conn = conn_new(&f->members[i].connect.options);
		part->batch = batch_new(BATCH_READ);
		run.conn = part->conn;
		if (!perform_add(&run, part->batch, err)) {
			return false;
		}
		f->step = run.step;
	}
	return true;
}

static void release(struct fleet *f) {
	for (size_t i = 0; i < f->many.count; i++) {
		conn_free(f->many.parts[i].conn);
		batch_free(f->many.parts[i].batch);
		err_release(&f->many.parts[i].err);
		connect_release(&f->members[i].connect);
	}
	free(f->many.parts);
	free(f->members);
}

/* Returns the rank of a row, by which lists of alerts are merged; 0 for rows without one. */
static int64_t rank_of(const struct fleet *f, size_t member, size_t row) {
	const struct many_part *part = &f->many.parts[member];
	bool ranked = f->run->args->verb->fleet == &fleet_alert_shape;

	return ranked ? ((const struct alert *)batch_row(part->batch, f->step, row))->rank : 0;
}

/* Returns the database whose next row comes first, the earlier one of two; the number of them at the end. */
static size_t next_of(const struct fleet *f, const size_t *at) {
	size_t best = f->many.count;

	for (size_t i = 0; i < f->many.count; i++) {
		const struct many_part *part = &f->many.parts[i];

		if (part->ok && at[i] < batch_count(part->batch, f->step) &&
		    (best == f->many.count || rank_of(f, i, at[i]) < rank_of(f, best, at[best]))) {
			best = i;
		}
	}
	return best;
}

/* Prints the rows of all databases. Returns their number. */
static size_t print_rows(const struct fleet *f, struct list *list) {
	const struct shape *shape = f->run->args->verb->fleet;
	size_t *at = mem_new(f->many.count, sizeof *at);
	size_t count = 0;

	for (size_t i; (i = next_of(f, at)) < f->many.count; count++) {
		void *row = fleet_row(shape->type, shape->base->type,
		    batch_row(f->many.parts[i].batch, f->step, at[i]++), f->members[i].profile->name);

		list_row(list, row);
		free(row);
	}
	free(at);
	return count;
}

/* Tells which databases did not answer, and why. Returns their number. */
static size_t tell_missing(const struct fleet *f) {
	size_t missing = 0;

	for (size_t i = 0; i < f->many.count; i++) {
		const struct many_part *part = &f->many.parts[i];

		if (!part->ok) {
			char *text = mem_print("%s: %s", f->members[i].profile->name, part->err.message);

			run_report(f->run, REPORT_WARNING, text);
			free(text);
			missing++;
		}
	}
	return missing;
}

/* Prints the answer, unless there is none. */
static bool answer(struct fleet *f, struct err *err) {
	size_t missing = tell_missing(f);
	struct list *list;
	size_t count;

	if (missing == f->many.count) {
		return err_set(err, f->many.parts[0].err.code, "@fleet: none of its databases has answered");
	}
	list = list_begin(&f->run->sink, f->run->args->verb->fleet);
	count = print_rows(f, list);
	f->run->exit = missing > 0 || (count > 0 && f->run->args->verb->fleet == &fleet_alert_shape) ? 1 : 0;
	return list_end(list, err);
}

bool fleet_perform(struct run *run, const struct config *config, struct err *err) {
	struct fleet f = {.run = run, .many = {.count = config->fleet_count}};
	int64_t deadline = run->deadline == TIME_NONE ? clock_steady() + PATIENCE : run->deadline;
	bool ok;

	f.many.parts = mem_new(f.many.count, sizeof *f.many.parts);
	f.members = mem_new(f.many.count, sizeof *f.members);
	ok = prepare(&f, config, err);
	if (ok) {
		many_run(&f.many, deadline);
		ok = answer(&f, err);
	}
	release(&f);
	return ok;
}
