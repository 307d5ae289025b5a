#include "ui/console/app/completion.h"

#include <stdlib.h>
#include <string.h>

#include "db/base/err.h"
#include "db/base/mem.h"
#include "db/batch/batch.h"
#include "model/text/script.h"
#include "ui/console/app/app.h"
#include "ui/console/app/match.h"
#include "ui/console/app/own_names.h"
#include "ui/verbs/candidates.h"

/* Returns the line that is completed. */
static const char *line_of(const struct app *app, bool filter) {
	return line_editor_text(filter ? &app->filter : &app->command);
}

void completion_request(struct app *app, bool filter, const struct candidates *c, size_t at) {
	completion_release(&app->completion);
	app->completion = (struct completion){.names = c->names,
	    .filter = filter,
	    .line = mem_text(line_of(app, filter)),
	    .at = at,
	    .key = mem_text(c->key)};
	app->requests.act = ACT_COMPLETE;
}

static void offer_own(void *match, const char *name) {
	match_offer(match, name);
}

/* Offers the candidates for the line. Verbs are completed as a whole, from the first word on. */
static void offer_all(struct app *app, const struct candidates *c, size_t at) {
	const char *line = line_editor_text(&app->command);
	struct buf verb = {0};
	struct match m = {.word = line + at + c->at, .open = c->open};
	struct err err = {0};

	if (c->verbs) {
		for (size_t i = c->first; i < c->args.count; i++) {
			buf_printf(&verb, "%s ", c->args.operands[i]);
		}
		buf_puts(&verb, m.word);
		m.word = buf_text(&verb);
	}
	for (size_t i = 0; i < c->count; i++) {
		match_offer(&m, c->items[i].name);
	}
	if (c->own != NULL && !own_names(c->own, c->own_bytes, offer_own, &m, &err)) {
		app_tell(app, STYLE_WARNING, &err);
	} else {
		match_apply(app, &m, c->verbs ? script_word_at(line, 1 + (int)c->first) : at + c->at);
	}
	match_release(&m);
	buf_release(&verb);
	err_release(&err);
}

/* Completes the last word of a line, which begins after `at` bytes, and whose other words are complete. */
static void complete(struct app *app, const struct script_line *words, size_t at) {
	const struct view *view = app_pane(app)->view;
	const struct incomplete line = {.table = (const struct verb *const *)app->verbs,
	    .words = words->argc == 0 ? NULL : words->argv + 1,
	    .count = words->argc == 0 ? 0 : (size_t)words->argc - 1,
	    .word = line_editor_text(&app->command) + at,
	    .fields = view->fields,
	    .sorts = view->sorts};
	struct candidates c;

	candidates_find(&line, &c);
	if (c.table_missing) {
		app_say(app, STYLE_NORMAL, "give --table first: its columns complete this");
	} else if (c.names != NAMES_NONE) {
		completion_request(app, false, &c, at + c.at);
	} else {
		offer_all(app, &c, at);
	}
	candidates_release(&c);
}

void completion_open(struct app *app) {
	const char *line = line_editor_text(&app->command);
	const char *blank = strrchr(line, ' ');
	size_t at = blank == NULL ? 0 : (size_t)(blank + 1 - line);
	char *before = mem_print("%.*s", (int)at, line);
	struct script_line words = {0};
	struct script script;
	struct err err = {0};

	script_init(&script, before, at);
	if (script_next(&script, &words, &err)) {
		complete(app, &words, at);
	} else {
		app_say(app, STYLE_WARNING, "%s", err.message);
		err_release(&err);
	}
	script_line_release(&words);
	free(before);
}

void completion_release(struct completion *completion) {
	free(completion->line);
	free(completion->key);
	*completion = (struct completion){0};
}

void completion_ask(const struct completion *completion, struct batch *b) {
	names_add(b, completion->names, completion->key, completion->line + completion->at);
}

void completion_answered(struct app *app, const struct batch *b) {
	struct completion *c = &app->completion;
	struct match m = {.filter = c->filter};

	if (app->mode == (c->filter ? MODE_FILTER : MODE_COMMAND) && c->line != NULL &&
	    strcmp(c->line, line_of(app, c->filter)) == 0) {
		m.word = c->names == NAMES_TABLES ? "" : c->line + c->at; /* found without their schema */
		for (size_t i = 0; i < batch_count(b, 0); i++) {
			struct buf text = {0};

			names_row(c->names, batch_row(b, 0, i), &text);
			match_offer(&m, buf_text(&text));
			buf_release(&text);
		}
		match_apply(app, &m, c->at);
	}
	match_release(&m);
	completion_release(c);
}
