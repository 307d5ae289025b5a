#include "model/phrase.h"

#include <inttypes.h>

#include "db/base/buf.h"
#include "db/batch/rows.h"
#include "model/effect.h"

void phrase_of_bulk(const struct effect *effect, const char *action, const char *kind, struct buf *out) {
	const struct pool_effect *first = effect->pools.count == 1 ? effect->pools.rows[0] : NULL;

	buf_printf(out, "%s %" PRId64 " %s%s", action, effect->targets, first == NULL ? kind : first->pool,
	    first == NULL ? "s" : "");
}

void phrase_of_many(const char *word, int64_t count, const char *one, const char *many, struct buf *out) {
	buf_printf(out, "%s %" PRId64 " %s", word, count, count == 1 ? one : many);
}

void phrase_of_delete(const struct effect *effect, const char *project, struct buf *out) {
	buf_printf(out, "delete %" PRId64 " %s", effect->targets, project);
}

void phrase_of_dedupe(bool undo, int64_t rows, const char *table, struct buf *out) {
	const char *name = table;

	for (const char *c = table; *c != '\0'; c++) {
		name = *c <= ' ' || *c > '~' ? "rows" : name;
	}
	buf_printf(out, "%s %" PRId64 " %s", undo ? "undo" : "fix", rows, name);
}
