#include "ui/console/widgets/detail.h"

#include "db/base/buf.h"
#include "db/base/clock.h"
#include "ui/console/widgets/pen.h"
#include "ui/text/plain_json.h"
#include "ui/text/humanize.h"

void detail_badge(struct pen *p, const struct badge *badge) {
	bool roomy = p->area.rows > 12;

	if (roomy) {
		pen_gap(p);
	}
	pen_print(p, badge->style, "%s: %s", badge->word, badge->meaning);
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

void detail_json(struct pen *p, const char *label, const char *json) {
	struct buf text = {0};

	plain_json(json, &text);
	detail_text(p, label, buf_text(&text));
	buf_release(&text);
}

void detail_id(struct pen *p, const char *label, struct id id) {
	char text[ID_TEXT];

	detail_text(p, label, id_is_nil(id) ? "" : id_text(id, text));
}

void detail_time(struct pen *p, const char *label, int64_t time, int64_t now) {
	struct buf text = {0};

	if (time != TIME_NONE) {
		humanize_time(time, &text);
		buf_puts(&text, "  ");
		humanize_when(time, now, &text);
	}
	detail_text(p, label, buf_text(&text));
	buf_release(&text);
}
