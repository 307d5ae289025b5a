#include "ui/verbs/help.h"

#include <string.h>

#include "db/base/buf.h"
#include "db/base/err.h"
#include "model/text/safe.h"
#include "ui/verbs/verb.h"
#include "ui/cli/record.h"
#include "ui/cli/run.h"
#include "ui/text/version.h"

/* Where the explanation of an option or command begins. */
#define INDENT ((size_t)34)

/* "  left            right"; on two lines when left is long. */
static void entry(struct buf *out, const char *left, const char *right) {
	size_t width = safe_width(left, strlen(left)) + 2;

	buf_printf(out, "  %s", left);
	if (width + 2 > INDENT) {
		buf_char(out, '\n');
		width = 0;
	}
	buf_printf(out, "%*s%s\n", (int)(INDENT - width), "", right);
}

static void option_entry(enum option_id id, struct buf *out) {
	const struct option_spec *spec = &option_specs[id];
	struct buf left = {0};

	if (spec->letter != 0) {
		buf_printf(&left, "-%c, ", spec->letter);
	} else {
		buf_puts(&left, "    ");
	}
	buf_printf(&left, "--%s", spec->name);
	if (spec->takes != TAKES_NOTHING) {
		buf_printf(&left, spec->takes == TAKES_VALUE ? " %s" : "[=%s]", spec->metavar);
	}
	entry(out, buf_text(&left), spec->help);
	buf_release(&left);
}

static void group_options(const char *title, enum option_group group, struct buf *out) {
	buf_printf(out, "\n%s:\n", title);
	for (int id = OPT_END + 1; id < OPT_COUNT_OF; id++) {
		if (option_specs[id].group == group) {
			option_entry((enum option_id)id, out);
		}
	}
}

static void command_entry(const struct verb *command, struct buf *out) {
	entry(out, command->words, command->summary);
}

void help_program(const struct verb *const *table, struct buf *out) {
	buf_puts(out, "usage: berth [CONNECTION] [OUTPUT] [COMMAND …]\n"
		      "Without a command the console opens.\n\nCommands:\n");
	for (; *table != NULL; table++) {
		command_entry(*table, out);
	}
	group_options("Connection", GROUP_CONNECTION, out);
	group_options("Output", GROUP_OUTPUT, out);
	group_options("Common to many commands", GROUP_COMMON, out);
	buf_puts(out, "\n'berth help COMMAND' tells the rest of a command.\n");
}

void help_command(const struct verb *command, struct buf *out) {
	bool any = false;

	buf_printf(out, "usage: berth %s%s%s\n%s\n", command->words, command->synopsis[0] == '\0' ? "" : " ",
	    command->synopsis, command->summary);
	if (command->notes != NULL) {
		buf_printf(out, "\n%s", command->notes);
	}
	if ((command->flags & VERB_TELLS_ID) != 0) {
		buf_puts(out, "\nThe id of the request is told on standard error, unless --quiet.\n");
	}
	for (int id = OPT_END + 1; id < OPT_COUNT_OF; id++) {
		enum option_group group = option_specs[id].group;

		if ((group == GROUP_COMMON || group == GROUP_COMMAND) &&
		    command_takes(command, (enum option_id)id)) {
			buf_puts(out, any ? "" : "\nOptions:\n");
			option_entry((enum option_id)id, out);
			any = true;
		}
	}
	buf_puts(out, "\nThe options of connection and output stand in 'berth help'.\n");
}

static void help_family(
    const struct verb *const *table, const char *const *words, size_t n, struct buf *out) {
	for (; *table != NULL; table++) {
		if (command_in_family(*table, words, n)) {
			command_entry(*table, out);
		}
	}
}

bool help_words(
    const struct verb *const *table, const char *const *words, size_t n, struct buf *out, struct err *err) {
	size_t used = 0;
	const struct verb *command = command_find(table, words, n, &used);

	if (n == 0) {
		help_program(table, out);
	} else if (command != NULL && used == n) {
		help_command(command, out);
	} else if (command_family(table, words, n)) {
		help_family(table, words, n, out);
	} else {
		return command_unknown(table, words, n, err);
	}
	return true;
}

static bool print(struct run *run, struct buf *text, struct err *err) {
	bool ok = output_text(run->sink.file, buf_text(text), text->len, err);

	buf_release(text);
	return ok;
}

bool help_asked(struct run *run, struct err *err) {
	const struct args *args = run->args;
	struct buf text = {0};

	if (args->command != NULL) {
		help_command(args->command, &text);
	} else if (!help_words(run->commands, (const char *const *)args->operands, args->count, &text, err)) {
		buf_release(&text);
		return false;
	}
	return print(run, &text, err);
}

static bool run_help(struct run *run, struct err *err) {
	const struct args *args = run->args;
	struct buf text = {0};

	if (!help_words(run->commands, (const char *const *)args->operands, args->count, &text, err)) {
		buf_release(&text);
		return false;
	}
	return print(run, &text, err);
}

static bool run_version(struct run *run, struct err *err) {
	if (run->sink.format == FORMAT_TABLE) {
		(void)fprintf(run->sink.file, "berth %s\n", BERTH_VERSION);
		return output_flush(run->sink.file, err);
	}
	struct record *record = record_new();

	record_text(record, "version", BERTH_VERSION);
	return record_print(record, &run->sink, err);
}

const struct verb command_help = {
    .words = "help",
    .synopsis = "[COMMAND]",
    .summary = "what there is, or all about a command",
    .max = 4,
    .flags = VERB_OFFLINE,
    .run = run_help,
};

const struct verb command_version = {
    .words = "version",
    .synopsis = "",
    .summary = "the version of this program",
    .flags = VERB_OFFLINE,
    .run = run_version,
};
