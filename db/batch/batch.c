#include "db/batch/batch.h"

#include <assert.h>
#include <stdlib.h>

#include "db/base/clock.h"
#include "db/batch/decode.h"
#include "db/base/mem.h"
#include "db/batch/query.h"
#include "db/batch/step.h"

struct arg arg_bool(bool flag) {
	return (struct arg){.type = FIELD_BOOL, .u.flag = flag};
}

struct arg arg_int(int64_t number) {
	return (struct arg){.type = FIELD_INT, .u.number = number};
}

struct arg arg_text(const char *text) {
	return (struct arg){.type = FIELD_TEXT, .null = text == NULL, .u.text = text};
}

struct arg arg_word(const char *text) {
	return arg_text(text == NULL || text[0] == '\0' ? NULL : text);
}

struct arg arg_json(const char *text) {
	return (struct arg){.type = FIELD_JSON, .null = text == NULL, .u.text = text};
}

struct arg arg_id(struct id id) {
	return (struct arg){.type = FIELD_ID, .null = id_is_nil(id), .u.id = id};
}

struct arg arg_time(int64_t time) {
	return (struct arg){.type = FIELD_TIME, .null = time == TIME_NONE, .u.number = time};
}

struct arg arg_value(u128 value) {
	return (struct arg){.type = FIELD_VALUE, .u.value = value};
}

struct arg arg_null(enum field_type type) {
	return (struct arg){.type = type, .null = true};
}

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

static void step_bind(struct step *step, const struct arg *args, size_t count) {
	const struct statement *statement = &statements[step->query];

	assert(count == statement->arg_count);
	step->params = mem_new(count, sizeof *step->params);
	step->count = count;
	for (size_t i = 0; i < count; i++) {
		struct param *param = &step->params[i];

		assert(args[i].type == statement->args[i]);
		param->type = encode_type(args[i].type);
		param->null = args[i].null;
		param->start = step->bytes.len;
		if (!args[i].null) {
			encode_arg(&args[i], &step->bytes);
		}
		param->len = step->bytes.len - param->start;
	}
}

size_t batch_add(struct batch *b, const char *name, enum query query, const struct arg *args, size_t count,
    const struct rule *rules) {
	struct step *step;

	if (b->count == b->room) {
		b->room = b->room == 0 ? 4 : 2 * b->room;
		b->steps = mem_grow(b->steps, b->room, sizeof *b->steps);
	}
	step = &b->steps[b->count];
	*step = (struct step){.query = query, .name = mem_text(name), .line = b->line, .rules = rules};
	step_bind(step, args, count);
	return b->count++;
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
