#include "model/doctor.h"

#include <stdlib.h>
#include <string.h>

#include "db/base/buf.h"
#include "db/base/mem.h"
#include "db/batch/batch.h"
#include "gen/queries.h"
#include "model/text/json.h"

enum { EXAMPLES = 5 };

struct doctor_check {
	int64_t place;
	char *name;
	bool ok;
	int64_t found;
	char *examples[EXAMPLES];
	size_t shown;
	char *json; /* the examples, once doctor_findings() was called */
};

size_t doctor_piece_add(struct batch *b, const struct doctor *d, int64_t rows) {
	return query_doctor_piece_add(b, d->part, d->after, rows);
}

/* Returns the check at a place, which is added if it is new. */
static struct doctor_check *check_at(struct doctor *d, const struct doctor_piece *row) {
	size_t i = 0;

	while (i < d->count && d->checks[i].place < row->place) {
		i++;
	}
	if (i == d->count || d->checks[i].place != row->place) {
		d->checks = mem_grow(d->checks, d->count + 1, sizeof *d->checks);
		memmove(&d->checks[i + 1], &d->checks[i], (d->count - i) * sizeof *d->checks);
		d->checks[i] =
		    (struct doctor_check){.place = row->place, .name = mem_text(row->name), .ok = true};
		d->count++;
	}
	return &d->checks[i];
}

/* A check has a row for each example, and all of these tell its count. */
static void take_row(struct doctor *d, const struct doctor_piece *row, bool again) {
	struct doctor_check *check = check_at(d, row);

	check->found += again ? 0 : row->found;
	check->ok = check->ok && row->ok;
	if (row->example != NULL && check->shown < EXAMPLES) {
		check->examples[check->shown++] = mem_text(row->example);
	}
}

static void move_on(struct doctor *d, const struct doctor_piece *last) {
	char *part = last->next_part == NULL ? NULL : mem_text(last->next_part);
	char *after = last->next_after == NULL ? NULL : mem_text(last->next_after);

	free(d->part);
	free(d->after);
	d->part = part;
	d->after = after;
	d->done = part == NULL;
	d->share = last->share;
}

bool doctor_take(struct doctor *d, const struct batch *b, size_t step, struct err *err) {
	size_t count = batch_count(b, step);
	int64_t place = -1;

	if (count == 0) {
		return err_set(err, ERR_INTERNAL, "the server has checked nothing");
	}
	for (size_t i = 0; i < count; i++) {
		const struct doctor_piece *row = batch_row(b, step, i);

		take_row(d, row, row->place == place);
		place = row->place;
	}
	move_on(d, batch_row(b, step, count - 1));
	return true;
}

static char *examples_json(const struct doctor_check *check) {
	struct buf text = {0};
	struct json j = {.out = &text};

	json_open_array(&j);
	for (size_t i = 0; i < check->shown; i++) {
		json_put_text(&j, check->examples[i]);
	}
	json_close_array(&j);
	return buf_take(&text);
}

struct finding *doctor_findings(struct doctor *d) {
	struct finding *findings = mem_new(d->count, sizeof *findings);

	for (size_t i = 0; i < d->count; i++) {
		struct doctor_check *check = &d->checks[i];

		free(check->json);
		check->json = examples_json(check);
		findings[i] = (struct finding){check->name, check->ok, check->found, check->json};
	}
	return findings;
}

void doctor_release(struct doctor *d) {
	for (size_t i = 0; i < d->count; i++) {
		free(d->checks[i].name);
		free(d->checks[i].json);
		for (size_t n = 0; n < d->checks[i].shown; n++) {
			free(d->checks[i].examples[n]);
		}
	}
	free(d->checks);
	free(d->part);
	free(d->after);
	*d = (struct doctor){0};
}
