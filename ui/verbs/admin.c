#include "ui/verbs/verb.h"

#include <stdlib.h>

#include "db/batch/batch.h"
#include "db/base/buf.h"
#include "db/base/clock.h"
#include "db/base/err.h"
#include "db/schema/migrate.h"
#include "model/text/json.h"
#include "model/pool.h"
#include "ui/verbs/parse/args.h"
#include "model/doctor.h"
#include "ui/cli/doctor_run.h"
#include "ui/cli/record.h"
#include "ui/verbs/parse/opt.h"
#include "ui/cli/run.h"
#include "ui/text/shapes.h"

static bool add_doctor(struct run *run, struct batch *b, struct err *err) {
	(void)run;
	(void)err;
	doctor_add(b);
	return true;
}

static bool print_findings(struct run *run, struct rows findings, struct err *err) {
	struct record *record = record_new();

	for (size_t i = 0; i < findings.count; i++) {
		const struct finding *finding = findings.at(&findings, i);

		run->exit = finding->ok ? run->exit : 1;
	}
	record_list(record, "checks", &finding_shape, findings);
	record_bool(record, "ok", run->exit == 0);
	return record_print(record, &run->sink, err);
}

static bool answer_doctor(struct run *run, const struct batch *b, struct err *err) {
	return print_findings(run, rows_of_step(b, run->step), err);
}

/* The console asks for all at once, and has a limit of time; a shell waits, and asks piece by piece. */
static bool run_doctor(struct run *run, struct err *err) {
	struct doctor d = {0};
	struct finding *findings;
	bool ok = doctor_run(run, &d, err) || run_explain(run, err);

	if (ok) {
		findings = doctor_findings(&d);
		ok = print_findings(run, rows_of_array(findings, sizeof *findings, d.count), err);
		free(findings);
	}
	doctor_release(&d);
	return ok;
}

static void put_names(const struct migration *done, struct buf *out) {
	struct json j = {.out = out};

	json_open_array(&j);
	for (int version = done->from; version < done->to; version++) {
		json_put_text(&j, migrate_name(version));
	}
	json_close_array(&j);
}

/* Notes members of the roles, which belong to the whole cluster: a role granted for another database has its
 * rights here too. */
static void note_members(const struct run *run, struct migration *done) {
	if (done->members != NULL) {
		run_note(run, "these roles existed already, and their members have rights here: %s",
		    done->members);
	}
	migration_release(done);
}

static bool run_migrate(struct run *run, struct err *err) {
	enum migrate_mode mode = run->dry_run ? MIGRATE_DRY : MIGRATE_APPLY;
	int64_t left = run->deadline == TIME_NONE ? 0 : run->deadline - clock_steady();
	struct migration done;
	struct buf names = {0};
	struct record *record;
	bool ok;

	if (opt_given(run->args, OPT_CHECK)) {
		mode = MIGRATE_CHECK;
	}
	if (!migrate(run->options, mode, left < 0 ? 1000 : left, &done, err)) {
		return run_explain(run, err);
	}
	run_dry_note(run);
	note_members(run, &done);
	record = record_new();
	put_names(&done, &names);
	record_int(record, "from", done.from);
	record_int(record, "to", done.to);
	record_raw(record, "applied", buf_text(&names));
	ok = record_print(record, &run->sink, err);
	buf_release(&names);
	return ok;
}

const struct verb admin_verbs[] = {
    {
	.words = "migrate",
	.examples = "berth migrate\n"
		    "berth migrate --check\n",
	.synopsis = "",
	.summary = "create or upgrade the schema",
	.options = (const enum option_id[]){OPT_CHECK, OPT_END},
	.flags = VERB_MUTATES | VERB_SCHEMALESS,
	.run = run_migrate,
    },
    {
	.words = "doctor",
	.examples = "berth doctor\n",
	.synopsis = "",
	.summary = "check every invariant; exit 1 if one is broken",
	.notes = "It reads piece after piece, in transactions of their own, and tells on a terminal how far "
		 "it has\n"
		 "come. After a lost connection it goes on where it was.\n",
	.run = run_doctor,
	.add = add_doctor,
	.answer = answer_doctor,
    },
    {0},
};
