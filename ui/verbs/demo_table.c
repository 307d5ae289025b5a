/*
 * The table of the demo that has duplicate rows, and the run of dedupe on it that was undone.
 */
#include "ui/verbs/demo_data.h"

#include "db/base/buf.h"
#include "db/base/clock.h"
#include "db/batch/batch.h"
#include "db/conn/conn.h"
#include "gen/queries.h"
#include "model/dedupe.h"
#include "ui/cli/dedupe_run.h"
#include "ui/cli/run.h"
#include "ui/verbs/demo_dice.h"

enum { STATEMENTS = 2 };

static bool make(struct run *run, struct err *err) {
	bool ok = true;

	for (int64_t i = 1; ok && i <= STATEMENTS; i++) {
		struct batch *b = batch_new(BATCH_ALONE);

		query_demo_table_add(b, i);
		ok = conn_run(run->conn, b, TIME_NONE, err);
		batch_free(b);
	}
	return ok;
}

static bool fix_and_undo(struct run *run, const char *ask, struct id id, struct err *err) {
	struct dedupe_walk walk = dedupe_fix(id, ask, "{}");

	if (!dedupe_run_drive(run, &walk, err)) {
		return false;
	}
	walk = dedupe_undo(walk.run);
	return dedupe_run_drive(run, &walk, err);
}

bool demo_table_make(struct run *run, unsigned *dice, struct err *err) {
	static const struct dedupe_words words = {.table = "public.app_labels", .key = "app,name"};
	struct buf ask = {0};
	bool ok = make(run, err) && dedupe_ask(&words, &ask, err) &&
		  fix_and_undo(run, buf_text(&ask), dice_id(dice), err);

	buf_release(&ask);
	return ok;
}
