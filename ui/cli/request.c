#include "ui/cli/request.h"

#include <stdlib.h>
#include <string.h>

#include "db/batch/batch.h"
#include "db/base/buf.h"
#include "db/base/clock.h"
#include "db/base/err.h"
#include "model/text/json.h"
#include "model/syntax/name.h"
#include "ui/verbs/parse/args.h"
#include "ui/cli/context.h"
#include "ui/cli/differs.h"
#include "ui/verbs/parse/opt.h"
#include "ui/cli/run.h"
#include "ui/text/shapes.h"
#include "ui/cli/wait.h"

bool request_read(struct run *run, struct queue_request *request, char **detail, struct err *err) {
	const struct args *args = run->args;

	request->reason = opt(args, OPT_REASON);
	request->until = TIME_NONE;
	if ((request->reason != NULL && !text_check("reason", request->reason, QUEUE_REASON_CHARS, err)) ||
	    !opt_duration(args, OPT_GRACE, -1, &request->grace, err) ||
	    !opt_int(args, OPT_EXPECT_GENERATION, 1, INT64_MAX, 0, &request->generation, err) ||
	    !wait_check(run, err) || !run_id(run, &request->id, err)) {
		return false;
	}
	*detail = context_text(NULL);
	request->detail = *detail;
	return true;
}

static bool has_ended(const void *row) {
	const struct command *c = row;

	return c->state != COMMAND_QUEUED && c->state != COMMAND_RUNNING;
}

static void put_text(struct json *j, const char *key, const char *text) {
	json_put_key(j, key);
	json_put_text(j, text);
}

static void put_detail(const struct command *c, struct err *err) {
	struct buf text = {0};
	struct json j = {.out = &text};

	json_open_object(&j);
	json_put_key(&j, "command");
	json_put_id(&j, c->id);
	put_text(&j, "target", c->target);
	put_text(&j, "state", command_state_names[c->state]);
	put_text(&j, "outcome", c->outcome);
	put_text(&j, "explanation", c->explanation);
	json_close_object(&j);
	free(err->detail);
	err->detail = buf_take(&text);
}

static bool refused(const struct command *c, enum err_code code, struct err *err) {
	err_set(err, code, "%s%s%s: %s: %s", c->action, c->target == NULL ? "" : " ",
	    c->target == NULL ? "" : c->target, c->outcome == NULL ? "cancelled" : c->outcome,
	    c->explanation == NULL ? "" : c->explanation);
	put_detail(c, err);
	return false;
}

static bool time_over(const struct run *run, const struct command *c, struct err *err) {
	char *limit = wait_limit(run);
	char id[ID_TEXT];

	err_set(err, ERR_TIMEOUT, "%s%s%s: still %s after %s", c->action, c->target == NULL ? "" : " ",
	    c->target == NULL ? "" : c->target, command_state_names[c->state], limit);
	err_hint(err, "it stays in the queue; to see it: berth queue show %s", id_text(c->id, id));
	put_detail(c, err);
	free(limit);
	return false;
}

/* Sets the exit code or the error after waiting. */
static bool conclude(struct run *run, const struct command *c, bool over, struct err *err) {
	if (!over) {
		return time_over(run, c, err);
	}
	if (c->state == COMMAND_CANCELLED) {
		return refused(c, ERR_CONFLICT, err);
	}
	if (c->state == COMMAND_DONE && strcmp(c->outcome, "rejected") == 0) {
		return refused(c, ERR_PRECONDITION_FAILED, err);
	}
	if (c->state == COMMAND_QUARANTINED || strcmp(c->outcome, "failed") == 0) {
		run->exit = 1;
		run_note(run, "%s: %s", c->outcome == NULL ? command_state_names[c->state] : c->outcome,
		    c->explanation == NULL ? "" : c->explanation);
	} else if (queue_partly(c)) {
		run->exit = 1;
		run_note(run, "not everything was applied: %s", c->explanation);
	}
	return true;
}

static bool takes_hook(const struct batch *look) {
	const struct command *c = batch_row(look, 0, 0);

	return c->hook;
}

static bool wait_and_print(struct run *run, const struct command *queued, struct err *err) {
	const struct watch watch = {queued->id, queue_show_add, has_ended, takes_hook};
	struct command shown = *queued;
	struct batch *last = NULL;
	bool over = false;
	bool ok = wait_for(run, &watch, &last, &over, err);

	if (ok && last != NULL) {
		shown = *(const struct command *)batch_row(last, 0, 0);
		shown.replayed = queued->replayed;
		shown.differs = queued->differs;
	}
	ok = ok && output_one(&run->sink, &command_queued_shape, &shown, err) &&
	     conclude(run, &shown, over, err);
	batch_free(last);
	return ok;
}

bool request_answer(struct run *run, const struct batch *b, struct err *err) {
	const struct command *c = batch_row(b, run->step, 0);

	differs_note(run, "command", c->id, c->differs);
	return wait_requested(run) ? wait_and_print(run, batch_row(b, run->step, 0), err)
				   : run_one(run, &command_queued_shape, b, run->step, err);
}

bool request_add(
    struct run *run, struct batch *b, enum queue_action action, enum target_kind kind, struct err *err) {
	struct target target;
	struct queue_request request = {.action = action, .targets = &target, .count = 1};
	char *detail = NULL;
	bool ok = target_parse(operand(run->args, 0), kind, &target, err) &&
		  request_read(run, &request, &detail, err);

	if (ok) {
		queue_add(b, &request);
	}
	free(detail);
	return ok;
}
