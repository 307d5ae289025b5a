#include "ui/verbs/names.h"

#include <stdbool.h>

#include "db/base/buf.h"
#include "db/batch/batch.h"
#include "model/dedupe.h"
#include "model/metadata.h"
#include "model/pool.h"
#include "model/project.h"
#include "model/syntax/filter.h"
#include "model/syntax/label_list.h"

enum { NAMES = 200 };

void names_add(struct batch *b, enum names names, const char *key, const char *word) {
	struct row_filter filter = row_filter_word(word);
	const struct pool_ask pools = {.filter = &filter, .limit = NAMES};
	const struct project_ask projects = {.match = word, .sort = PROJECT_BY_NAME, .limit = NAMES};
	const struct label_ask labels = {
	    .edge = *word == '\0' ? NULL : word, .with_edge = *word != '\0', .limit = NAMES};

	switch (names) {
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
		(void)dedupe_columns_add(b, key, word, NAMES);
		break;
	case NAMES_VALUES:
		(void)label_values_add(b, key, &labels);
		break;
	default:
		(void)pool_list_add(b, &pools);
		break;
	}
	row_filter_release(&filter);
}

void names_row(enum names names, const void *row, struct buf *out) {
	const struct project *project = row;

	switch (names) {
	case NAMES_PROJECTS:
		buf_printf(out, "%s/%s", project->organization, project->name);
		break;
	case NAMES_ORGS:
		buf_puts(out, ((const struct org *)row)->name);
		break;
	case NAMES_KEYS:
		buf_puts(out, ((const struct label_group *)row)->key);
		break;
	case NAMES_VALUES:
		buf_puts(out, ((const struct label_group *)row)->value);
		break;
	case NAMES_TABLES:
	case NAMES_COLUMNS:
		buf_puts(out, ((const struct word *)row)->word);
		break;
	default:
		buf_puts(out, ((const struct pool *)row)->name);
		break;
	}
}
