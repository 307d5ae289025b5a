/*
 * The verbs that set up the console itself.
 */
#include <string.h>

#include "db/base/err.h"
#include "db/base/mem.h"
#include "model/syntax/name.h"
#include "ui/console/app/app.h"
#include "ui/console/app/saved_view.h"
#include "ui/console/input/actions.h"
#include "ui/verbs/call.h"
#include "ui/verbs/parse/args.h"
#include "ui/verbs/parse/opt.h"

static enum done connect_to(struct app *app, const struct call *call, int value, struct err *err) {
	const char *profile = operand(call_args(call), 0);

	(void)value;
	if (profile != NULL && !name_check("profile", profile, err)) {
		return DONE_WRONG;
	}
	app->requests.connect = mem_text(profile == NULL ? "" : profile);
	return DONE;
}

static enum done show_theme(struct app *app, const struct call *call, int value, struct err *err) {
	const char *name = operand(call_args(call), 0);

	(void)value;
	if (!name_check("theme", name, err)) {
		return DONE_WRONG;
	}
	app->requests.theme = mem_text(name);
	return DONE;
}

static enum done set_mouse(struct app *app, const struct call *call, int value, struct err *err) {
	const char *word = operand(call_args(call), 0);
	bool on = strcmp(word, "on") == 0;

	(void)value;
	if (!on && strcmp(word, "off") != 0) {
		(void)err_set(err, ERR_INVALID_INPUT, "mouse: '%s' is neither on nor off", word);
		return DONE_WRONG;
	}
	app->requests.mouse_on = on;
	app->requests.mouse_off = !on;
	return DONE;
}

static enum done export_to(struct app *app, const struct call *call, int value, struct err *err) {
	const struct args *args = call_args(call);

	(void)value;
	return export_mode_open(app, operand(args, 0), opt_given(args, OPT_FORCE), err) ? DONE : DONE_WRONG;
}

static enum done save_view(struct app *app, const struct call *call, int value, struct err *err) {
	const struct args *args = call_args(call);

	(void)value;
	return saved_view_take(app, operand(args, 0), opt_given(args, OPT_FORCE), err) ? DONE : DONE_WRONG;
}

static enum done show_saved(struct app *app, const struct call *call, int value, struct err *err) {
	(void)value;
	return saved_view_show(app, operand(call_args(call), 0), err) ? DONE : DONE_WRONG;
}

const struct verb_action setting_actions[] = {
    {"connect", connect_to, 0},
    {"theme", show_theme, 0},
    {"export", export_to, 0},
    {"mouse", set_mouse, 0},
    {"save", save_view, 0},
    {"view", show_saved, 0},
    {0},
};
