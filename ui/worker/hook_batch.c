#include "ui/worker/hook_batch.h"

#include "db/batch/batch.h"
#include "model/queue.h"
#include "ui/worker/requests.h"

static const struct lease *find_lease(const struct batch *b, struct id id) {
	for (size_t i = 0; i < batch_count(b, 1); i++) {
		const struct lease *lease = batch_row(b, 1, i);

		if (id_equal(lease->id, id)) {
			return lease;
		}
	}
	return NULL;
}

static const struct command *find_command(const struct batch *b, struct id id) {
	for (size_t i = 0; i < batch_count(b, 2); i++) {
		const struct command *command = batch_row(b, 2, i);

		if (id_equal(command->id, id)) {
			return command;
		}
	}
	return NULL;
}

int64_t hook_batch_take(struct loop *l, const struct batch *b) {
	size_t n = batch_count(b, 0);

	for (size_t i = 0; i < n; i++) {
		const struct job *job = batch_row(b, 0, i);
		const struct lease *lease = find_lease(b, job->lease);
		const struct command *command = find_command(b, job->command);

		if (lease != NULL && command != NULL) {
			hooks_start(&l->hooks, job, lease, command);
		}
	}
	return (int64_t)n;
}

void hook_batch_report_add(struct loop *l, struct batch *b) {
	const struct worker_self *self = &l->options->self;
	const struct hook_run *subject = l->subject;

	if (subject->state == HOOKS_RETURNED) {
		(void)worker_return_add(b, self, subject->command, subject->epoch);
	} else {
		(void)worker_finish_add(b, self, subject->command, subject->epoch,
		    subject->state == HOOKS_SUCCEEDED, subject->result == NULL ? "" : subject->result);
	}
	(void)queue_show_add(b, subject->command);
}

static bool is_quarantined(const struct batch *b) {
	const struct command *command = batch_count(b, 1) == 0 ? NULL : batch_row(b, 1, 0);

	return command != NULL && command->state == COMMAND_QUARANTINED;
}

static void print_report(const struct loop *l, const struct batch *b) {
	const struct hook_run *subject = l->subject;
	char lease[ID_TEXT];
	char command[ID_TEXT];
	bool counts = ((const struct total *)batch_row(b, 0, 0))->total != 0;

	(void)id_text(subject->lease, lease);
	if (!counts && !subject->reported) {
		loop_report(l, REPORT_WARNING, "lease %s: its %s hook %s ended too late; another run counts",
		    lease, subject->event, subject->hook);
	} else if (subject->state == HOOKS_FAILED) {
		loop_report(l, REPORT_WARNING, "lease %s: its %s hook %s failed (attempt %lld): %s", lease,
		    subject->event, subject->hook, (long long)subject->attempt, subject->result);
	}
	if (counts && subject->state == HOOKS_FAILED && is_quarantined(b)) {
		loop_report(l, REPORT_WARNING, "lease %s: broken; berth queue retry, skip or force %s", lease,
		    id_text(subject->command, command));
	}
}

void hook_batch_report_done(struct loop *l, const struct batch *b) {
	print_report(l, b);
	hooks_drop(&l->hooks, l->subject);
	scheduler_want_all(&l->scheduler);
}
