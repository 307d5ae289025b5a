/*
 * Places for the tables of verbs and options.
 */
#include "ui/manual/manual.h"

#include <stdlib.h>
#include <string.h>

#include "db/base/buf.h"
#include "ui/console/app/console_verbs.h"
#include "ui/manual/mdoc.h"
#include "ui/verbs/verb.h"

#define LIST ".Bl -tag -width Ds -compact\n"

static const struct verb any = {.words = "", .synopsis = ""};

/* Appends the item of an option: `-l, --selector SEL`, and its text. */
static void option_item(const struct verb *verb, enum option_id id, struct buf *out) {
	const struct option_spec *spec = &option_specs[id];
	const char *metavar = verb_metavar(verb, id);

	buf_puts(out, ".It");
	if (spec->letter != 0) {
		buf_printf(out, " Fl \\&%c ,", spec->letter);
	}
	buf_printf(out, " Fl -%s", spec->name);
	if (spec->takes == TAKES_MAYBE) {
		buf_puts(out, " Ns Oo = Ns Ar");
		mdoc_argument(metavar, strlen(metavar), out);
		buf_puts(out, " Oc");
	} else if (spec->takes == TAKES_VALUE) {
		buf_puts(out, " Ar");
		mdoc_argument(metavar, strlen(metavar), out);
	}
	buf_char(out, '\n');
	if (verb_values(verb, id) != NULL) {
		mdoc_text(verb_option_help(verb, id), out); /* begins with words that can be typed */
	} else {
		mdoc_sentence(verb_option_help(verb, id), out);
	}
}

/* Appends the options of a verb that are in this group, after `before` and the start of a list; nothing
 * without any. */
static void group(const struct verb *verb, enum option_group wanted, const char *before, struct buf *out) {
	bool begun = false;

	for (int id = OPT_END + 1; id < OPT_COUNT_OF; id++) {
		if (option_specs[id].group == wanted &&
		    (verb == &any || verb_takes(verb, (enum option_id)id))) {
			buf_puts(out, begun ? "" : before);
			begun = true;
			option_item(verb, (enum option_id)id, out);
		}
	}
	buf_puts(out, begun ? ".El\n" : "");
}

/* Appends a sentence with the common options of a verb. */
static void common(const struct verb *verb, struct buf *out) {
	size_t count = 0;

	for (int id = OPT_HELP + 1; id < OPT_COUNT_OF; id++) {
		if (option_specs[id].group == GROUP_COMMON && verb_takes(verb, (enum option_id)id)) {
			buf_puts(out, count++ == 0 ? ".Pp\nCommon options:\n" : " ,\n");
			buf_printf(out, ".Fl -%s", option_specs[id].name);
		}
	}
	buf_puts(out, count == 0 ? "" : " .\n");
}

static void synopsis(const struct verb *verb, const char *before, struct buf *out) {
	buf_puts(out, before);
	buf_puts(out, " Cm");
	mdoc_argument(verb->words, strlen(verb->words), out);
	mdoc_synopsis(verb->synopsis, out);
	buf_char(out, '\n');
}

static void examples(const struct verb *verb, struct buf *out) {
	if (verb->examples == NULL) {
		return;
	}
	buf_puts(out, ".Pp\n.Bd -literal -offset indent -compact\n");
	for (const char *line = verb->examples; *line != '\0'; line += strcspn(line, "\n") + 1) {
		mdoc_literal(line, strcspn(line, "\n"), out);
	}
	buf_puts(out, ".Ed\n");
}

static void notes(const struct verb *verb, struct buf *out) {
	if (verb->notes != NULL) {
		mdoc_text(verb->notes, out);
	}
}

static void verb_section(const struct verb *verb, struct buf *out) {
	buf_puts(out, ".Ss");
	mdoc_argument(verb->words, strlen(verb->words), out);
	buf_char(out, '\n');
	synopsis(verb, ".D1 Nm berth", out);
	mdoc_sentence(verb->summary, out);
	buf_puts(out, verb->notes != NULL ? ".Pp\n" : "");
	notes(verb, out);
	group(verb, GROUP_VERB, ".Pp\n" LIST, out);
	common(verb, out);
	examples(verb, out);
}

static bool put_verbs(const char *words, struct buf *out) {
	for (struct verb_walk w = {.family = verbs}; verb_next(&w);) {
		verb_section(w.verb, out);
	}
	return *words == '\0';
}

/* Puts the verbs that only the console has. */
static bool put_console_verbs(const char *words, struct buf *out) {
	const struct verb **table = console_verbs();

	buf_puts(out, LIST);
	for (const struct verb *verb = table[0]; verb->words != NULL; verb++) {
		synopsis(verb, ".It Li \\&: Ns", out);
		mdoc_sentence(verb->summary, out);
	}
	buf_puts(out, ".El\n");
	free(table);
	return *words == '\0';
}

static const struct verb *find_verb(const char *words) {
	for (struct verb_walk w = {.family = verbs}; verb_next(&w);) {
		if (strcmp(w.verb->words, words) == 0) {
			return w.verb;
		}
	}
	return NULL;
}

/* Puts the options of the verb. */
static bool put_verb_options(const char *words, struct buf *out) {
	const struct verb *verb = find_verb(words);

	if (verb != NULL) {
		group(verb, GROUP_VERB, LIST, out);
	}
	return verb != NULL;
}

static bool put_verb_notes(const char *words, struct buf *out) {
	const struct verb *verb = find_verb(words);

	if (verb != NULL) {
		notes(verb, out);
	}
	return verb != NULL;
}

/* Puts the options of a group. */
static bool put_options(const char *words, struct buf *out) {
	static const char *const names[] = {
	    [GROUP_CONNECTION] = "connection", [GROUP_OUTPUT] = "output", [GROUP_COMMON] = "common"};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		if (strcmp(words, names[i]) == 0) {
			group(&any, (enum option_group)i, LIST, out);
			return true;
		}
	}
	return false;
}

const struct place verb_places[] = {
    {"verbs", put_verbs},
    {"console-verbs", put_console_verbs},
    {"verb-options", put_verb_options},
    {"verb-notes", put_verb_notes},
    {"options", put_options},
    {0},
};
