#include "ui/console/widgets/detail.h"

#include "db/base/buf.h"
#include "db/batch/rows.h"
#include "ui/console/widgets/pen.h"
#include "ui/text/field.h"

void detail_badge(struct pen *p, const struct badge *badge) {
	bool roomy = p->area.rows > 12;

	if (roomy) {
		pen_gap(p);
	}
	pen_print(p, badge->style, "%s: %s", badge->word, badge->meaning);
	pen_break(p);
	if (roomy) {
		pen_gap(p);
	}
}

void detail_text(struct pen *p, const char *label, const char *text) {
	if (text != NULL && *text != '\0') {
		pen_label(p, label);
		pen_foreign(p, STYLE_NORMAL, text);
	}
}

/* Prints a value as a member of its type. */
static void put(struct pen *p, const char *label, enum field_type type, const void *value, int64_t now) {
	const struct field field = {label, type, 0, NULL};
	struct buf text = {0};

	field_full(&field, value, now, &text);
	detail_text(p, label, buf_text(&text));
	buf_release(&text);
}

void detail_json(struct pen *p, const char *label, const char *json) {
	put(p, label, FIELD_JSON, &json, 0);
}

void detail_id(struct pen *p, const char *label, struct id id) {
	put(p, label, FIELD_ID, &id, 0);
}

void detail_time(struct pen *p, const char *label, int64_t time, int64_t now) {
	put(p, label, FIELD_TIME, &time, now);
}

void detail_count(struct pen *p, const char *label, const struct count *count) {
	put(p, label, FIELD_COUNT, count, 0);
}
