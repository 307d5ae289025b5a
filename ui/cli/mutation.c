#include "ui/cli/mutation.h"

#include "db/batch/batch.h"
#include "db/base/err.h"
#include "ui/verbs/parse/args.h"
#include "ui/verbs/verb.h"
#include "ui/cli/run.h"

struct batch *mutation_batch(const struct run *run) {
	return batch_new(run->dry_run ? BATCH_DRY : BATCH_WRITE);
}

bool mutation_add(struct run *run, struct batch *b, struct err *err) {
	run->step = batch_steps(b);
	if (!run->args->command->add(run, b, err)) {
		return false;
	}
	run->last = batch_steps(b) - 1;
	return true;
}

bool mutation_explain(struct run *run, struct err *err) {
	const struct verb *command = run->args->command;

	if (command->explain != NULL) {
		command->explain(run, err);
	}
	return false;
}

void mutation_print_id(const struct run *run) {
	char id[ID_TEXT];

	if ((run->args->command->flags & VERB_TELLS_ID) != 0 && !run->dry_run) {
		run_note(run, "id %s", id_text(run->id, id));
	}
}

bool mutation_run(struct run *run, struct err *err) {
	struct batch *b = mutation_batch(run);
	bool ok = mutation_add(run, b, err) && (run_batch(run, b, err) || mutation_explain(run, err));

	if (ok) {
		mutation_print_id(run);
		ok = run->args->command->answer(run, b, err);
	}
	batch_free(b);
	return ok;
}
