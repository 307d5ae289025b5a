/*
 * The line after `:`, split and parsed as a line of a batch file. A wrong line stays in the editor, with a
 * caret under the word that the error is about.
 */
#include <stdlib.h>
#include <string.h>

#include "db/base/err.h"
#include "ui/console/app/app.h"
#include "ui/console/app/plan_mode.h"
#include "ui/console/app/write_mode.h"
#include "ui/console/input/actions.h"
#include "ui/verbs/call.h"
#include "ui/verbs/parse/args.h"
#include "ui/verbs/parse/opt.h"
#include "ui/verbs/verb.h"

static const struct verb_action *find(const struct verb_action *actions, const struct verb *verb) {
	while (actions->words != NULL && strcmp(actions->words, verb->words) != 0) {
		actions++;
	}
	return actions->words == NULL ? NULL : actions;
}

/* Opens the screen, plan or form of the call's verb; DONE_ELSEWHERE when it has none. */
static enum done act(struct app *app, const struct call *call, struct err *err) {
	const struct verb *verb = call_args(call)->verb;
	const struct verb_action *action = NULL;

	if (verb != NULL && !opt_given(call_args(call), OPT_HELP)) {
		action = find(call_changes(call) ? plan_actions : screen_actions, verb);
		action = action == NULL ? find(setting_actions, verb) : action;
	}
	return action == NULL ? DONE_ELSEWHERE : action->act(app, call, action->value, err);
}

/* Opens the plan of a verb that acts at once, or the pager with the answer of one that no screen shows; or
 * shows that it needs a shell. */
static enum done send(struct app *app, struct call *call, struct err *err) {
	if (!call_is_possible(call)) {
		(void)err_set(err, ERR_INVALID_INPUT, "%s: not in the console", call_args(call)->verb->words);
		(void)err_hint(err, "in a shell: berth %s%s", app->connection == NULL ? "" : app->connection,
		    call_line(call));
		return DONE_WRONG;
	}
	if (call_changes(call)) {
		plan_mode_call(app, call);
	} else {
		call_mode_open(app, call);
	}
	return DONE_TAKEN;
}

static void run(struct app *app, struct call *call, const char *line) {
	struct err err = {0};
	enum done done;

	app->mode = MODE_LIST;
	if (call_changes(call) && !write_mode_allows(app)) {
		call_free(call);
		return;
	}
	done = act(app, call, &err);
	if (done == DONE_TAKEN) {
		app->plan.call = call;
		plan_mode_show(app);
	}
	done = done == DONE_ELSEWHERE ? send(app, call, &err) : done;
	if (done == DONE_WRONG) {
		app_reject(app, line, call_blamed(call, &err), &err);
	}
	if (done != DONE_TAKEN) {
		call_free(call);
	}
	err_release(&err);
}

void command_run(struct app *app, const char *line) {
	struct err err = {0};
	size_t wrong = 0;
	struct call *call = call_new(line, app->verbs, app->ascii, &wrong, &err);

	app->mode = MODE_LIST;
	if (call != NULL) {
		run(app, call, line);
	} else if (err.message != NULL) {
		app_reject(app, line, wrong, &err);
	}
	err_release(&err);
}
