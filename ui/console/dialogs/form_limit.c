/*
 * The form that creates an organization, and those that set the limits of an organization and of a project.
 */
#include "ui/console/widgets/form.h"

#include "db/batch/batch.h"
#include "db/base/buf.h"
#include "db/base/err.h"
#include "model/project.h"
#include "model/syntax/target.h"
#include "ui/console/screens/limit_badge.h"

/* Reads the name of a project, "org/project", or of an organization. */
static bool read_name(const struct form *form, struct target *target, struct err *err) {
	return target_parse(
	    form_text(form, FORM_NAME), form->is == &form_limit ? TARGET_PROJECT : TARGET_ORG, target, err);
}

static bool add(struct form *form, const char *detail, struct batch *b, struct err *err) {
	struct target target;
	int64_t limit;

	form->at = FORM_NAME;
	if (!read_name(form, &target, err)) {
		return false;
	}
	form->at = FORM_MAX;
	if (!limit_read(form_text(form, FORM_MAX), &limit, err)) {
		return false;
	}
	form->at = form->is->count;
	if (form->is == &form_limit) {
		form->step = project_limit_add(b, form->id, target.name, limit, detail);
	} else if (form->is == &form_org_limit) {
		form->step = org_limit_add(b, form->id, target.name, limit, detail);
	} else {
		form->step = org_create_add(b, form->id, target.name, limit, detail);
	}
	return true;
}

static void ask_org(const struct form *form, struct buf *out) {
	buf_printf(out, "Create organization %s, ", form_text(form, FORM_NAME));
	limit_as_typed(form_text(form, FORM_MAX), "project", "projects", out);
	buf_char(out, '?');
}

static void ask_limit(const struct form *form, struct buf *out) {
	bool project = form->is == &form_limit;

	buf_printf(out, "Set %s to ", form_text(form, FORM_NAME));
	limit_as_typed(
	    form_text(form, FORM_MAX), project ? "lease" : "project", project ? "leases" : "projects", out);
	buf_char(out, '?');
}

static void tells_project(const struct form *form, struct buf *out) {
	buf_printf(out, "berth project show %s", form_text(form, FORM_NAME));
}

static void tells_org(const struct form *form, struct buf *out) {
	buf_printf(out, "berth org show %s", form_text(form, FORM_NAME));
}

static void answer_limit(const struct form *form, const struct batch *b, struct buf *out) {
	const struct project *project = batch_row(b, form->step, 0);

	buf_printf(
	    out, "%s%s/%s: ", project->replayed ? "already set: " : "", project->organization, project->name);
	limit_put(project->max_leases, "lease", "leases", out);
}

static void answer_org(const struct form *form, const struct batch *b, struct buf *out) {
	const struct org *org = batch_row(b, form->step, 0);
	bool limit = form->is == &form_org_limit;

	buf_puts(out, org->replayed ? (limit ? "already set: " : "already created: ")
		      : limit       ? ""
				    : "created ");
	buf_printf(out, "organization %s: ", org->name);
	limit_put(org->max_projects, "project", "projects", out);
}

const struct form_kind form_limit = {.title = "LIMIT OF LEASES",
    .whose = "request",
    .done = "set",
    .does = "sets it",
    .key = "L",
    .count = 2,
    .fields = {[FORM_NAME] = {"project", "ORGANIZATION/NAME", true, TARGET_PROJECT},
	[FORM_MAX] = {"leases", "at most this many; empty: no limit"}},
    .fixed = 1,
    .add = add,
    .ask = ask_limit,
    .tells = tells_project,
    .answer = answer_limit};

const struct form_kind form_org = {.title = "NEW ORGANIZATION",
    .whose = "org",
    .done = "created",
    .does = "creates it",
    .key = "O",
    .count = 2,
    .fields = {[FORM_NAME] = {"name", "of the organization"},
	[FORM_MAX] = {"projects", "at most this many; empty: no limit"}},
    .add = add,
    .ask = ask_org,
    .tells = tells_org,
    .answer = answer_org};

const struct form_kind form_org_limit = {.title = "LIMIT OF PROJECTS",
    .whose = "request",
    .done = "set",
    .does = "sets it",
    .key = "P",
    .count = 2,
    .fields = {[FORM_NAME] = {"name", "of the organization", true, TARGET_ORG},
	[FORM_MAX] = {"projects", "at most this many; empty: no limit"}},
    .fixed = 1,
    .add = add,
    .ask = ask_limit,
    .tells = tells_org,
    .answer = answer_org};
