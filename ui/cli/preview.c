#include "ui/cli/preview.h"

#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "db/batch/batch.h"
#include "db/base/buf.h"
#include "db/base/clock.h"
#include "db/base/err.h"
#include "db/base/mem.h"
#include "model/effect.h"
#include "model/phrase.h"
#include "model/queue.h"
#include "ui/verbs/bulk.h"
#include "ui/verbs/parse/args.h"
#include "ui/verbs/verb.h"
#include "ui/cli/record.h"
#include "ui/cli/run.h"
#include "ui/text/change.h"
#include "ui/text/effect.h"
#include "ui/text/shapes.h"

enum { SAMPLE = 10 };

struct preview {
	const struct queue_request *request;
	struct effect effect;
	struct rows sample; /* borrowed from the batch */
};

static bool load(struct run *run, struct batch *b, struct preview *preview, struct err *err) {
	size_t step = queue_plan_add(b, preview->request);
	size_t sample = queue_sample_add(b, preview->request, SAMPLE);

	if (!run_batch(run, b, err)) {
		return false;
	}
	effect_take(&preview->effect, b, step);
	preview->sample = rows_of_step(b, sample);
	return true;
}

static void put_effects(const struct effect *effect, struct buf *out) {
	for (size_t i = 0; i < effect->pools.count; i++) {
		buf_puts(out, i == 0 ? "" : "; ");
		effect_words(effect->pools.rows[i], " to ", true, out);
	}
}

/* Returns whether the action changes the counts of pools. */
static bool has_effect(enum queue_action action) {
	return action == QUEUE_RELEASE || action == QUEUE_CORDON || action == QUEUE_UNCORDON;
}

static const struct shape *sample_shape(const struct queue_request *request) {
	static const struct shape *const shapes[] = {
	    [TARGET_LEASE] = &lease_shape,
	    [TARGET_RESOURCE] = &resource_shape,
	    [TARGET_POOL] = &pool_shape,
	    [TARGET_COMMAND] = &command_shape,
	};

	return shapes[queue_item_kind(request->action, request->targets)];
}

/* Adds what becomes of each row of the sample, in its order. */
static void put_changes(struct record *record, const struct preview *preview) {
	const struct shape *shape = sample_shape(preview->request);
	const struct rows *sample = &preview->sample;
	struct foretold *foretold = mem_new(sample->count, sizeof *foretold);
	int64_t now = clock_now();

	for (size_t i = 0; i < sample->count; i++) {
		foretell(&foretold[i], preview->request, shape->type, sample->at(sample, i), now);
	}
	record_list(
	    record, "changes", &change_shape, rows_of_array(foretold, sizeof *foretold, sample->count));
	for (size_t i = 0; i < sample->count; i++) {
		foretold_release(&foretold[i]);
	}
	free(foretold);
}

static bool print(const struct preview *preview, const struct sink *sink, struct err *err) {
	const struct effect *effect = &preview->effect;
	struct record *record = record_new();
	struct buf json = {0};
	struct buf words = {0};

	if (has_effect(preview->request->action)) {
		effect_json(effect, &json);
		put_effects(effect, &words);
	} else {
		buf_puts(&json, "{}");
	}
	record_int(record, "targets", effect->targets);
	record_list(record, "sample", sample_shape(preview->request), preview->sample);
	record_show(record, "effect", buf_text(&json), buf_text(&words));
	if (preview->request->action != QUEUE_RELEASE) {
		put_changes(record, preview);
	}
	buf_release(&json);
	buf_release(&words);
	return record_print(record, sink, err);
}

static bool show(struct run *run, struct batch *b, const struct queue_request *request, struct err *err) {
	struct preview preview = {.request = request};
	bool ok = load(run, b, &preview, err) && print(&preview, &run->sink, err);

	effect_release(&preview.effect);
	return ok;
}

bool preview_show_after(
    struct run *run, struct batch *b, const struct target *targets, size_t count, struct err *err) {
	const struct queue_request request = {.action = QUEUE_RELEASE, .targets = targets, .count = count};

	return show(run, b, &request, err);
}

bool preview_show(struct run *run, const struct queue_request *request, struct err *err) {
	struct batch *b = batch_new(BATCH_READ);
	bool ok;

	if (request->action != QUEUE_RELEASE) {
		queue_right_add(b);
	}
	ok = show(run, b, request, err);
	batch_free(b);
	return ok;
}

static bool has_terminal(void) {
	return isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1;
}

/* Reads a line typed after the question. */
static bool read_answer(const char *phrase) {
	char *line = NULL;
	size_t room = 0;
	ssize_t n;
	bool same;

	(void)tcflush(STDIN_FILENO, TCIFLUSH);
	n = getline(&line, &room, stdin);
	if (n > 0 && line[n - 1] == '\n') {
		line[n - 1] = '\0';
	}
	same = n > 0 && strcmp(line, phrase) == 0;
	free(line);
	return same;
}

static void put_phrase(const struct preview *preview, struct buf *out) {
	enum queue_action action = preview->request->action;

	phrase_of_bulk(&preview->effect, queue_action_names[action],
	    target_kind_names[queue_item_kind(action, preview->request->targets)], out);
}

static bool ask(struct run *run, const struct preview *preview, struct err *err) {
	const struct sink words = {run->err, FORMAT_TABLE, run->sink.form};
	struct buf phrase = {0};
	bool ok = print(preview, &words, err);

	if (ok) {
		put_phrase(preview, &phrase);
		(void)fprintf(run->err, "\nTo confirm, type \"%s\": ", buf_text(&phrase));
		(void)fflush(run->err);
		ok = read_answer(buf_text(&phrase)) ||
		     err_set(err, ERR_INVALID_INPUT, "%s: not confirmed; nothing was queued",
			 run->args->verb->words);
	}
	buf_release(&phrase);
	return ok;
}

static bool refuse(struct run *run, const struct preview *preview, struct err *err) {
	struct buf phrase = {0};

	if (!print(preview, &run->sink, err)) {
		return false;
	}
	put_phrase(preview, &phrase);
	err_set(err, ERR_INVALID_INPUT, "%s: cannot be confirmed without a terminal; nothing was queued",
	    buf_text(&phrase));
	buf_release(&phrase);
	return err_hint(err, "to skip the confirmation: --yes");
}

static bool check_right(struct run *run, struct err *err) {
	struct batch *b = batch_new(BATCH_READ);
	bool ok;

	queue_right_add(b);
	ok = run_batch(run, b, err);
	batch_free(b);
	return ok;
}

bool preview_confirm(struct run *run, struct bulk *bulk, bool *go, struct err *err) {
	const struct release *targets = &bulk->targets;
	struct batch *b = batch_new(BATCH_READ);
	struct preview preview = {.request = &bulk->request};
	size_t named = queue_named_add(b, targets->targets, targets->count);
	bool ok = check_right(run, err) && load(run, b, &preview, err);

	*go = ok && !effect_is_empty(&preview.effect);
	if (ok) {
		queue_named_take(targets->targets, targets->count, b, named);
		ok = !*go             ? print(&preview, &run->sink, err)
		     : has_terminal() ? ask(run, &preview, err)
				      : refuse(run, &preview, err);
	}
	effect_release(&preview.effect);
	batch_free(b);
	return ok;
}
