#include "ui/console/app/clipboard.h"

#include <string.h>

#include "db/base/buf.h"
#include "model/syntax/name.h"
#include "model/text/json.h"
#include "model/text/safe.h"
#include "ui/console/app/app.h"
#include "ui/text/column.h"

static bool is_safe(const struct buf *text) {
	struct buf safe = {0};
	bool same;

	safe_text(buf_text(text), text->len, SAFE_UTF8, &safe);
	same = safe.len == text->len && memcmp(buf_text(&safe), buf_text(text), text->len) == 0;
	buf_release(&safe);
	return same;
}

static struct context facts_of(const struct app *app) {
	return (struct context){.now = app->now.wall, .scope = app_shown(app)->scope};
}

/* Appends the cells that have a text, separated by tabs; false when one of them is not safe. */
static bool whole_row(
    const struct view *view, const void *row, const struct context *context, struct buf *out) {
	bool safe = true;

	for (size_t i = 0; i < view->column_count; i++) {
		struct buf cell = {0};

		view_cell(view, i, row, context, &cell);
		safe = safe && is_safe(&cell);
		if (*view_title(view, i) != '\0') {
			buf_puts(out, out->len > 0 ? "\t" : "");
			buf_puts(out, buf_text(&cell));
		}
		buf_release(&cell);
	}
	return safe;
}

/* Appends the JSON with everything beyond ASCII escaped, so that it hides nothing. */
static void escape_wide(const struct buf *json, struct buf *out) {
	const char *p = buf_text(json);
	const char *end = p + json->len;
	uint32_t code;

	while (p < end) {
		if (!utf8_next(&p, end, &code)) {
			code = 0xfffd;
		}
		if (code >= 0x10000) {
			buf_printf(out, "\\u%04x\\u%04x", 0xd800 + ((code - 0x10000) >> 10),
			    0xdc00 + (code & 0x3ff));
		} else if (code >= 0x7f) {
			buf_printf(out, "\\u%04x", code);
		} else {
			buf_char(out, (char)code);
		}
	}
}

/* Appends a command with the connection options of this console. */
static void put_connected(const struct app *app, const char *command, struct buf *out) {
	static const char berth[] = "berth ";
	bool ours = app->connection != NULL && strncmp(command, berth, strlen(berth)) == 0;

	buf_printf(out, "%s%s%s", ours ? berth : "", ours ? app->connection : "",
	    command + (ours ? strlen(berth) : 0));
}

/* Appends the command that shows the row. */
static void put_command(const struct app *app, const struct view *view, const void *row, struct buf *out) {
	struct buf command = {0};

	view->command(row, &command);
	put_connected(app, buf_text(&command), out);
	buf_release(&command);
}

static bool compose(const struct app *app, enum request request, struct buf *out) {
	const struct pane *pane = app_shown(app);
	const void *row = list_current(&pane->list)->data;
	struct context context = facts_of(app);
	struct buf text = {0};
	struct json json = {.out = &text};

	switch (request) {
	case REQUEST_COPY_CELL:
		view_cell(pane->view, pane->view->main, row, &context, out);
		return is_safe(out);
	case REQUEST_COPY_ROW:
		return whole_row(pane->view, row, &context, out);
	case REQUEST_COPY_COMMAND:
		put_command(app, pane->view, row, out);
		return is_safe(out);
	default:
		shape_json(pane->view->kind.shape, row, &json);
		escape_wide(&text, out);
		buf_release(&text);
		return true;
	}
}

static void put(struct app *app, const struct buf *text, const char *name) {
	if (text->len > COPY_MAX) {
		app_say(app, STYLE_WARNING, "not copied: %zu bytes are more than %d", text->len, COPY_MAX);
	} else {
		buf_cut(&app->requests.copy, 0);
		buf_add(&app->requests.copy, buf_text(text), text->len);
		app_say(app, STYLE_NORMAL, "copied the %s: %zu bytes", name, text->len);
	}
}

static void refuse(struct app *app) {
	app_say(app, STYLE_WARNING, "not copied: it contains invisible characters; J copies it as JSON");
}

void clipboard_row(struct app *app, enum request request) {
	static const char *const names[] = {[REQUEST_COPY_CELL] = "cell",
	    [REQUEST_COPY_ROW] = "row",
	    [REQUEST_COPY_JSON] = "JSON",
	    [REQUEST_COPY_COMMAND] = "command"};
	struct buf text = {0};

	if (compose(app, request, &text)) {
		put(app, &text, names[request]);
	} else {
		refuse(app);
	}
	buf_release(&text);
}

void clipboard_text(struct app *app, const struct buf *text, const char *name) {
	if (is_safe(text)) {
		put(app, text, name);
	} else {
		refuse(app);
	}
}

void clipboard_command(struct app *app, const struct buf *command, const char *name) {
	struct buf text = {0};

	put_connected(app, buf_text(command), &text);
	clipboard_text(app, &text, name);
	buf_release(&text);
}

void clipboard_sequence(const char *bytes, size_t n, struct buf *out) {
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	buf_puts(out, "\033]52;c;");
	for (size_t i = 0; i < n; i += 3) {
		uint32_t three = 0;

		for (size_t k = 0; k < 3; k++) {
			three = three << 8 | (i + k < n ? (unsigned char)bytes[i + k] : 0U);
		}
		for (size_t k = 0; k < 4; k++) {
			buf_char(out, i + k <= n ? digits[three >> (18 - 6 * k) & 63] : '=');
		}
	}
	buf_puts(out, "\033\\");
}
