/*
 * The verbs that open a plan or a form.
 */
#include <stdlib.h>
#include <string.h>

#include "db/base/err.h"
#include "db/base/mem.h"
#include "model/queue.h"
#include "model/syntax/name.h"
#include "model/syntax/target.h"
#include "model/text/script.h"
#include "ui/console/app/app.h"
#include "ui/console/app/dedupe_mode.h"
#include "ui/console/app/form_mode.h"
#include "ui/console/input/actions.h"
#include "ui/verbs/bulk.h"
#include "ui/verbs/call.h"
#include "ui/verbs/dedupe.h"
#include "ui/verbs/parse/args.h"
#include "ui/verbs/parse/opt.h"
#include "ui/verbs/verb.h"

/* Returns the selection as typed, for the caller to free. */
static char *selection_of(const struct args *args) {
	const char *pool = opt(args, OPT_POOL);
	struct buf text = {0};

	buf_printf(&text, "%ss of %s", opt_given(args, OPT_OF) ? opt(args, OPT_OF) : "lease",
	    pool == NULL ? "all pools" : target_name("pool", pool));
	if (opt_given(args, OPT_HOLDER) && strcmp(args->verb->words, "release") == 0) {
		buf_printf(
		    &text, " held by %s", *opt(args, OPT_HOLDER) == '\0' ? "nobody" : opt(args, OPT_HOLDER));
	}
	if (opt_given(args, OPT_SELECTOR)) {
		buf_printf(&text, " with %s", opt(args, OPT_SELECTOR));
	}
	if (opt_given(args, OPT_STATE)) {
		buf_printf(&text, " in state %s", opt(args, OPT_STATE));
	}
	return buf_take(&text);
}

/* Returns the targets as typed, for the caller to free. */
static char *what_of(const struct args *args) {
	struct buf text = {0};

	for (size_t i = 0; i < args->count; i++) {
		buf_printf(&text, "%s%s", i == 0 ? "" : " ", args->operands[i]);
	}
	return buf_take(&text);
}

/* Reads the options that all commands of the queue take. The undo window of a plan is its --grace. */
static bool read_common(struct plan *plan, const struct args *args, struct err *err) {
	const char *reason = opt(args, OPT_REASON);

	if (opt_given(args, OPT_GRACE)) {
		return err_set(
		    err, ERR_INVALID_INPUT, "--grace: not in the console: a plan has its own undo window");
	}
	if (!opt_int(args, OPT_EXPECT_GENERATION, 1, INT64_MAX, 0, &plan->generation, err)) {
		return false;
	}
	if (plan->generation != 0 && (plan->phrased || plan->count > 1)) {
		return err_set(err, ERR_INVALID_INPUT, "--expect-generation: for one lease or resource only");
	}
	if (plan_counts(plan)) {
		plan->targets[0].generation = plan->generation; /* plan_take() moves it to the plan */
	}
	if (opt_given(args, OPT_ID) && !opt_id(args, OPT_ID, &plan->id, err)) {
		return false;
	}
	if (reason != NULL && !text_check("reason", reason, QUEUE_REASON_CHARS, err)) {
		return false;
	}
	plan->reason = reason == NULL ? NULL : mem_text(reason);
	return true;
}

/* Describes the plan, whose targets have been read, or drops it when they were wrong. The server tells what
 * it changes. */
static enum done open_plan(struct app *app, const struct args *args, bool ok, struct err *err) {
	struct plan *plan = &app->plan;

	if (!ok || !read_common(plan, args, err)) {
		plan_release(plan);
		return DONE_WRONG;
	}
	plan->what = target_selects(plan->targets) ? selection_of(args) : what_of(args);
	plan->known = false;
	plan_describe(plan);
	return DONE_TAKEN;
}

/* Reads the targets of a verb for any number of them; the release of a resource or pool is a drain. */
static bool read_bulk(struct plan *plan, const struct args *args, struct err *err) {
	struct bulk bulk = {0};
	bool ok = bulk_read(args, &bulk, err);

	for (size_t i = 0; ok && plan->act == PLAN_RELEASE && i < bulk.request.count; i++) {
		enum target_kind kind = bulk.request.targets[i].kind;

		plan->act = kind == TARGET_RESOURCE || kind == TARGET_POOL ? PLAN_DRAIN : plan->act;
	}
	if (ok) {
		plan->phrased |= plan->act == PLAN_DRAIN;
		plan_request(plan, &bulk);
	}
	bulk_free(&bulk);
	return ok;
}

static enum done plan_bulk(struct app *app, const struct call *call, int act, struct err *err) {
	const struct args *args = call_args(call);

	plan_open(&app->plan, (enum plan_act)act);
	return open_plan(app, args, read_bulk(&app->plan, args, err), err);
}

/* Plans the labels of all that match; those of one target are set at once. */
static enum done plan_labels(struct app *app, const struct call *call, int act, struct err *err) {
	return bulk_selects(call_args(call)) ? plan_bulk(app, call, act, err) : DONE_ELSEWHERE;
}

/* Adds a target, once. */
static void add_target(struct plan *plan, const struct target *target) {
	for (size_t i = 0; i < plan->count; i++) {
		if (!id_is_nil(target->id) && id_equal(plan->targets[i].id, target->id)) {
			return;
		}
	}
	plan_target(plan, target);
}

/* Plans a verb whose operands are its targets, all of one kind. */
static enum done plan_operands(struct app *app, const struct call *call, int act, struct err *err) {
	const struct args *args = call_args(call);
	enum target_kind kind = act == PLAN_DELETE   ? TARGET_PROJECT
				: act == PLAN_CANCEL ? TARGET_COMMAND
						     : TARGET_RESOURCE;
	bool ok = true;

	plan_open(&app->plan, (enum plan_act)act);
	for (size_t i = 0; ok && i < args->count; i++) {
		struct target target;

		ok = target_parse(args->operands[i], kind, &target, err);
		if (ok) {
			target.whole = act == PLAN_DELETE;
			add_target(&app->plan, &target);
		}
	}
	return open_plan(app, args, ok, err);
}

/* The options that a form has fields for; a line with others is a plan. */
static const struct form_options {
	enum option_id option;
	size_t field;
} allocate_fields[] = {{OPT_VALUE, FORM_VALUE}, {OPT_HOLDER, FORM_HOLDER}, {OPT_UNTIL, FORM_UNTIL},
    {OPT_FOR, FORM_UNTIL}, {OPT_PROJECT, FORM_FOR}, {OPT_END, 0}},
  project_fields[] = {{OPT_MAX_LEASES, FORM_MAX}, {OPT_POOL, FORM_POOLS}, {OPT_LABEL, FORM_LABELS},
      {OPT_END, 0}},
  limit_fields[] = {{OPT_MAX_LEASES, FORM_MAX}, {OPT_END, 0}},
  org_fields[] = {{OPT_MAX_PROJECTS, FORM_MAX}, {OPT_END, 0}};

static const struct form_options *const fields_of[] = {[FORM_ALLOCATE] = allocate_fields,
    [FORM_PROJECT] = project_fields,
    [FORM_LIMIT] = limit_fields,
    [FORM_ORG] = org_fields,
    [FORM_ORG_LIMIT] = org_fields};

static const struct form_options *field_of(const struct form_options *fields, enum option_id option) {
	while (fields->option != OPT_END && fields->option != option) {
		fields++;
	}
	return fields->option == OPT_END ? NULL : fields;
}

/* Fills the fields of a form; the values of repeated options are separated by blanks. */
static void fill(struct form *form, const struct form_options *fields, const struct args *args) {
	for (; fields->option != OPT_END; fields++) {
		struct buf text = {0};
		size_t at = 0;

		for (const char *value; (value = opt_next(args, fields->option, &at)) != NULL;) {
			buf_printf(&text, "%s%s", text.len == 0 ? "" : " ", value);
		}
		if (text.len > 0) {
			form_set(form, fields->field, buf_text(&text));
		}
		buf_release(&text);
	}
}

static enum done open_form(struct app *app, const struct call *call, int type, struct err *err) {
	const struct args *args = call_args(call);
	const char *about = target_name(type == FORM_ALLOCATE                        ? "pool"
					: type == FORM_ORG || type == FORM_ORG_LIMIT ? "org"
										     : "project",
	    operand(args, 0));

	(void)err;
	for (size_t i = 0; i < args->given_count; i++) {
		if (field_of(fields_of[type], args->given[i].option) == NULL) {
			return DONE_ELSEWHERE;
		}
	}
	if (opt_given(args, OPT_UNTIL) && opt_given(args, OPT_FOR)) {
		return opt_exclusive(args, OPT_UNTIL, OPT_FOR, err) ? DONE : DONE_WRONG;
	}
	form_mode_open(app, (enum form_type)type, about);
	if (!app->form.unsettled) {
		fill(&app->form, fields_of[type], args);
		form_mode_names(app);
	}
	return DONE;
}

static enum done fix(struct app *app, const struct call *call, int value, struct err *err) {
	struct buf ask = {0};
	bool ok = dedupe_read(call_args(call), &ask, err) &&
		  (ask.len > 0 || err_set(err, ERR_INVALID_INPUT, "--table: must be given in the console"));

	(void)value;
	if (ok) {
		dedupe_plan_mode_fix(app, &ask, call_line(call) + script_word_at(call_line(call), 3));
	}
	buf_release(&ask);
	return ok ? DONE : DONE_WRONG;
}

static enum done undo(struct app *app, const struct call *call, int value, struct err *err) {
	const char *text = operand(call_args(call), 0);
	struct id run;

	(void)value;
	if (!id_parse(text, &run)) {
		(void)err_set(err, ERR_INVALID_INPUT, "'%s' is not the id of a run", text);
		return DONE_WRONG;
	}
	dedupe_plan_mode_undo(app, run);
	return DONE;
}

const struct verb_action plan_actions[] = {
    {"allocate", open_form, FORM_ALLOCATE},
    {"release", plan_bulk, PLAN_RELEASE},
    {"extend", plan_bulk, PLAN_EXTEND},
    {"transfer", plan_bulk, PLAN_TRANSFER},
    {"label", plan_labels, PLAN_LABEL},
    {"resource cordon", plan_bulk, PLAN_CORDON},
    {"resource uncordon", plan_bulk, PLAN_UNCORDON},
    {"resource release", plan_operands, PLAN_DRAIN},
    {"resource reclaim", plan_operands, PLAN_RECLAIM},
    {"queue cancel", plan_operands, PLAN_CANCEL},
    {"queue retry", plan_bulk, PLAN_RETRY},
    {"queue skip", plan_bulk, PLAN_SKIP},
    {"queue force", plan_bulk, PLAN_FORCE},
    {"project create", open_form, FORM_PROJECT},
    {"project limit", open_form, FORM_LIMIT},
    {"project delete", plan_operands, PLAN_DELETE},
    {"org create", open_form, FORM_ORG},
    {"org limit", open_form, FORM_ORG_LIMIT},
    {"dedupe fix", fix, 0},
    {"dedupe undo", undo, 0},
    {0},
};
