#include "ui/console/screens/annotations.h"

#include <stddef.h>

#include "db/batch/rows.h"
#include "db/batch/rowset.h"
#include "model/metadata.h"
#include "ui/console/terminal/grid.h"
#include "ui/console/widgets/pen.h"

void annotations_draw(struct pen *p, const struct rowset *annotations, const char *of) {
	size_t count = annotations->count < ANNOTATIONS_SHOWN ? annotations->count : ANNOTATIONS_SHOWN;
	size_t i = 0;

	if (count == 0 || !pen_fits(p, 2)) {
		return;
	}
	pen_gap(p);
	pen_say(p, STYLE_HEAD, "ANNOTATIONS");
	pen_say(p, STYLE_HEAD, of == NULL ? "" : " of ");
	pen_foreign(p, STYLE_HEAD, of);
	for (; i < count && pen_fits(p, 1); i++) {
		const struct annotation *annotation = annotations->rows[i];

		pen_break(p);
		pen_foreign(p, STYLE_BOLD, annotation->key);
		p->indent = 2;
		p->column += 2;
		pen_foreign(p, STYLE_NORMAL, annotation->value);
		pen_say(p, STYLE_DIM, annotation->cut ? glyph_text(GLYPH_CUT, p->grid->ascii) : "");
	}
	pen_break(p);
	if (i < annotations->count && pen_fits(p, 1)) {
		pen_say(p, STYLE_DIM, "and more: berth annotate list shows all");
		pen_break(p);
	}
}
