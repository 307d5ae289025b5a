#include "ui/verbs/help.h"

#include <string.h>

#include "db/base/buf.h"
#include "db/base/err.h"
#include "model/text/safe.h"
#include "ui/completer.h"
#include "ui/verbs/verb.h"
#include "ui/cli/record.h"
#include "ui/cli/run.h"
#include "ui/text/version.h"

/* The column of the explanation of an option or command. */
#define INDENT ((size_t)34)

/* Appends "  left            right", on two lines when left is long. */
static void entry(struct buf *out, const char *left, const char *right) {
	size_t width = safe_width(left, strlen(left)) + 2;

	buf_printf(out, "  %s", left);
	if (width + 2 > INDENT) {
		buf_char(out, '\n');
		width = 0;
	}
	buf_printf(out, "%*s%s\n", (int)(INDENT - width), "", right);
}

static void option_entry(const struct verb *verb, enum option_id id, struct buf *out) {
	const struct option_spec *spec = &option_specs[id];
	struct buf left = {0};

	if (spec->letter != 0) {
		buf_printf(&left, "-%c, ", spec->letter);
	} else {
		buf_puts(&left, "    ");
	}
	buf_printf(&left, "--%s", spec->name);
	if (spec->takes != TAKES_NOTHING) {
		buf_printf(&left, spec->takes == TAKES_VALUE ? " %s" : "[=%s]", verb_metavar(verb, id));
	}
	entry(out, buf_text(&left), verb_option_help(verb, id));
	buf_release(&left);
}

static void group_options(const char *title, enum option_group group, struct buf *out) {
	static const struct verb any = {.words = ""};

	buf_printf(out, "\n%s:\n", title);
	for (int id = OPT_END + 1; id < OPT_COUNT_OF; id++) {
		if (option_specs[id].group == group) {
			option_entry(&any, (enum option_id)id, out);
		}
	}
}

static void verb_entry(const struct verb *verb, struct buf *out) {
	entry(out, verb->words, verb->summary);
}

/* Appends the help of the program: usage, the verbs with their summaries, the options of every verb. */
static void put_program(const struct verb *const *table, struct buf *out) {
	buf_puts(out, "usage: berth [@PROFILE] [CONNECTION] [OUTPUT] [VERB …]\n"
		      "Without a verb the console opens.\n\nVerbs:\n");
	for (struct verb_walk w = {.family = table}; verb_next(&w);) {
		verb_entry(w.verb, out);
	}
	group_options("Connection", GROUP_CONNECTION, out);
	group_options("Output", GROUP_OUTPUT, out);
	group_options("Common to many verbs", GROUP_COMMON, out);
	buf_puts(out, "\n"
		      "'berth help VERB' shows the details of a verb.\n");
}

/* Appends the examples, indented. */
static void put_examples(const char *examples, struct buf *out) {
	buf_puts(out, "\nExamples:\n");
	for (const char *line = examples; *line != '\0'; line += strcspn(line, "\n") + 1) {
		buf_printf(out, "  %.*s\n", (int)strcspn(line, "\n"), line);
	}
}

/* Appends the help of one verb: its synopsis, summary, notes, options and examples. */
static void put_verb(const struct verb *verb, struct buf *out) {
	bool any = false;

	buf_printf(out, "usage: %s%s%s%s\n%s\n", verb_prompt(verb), verb->words,
	    verb->synopsis[0] == '\0' ? "" : " ", verb->synopsis, verb->summary);
	if (verb->notes != NULL) {
		buf_printf(out, "\n%s", verb->notes);
	}
	if ((verb->flags & VERB_TELLS_ID) != 0) {
		buf_puts(
		    out, "\nThe id of the request is printed on standard error, unless --quiet is given.\n");
	}
	for (int id = OPT_END + 1; id < OPT_COUNT_OF; id++) {
		enum option_group group = option_specs[id].group;

		if ((group == GROUP_COMMON || group == GROUP_VERB) && verb_takes(verb, (enum option_id)id)) {
			buf_puts(out, any ? "" : "\nOptions:\n");
			option_entry(verb, (enum option_id)id, out);
			any = true;
		}
	}
	if (verb->examples != NULL) {
		put_examples(verb->examples, out);
	}
	buf_puts(out, "\nThe options of connection and output are in 'berth help'.\n");
}

static void help_family(
    const struct verb *const *table, const char *const *words, size_t n, struct buf *out) {
	for (struct verb_walk w = {.family = table}; verb_next(&w);) {
		if (verb_in_family(w.verb, words, n)) {
			verb_entry(w.verb, out);
		}
	}
}

bool help_words(
    const struct verb *const *table, const char *const *words, size_t n, struct buf *out, struct err *err) {
	size_t used = 0;
	const struct verb *verb = verb_find(table, words, n, &used);

	if (n == 0) {
		put_program(table, out);
	} else if (verb != NULL && used == n) {
		put_verb(verb, out);
	} else if (verb_family(table, words, n)) {
		help_family(table, words, n, out);
	} else {
		return verb_unknown(table, words, n, err);
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

	if (args->verb != NULL) {
		put_verb(args->verb, &text);
	} else if (!help_words(run->verbs, (const char *const *)args->operands, args->count, &text, err)) {
		buf_release(&text);
		return false;
	}
	return print(run, &text, err);
}

static bool answer_help(struct run *run, const struct batch *b, struct err *err) {
	const struct args *args = run->args;
	struct buf text = {0};

	(void)b;
	if (!help_words(run->verbs, (const char *const *)args->operands, args->count, &text, err)) {
		buf_release(&text);
		return false;
	}
	return print(run, &text, err);
}

static bool answer_version(struct run *run, const struct batch *b, struct err *err) {
	struct record *record;

	(void)b;
	if (run->sink.format == FORMAT_TABLE) {
		(void)fprintf(run->sink.file, "berth %s\n", BERTH_VERSION);
		return output_flush(run->sink.file, err);
	}
	record = record_new();
	record_text(record, "version", BERTH_VERSION);
	return record_print(record, &run->sink, err);
}

const struct verb help_verbs[] = {
    {
	.words = "help",
	.examples = "berth help pool create\n"
		    "berth help queue\n",
	.synopsis = "[VERB]",
	.summary = "list the verbs, or show the help of one",
	.max = 4,
	.flags = VERB_OFFLINE,
	.answer = answer_help,
    },
    {
	.words = "version",
	.examples = "berth version\n",
	.synopsis = "",
	.summary = "print the version of this program",
	.flags = VERB_OFFLINE,
	.answer = answer_version,
    },
    {
	.words = "complete",
	.synopsis = "LINE",
	.summary = "print what completes the last word of a command line, for shells",
	.notes = "LINE is the line up to the cursor, with the name of the program. A candidate is a line:\n"
		 "the word, a tab, and what it is. Exit 1: names of files complete the word.\n",
	.min = 1,
	.max = 1,
	.flags = VERB_OFFLINE | VERB_HIDDEN,
	.run = completer,
    },
    {0},
};
