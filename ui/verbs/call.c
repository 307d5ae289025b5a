#include "ui/verbs/call.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db/base/buf.h"
#include "db/base/clock.h"
#include "db/base/err.h"
#include "db/base/mem.h"
#include "db/batch/batch.h"
#include "db/batch/rowset.h"
#include "gen/rows.h"
#include "model/queue.h"
#include "model/text/script.h"
#include "ui/cli/perform.h"
#include "ui/cli/run.h"
#include "ui/verbs/help.h"
#include "ui/verbs/parse/args.h"
#include "ui/verbs/parse/opt.h"
#include "ui/verbs/verb.h"

enum stage { STAGE_LOOK, STAGE_DRY, STAGE_SEND, STAGE_OVER };

struct call {
	char *line;
	struct script_line words;
	struct args args;
	struct run run; /* points to args */
	enum stage stage;
	struct batch *next;   /* the batch made from the answer to look(), or NULL */
	char *text;           /* the answer */
	size_t events;        /* the step of the dry run that asks for its events */
	struct rowset effect; /* struct event, those of the dry run */
	int64_t changes;      /* the number of all of them */
	char *evidence;       /* by what they are known; NULL before the dry run */
	bool sent;            /* for real, at least once */
	struct input input;   /* what was read of a file, which must be the same for real */
};

static bool changes(const struct verb *verb) {
	return (verb->flags & (VERB_MUTATES | VERB_QUEUES)) != 0;
}

static enum stage first_stage(const struct call *call) {
	const struct verb *verb = call->args.verb;

	if (opt_given(&call->args, OPT_HELP) || verb == NULL || verb->add == NULL) {
		return STAGE_OVER;
	}
	return verb->look != NULL ? STAGE_LOOK : changes(verb) ? STAGE_DRY : STAGE_SEND;
}

/* Prints the answer into the text. */
static bool print(struct call *call, const struct batch *b,
    bool (*answer)(struct run *, const struct batch *, struct err *), struct err *err) {
	size_t n = 0;
	FILE *file;
	bool ok;

	free(call->text);
	call->text = NULL;
	file = open_memstream(&call->text, &n);
	if (file == NULL) {
		return err_set(err, ERR_INTERNAL, "no memory for an answer");
	}
	call->run.sink.file = file;
	call->run.err = file;
	ok = answer(&call->run, b, err);
	(void)fclose(file);
	return ok;
}

static bool answer_help(struct run *run, const struct batch *b, struct err *err) {
	(void)b;
	return help_asked(run, err);
}

/* Prints the answer of a verb that needs no server. */
static bool begin(struct call *call, struct err *err) {
	const struct verb *verb = call->args.verb;

	call->stage = first_stage(call);
	if (opt_given(&call->args, OPT_HELP)) {
		return print(call, NULL, answer_help, err);
	}
	return verb == NULL || verb->add != NULL || verb->answer == NULL ||
	       print(call, NULL, verb->answer, err);
}

static bool parse(
    struct call *call, const struct verb *const *table, bool ascii, size_t *wrong, struct err *err) {
	struct script script;

	script_init(&script, call->line, strlen(call->line));
	*wrong = strlen(call->line);
	if (!script_next(&script, &call->words, err)) {
		err->line = 0;
		return false;
	}
	if (call->words.argc == 0) {
		return false;
	}
	if (!args_parse(call->words.argc, call->words.argv, table, ARGS_CONSOLE, &call->args, err) ||
	    !run_init(
		&call->run, &call->args, table, NULL, NULL, ascii ? SAFE_ASCII : SAFE_UTF8, TIME_NONE, err) ||
	    !begin(call, err)) {
		*wrong = call_blamed(call, err);
		return false;
	}
	return true;
}

struct call *call_new(
    const char *line, const struct verb *const *table, bool ascii, size_t *wrong, struct err *err) {
	struct call *call = mem_new(1, sizeof *call);

	call->line = mem_text(line);
	if (!parse(call, table, ascii, wrong, err)) {
		call_free(call);
		return NULL;
	}
	call->run.input = &call->input;
	return call;
}

void call_free(struct call *call) {
	if (call == NULL) {
		return;
	}
	batch_free(call->next);
	buf_release(&call->input.text);
	free(call->evidence);
	rowset_release(&call->effect);
	args_release(&call->args);
	script_line_release(&call->words);
	free(call->text);
	free(call->line);
	free(call);
}

const struct args *call_args(const struct call *call) {
	return &call->args;
}

const char *call_line(const struct call *call) {
	return call->line;
}

size_t call_blamed(const struct call *call, const struct err *err) {
	int word = args_blamed(call->words.argc, call->words.argv, err);

	return script_word_at(call->line, word);
}

bool call_is_possible(const struct call *call) {
	const struct verb *verb = call->args.verb;

	return opt_given(&call->args, OPT_HELP) || (verb != NULL && verb->answer != NULL);
}

bool call_changes(const struct call *call) {
	return call->args.verb != NULL && changes(call->args.verb) && !opt_given(&call->args, OPT_HELP);
}

bool call_sends(const struct call *call) {
	return call->stage != STAGE_OVER;
}

/* Adds the steps that ask what a dry run has changed; or, for real, that demand the same changes. */
static void add_evidence(struct call *call, struct batch *b) {
	if (call->stage == STAGE_DRY) {
		call->events = event_own_add(b, CALL_EVENTS);
		(void)event_evidence_add(b);
	} else if (call->evidence != NULL) {
		(void)event_expect_add(b, call->evidence, call->sent);
		call->sent = true;
	}
}

/* Returns the batch of the verb itself. */
static struct batch *compose(struct call *call, struct err *err) {
	struct batch *b;

	call->run.dry_run = call->stage == STAGE_DRY;
	b = perform_batch(&call->run);
	if (perform_add(&call->run, b, err)) {
		add_evidence(call, b);
		return b;
	}
	batch_free(b);
	return NULL;
}

static enum stage after_look(const struct call *call) {
	return changes(call->args.verb) ? STAGE_DRY : STAGE_SEND;
}

/* Returns the batch of look(), or the verb's own when there is nothing to look up. */
static struct batch *compose_look(struct call *call, struct err *err) {
	struct batch *b = batch_new(BATCH_READ);
	struct batch *own;

	call->run.found = b;
	if (!call->args.verb->look(&call->run, b, err)) {
		batch_free(b);
		return NULL;
	}
	if (batch_steps(b) > 0) {
		return b;
	}
	call->stage = after_look(call);
	own = compose(call, err);
	call->run.found = NULL;
	batch_free(b);
	return own;
}

struct batch *call_batch(struct call *call, struct err *err) {
	struct batch *next = call->next;

	call->next = NULL;
	if (next != NULL || call->stage == STAGE_OVER) {
		return next;
	}
	return call->stage == STAGE_LOOK ? compose_look(call, err) : compose(call, err);
}

/* Takes what the dry run has changed. */
static void take_evidence(struct call *call, const struct batch *b) {
	const struct evidence *evidence = batch_row(b, call->events + 1, 0);

	rowset_take(&call->effect, &row_event, b, call->events);
	call->changes = evidence->changes;
	free(call->evidence);
	call->evidence = mem_text(evidence->evidence);
}

bool call_answered(struct call *call, const struct batch *b, struct err *err) {
	if (call->stage == STAGE_LOOK) {
		call->run.found = b;
		call->stage = after_look(call);
		call->next = compose(call, err);
		call->run.found = NULL;
		return call->next != NULL;
	}
	if (call->stage == STAGE_DRY) {
		take_evidence(call, b);
	}
	call->stage = STAGE_OVER;
	return print(call, b, call->args.verb->answer, err);
}

void call_explain(struct call *call, struct err *err) {
	if (call->args.verb != NULL && call->stage != STAGE_LOOK) {
		(void)perform_explain(&call->run, err);
	}
}

void call_confirm(struct call *call) {
	call->stage = STAGE_SEND;
}

struct id call_id(const struct call *call) {
	return call->run.id;
}

const struct rowset *call_effect(const struct call *call) {
	return &call->effect;
}

int64_t call_changed(const struct call *call) {
	return call->changes;
}

const char *call_text(const struct call *call) {
	return call->text == NULL ? "" : call->text;
}
