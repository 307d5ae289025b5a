/*
 * The form that creates a project, with its pools and labels.
 */
#include "ui/console/widgets/form.h"

#include <stdlib.h>
#include <string.h>

#include "db/batch/batch.h"
#include "db/base/buf.h"
#include "db/base/err.h"
#include "db/base/mem.h"
#include "model/metadata.h"
#include "model/pool.h"
#include "model/project.h"
#include "model/project_pools.h"
#include "model/syntax/target.h"
#include "model/text/script.h"
#include "ui/console/screens/limit_badge.h"

/* Splits the text of a field as a line of a batch file is split. */
static bool split(const struct form *form, size_t field, struct script_line *words, struct err *err) {
	const char *text = form_text(form, field);
	struct script script;

	script_init(&script, text, strlen(text));
	return script_next(&script, words, err);
}

/* Reads the pools; when they are wrong, their field becomes the current one. */
static bool read_pools(
    struct form *form, struct script_line *words, struct project_pools *pools, struct err *err) {
	bool ok;

	form->at = FORM_POOLS;
	ok = split(form, FORM_POOLS, words, err);
	for (int i = 1; ok && i < words->argc; i++) {
		ok = project_pools_add(pools, words->argv[i], err);
	}
	return ok;
}

static bool read_labels(struct form *form, struct script_line *words, struct buf *json, struct err *err) {
	form->at = FORM_LABELS;
	return split(form, FORM_LABELS, words, err) &&
	       (words->argc == 0 ||
		   labels_json((const char *const *)words->argv + 1, (size_t)words->argc - 1, json, err));
}

/* Adds the steps of a project whose name and limit are valid. */
static bool add_parts(
    struct form *form, struct project_new *project, const char *detail, struct batch *b, struct err *err) {
	struct script_line pools = {0}, labels = {0};
	struct project_pools parts = {0};
	struct buf json = {0};
	bool ok = read_pools(form, &pools, &parts, err) && read_labels(form, &labels, &json, err);

	if (ok) {
		form->at = form->is->count;
		project->pools = parts.pools;
		project->count = parts.count;
		project->labels = labels.argc == 0 ? NULL : buf_text(&json);
		form->step = project_create_add(b, project, detail);
	}
	project_pools_release(&parts);
	buf_release(&json);
	script_line_release(&pools);
	script_line_release(&labels);
	return ok;
}

static bool add(struct form *form, const char *detail, struct batch *b, struct err *err) {
	struct target target;
	struct project_new project = {
	    .id = form->id, .name = target.name, .space = "global", .warn = POOL_WARN, .crit = POOL_CRIT};

	form->at = FORM_NAME;
	if (!target_parse(form_text(form, FORM_NAME), TARGET_PROJECT, &target, err)) {
		return false;
	}
	form->at = FORM_MAX;
	return limit_read(form_text(form, FORM_MAX), &project.max_leases, err) &&
	       add_parts(form, &project, detail, b, err);
}

static void ask(const struct form *form, struct buf *out) {
	buf_printf(out, "Create %s, ", form_text(form, FORM_NAME));
	limit_as_typed(form_text(form, FORM_MAX), "lease", "leases", out);
	buf_char(out, '?');
}

static void tells(const struct form *form, struct buf *out) {
	buf_printf(out, "berth project show %s", form_text(form, FORM_NAME));
}

static void answer(const struct form *form, const struct batch *b, struct buf *out) {
	const struct project *project = batch_row(b, form->step, 0);
	char id[ID_TEXT];

	buf_printf(out, "%s %s/%s, project %s", project->replayed ? "already created:" : "created",
	    project->organization, project->name, id_text(project->id, id));
}

const struct form_kind form_project = {.title = "NEW PROJECT",
    .whose = "project",
    .done = "created",
    .does = "creates it",
    .key = "a",
    .count = 4,
    .fields = {[FORM_NAME] = {"project", "ORGANIZATION/NAME", true, TARGET_ORG},
	[FORM_MAX] = {"leases", "at most this many; empty: no limit"},
	[FORM_POOLS] = {"pools", "web-v4=10.0.0.0/28,10.0.1.0/28 web-ports=100-199; or none"},
	[FORM_LABELS] = {"labels", "env=prod team=web; or none"}},
    .add = add,
    .ask = ask,
    .tells = tells,
    .answer = answer};
