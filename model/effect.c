#include "model/effect.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "db/base/buf.h"
#include "db/base/err.h"
#include "db/base/mem.h"
#include "model/text/json.h"

/* Reads the server's JSON, which consists of objects, names and whole numbers. jansson has no integers beyond
 * 64 bits. */
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

/* Takes a text without escapes, and the colon after it. */
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

/* Takes an object, and gives each of its members to `member`. */
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
	struct effect_use *use = into;

	if (strcmp(key, "used") == 0) {
		return take_count(r, &use->used);
	}
	if (strcmp(key, "held_back") == 0) {
		return take_count(r, &use->held_back);
	}
	return strcmp(key, "free") == 0 && take_count(r, &use->free);
}

static bool take_side(struct reader *r, const char *key, void *into) {
	struct effect_part *part = into;

	if (strcmp(key, "before") == 0) {
		return take_object(r, take_use, &part->before);
	}
	return strcmp(key, "after") == 0 && take_object(r, take_use, &part->after);
}

static bool take_pool(struct reader *r, const char *key, void *into) {
	struct effect *effect = into;
	struct effect_part *part;

	effect->effects = mem_grow(effect->effects, effect->count + 1, sizeof *effect->effects);
	part = &effect->effects[effect->count++];
	*part = (struct effect_part){0};
	memcpy(part->pool, key, strlen(key) + 1);
	return take_object(r, take_side, part);
}

static bool take_plan(struct reader *r, const char *key, void *into) {
	struct effect *effect = into;
	struct count count;

	if (strcmp(key, "effect") == 0) {
		return take_object(r, take_pool, effect);
	}
	return strcmp(key, "targets") == 0 && take_count(r, &count) &&
	       int_parse(count.digits, 0, INT64_MAX, &effect->targets);
}

static bool is_whole(const struct effect *effect) {
	for (size_t i = 0; i < effect->count; i++) {
		const struct effect_use *before = &effect->effects[i].before;
		const struct effect_use *after = &effect->effects[i].after;

		if (before->used.digits[0] == '\0' || before->held_back.digits[0] == '\0' ||
		    before->free.digits[0] == '\0' || after->used.digits[0] == '\0' ||
		    after->held_back.digits[0] == '\0' || after->free.digits[0] == '\0') {
			return false;
		}
	}
	return true;
}

bool effect_parse(const char *document, struct effect *effect, struct err *err) {
	struct reader r = {document};
	struct effect read = {.targets = -1};

	if (!take_object(&r, take_plan, &read) || read.targets < 0 || !is_whole(&read)) {
		effect_release(&read);
		return err_set(
		    err, ERR_INTERNAL, "the plan of a release could not be read: %.200s", document);
	}
	*effect = read;
	return true;
}

void effect_release(struct effect *effect) {
	free(effect->effects);
	*effect = (struct effect){0};
}

bool effect_is_empty(const struct effect *effect) {
	return effect->targets == 0 && effect->count == 0;
}

void effect_phrase(const struct effect *effect, struct buf *out) {
	buf_printf(out, "release %" PRId64 " %s", effect->targets,
	    effect->count == 1 ? effect->effects[0].pool : "leases");
}

static void put_use(struct json *j, const char *key, const struct effect_use *use) {
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

void effect_part_json(const struct effect *effect, struct buf *out) {
	struct json j = {.out = out};

	json_open_object(&j);
	for (size_t i = 0; i < effect->count; i++) {
		json_put_key(&j, effect->effects[i].pool);
		json_open_object(&j);
		put_use(&j, "before", &effect->effects[i].before);
		put_use(&j, "after", &effect->effects[i].after);
		json_close_object(&j);
	}
	json_close_object(&j);
}
