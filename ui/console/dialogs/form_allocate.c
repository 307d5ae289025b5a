/*
 * The form that allocates a value.
 */
#include "ui/console/widgets/form.h"

#include <string.h>

#include "db/batch/batch.h"
#include "db/base/buf.h"
#include "db/base/clock.h"
#include "db/base/err.h"
#include "model/syntax/duration.h"
#include "model/syntax/instant.h"
#include "model/lease.h"
#include "model/syntax/name.h"
#include "model/syntax/target.h"
#include "model/syntax/unit.h"

static bool read_value(const struct form *form, struct allocate *ask, struct err *err) {
	const char *text = form_text(form, FORM_VALUE);

	if (*text == '\0') {
		return true;
	}
	ask->by_value = true;
	if (!form->known || strcmp(form->about, form_text(form, FORM_POOL)) != 0) {
		return unit_guess(text, &ask->unit, err);
	}
	return unit_parse(text, form->kind, &ask->unit, err);
}

static bool read_until(const struct form *form, struct allocate *ask, struct err *err) {
	const char *text = form_text(form, FORM_UNTIL);

	ask->until = TIME_NONE;
	if (*text == '\0') {
		return true;
	}
	return strchr(text, '-') != NULL || strcmp(text, "never") == 0
		   ? end_parse(text, &ask->until, err)
		   : duration_parse(text, &ask->duration, err);
}

static bool add(struct form *form, const char *detail, struct batch *b, struct err *err) {
	struct allocate ask = {.id = form->id,
	    .pool = form_text(form, FORM_POOL),
	    .holder = form_text(form, FORM_HOLDER),
	    .count = 1,
	    .detail = detail};
	struct target project;

	form->at = FORM_POOL;
	if (!name_check("pool", ask.pool, err)) {
		return false;
	}
	form->at = FORM_VALUE;
	if (!read_value(form, &ask, err)) {
		return false;
	}
	form->at = FORM_HOLDER;
	if (!text_check("holder", ask.holder, LEASE_HOLDER_CHARS, err)) {
		return false;
	}
	form->at = FORM_UNTIL;
	if (!read_until(form, &ask, err)) {
		return false;
	}
	form->at = FORM_FOR;
	if (*form_text(form, FORM_FOR) != '\0') {
		if (!target_parse(form_text(form, FORM_FOR), TARGET_PROJECT, &project, err)) {
			return false;
		}
		ask.project = project.name;
	}
	form->at = form->is->count;
	form->step = lease_allocate_add(b, &ask);
	return true;
}

static void ask(const struct form *form, struct buf *out) {
	const char *project = form_text(form, FORM_FOR);

	buf_printf(out, "Allocate from %s%s%s?", form_text(form, FORM_POOL), *project == '\0' ? "" : " for ",
	    project);
}

static void tells(const struct form *form, struct buf *out) {
	char id[ID_TEXT];

	buf_printf(out, "berth lease show %s", id_text(form->id, id));
}

static void answer(const struct form *form, const struct batch *b, struct buf *out) {
	const struct lease *lease = batch_row(b, form->step, 0);
	char id[ID_TEXT];

	buf_puts(out, lease->replayed ? "already allocated: " : "allocated ");
	lease_value(lease, out);
	buf_printf(out, " of %s, lease %s", lease->pool, id_text(lease->id, id));
}

const struct form_kind form_allocate = {.title = "ALLOCATE",
    .whose = "lease",
    .done = "allocated",
    .does = "allocates",
    .key = "a",
    .count = 5,
    .fields = {[FORM_POOL] = {"pool", "its name", true, TARGET_POOL},
	[FORM_VALUE] = {"value", "empty: the lowest free one"},
	[FORM_HOLDER] = {"holder", "who it is for, up to 200 characters"},
	[FORM_UNTIL] = {"until", "2h, 7d, 2027-01-31T12:00:00Z or never; empty: as the pool says"},
	[FORM_FOR] = {"project", "ORGANIZATION/NAME that it counts for; empty: none", true, TARGET_PROJECT}},
    .add = add,
    .ask = ask,
    .tells = tells,
    .answer = answer};
