#include "ui/console/screens/lookalike_rows.h"

#include <stdlib.h>
#include <string.h>

#include "db/base/buf.h"
#include "db/base/mem.h"
#include "db/batch/rows.h"
#include "model/text/lookalike.h"
#include "model/text/json.h"
#include "db/batch/rowset.h"
#include "ui/text/row.h"
#include "ui/console/list/text_id.h"

#define MEMBERS 50 /* most texts of a group that are shown; all are counted */

static const struct field fields[] = {
    {"id", FIELD_ID, offsetof(struct lookalike_group, id), NULL},
    {"place", FIELD_TEXT, offsetof(struct lookalike_group, place), NULL},
    {"texts", FIELD_JSON, offsetof(struct lookalike_group, texts), NULL},
    {"why", FIELD_TEXT, offsetof(struct lookalike_group, why), NULL},
    {"count", FIELD_INT, offsetof(struct lookalike_group, count), NULL},
    {"skeleton", FIELD_TEXT, offsetof(struct lookalike_group, skeleton), NULL},
};

const struct row_type row_alike_group = {
    "lookalike_group", sizeof(struct lookalike_group), fields, sizeof fields / sizeof *fields};

struct folded {
	const struct alike_text *text;
	char *skeleton; /* owned */
};

static int compare_group(const struct folded *a, const struct folded *b) {
	int by_place = strcmp(a->text->place, b->text->place);

	return by_place != 0 ? by_place : strcmp(a->skeleton, b->skeleton);
}

static int compare(const void *a, const void *b) {
	const struct folded *first = a;
	const struct folded *second = b;
	int by_group = compare_group(first, second);

	return by_group != 0 ? by_group : strcmp(first->text->text, second->text->text);
}

static struct folded *fold_all(const void *const *texts, size_t count) {
	struct folded *all = mem_new(count, sizeof *all);

	for (size_t i = 0; i < count; i++) {
		struct buf skeleton = {0};

		all[i].text = texts[i];
		alike_fold(all[i].text->text, ALIKE_ALL, &skeleton);
		all[i].skeleton = buf_take(&skeleton);
	}
	if (count > 0) {
		qsort(all, count, sizeof *all, compare);
	}
	return all;
}

static void *make_row(const struct folded *members, size_t count) {
	struct buf texts = {0};
	struct buf why = {0};
	struct json j = {.out = &texts};
	unsigned reasons = 0;
	void *row;

	json_open_array(&j);
	for (size_t i = 0; i < count && i < MEMBERS; i++) {
		json_put_text(&j, members[i].text->text);
		reasons |= i > 0 ? alike_differences(members[0].text->text, members[i].text->text) : 0;
	}
	json_close_array(&j);
	alike_describe(reasons, &why);
	row = row_copy(&row_alike_group,
	    &(struct lookalike_group){.id = text_id(members->text->place, members->skeleton),
		.place = members->text->place,
		.texts = buf_text(&texts),
		.why = buf_text(&why),
		.count = (int64_t)count,
		.skeleton = members->skeleton});
	buf_release(&texts);
	buf_release(&why);
	return row;
}

struct rowset lookalike_groups_find(const void *const *texts, size_t count) {
	struct folded *all = fold_all(texts, count);
	struct rowset found = {.rows = mem_new(count, sizeof *found.rows)};

	for (size_t i = 0, n; i < count; i += n) {
		for (n = 1; i + n < count && compare_group(&all[i], &all[i + n]) == 0; n++) {
		}
		if (n > 1) {
			found.rows[found.count++] = make_row(&all[i], n);
		}
	}
	for (size_t i = 0; i < count; i++) {
		free(all[i].skeleton);
	}
	free(all);
	return found;
}
