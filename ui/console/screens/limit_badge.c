#include "ui/console/screens/limit_badge.h"

#include "db/base/buf.h"
#include "db/base/err.h"
#include "model/pool.h"
#include "model/project.h"
#include "ui/text/humanize.h"

static const struct badge looks[] = {
    [LIMIT_UNUSED] = {"unused", GLYPH_UNUSED, STYLE_DIM},
    [LIMIT_FAR] = {"ok", GLYPH_HELD, STYLE_NORMAL},
    [LIMIT_NEAR] = {"WARN", GLYPH_OVER, STYLE_WARNING},
    [LIMIT_NEARER] = {"CRIT", GLYPH_OVER, STYLE_WARNING},
    [LIMIT_REACHED] = {"FULL", GLYPH_FULL, STYLE_DANGER},
    [LIMIT_PASSED] = {"OVER", GLYPH_FULL, STYLE_DANGER},
};

double limit_percent(int64_t use, int64_t limit) {
	return limit > 0 ? 100.0 * (double)use / (double)limit : 100;
}

enum nearness limit_nearness(int64_t use, int64_t limit) {
	if (limit != NO_LIMIT && use >= limit) {
		return use > limit ? LIMIT_PASSED : LIMIT_REACHED;
	}
	if (use == 0) {
		return LIMIT_UNUSED;
	}
	if (limit == NO_LIMIT || limit_percent(use, limit) < POOL_WARN) {
		return LIMIT_FAR;
	}
	return limit_percent(use, limit) < POOL_CRIT ? LIMIT_NEAR : LIMIT_NEARER;
}

const struct badge *limit_badge(int64_t use, int64_t limit) {
	return &looks[limit_nearness(use, limit)];
}

bool limit_read(const char *text, int64_t *limit, struct err *err) {
	if (*text == '\0') {
		*limit = NO_LIMIT;
		return true;
	}
	return limit_parse(text, limit) ||
	       err_set(err, ERR_INVALID_INPUT, "limit \"%s\": expected a number, or none", text);
}

void limit_put(int64_t limit, const char *one, const char *many, struct buf *out) {
	if (limit == NO_LIMIT) {
		buf_puts(out, "no limit");
	} else {
		buf_puts(out, "at most ");
		humanize_plural(limit, one, many, out);
	}
}

void limit_as_typed(const char *text, const char *one, const char *many, struct buf *out) {
	struct err err = {0};
	int64_t limit;

	if (limit_read(text, &limit, &err)) {
		limit_put(limit, one, many, out);
	} else {
		buf_puts(out, text);
		err_release(&err);
	}
}
