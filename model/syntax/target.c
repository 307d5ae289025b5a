#include "model/syntax/target.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db/base/buf.h"
#include "db/base/err.h"
#include "db/base/mem.h"
#include "model/text/json.h"
#include "model/syntax/name.h"
#include "model/syntax/selector.h"

const char *const target_kind_names[] = {"lease", "resource", "pool", "command", "org", "project", NULL};

/* The forms after each prefix, for error messages. */
static const char *const forms[] = {"ID",
    "ID, resource/POOL/RANGE, resource/POOL/VALUE or resource/POOL/HOST", "NAME", "ID", "NAME", "ORG/NAME"};

static const char *not_an_id(const char *text) {
	bool nil = text[0] != '\0' && text[strspn(text, "0-")] == '\0';

	return nil ? "nil is not an id" : "not a UUID";
}

static bool parse_id(const char *text, struct target *out, struct err *err) {
	return id_parse(text, &out->id) || err_set(err, ERR_INVALID_INPUT, "%s \"%s\": %s",
					       target_kind_names[out->kind], text, not_an_id(text));
}

static bool set_name(const char *name, size_t n, struct target *out) {
	if (n >= sizeof out->name) {
		return false;
	}
	(void)snprintf(out->name, sizeof out->name, "%.*s", (int)n, name);
	return true;
}

static bool parse_name(const char *text, struct target *out, struct err *err) {
	return name_check(target_kind_names[out->kind], text, err) && set_name(text, strlen(text), out);
}

/* Reads the first n bytes as the name of the pool or organization. */
static bool parse_holder(const char *what, const char *text, size_t n, struct target *out, struct err *err) {
	if (!set_name(text, n, out)) {
		return err_set(err, ERR_INVALID_INPUT, "%s \"%s\": a name is at most %d characters", what,
		    text, NAME_MAX_CHARS);
	}
	return name_check(what, out->name, err);
}

static bool parse_place(const char *text, struct target *out, struct err *err) {
	const char *slash = strchr(text, '/');
	enum kind kind;

	if (id_parse(text, &out->id)) {
		return true;
	}
	if (slash == NULL) {
		return err_set(err, ERR_INVALID_INPUT,
		    "resource \"%s\": expected an id, or POOL/RANGE, or POOL/HOST", text);
	}
	if (!parse_holder("pool", text, (size_t)(slash - text), out, err)) {
		return false;
	}
	if (!value_guess_kind(slash + 1, &kind)) {
		return err_set(
		    err, ERR_INVALID_INPUT, "range \"%s\": not an address, number or host", slash + 1);
	}
	out->any_size = kind == KIND_HOST && strchr(slash, ':') == NULL;
	return range_parse(slash + 1, kind, &out->range, err);
}

static bool parse_project(const char *text, struct target *out, struct err *err) {
	const char *slash = strchr(text, '/');

	if (slash == NULL) {
		return err_set(err, ERR_INVALID_INPUT, "project \"%s\": expected ORG/NAME", text);
	}
	return parse_holder("organization", text, (size_t)(slash - text), out, err) &&
	       name_check("project", slash + 1, err) && set_name(text, strlen(text), out);
}

/* Returns the kind whose prefix the text begins with, and the rest; TARGET_ANY for none. */
static enum target_kind find_prefix(const char *text, const char **rest) {
	for (int kind = 0; target_kind_names[kind] != NULL; kind++) {
		size_t n = strlen(target_kind_names[kind]);

		if (strncmp(text, target_kind_names[kind], n) == 0 && text[n] == '/') {
			*rest = text + n + 1;
			return (enum target_kind)kind;
		}
	}
	*rest = text;
	return TARGET_ANY;
}

static bool find_kind(
    const char *text, enum target_kind expected, enum target_kind *kind, const char **rest, struct err *err) {
	*kind = find_prefix(text, rest);
	if (*kind == TARGET_ANY) {
		*kind = expected;
	}
	if (*kind == TARGET_ANY) {
		return err_set(err, ERR_INVALID_INPUT,
		    "target \"%s\": expected pool/NAME, resource/ID, resource/POOL/RANGE, lease/ID, "
		    "org/NAME, project/ORG/NAME",
		    text);
	}
	if (expected != TARGET_ANY && *kind != expected) {
		const char *word = target_kind_names[expected];

		return err_set(err, ERR_INVALID_INPUT, "%s: expected %s/%s", text, word, forms[expected]);
	}
	return true;
}

bool target_selects(const struct target *target) {
	return target->kind >= TARGET_LEASES && target->kind <= TARGET_POOLS;
}

enum target_kind target_single(enum target_kind kind) {
	static const enum target_kind singles[] = {[TARGET_LEASES] = TARGET_LEASE,
	    [TARGET_RESOURCES] = TARGET_RESOURCE,
	    [TARGET_POOLS] = TARGET_POOL};

	assert(kind < TARGET_ANY);
	return kind <= TARGET_PROJECT ? kind : singles[kind];
}

struct target target_named(enum target_kind kind, const char *name) {
	struct target target = {.kind = kind};

	(void)snprintf(target.name, sizeof target.name, "%s", name);
	return target;
}

struct target target_seen(enum target_kind kind, const char *name, struct id seen) {
	struct target target = target_named(kind, name);

	target.seen = seen;
	return target;
}

bool target_parse(const char *text, enum target_kind expected, struct target *out, struct err *err) {
	static bool (*const parsers[])(const char *, struct target *, struct err *) = {
	    [TARGET_LEASE] = parse_id,
	    [TARGET_RESOURCE] = parse_place,
	    [TARGET_POOL] = parse_name,
	    [TARGET_COMMAND] = parse_id,
	    [TARGET_ORG] = parse_name,
	    [TARGET_PROJECT] = parse_project,
	};
	struct target target = {0};
	const char *rest;

	if (!find_kind(text, expected, &target.kind, &rest, err)) {
		return false;
	}
	assert(target.kind <= TARGET_PROJECT);
	if (!parsers[target.kind](rest, &target, err)) {
		return false;
	}
	*out = target;
	return true;
}

static void put_text(struct json *j, const char *key, const char *text) {
	json_put_key(j, key);
	json_put_text(j, text);
}

static void put_number(struct json *j, const char *key, u128 number) {
	char digits[U128_TEXT];

	json_put_key(j, key);
	json_put_raw(j, u128_text(number, digits));
}

static void put_place(struct json *j, const struct target *target) {
	struct buf spelled = {0};

	range_text(&target->range, &spelled);
	put_text(j, "pool", target->name);
	put_text(j, "type", kind_names[target->range.kind]);
	put_text(j, "host", target->range.host);
	if (!target->any_size) {
		put_number(j, "first", target->range.first);
		put_number(j, "last", target->range.last);
	}
	put_text(j, "range", target->any_size ? target->range.host : buf_text(&spelled));
	buf_release(&spelled);
}

static void put_selection(struct json *j, const struct target *target) {
	if (target->name[0] != '\0') {
		put_text(j, "pool", target->name);
	}
	if (target->holder != NULL) {
		put_text(j, "holder", target->holder);
	}
	if (target->states != 0) {
		json_put_key(j, "states");
		json_open_array(j);
		for (int state = 0; lease_state_names[state] != NULL; state++) {
			if ((target->states & 1U << state) != 0) {
				json_put_text(j, lease_state_names[state]);
			}
		}
		json_close_array(j);
	}
	if (target->selector != NULL) {
		struct buf selector = {0};

		selector_json(target->selector, &selector);
		json_put_key(j, "selector");
		json_put_raw(j, buf_text(&selector));
		buf_release(&selector);
	}
}

static void put_target(struct json *j, const struct target *target) {
	const char *one = target_kind_names[target_single(target->kind)];
	char *kind = mem_print("%s%s", one, target_selects(target) ? "s" : "");

	json_open_object(j);
	put_text(j, "kind", kind);
	if (!id_is_nil(target->id)) {
		json_put_key(j, "id");
		json_put_id(j, target->id);
	} else if (target->kind == TARGET_RESOURCE) {
		put_place(j, target);
	} else if (target_selects(target)) {
		put_selection(j, target);
	} else {
		put_text(j, "name", target->name);
	}
	if (!id_is_nil(target->seen)) {
		json_put_key(j, "seen");
		json_put_id(j, target->seen);
	}
	if (target->whole) {
		json_put_key(j, "whole");
		json_put_bool(j, true);
	}
	if (target->generation != 0) {
		json_put_key(j, "generation");
		json_put_int(j, target->generation);
	}
	json_close_object(j);
	free(kind);
}

void target_json(const struct target *target, struct buf *out) {
	struct json j = {.out = out};

	put_target(&j, target);
}

void targets_json(const struct target *targets, size_t count, struct buf *out) {
	struct json j = {.out = out};

	json_open_array(&j);
	for (size_t i = 0; i < count; i++) {
		put_target(&j, &targets[i]);
	}
	json_close_array(&j);
}
