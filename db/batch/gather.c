#include "db/batch/gather.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "db/base/mem.h"
#include "db/batch/batch.h"
#include "db/batch/query.h"
#include "db/batch/rows.h"
#include "db/batch/step.h"

struct batch *batch_copy(const struct batch *b) {
	struct batch *copy = batch_new(b->mode);

	copy->count = copy->room = b->count;
	copy->steps = mem_new(b->count, sizeof *copy->steps);
	for (size_t i = 0; i < b->count; i++) {
		const struct step *from = &b->steps[i];
		struct step *to = &copy->steps[i];

		*to = (struct step){.query = from->query,
		    .name = mem_text(from->name),
		    .line = from->line,
		    .rules = from->rules,
		    .params = mem_new(from->count, sizeof *to->params),
		    .count = from->count};
		memcpy(to->params, from->params, from->count * sizeof *to->params);
		buf_add(&to->bytes, buf_text(&from->bytes), from->bytes.len);
	}
	return copy;
}

static size_t rows_of(const struct batch *part, size_t step) {
	return part == NULL ? 0 : part->steps[step].n;
}

/* Gives a step the rows of all parts, which keep what the rows borrow. */
static void gather_step(struct batch *b, size_t at, struct batch *const *parts, size_t count) {
	struct step *step = &b->steps[at];
	const size_t size = statements[step->query].row->size;
	size_t n = 0;

	step_reset(step);
	for (size_t i = 0; i < count; i++) {
		n += rows_of(parts[i], at);
	}
	step->rows = mem_new(n, size);
	for (size_t i = 0; i < count; i++) {
		size_t more = rows_of(parts[i], at);

		if (more > 0) {
			memcpy(step->rows + step->n * size, parts[i]->steps[at].rows, more * size);
			step->n += more;
		}
	}
}

void batch_gather(struct batch *b, struct batch *const *parts, size_t count) {
	for (size_t i = 0; i < b->count; i++) {
		gather_step(b, i, parts, count);
	}
	b->parts = parts;
	b->part_count = count;
}

size_t batch_origin(const struct batch *b, size_t step, size_t row) {
	size_t part = 0;

	assert(row < b->steps[step].n);
	for (; part < b->part_count && row >= rows_of(b->parts[part], step); part++) {
		row -= rows_of(b->parts[part], step);
	}
	assert(part < b->part_count);
	return part;
}
