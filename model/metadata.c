#include "model/metadata.h"

#include <stdlib.h>
#include <string.h>

#include "db/base/err.h"
#include "db/base/mem.h"
#include "db/batch/batch.h"
#include "gen/queries.h"
#include "model/text/json.h"
#include "model/syntax/label.h"
#include "model/syntax/name.h"
#include "model/syntax/target.h"

enum { ANNOTATION_CHARS = 5000 };

static const char *const words_of[] = {[METADATA_LABEL] = "label", [METADATA_ANNOTATION] = "annotation"};

static const struct rule edit_rules[] = {
    {"label_prefix_short", ERR_INVALID_INPUT, "a label's prefix has at most 253 characters"},
    {"label_name_form", ERR_INVALID_INPUT, "not a valid name of a label"},
    {"label_value_form", ERR_INVALID_INPUT, "not a valid value of a label"},
    {"annotation_prefix_short", ERR_INVALID_INPUT, "an annotation's prefix has at most 253 characters"},
    {"annotation_name_form", ERR_INVALID_INPUT, "not a valid name of an annotation"},
    {"annotation_value_short", ERR_INVALID_INPUT, "an annotation has at most 5000 characters"},
    {NULL, ERR_NONE, NULL},
};

/* Returns the length of the key. `equals` is the `=` before its value, or NULL if the key is deleted. */
static size_t key_length(const char *word, const char **equals) {
	*equals = strchr(word, '=');
	return *equals == NULL ? strlen(word) - 1 : (size_t)(*equals - word);
}

static bool check_form(enum metadata what, const char *word, struct err *err) {
	size_t n = strlen(word);

	if (strchr(word, '=') != NULL || (n > 0 && word[n - 1] == '-')) {
		return true;
	}
	return err_set(err, ERR_INVALID_INPUT,
	    "%s \"%s\": expected KEY=VALUE to set it, or KEY- to delete it", words_of[what], word);
}

/* Makes an error about a label's key, which has the same form, one about an annotation. Returns false. */
static bool blame(enum metadata what, struct err *err) {
	if (what == METADATA_ANNOTATION) {
		char *message = mem_print("annotation: %s", err->message);

		free(err->message);
		err->message = message;
	}
	return false;
}

static bool check_pair(
    enum metadata what, const char *word, size_t key_len, const char *value, struct err *err) {
	if (!label_key_check(word, key_len, err)) {
		return blame(what, err);
	}
	return what == METADATA_LABEL ? label_value_check(value, strlen(value), err)
				      : text_check("annotation", value, ANNOTATION_CHARS, err);
}

/* Returns whether an earlier word has the same key. */
static bool is_repeated(const char *const *words, size_t at, size_t key_len) {
	const char *equals;

	for (size_t i = 0; i < at; i++) {
		if (key_length(words[i], &equals) == key_len && memcmp(words[i], words[at], key_len) == 0) {
			return true;
		}
	}
	return false;
}

static char *copy_of(const char *text, size_t n) {
	return mem_print("%.*s", (int)n, text);
}

static void put(const char *word, size_t key_len, const char *equals, struct json *set, struct json *gone) {
	char *key = copy_of(word, key_len);

	if (equals == NULL) {
		json_put_text(gone, key);
	} else {
		json_put_key(set, key);
		json_put_text(set, equals + 1);
	}
	free(key);
}

static bool put_all(enum metadata what, const char *const *words, size_t count, struct json *set,
    struct json *gone, struct err *err) {
	for (size_t i = 0; i < count; i++) {
		const char *equals;
		size_t key_len;

		if (!check_form(what, words[i], err)) {
			return false;
		}
		key_len = key_length(words[i], &equals);
		if (equals != NULL && !check_pair(what, words[i], key_len, equals + 1, err)) {
			return false;
		}
		if (is_repeated(words, i, key_len)) {
			return err_set(err, ERR_INVALID_INPUT, "%s key \"%.*s\" occurs twice", words_of[what],
			    (int)key_len, words[i]);
		}
		put(words[i], key_len, equals, set, gone);
	}
	return true;
}

bool metadata_parse(
    enum metadata what, const char *const *words, size_t count, struct metadata_edit *edit, struct err *err) {
	struct metadata_edit read = {0};
	struct json set = {.out = &read.set};
	struct json gone = {.out = &read.gone};
	bool ok;

	json_open_object(&set);
	json_open_array(&gone);
	ok = put_all(what, words, count, &set, &gone, err);
	json_close_object(&set);
	json_close_array(&gone);
	if (ok) {
		*edit = read;
	} else {
		metadata_release(&read);
	}
	return ok;
}

void metadata_release(struct metadata_edit *edit) {
	buf_release(&edit->set);
	buf_release(&edit->gone);
}

bool labels_json(const char *const *pairs, size_t count, struct buf *out, struct err *err) {
	struct metadata_edit edit = {0};

	for (size_t i = 0; i < count; i++) {
		if (strchr(pairs[i], '=') == NULL) {
			return err_set(err, ERR_INVALID_INPUT, "label \"%s\": expected KEY=VALUE", pairs[i]);
		}
	}
	if (!metadata_parse(METADATA_LABEL, pairs, count, &edit, err)) {
		return false;
	}
	buf_add(out, buf_text(&edit.set), edit.set.len);
	metadata_release(&edit);
	return true;
}

size_t metadata_edit_add(struct batch *b, enum metadata what, struct id id, const struct target *target,
    const struct metadata_edit *edit, const char *detail) {
	struct buf asked = {0};
	size_t step;

	target_json(target, &asked);
	step = query_describe_add(b, id, words_of[what], buf_text(&asked),
	    edit->set.len == 0 ? "{}" : buf_text(&edit->set),
	    edit->gone.len == 0 ? "[]" : buf_text(&edit->gone), detail);
	buf_release(&asked);
	return batch_rules(b, step, edit_rules);
}

size_t metadata_show_add(struct batch *b, enum metadata what, struct id target) {
	return query_described_add(b, words_of[what], target, NULL);
}

size_t metadata_of_pool_add(struct batch *b, enum metadata what, const char *pool) {
	return query_described_add(b, words_of[what], (struct id){0}, pool);
}

size_t annotation_list_add(struct batch *b, struct id target) {
	return query_annotations_add(b, target, NULL, ANNOTATIONS_SHOWN + 1, ANNOTATION_BEGINNING);
}

size_t annotation_list_of_org_add(struct batch *b, const char *org) {
	return query_annotations_add(b, (struct id){0}, org, ANNOTATIONS_SHOWN + 1, ANNOTATION_BEGINNING);
}
