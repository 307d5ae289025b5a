#include "ui/console/widgets/detail.h"

#include "db/base/buf.h"
#include "db/base/clock.h"
#include "ui/console/widgets/pen.h"
#include "ui/text/plain_json.h"
#include "ui/text/humanize.h"

void say_look(struct pen *p, const struct look *look) {
	bool roomy = p->area.rows > 12;

	if (roomy) {
		pen_gap(p);
	}
	pen_print(p, look->style, "%s: %s", look->word, look->meaning);
	if (roomy) {
		pen_gap(p);
	}
}

void say_text(struct pen *p, const char *label, const char *text) {
	if (text != NULL && *text != '\0') {
		pen_label(p, label);
		pen_foreign(p, STYLE_NORMAL, text);
	}
}

void say_json(struct pen *p, const char *label, const char *json) {
	struct buf text = {0};

	plain_json(json, &text);
	say_text(p, label, buf_text(&text));
	buf_release(&text);
}

void say_id(struct pen *p, const char *label, struct id id) {
	char text[ID_TEXT];

	say_text(p, label, id_is_nil(id) ? "" : id_text(id, text));
}

void say_time(struct pen *p, const char *label, int64_t time, int64_t now) {
	struct buf text = {0};

	if (time != TIME_NONE) {
		words_time(time, &text);
		buf_puts(&text, "  ");
		words_when(time, now, &text);
	}
	say_text(p, label, buf_text(&text));
	buf_release(&text);
}
