/*
 * The form that makes a project, with its pools and labels.
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
#include "ui/console/screens/limit_badge.h"

/* What is typed between blanks, cut in a copy. */
struct words {
	char *copy;
	const char **items;
	size_t count;
};

static struct words words_of(const char *text) {
	struct words words = {.copy = mem_text(text)};
	char *rest = words.copy;

	while (*(rest += strspn(rest, " ")) != '\0') {
		size_t n = strcspn(rest, " ");
		bool last = rest[n] == '\0';

		words.items = mem_grow(words.items, words.count + 1, sizeof *words.items);
		words.items[words.count++] = rest;
		rest[n] = '\0';
		rest += n + (last ? 0 : 1);
	}
	return words;
}

static void words_release(struct words *words) {
	free(words->items);
	free(words->copy);
}

/* Adds the steps of a project whose name and limit are right. */
static bool add_parts(
    struct form *form, struct project_new *project, const char *detail, struct batch *b, struct err *err) {
	struct words pools = words_of(form_text(form, FORM_POOLS));
	struct words labels = words_of(form_text(form, FORM_LABELS));
	struct project_pools parts = {0};
	struct buf json = {0};
	bool ok = true;

	form->at = FORM_POOLS;
	for (size_t i = 0; ok && i < pools.count; i++) {
		ok = project_pools_add(&parts, pools.items[i], err);
	}
	if (ok) {
		form->at = FORM_LABELS;
		ok = labels_json(labels.items, labels.count, &json, err);
	}
	if (ok) {
		form->at = form->is->count;
		project->pools = parts.pools;
		project->count = parts.count;
		project->labels = labels.count == 0 ? NULL : buf_text(&json);
		(void)project_create_add(b, project, detail);
	}
	project_pools_release(&parts);
	buf_release(&json);
	words_release(&pools);
	words_release(&labels);
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
	buf_printf(out, "Make %s, ", form_text(form, FORM_NAME));
	limit_as_typed(form_text(form, FORM_MAX), "lease", "leases", out);
	buf_char(out, '?');
}

static void tells(const struct form *form, struct buf *out) {
	buf_printf(out, "berth project show %s", form_text(form, FORM_NAME));
}

static void answer(const struct form *form, const struct batch *b, struct buf *out) {
	const struct project *project = batch_row(b, batch_steps(b) - 1, 0);
	char id[ID_TEXT];

	(void)form;
	buf_printf(out, "%s %s/%s, project %s", project->replayed ? "already made:" : "made",
	    project->organization, project->name, id_text(project->id, id));
}

const struct form_kind form_project = {.title = "NEW PROJECT",
    .whose = "project",
    .done = "made",
    .does = "makes it",
    .key = "a",
    .count = 4,
    .fields = {[FORM_NAME] = {"project", "ORGANIZATION/NAME"},
	[FORM_MAX] = {"leases", "at most so many; empty: no limit"},
	[FORM_POOLS] = {"pools", "web-v4=10.0.0.0/28,10.0.1.0/28 web-ports=100-199; or none"},
	[FORM_LABELS] = {"labels", "env=prod team=web; or none"}},
    .add = add,
    .ask = ask,
    .tells = tells,
    .answer = answer};
