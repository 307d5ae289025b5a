#include "ui/text/change.h"

#include <jansson.h>
#include <string.h>

#include "db/base/clock.h"
#include "db/base/err.h"
#include "db/batch/rows.h"
#include "model/metadata.h"
#include "model/queue.h"
#include "model/syntax/duration.h"
#include "model/syntax/instant.h"
#include "model/text/json.h"
#include "ui/text/field.h"
#include "ui/text/humanize.h"
#include "ui/text/plain_json.h"
#include "ui/text/row.h"

/* Appends the end of a lease. */
static void put_end(const json_t *value, bool exact, struct buf *out) {
	struct err ignored = {0};
	int64_t time;

	if (json_is_null(value)) {
		buf_puts(out, "never");
	} else if (!exact && instant_parse(json_string_value(value), &time, &ignored)) {
		humanize_time(time, out);
	} else {
		plain_value(value, out);
	}
	err_release(&ignored);
}

/* Returns whether the member is a duration, which pools have in microseconds. */
static bool is_span(const char *key, const json_t *value) {
	return (strcmp(key, "ttl") == 0 || strcmp(key, "reuse_delay") == 0) && json_is_integer(value);
}

/* Returns whether the member has no value. That a lease never ends is a value. */
static bool is_none(const char *key, const json_t *value) {
	if (value == NULL || json_is_null(value)) {
		return strcmp(key, "until") != 0;
	}
	return is_span(key, value) ? json_integer_value(value) == 0
				   : json_is_object(value) && json_object_size(value) == 0;
}

/* Appends the members of an object: "env=prod tier=2". */
static void put_members(const json_t *object, struct buf *out) {
	char *text = json_dumps(object, JSON_COMPACT);

	plain_json(text, out);
	free(text);
}

/* Replaces each CHANGE_BREAK from `start` on by the control character after it. */
static void mend_breaks(struct buf *out, size_t start) {
	for (size_t i = start; i < out->len; i++) {
		out->text[i] = (char)(out->text[i] + (out->text[i] == *CHANGE_BREAK ? 1 : 0));
	}
}

/* Appends ranges that an action excludes or includes: "10.9.0.0-10.9.0.3 routers", "10.9.0.77 routers". */
static void put_exclusions(const json_t *list, const char *between, bool first, struct buf *out) {
	size_t n;
	json_t *one;

	json_array_foreach(list, n, one) {
		const char *low = json_string_value(json_object_get(one, "first"));
		const char *high = json_string_value(json_object_get(one, "last"));
		size_t start;

		buf_puts(out, first && n == 0 ? "" : between);
		start = out->len;
		buf_puts(out, low);
		if (strcmp(low, high) != 0) {
			buf_printf(out, "-%s", high);
		}
		if (json_string_length(json_object_get(one, "reason")) > 0) {
			buf_printf(out, " %s", json_string_value(json_object_get(one, "reason")));
		}
		mend_breaks(out, start);
	}
}

/* Appends a value. It has no CHANGE_BREAK of its own. */
static void put_value(const char *key, const json_t *value, bool exact, struct buf *out) {
	size_t start = out->len;

	if (is_none(key, value)) {
		buf_puts(out, "none");
	} else if (strcmp(key, "until") == 0 && (json_is_null(value) || json_is_string(value))) {
		put_end(value, exact, out);
	} else if (strcmp(key, "holder") == 0 && json_string_length(value) == 0) {
		buf_puts(out, "nobody");
	} else if (is_span(key, value)) {
		duration_text(json_integer_value(value), out);
	} else if (json_is_object(value)) {
		put_members(value, out);
	} else if (json_is_boolean(value)) {
		buf_puts(out, json_is_true(value) ? "yes" : "no");
	} else {
		plain_value(value, out);
	}
	mend_breaks(out, start);
}

/* Appends a member: "warn 80 -> 70", "hook set to up" where it was none, "name web" where it was not. */
static void put_member(
    const char *key, const json_t *was, const json_t *value, const char *arrow, bool exact, struct buf *out) {
	buf_printf(out, "%s ", key);
	if (was != NULL && is_none(key, was)) {
		buf_puts(out, "set to ");
	} else if (was != NULL) {
		put_value(key, was, exact, out);
		buf_puts(out, arrow);
	}
	put_value(key, value, exact, out);
}

void change_words(
    const struct event *event, const char *arrow, const char *between, bool exact, struct buf *out) {
	json_t *before = event->before == NULL ? json_object() : json_loads(event->before, 0, NULL);
	json_t *after = event->after == NULL ? json_object() : json_loads(event->after, 0, NULL);
	size_t start = out->len;
	const char *key;
	json_t *value;

	/* A deleted object has the members that it had. */
	json_object_foreach(event->after == NULL ? before : after, key, value) {
		const json_t *was = event->after == NULL ? NULL : json_object_get(before, key);

		if (strcmp(key, "generation") == 0 || json_equal(was, value) ||
		    (was == NULL && json_is_null(value))) {
			continue;
		}
		if (strcmp(key, "exclusions") ==
		    0) { /* the action tells which of the two lists is not empty */
			put_exclusions(was, between, out->len == start, out);
			put_exclusions(value, between, out->len == start, out);
			continue;
		}
		buf_puts(out, out->len == start ? "" : between);
		put_member(key, was, value, arrow, exact, out);
	}
	json_decref(before);
	json_decref(after);
}

/* The member that each action changes; NULL: none that is foretold. */
static const char *const members[] = {[QUEUE_CORDON] = "cordoned",
    [QUEUE_UNCORDON] = "cordoned",
    [QUEUE_EXTEND] = "until",
    [QUEUE_TRANSFER] = "holder",
    [QUEUE_LABEL] = "labels",
    [QUEUE_RETRY] = "state",
    [QUEUE_SKIP] = "state",
    [QUEUE_FORCE] = "state",
    [QUEUE_DELETE] = NULL};

static void put_until(struct json *j, const struct queue_request *request, int64_t now) {
	int64_t until = request->duration != 0 ? now + request->duration : request->until;
	struct buf text = {0};

	if (until == TIME_NEVER) {
		json_put_null(j);
	} else {
		instant_text(until, &text);
		json_put_text(j, buf_text(&text));
	}
	buf_release(&text);
}

/* Puts labels as an edit makes them of those of a row. */
static void put_labels(struct json *j, const struct metadata_edit *edit, const char *labels) {
	json_t *after = json_loads(labels, 0, NULL);
	json_t *set = json_loads(buf_text(&edit->set), 0, NULL);
	json_t *gone = json_loads(buf_text(&edit->gone), 0, NULL);
	char *text;

	for (size_t i = 0; i < json_array_size(gone); i++) {
		(void)json_object_del(after, json_string_value(json_array_get(gone, i)));
	}
	(void)json_object_update(after, set);
	text = json_dumps(after, JSON_COMPACT);
	json_put_raw(j, text);
	free(text);
	json_decref(after);
	json_decref(set);
	json_decref(gone);
}

static void put_after(struct json *j, const struct queue_request *request, const struct field *field,
    const void *row, int64_t now) {
	switch (request->action) {
	case QUEUE_EXTEND:
		put_until(j, request, now);
		break;
	case QUEUE_TRANSFER:
		json_put_text(j, request->holder);
		break;
	case QUEUE_LABEL:
		put_labels(j, request->labels, row_text(field, row));
		break;
	case QUEUE_CORDON:
	case QUEUE_UNCORDON:
		json_put_bool(j, request->action == QUEUE_CORDON);
		break;
	default: /* a stuck command is at its end: another one goes on */
		json_put_text(j, command_state_names[COMMAND_DONE]);
		break;
	}
}

/* Appends {"until": ...}, the value of the row, or the one that the request gives it. */
static void put_side(struct buf *out, const struct queue_request *request, const struct field *field,
    const void *row, bool after, int64_t now) {
	struct json j = {.out = out};

	json_open_object(&j);
	json_put_key(&j, field->name);
	if (after) {
		put_after(&j, request, field, row, now);
	} else {
		field_json(field, row, &j);
	}
	json_close_object(&j);
}

/* Appends the name of a row as a target. */
static void put_target(const struct row_type *type, const void *row, struct buf *out) {
	char id[ID_TEXT];

	if (type == &row_pool) {
		buf_printf(out, "pool/%s", ((const struct pool *)row)->name);
		return;
	}
	buf_printf(out, "%s/%s",
	    type == &row_lease      ? "lease"
	    : type == &row_resource ? "resource"
				    : "command",
	    id_text(*(const struct id *)row_member(row_field(type, "id"), row), id));
}

void foretell(struct foretold *foretold, const struct queue_request *request, const struct row_type *type,
    const void *row, int64_t now) {
	const char *member = members[request->action];

	*foretold = (struct foretold){0};
	put_target(type, row, &foretold->target);
	foretold->event.target = buf_text(&foretold->target);
	if (member != NULL) {
		put_side(&foretold->before, request, row_field(type, member), row, false, now);
		put_side(&foretold->after, request, row_field(type, member), row, true, now);
		foretold->event.before = buf_text(&foretold->before);
		foretold->event.after = buf_text(&foretold->after);
	}
}

void foretold_release(struct foretold *foretold) {
	buf_release(&foretold->target);
	buf_release(&foretold->before);
	buf_release(&foretold->after);
	*foretold = (struct foretold){0};
}
