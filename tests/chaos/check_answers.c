/*
 * Compares answers with the state: the value of an id, what was acknowledged, what was denied, and what
 * must be complete or absent.
 */
#include <stdlib.h>
#include <string.h>

#include "db/base/mem.h"
#include "tests/chaos/checker.h"

/* --- one value for an id, as long as the id is remembered --- */

static int by_id(const void *a, const void *b) {
	return memcmp(a, b, sizeof(struct id));
}

_Static_assert(offsetof(struct told_lease, id) == 0, "ordered by the id that it begins with");

static struct told_lease *told_values(const struct history *h, size_t *count) {
	struct told_lease *told = NULL;
	size_t n = 0;

	for (size_t i = 0; i < history_count(h); i++) {
		const struct call *call = history_at(h, i);

		for (size_t k = 0; k < call->lease_count; k++) {
			if (call->leases[k].value[0] != '\0') {
				told = mem_grow(told, n + 1, sizeof *told);
				told[n++] = call->leases[k];
			}
		}
	}
	if (n > 0) {
		qsort(told, n, sizeof *told, by_id);
	}
	*count = n;
	return told;
}

static void check_values(const struct history *h, const struct final *f, struct verdict *v) {
	size_t count;
	struct told_lease *told = told_values(h, &count);

	for (size_t i = 0; i < count; i++) {
		const struct told_lease *l = &told[i];
		const struct lease_row *row = final_lease(f, l->id);

		if (i > 0 && id_equal(l[-1].id, l->id)) {
			verdict_add(v, CHECK_ONE_VALUE,
			    f->forgets ||
				(strcmp(l[-1].value, l->value) == 0 && strcmp(l[-1].pool, l->pool) == 0),
			    l->id, NO_ID, "told to be %s of %s, and %s of %s", l[-1].value, l[-1].pool,
			    l->value, l->pool);
		}
		if (row != NULL) {
			verdict_add(v, CHECK_ONE_VALUE,
			    f->forgets ||
				(strcmp(row->value, l->value) == 0 && strcmp(row->pool, l->pool) == 0),
			    l->id, NO_ID, "told to be %s of %s, and in the end it is %s of %s", l->value,
			    l->pool, row->value, row->pool);
		}
	}
	free(told);
}

/* --- parts of a deed --- */

static bool is_labelled(const struct final *f, const struct deed *deed) {
	size_t count;
	const struct event_row *events = final_events(f, deed->targets[0], &count);

	for (size_t i = 0; i < count; i++) {
		if (strcmp(events[i].action, "set") == 0 &&
		    strstr(events[i].after.labels, deed->value) != NULL) {
			return true;
		}
	}
	return false;
}

static int64_t leases_there(const struct final *f, const struct deed *deed) {
	int64_t there = 0;

	for (int64_t n = 0; n < deed->count; n++) {
		there += final_lease(f, deed_lease(deed, n)) != NULL ? 1 : 0;
	}
	return there;
}

/* Counts the parts of a deed and those that exist. A cancel has none. */
static int64_t parts_there(const struct final *f, const struct deed *deed, int64_t *parts) {
	*parts = deed->kind == DEED_ALLOCATE ? deed->count : 1;
	switch (deed->kind) {
	case DEED_ALLOCATE:
		return leases_there(f, deed);
	case DEED_LABEL:
		return final_request(f, deed->id) && is_labelled(f, deed) ? 1 : 0;
	case DEED_CANCEL:
		*parts = 0;
		return 0;
	default:
		return final_command(f, deed->id) != NULL ? 1 : 0;
	}
}

/* Returns true when any part exists, also one that should not exist alone. */
static bool is_there(const struct final *f, const struct deed *deed) {
	int64_t parts;

	return parts_there(f, deed, &parts) > 0 ||
	       (deed->kind == DEED_LABEL && (final_request(f, deed->id) || is_labelled(f, deed)));
}

static void check_acknowledged(const struct final *f, const struct call *call, struct verdict *v) {
	for (size_t i = 0; i < call->deed_count; i++) {
		const struct deed *deed = &call->deeds[i];
		int64_t parts;
		int64_t there = parts_there(f, deed, &parts);

		if (deed->kind == DEED_CANCEL) {
			const struct command_row *c = final_command(f, deed->targets[0]);

			verdict_add(v, CHECK_ACKNOWLEDGED,
			    c == NULL ? f->forgets : strcmp(c->state, "cancelled") == 0, deed->targets[0],
			    NO_ID, "the cancel of call %zu was acknowledged, and the command is %s",
			    call->number, c == NULL ? "not there" : c->state);
			continue;
		}
		verdict_add(v, CHECK_ACKNOWLEDGED, there == parts || f->forgets, deed->id, NO_ID,
		    "%s of call %zu was acknowledged, and %lld of %lld are there", deed_names[deed->kind],
		    call->number, (long long)there, (long long)parts);
	}
}

/* --- ids, and how often they were sent --- */

static struct id *ids_sent(const struct history *h, size_t *count) {
	struct id *ids = mem_new(history_count(h) * (CALL_DEEDS + 1), sizeof *ids);
	size_t n = 0;

	for (size_t i = 0; i < history_count(h); i++) {
		const struct call *call = history_at(h, i);

		for (size_t k = 0; k < call->deed_count; k++) {
			ids[n++] = call->deeds[k].id;
		}
	}
	qsort(ids, n, sizeof *ids, by_id);
	*count = n;
	return ids;
}

static bool is_sent_once(const struct id *ids, size_t count, struct id id) {
	const struct id *at = bsearch(&id, ids, count, sizeof *ids, by_id);

	return at != NULL && (at == ids || !id_equal(at[-1], id)) &&
	       (at == ids + count - 1 || !id_equal(at[1], id));
}

static void check_denied(
    const struct final *f, const struct call *call, const struct id *ids, size_t count, struct verdict *v) {
	for (size_t i = 0; i < call->deed_count; i++) {
		const struct deed *deed = &call->deeds[i];

		if (deed->kind != DEED_CANCEL && is_sent_once(ids, count, deed->id)) {
			verdict_add(v, CHECK_DENIED, !is_there(f, deed), deed->id, NO_ID,
			    "%s of call %zu was denied with %d %s, and it is there", deed_names[deed->kind],
			    call->number, call->code, call->error);
		}
	}
}

static void check_whole(const struct final *f, const struct call *call, struct verdict *v) {
	int64_t all = 0;
	int64_t there = 0;

	for (size_t i = 0; i < call->deed_count; i++) {
		int64_t parts;

		there += parts_there(f, &call->deeds[i], &parts);
		all += parts;
	}
	if (all > 1) {
		verdict_add(v, CHECK_WHOLE, there == 0 || there == all || f->forgets, call->deeds[0].id,
		    call->batch, "of what call %zu asked for %lld of %lld are there", call->number,
		    (long long)there, (long long)all);
	}
}

void check_answers(const struct history *h, const struct final *f, struct verdict *v) {
	size_t count;
	struct id *ids = ids_sent(h, &count);

	check_values(h, f, v);
	for (size_t i = 0; i < history_count(h); i++) {
		const struct call *call = history_at(h, i);

		if (call_is_acknowledged(call)) {
			check_acknowledged(f, call, v);
		} else if (call_is_denied(call)) {
			check_denied(f, call, ids, count, v);
		}
		check_whole(f, call, v);
		verdict_add(v, CHECK_ENDS,
		    call->code == CODE_OPEN || call->code == CODE_KILLED ||
			(call->code >= 0 && call->code <= 9),
		    call->deed_count > 0 ? call->deeds[0].id : NO_ID, NO_ID, "call %zu ended with %d: %s",
		    call->number, call->code, call->said == NULL ? "" : call->said);
	}
	free(ids);
}
