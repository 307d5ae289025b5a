/*
 * The lines that were typed before.
 */
#include "ui/console/app/app.h"

#include <string.h>

static struct line_editor *editor_of(struct app *app, char kind) {
	return kind == '/' ? &app->filter : &app->command;
}

void app_remember(struct app *app, char kind) {
	struct line_editor *editor = editor_of(app, kind);
	size_t before = editor->count;
	char *last = before == 0 ? NULL : editor->history[before - 1];

	line_editor_remember(editor);
	if (editor->count > 0 && (editor->count > before || editor->history[editor->count - 1] != last)) {
		buf_printf(&app->requests.history, "%c%s\n", kind, line_editor_text(editor));
	}
}

void app_recall(struct app *app, char kind, const char *text) {
	struct line_editor *editor = editor_of(app, kind);

	line_editor_set(editor, text);
	line_editor_remember(editor);
	line_editor_set(editor, "");
}
