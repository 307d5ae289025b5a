#include "ui/cli/perform.h"

#include "db/base/err.h"
#include "db/batch/batch.h"
#include "ui/cli/bulk.h"
#include "ui/cli/run.h"
#include "ui/verbs/parse/args.h"
#include "ui/verbs/verb.h"

struct batch *perform_batch(const struct run *run) {
	bool mutates = (run->args->verb->flags & (VERB_MUTATES | VERB_QUEUES)) != 0;

	return batch_new(!mutates ? BATCH_READ : run->dry_run ? BATCH_DRY : BATCH_WRITE);
}

bool perform_add(struct run *run, struct batch *b, struct err *err) {
	run->step = batch_steps(b);
	if (!run->args->verb->add(run, b, err)) {
		return false;
	}
	run->last = batch_steps(b) - 1;
	return true;
}

bool perform_explain(struct run *run, struct err *err) {
	const struct verb *verb = run->args->verb;

	if (verb->explain != NULL) {
		verb->explain(run, err);
	}
	return false;
}

void perform_print_id(const struct run *run) {
	char id[ID_TEXT];

	if ((run->args->verb->flags & VERB_TELLS_ID) != 0 && !run->dry_run) {
		run_note(run, "id %s", id_text(run->id, id));
	}
}

/* Finds out what add() must know. */
static bool look(struct run *run, struct batch *b, struct err *err) {
	const struct verb *verb = run->args->verb;

	run->found = b;
	return verb->look == NULL ||
	       (verb->look(run, b, err) && (batch_steps(b) == 0 || run_batch(run, b, err)));
}

bool perform_parts(struct run *run, struct err *err) {
	const struct verb *verb = run->args->verb;
	struct batch *found, *b;
	bool ok;

	if (verb->add == NULL) {
		return verb->answer(run, NULL, err);
	}
	found = batch_new(BATCH_READ);
	b = perform_batch(run);
	ok = look(run, found, err) && perform_add(run, b, err) &&
	     (run_batch(run, b, err) || perform_explain(run, err));
	run->found = NULL;
	if (ok) {
		perform_print_id(run);
		ok = verb->answer(run, b, err);
	}
	batch_free(found);
	batch_free(b);
	return ok;
}

bool perform(struct run *run, struct err *err) {
	const struct verb *verb = run->args->verb;

	return verb->run != NULL       ? verb->run(run, err)
	       : verb->request != NULL ? bulk_run(run, err)
				       : perform_parts(run, err);
}
