/*
 * The names of a completion: their request, and its answer.
 */
#include <stdlib.h>
#include <string.h>

#include "db/base/mem.h"
#include "db/batch/batch.h"
#include "model/dedupe.h"
#include "model/pool.h"
#include "model/project.h"
#include "model/syntax/filter.h"
#include "model/syntax/label_list.h"
#include "ui/console/app/app.h"
#include "ui/console/app/completion.h"
#include "ui/console/app/match.h"
#include "ui/console/screens/project_badge.h"

enum { NAMES = 200 }; /* most names that are requested */

/* Returns the line that is completed. */
static const char *line_of(const struct app *app, bool filter) {
	return line_editor_text(filter ? &app->filter : &app->command);
}

void completion_request(
    struct app *app, bool filter, enum names names, size_t at, const char *key, size_t n) {
	struct completion *c = &app->completion;

	completion_release(c);
	*c = (struct completion){.names = names,
	    .filter = filter,
	    .line = mem_text(line_of(app, filter)),
	    .at = at,
	    .key = key == NULL ? NULL : mem_print("%.*s", (int)n, key)};
	app->requests.act = ACT_COMPLETE;
}

void completion_release(struct completion *completion) {
	free(completion->line);
	free(completion->key);
	*completion = (struct completion){0};
}

void completion_ask(const struct completion *completion, struct batch *b) {
	const char *word = completion->line + completion->at;
	struct row_filter filter = row_filter_word(word);
	const struct pool_ask pools = {.filter = &filter, .limit = NAMES};
	const struct project_ask projects = {.match = word, .sort = PROJECT_BY_NAME, .limit = NAMES};
	const struct label_ask labels = {
	    .edge = *word == '\0' ? NULL : word, .with_edge = *word != '\0', .limit = NAMES};

	switch (completion->names) {
	case NAMES_PROJECTS:
		(void)project_page_add(b, &projects);
		break;
	case NAMES_ORGS:
		(void)org_list_add(b, &projects);
		break;
	case NAMES_KEYS:
		(void)label_keys_add(b, &labels);
		break;
	case NAMES_TABLES:
		(void)dedupe_tables_add(b, word, NAMES);
		break;
	case NAMES_COLUMNS:
		(void)dedupe_columns_add(b, completion->key, word, NAMES);
		break;
	case NAMES_VALUES:
		(void)label_values_add(b, completion->key, &labels);
		break;
	default:
		(void)pool_list_add(b, &pools);
		break;
	}
	row_filter_release(&filter);
}

static void offer_row(struct match *m, enum names names, const void *row) {
	struct buf text = {0};

	switch (names) {
	case NAMES_PROJECTS:
		project_name(row, &text);
		break;
	case NAMES_ORGS:
		buf_puts(&text, ((const struct org *)row)->name);
		break;
	case NAMES_KEYS:
		buf_puts(&text, ((const struct label_group *)row)->key);
		break;
	case NAMES_VALUES:
		buf_puts(&text, ((const struct label_group *)row)->value);
		break;
	case NAMES_TABLES:
	case NAMES_COLUMNS:
		buf_puts(&text, ((const struct word *)row)->word);
		break;
	default:
		buf_puts(&text, ((const struct pool *)row)->name);
		break;
	}
	match_offer(m, buf_text(&text));
	buf_release(&text);
}

void completion_answered(struct app *app, const struct batch *b) {
	struct completion *c = &app->completion;
	struct match m = {.filter = c->filter};

	if (app->mode == (c->filter ? MODE_FILTER : MODE_COMMAND) && c->line != NULL &&
	    strcmp(c->line, line_of(app, c->filter)) == 0) {
		m.word = c->names == NAMES_TABLES ? "" : c->line + c->at; /* found without their schema */
		for (size_t i = 0; i < batch_count(b, 0); i++) {
			offer_row(&m, c->names, batch_row(b, 0, i));
		}
		match_apply(app, &m, c->at);
	}
	match_release(&m);
	completion_release(c);
}
