#include "model/effect.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "db/base/buf.h"
#include "db/base/err.h"
#include "db/base/mem.h"
#include "model/text/json.h"

/* The server's own JSON is read, of which only objects, names and whole numbers occur here. jansson, which
 * would read any, has no integers beyond 64 bits. */
struct reader {
	const char *at;
};

static void skip_blanks(struct reader *r) {
	r->at += strspn(r->at, " \n");
}

static bool take(struct reader *r, char c) {
	skip_blanks(r);
	if (*r->at != c) {
		return false;
	}
	r->at++;
	return true;
}

/* A text without escapes, and the colon behind it. */
static bool take_key(struct reader *r, char *key, size_t size) {
	if (!take(r, '"')) {
		return false;
	}
	size_t n = strcspn(r->at, "\"\\");

	if (r->at[n] != '"' || n >= size) {
		return false;
	}
	memcpy(key, r->at, n);
	key[n] = '\0';
	r->at += n + 1;
	return take(r, ':');
}

static bool take_count(struct reader *r, struct count *count) {
	skip_blanks(r);
	size_t n = strspn(r->at, "0123456789");

	if (n == 0 || n >= sizeof count->digits) {
		return false;
	}
	memcpy(count->digits, r->at, n);
	count->digits[n] = '\0';
	r->at += n;
	return true;
}

/* Each member of an object goes to `member`. */
static bool take_object(
    struct reader *r, bool (*member)(struct reader *r, const char *key, void *into), void *into) {
	char key[NAME_MAX_CHARS + 1];

	if (!take(r, '{')) {
		return false;
	}
	if (take(r, '}')) {
		return true;
	}
	do {
		if (!take_key(r, key, sizeof key) || !member(r, key, into)) {
			return false;
		}
	} while (take(r, ','));
	return take(r, '}');
}

static bool take_use(struct reader *r, const char *key, void *into) {
	struct plan_use *use = into;

	if (strcmp(key, "used") == 0) {
		return take_count(r, &use->used);
	}
	if (strcmp(key, "held_back") == 0) {
		return take_count(r, &use->held_back);
	}
	return strcmp(key, "free") == 0 && take_count(r, &use->free);
}

static bool take_side(struct reader *r, const char *key, void *into) {
	struct plan_effect *effect = into;

	if (strcmp(key, "before") == 0) {
		return take_object(r, take_use, &effect->before);
	}
	return strcmp(key, "after") == 0 && take_object(r, take_use, &effect->after);
}

static bool take_pool(struct reader *r, const char *key, void *into) {
	struct plan *plan = into;
	struct plan_effect *effect;

	plan->effects = mem_grow(plan->effects, plan->count + 1, sizeof *plan->effects);
	effect = &plan->effects[plan->count++];
	*effect = (struct plan_effect){0};
	memcpy(effect->pool, key, strlen(key) + 1);
	return take_object(r, take_side, effect);
}

static bool take_plan(struct reader *r, const char *key, void *into) {
	struct plan *plan = into;
	struct count count;

	if (strcmp(key, "effect") == 0) {
		return take_object(r, take_pool, plan);
	}
	return strcmp(key, "targets") == 0 && take_count(r, &count) &&
	       int_parse(count.digits, 0, INT64_MAX, &plan->targets);
}

static bool is_whole(const struct plan *plan) {
	for (size_t i = 0; i < plan->count; i++) {
		const struct plan_use *before = &plan->effects[i].before;
		const struct plan_use *after = &plan->effects[i].after;

		if (before->used.digits[0] == '\0' || before->held_back.digits[0] == '\0' ||
		    before->free.digits[0] == '\0' || after->used.digits[0] == '\0' ||
		    after->held_back.digits[0] == '\0' || after->free.digits[0] == '\0') {
			return false;
		}
	}
	return true;
}

bool plan_parse(const char *document, struct plan *plan, struct err *err) {
	struct reader r = {document};
	struct plan read = {.targets = -1};

	if (!take_object(&r, take_plan, &read) || read.targets < 0 || !is_whole(&read)) {
		plan_release(&read);
		return err_set(
		    err, ERR_INTERNAL, "the plan of a release could not be read: %.200s", document);
	}
	*plan = read;
	return true;
}

void plan_release(struct plan *plan) {
	free(plan->effects);
	*plan = (struct plan){0};
}

bool plan_is_empty(const struct plan *plan) {
	return plan->targets == 0 && plan->count == 0;
}

void plan_phrase(const struct plan *plan, struct buf *out) {
	buf_printf(out, "release %" PRId64 " %s", plan->targets,
	    plan->count == 1 ? plan->effects[0].pool : "leases");
}

static void put_use(struct json *j, const char *key, const struct plan_use *use) {
	json_put_key(j, key);
	json_open_object(j);
	json_put_key(j, "used");
	json_put_count(j, use->used);
	json_put_key(j, "held_back");
	json_put_count(j, use->held_back);
	json_put_key(j, "free");
	json_put_count(j, use->free);
	json_close_object(j);
}

void plan_effect_json(const struct plan *plan, struct buf *out) {
	struct json j = {.out = out};

	json_open_object(&j);
	for (size_t i = 0; i < plan->count; i++) {
		json_put_key(&j, plan->effects[i].pool);
		json_open_object(&j);
		put_use(&j, "before", &plan->effects[i].before);
		put_use(&j, "after", &plan->effects[i].after);
		json_close_object(&j);
	}
	json_close_object(&j);
}
