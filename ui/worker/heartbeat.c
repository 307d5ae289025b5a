#include "ui/worker/heartbeat.h"

#include "db/base/clock.h"
#include "db/base/err.h"
#include "db/batch/batch.h"
#include "db/batch/rows.h"
#include "model/worker.h"

void heartbeat_add(struct loop *l, struct batch *b) {
	(void)worker_beat_add(b, &l->options->self);
}

void heartbeat_done(struct loop *l, const struct batch *b) {
	const struct worker_self *self = &l->options->self;
	const struct total *known = batch_row(b, 0, 0);
	struct err err = {0};

	l->beat = clock_steady() + self->heartbeat;
	if (known->total == 0) {
		(void)err_set(
		    &err, ERR_CONFLICT, "another process has taken the name of worker %s", self->name);
		loop_fail(l, &err);
	}
}
