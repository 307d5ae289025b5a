#include "ui/console/form.h"

#include <stdlib.h>
#include <string.h>

#include "db/batch.h"
#include "db/clock.h"
#include "db/err.h"
#include "db/mem.h"
#include "model/duration.h"
#include "model/instant.h"
#include "model/lease.h"
#include "model/name.h"
#include "model/value.h"
#include "ui/console/grid.h"

static const struct {
	const char *label;
	const char *hint;
} fields[FORM_FIELDS] = {
    [FORM_POOL] = {"pool", "its name"},
    [FORM_VALUE] = {"value", "empty: the lowest that is free"},
    [FORM_HOLDER] = {"holder", "who it is for, up to 200 characters"},
    [FORM_UNTIL] = {"until", "2h, 7d or 2027-01-31T12:00:00Z; empty: as the pool says"},
};

void form_open(struct form *form, struct id id, const char *pool, const enum kind *kind) {
	form_release(form);
	form->id = id;
	form->pool = mem_text(pool);
	form->known = pool != NULL && kind != NULL;
	form->kind = form->known ? *kind : KIND_IPV4;
	form->at = pool == NULL ? FORM_POOL : FORM_VALUE;
	prompt_set(&form->fields[FORM_POOL], pool == NULL ? "" : pool);
}

void form_release(struct form *form) {
	for (size_t i = 0; i < FORM_FIELDS; i++) {
		prompt_release(&form->fields[i]);
	}
	free(form->pool);
	*form = (struct form){0};
}

bool form_is_open(const struct form *form) {
	return !id_is_nil(form->id);
}

static enum form_result go(struct form *form, size_t at) {
	bool asks = at == FORM_FIELDS && form->at != FORM_FIELDS;

	form->at = at;
	return asks ? FORM_ASKS : FORM_GOES_ON;
}

static enum form_result press_question(struct form *form, const struct press *press) {
	switch (press->key) {
	case 'y':
		return FORM_SUBMITTED;
	case 'W':
		return FORM_UNLOCKS;
	case 'n':
		return form->unsettled ? FORM_FORGOTTEN : FORM_LEFT;
	case PRESS_UP:
	case PRESS_BACK_TAB:
		return go(form, FORM_FIELDS - 1);
	case PRESS_TAB:
		return go(form, 0);
	case PRESS_ESCAPE:
	case PRESS_CTRL('c'):
	case 'q':
		return FORM_LEFT;
	default:
		return FORM_GOES_ON;
	}
}

enum form_result form_press(struct form *form, const struct press *press) {
	if (form->busy) {
		return FORM_GOES_ON;
	}
	if (form->at == FORM_FIELDS) {
		return press_question(form, press);
	}
	if (press->key == PRESS_UP || press->key == PRESS_BACK_TAB) {
		return go(form, form->at > 0 ? form->at - 1 : 0);
	}
	if (press->key == PRESS_DOWN) {
		return go(form, form->at + 1);
	}
	switch (prompt_press(&form->fields[form->at], press)) {
	case PROMPT_ACCEPTED:
	case PROMPT_COMPLETE:
		return go(form, form->at + 1);
	case PROMPT_DROPPED:
		return FORM_LEFT;
	default:
		return FORM_GOES_ON;
	}
}

static const char *field_text(const struct form *form, enum form_field field) {
	return prompt_text(&form->fields[field]);
}

static bool read_value(const struct form *form, struct allocate *ask, char host[HOST_TEXT], struct err *err) {
	const char *text = field_text(form, FORM_VALUE);

	host[0] = '\0';
	ask->host = host;
	if (*text == '\0') {
		return true;
	}
	ask->by_value = true;
	if (!form->known || strcmp(form->pool, field_text(form, FORM_POOL)) != 0) {
		return value_guess(text, &ask->kind, &ask->value, host, err);
	}
	ask->kind = form->kind;
	return value_parse(text, form->kind, &ask->value, host, err);
}

static bool read_until(const struct form *form, struct allocate *ask, struct err *err) {
	const char *text = field_text(form, FORM_UNTIL);

	ask->until = TIME_NONE;
	if (*text == '\0') {
		return true;
	}
	return strchr(text, '-') != NULL ? instant_parse(text, &ask->until, err)
					 : duration_parse(text, &ask->duration, err);
}

bool form_add(struct form *form, const char *detail, struct batch *b, struct err *err) {
	struct allocate ask = {.id = form->id,
	    .pool = field_text(form, FORM_POOL),
	    .holder = field_text(form, FORM_HOLDER),
	    .count = 1,
	    .detail = detail};
	char host[HOST_TEXT];

	form->at = FORM_POOL;
	if (!name_check("pool", ask.pool, err)) {
		return false;
	}
	form->at = FORM_VALUE;
	if (!read_value(form, &ask, host, err)) {
		return false;
	}
	form->at = FORM_HOLDER;
	if (!text_check("holder", ask.holder, LEASE_HOLDER_CHARS, err)) {
		return false;
	}
	form->at = FORM_UNTIL;
	if (!read_until(form, &ask, err)) {
		return false;
	}
	form->at = FORM_FIELDS;
	(void)lease_allocate_add(b, &ask);
	return true;
}

static void draw_field(const struct form *form, struct grid *g, struct rect area, size_t i) {
	int row = area.row + 3 + (int)i;
	int end = area.column + area.columns;
	int start = area.column + 11;
	bool here = i == form->at;

	if (row >= area.row + area.rows) {
		return;
	}
	(void)grid_put(g, row, area.column + 1, end, here ? STYLE_BOLD : STYLE_DIM, here ? ">" : " ");
	(void)grid_put(g, row, area.column + 3, end, here ? STYLE_BOLD : STYLE_NORMAL, fields[i].label);
	if (here && !form->busy) {
		prompt_draw(&form->fields[i], g, row, start, end, STYLE_NORMAL);
	} else {
		grid_field(g, row, start, end, STYLE_NORMAL, ALIGN_LEFT, SAFE_CUT_END,
		    field_text(form, (enum form_field)i));
	}
	if (form->fields[i].text.len == 0) {
		(void)grid_put(g, row, start + 1, end, STYLE_DIM, fields[i].hint);
	}
}

/* With what is to be allocated in words. */
static void ask(const struct form *form, struct grid *g, int row, int column, int end) {
	column = grid_put(g, row, column, end, STYLE_WARNING, "Allocate from ");
	column = grid_foreign(g, row, column, end, STYLE_WARNING, field_text(form, FORM_POOL),
	    form->fields[FORM_POOL].text.len);
	column = grid_put(g, row, column, end, STYLE_WARNING, "?  ");
	column = grid_put(g, row, column, end, STYLE_KEY, "y");
	column = grid_put(g, row, column, end, STYLE_NORMAL, " allocates  ");
	column = grid_put(g, row, column, end, STYLE_KEY, "Esc");
	(void)grid_put(g, row, column, end, STYLE_NORMAL, " leaves everything as it is");
}

static void ask_again(struct grid *g, int row, int column, int end) {
	int next = grid_put(g, row, column, end, STYLE_DANGER, "May have been allocated: ");

	next = grid_put(g, row, next, end, STYLE_KEY, "y");
	(void)grid_put(g, row, next, end, STYLE_NORMAL, " again asks with the same id");
	next = grid_put(g, row + 1, column, end, STYLE_KEY, "n");
	next = grid_put(g, row + 1, next, end, STYLE_NORMAL, " forgets it  ");
	next = grid_put(g, row + 1, next, end, STYLE_KEY, "Esc");
	(void)grid_put(g, row + 1, next, end, STYLE_NORMAL, " leaves it for later");
}

static void draw_question(const struct form *form, struct grid *g, struct rect area) {
	int lines = form->unsettled && !form->busy ? 2 : 1;
	int row = area.row + 4 + FORM_FIELDS + 1;
	int end = area.column + area.columns;
	int column = area.column + 3;

	if (row + lines > area.row + area.rows) {
		row = area.row + area.rows - lines;
		for (int line = 0; line < lines; line++) {
			(void)grid_print(
			    g, row + line, area.column, end, STYLE_NORMAL, "%*s", area.columns, "");
		}
	}
	if (form->busy) {
		(void)grid_put(g, row, column, end, STYLE_ACCENT, "sent; waiting for the answer");
		return;
	}
	if (form->unsettled) {
		ask_again(g, row, column, end);
	} else {
		ask(form, g, row, column, end);
	}
	g->cursor_row = row;
	g->cursor_column = column;
}

void form_draw(const struct form *form, struct grid *g, struct rect area, const char *environment) {
	int end = area.column + area.columns;
	int column = area.column + 1;
	char id[ID_TEXT];

	column = grid_put(g, area.row, column, end, STYLE_HEAD, "ALLOCATE on ");
	(void)grid_foreign(g, area.row, column, end, STYLE_HEAD, environment, strlen(environment));
	if (area.rows > 2) {
		column = grid_put(g, area.row + 1, area.column + 1, end, STYLE_DIM, "lease ");
		column = grid_put(g, area.row + 1, column, end, STYLE_DIM, id_text(form->id, id));
		(void)grid_put(g, area.row + 1, column, end, STYLE_DANGER,
		    form->unsettled ? "  may have been allocated" : "");
	}
	for (size_t i = 0; i < FORM_FIELDS; i++) {
		draw_field(form, g, area, i);
	}
	if (form->at == FORM_FIELDS || form->busy) {
		draw_question(form, g, area);
	} else if (area.rows > FORM_FIELDS + 5) {
		(void)grid_put(g, area.row + 4 + FORM_FIELDS + 1, area.column + 3, end, STYLE_DIM,
		    "Enter or Tab next field, Up back, Esc leaves");
	}
}
