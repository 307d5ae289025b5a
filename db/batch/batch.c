#include "db/batch/batch.h"

#include <assert.h>
#include <stdlib.h>

#include "db/base/mem.h"
#include "db/batch/arg.h"
#include "db/batch/query.h"
#include "db/batch/step.h"

struct batch *batch_new(enum batch_mode mode) {
	struct batch *b = mem_new(1, sizeof *b);

	b->mode = mode;
	return b;
}

static void step_release(struct step *step) {
	step_reset(step);
	free(step->name);
	free(step->params);
	buf_release(&step->bytes);
}

void batch_free(struct batch *b) {
	if (b == NULL) {
		return;
	}
	for (size_t i = 0; i < b->count; i++) {
		step_release(&b->steps[i]);
	}
	free(b->steps);
	free(b);
}

static void step_bind(struct step *step, const struct arg *args) {
	const struct statement *statement = &statements[step->query];

	step->count = statement->arg_count;
	step->params = mem_new(step->count, sizeof *step->params);
	for (size_t i = 0; i < step->count; i++) {
		struct param *param = &step->params[i];

		assert(args[i].type == statement->args[i]);
		param->null = args[i].null;
		param->start = step->bytes.len;
		if (!args[i].null) {
			arg_encode(&args[i], &step->bytes);
		}
		param->len = step->bytes.len - param->start;
	}
}

size_t batch_add(struct batch *b, enum query query, const struct arg *args) {
	if (b->count == b->room) {
		b->room = b->room == 0 ? 4 : 2 * b->room;
		b->steps = mem_grow(b->steps, b->room, sizeof *b->steps);
	}
	b->steps[b->count] = (struct step){.query = query, .line = b->line};
	step_bind(&b->steps[b->count], args);
	return b->count++;
}

size_t batch_name(struct batch *b, size_t step, const char *name) {
	assert(step < b->count && b->steps[step].name == NULL);
	b->steps[step].name = mem_text(name);
	return step;
}

size_t batch_rules(struct batch *b, size_t step, const struct rule *rules) {
	assert(step < b->count);
	b->steps[step].rules = rules;
	return step;
}

void batch_line(struct batch *b, int64_t line) {
	b->line = line;
}

size_t batch_steps(const struct batch *b) {
	return b->count;
}

size_t batch_count(const struct batch *b, size_t step) {
	assert(step < b->count);
	return b->steps[step].n;
}

const void *batch_row(const struct batch *b, size_t step, size_t row) {
	assert(step < b->count && row < b->steps[step].n);
	return b->steps[step].rows + row * statements[b->steps[step].query].row->size;
}
