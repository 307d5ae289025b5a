/*
 * Places for the tables of errors and settings.
 */
#include "ui/manual/manual.h"

#include <string.h>

#include "db/base/buf.h"
#include "db/base/err.h"
#include "db/conn/sqlstate.h"
#include "ui/config/config.h"
#include "ui/console/terminal/style.h"
#include "ui/console/terminal/theme.h"
#include "ui/manual/mdoc.h"

static void begin_list(struct buf *out) {
	buf_puts(out, ".Bl -tag -width Ds -compact\n");
}

/* Puts the exit codes. */
static bool put_exits(const char *words, struct buf *out) {
	buf_puts(out, ".Bl -tag -width 4n -compact\n");
	for (const struct exit_meaning *e = err_exits(); e->meaning != NULL; e++) {
		buf_printf(out, ".It %d\n", e->exit);
		mdoc_sentence(e->meaning, out);
	}
	buf_puts(out, ".El\n");
	return *words == '\0';
}

/* Puts the error codes, with their exit codes. */
static bool put_errors(const char *words, struct buf *out) {
	begin_list(out);
	for (int code = ERR_NONE + 1; code < ERR_CODES; code++) {
		buf_printf(out, ".It Li %s No (exit %d)\n", err_name((enum err_code)code),
		    err_exit((enum err_code)code));
		mdoc_sentence(err_meaning((enum err_code)code), out);
	}
	buf_puts(out, ".El\n");
	return *words == '\0';
}

/* Puts the SQLSTATEs of berth_api. */
static bool put_api_states(const char *words, struct buf *out) {
	buf_puts(out, ".Bl -tag -width 7n -compact\n");
	for (int code = ERR_NONE + 1; code < ERR_CODES; code++) {
		const char *state = err_state((enum err_code)code);

		if (state != NULL) {
			buf_printf(out, ".It Li %s\n.Li %s :\n", state, err_name((enum err_code)code));
			mdoc_sentence(err_meaning((enum err_code)code), out);
		}
	}
	buf_puts(out, ".El\n");
	return *words == '\0';
}

/* Puts the SQLSTATEs of the server, by the error that each one becomes. */
static bool put_server_states(const char *words, struct buf *out) {
	begin_list(out);
	for (int code = ERR_NONE + 1; code < ERR_CODES; code++) {
		const char *between = "";
		struct buf states = {0};

		for (const struct sqlstate *s = sqlstates; s->prefix != NULL; s++) {
			if (s->code == (enum err_code)code) {
				buf_printf(&states, "%s%s%s", between, s->prefix,
				    strlen(s->prefix) < 5 ? "..." : "");
				between = ", ";
			}
		}
		if (states.len > 0) {
			buf_printf(out, ".It Li %s\n%s\n", err_name((enum err_code)code), buf_text(&states));
		}
		buf_release(&states);
	}
	buf_puts(out, ".El\n");
	return *words == '\0';
}

static void settings(const struct config_key *keys, struct buf *out) {
	begin_list(out);
	for (const struct config_key *key = keys; key->name != NULL; key++) {
		buf_printf(out, ".It Ic %s No = Ar", key->name);
		mdoc_argument(key->value, strlen(key->value), out);
		buf_char(out, '\n');
		mdoc_sentence(key->help, out);
	}
	buf_puts(out, ".El\n");
}

/* Puts the settings of the configuration: "general" or "profile". */
static bool put_settings(const char *words, struct buf *out) {
	bool profile = strcmp(words, "profile") == 0;

	settings(profile ? config_profile_keys : config_keys, out);
	return profile || strcmp(words, "general") == 0;
}

/* Puts the names of the styles, as a paragraph. */
static bool put_styles(const char *words, struct buf *out) {
	for (int style = 0; style < STYLES; style++) {
		buf_printf(out, ".Li %s ,\n", style_face((enum style)style)->name);
	}
	buf_puts(out, ".Li cursor .\n");
	return *words == '\0';
}

/* Puts the built-in themes. */
static bool put_themes(const char *words, struct buf *out) {
	for (const struct theme_file *file = theme_files; file->name != NULL; file++) {
		buf_printf(out, ".Li %s%s\n", file->name, file[1].name != NULL ? " ," : " .");
	}
	return *words == '\0';
}

const struct place table_places[] = {
    {"exits", put_exits},
    {"errors", put_errors},
    {"api-states", put_api_states},
    {"server-states", put_server_states},
    {"settings", put_settings},
    {"styles", put_styles},
    {"themes", put_themes},
    {0},
};
