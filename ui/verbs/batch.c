#include "ui/verbs/verb.h"

#include <jansson.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "db/batch/batch.h"
#include "db/base/buf.h"
#include "db/base/clock.h"
#include "db/base/err.h"
#include "db/base/mem.h"
#include "model/syntax/instant.h"
#include "model/text/script.h"
#include "ui/verbs/parse/args.h"
#include "ui/cli/perform.h"
#include "ui/cli/context.h"
#include "ui/verbs/parse/file.h"
#include "ui/verbs/parse/opt.h"
#include "ui/cli/run.h"

/* A command of the file, with a run of its own. */
struct line {
	struct script_line words;
	struct args args;
	struct run run; /* points to args */
	struct line *next;
};

/* `struct lines l = {.end = &l.first}` has none. */
struct lines {
	struct line *first;
	struct line **end; /* the end of the list */
	struct id digest;  /* over all words */
	struct buf places; /* the places of the commands, see model/text/script.h */
};

static void lines_release(struct lines *lines) {
	while (lines->first != NULL) {
		struct line *line = lines->first;

		lines->first = line->next;
		args_release(&line->args);
		script_line_release(&line->words);
		free(line);
	}
	buf_release(&lines->places);
}

/* Adds a line, and takes the words. */
static struct line *lines_add(struct lines *lines, const struct script_line *words) {
	struct line *line = mem_new(1, sizeof *line);

	line->words = *words;
	*lines->end = line;
	lines->end = &line->next;
	return line;
}

/* Reads the commands of a file. After an error, the commands before the wrong line are in `lines`. */
static bool read_lines(const struct buf *file, struct lines *lines, struct err *err) {
	struct script_places places = {0};
	struct script script;
	struct script_line words;
	bool ok;

	script_init(&script, buf_text(file), file->len);
	while ((ok = script_next(&script, &words, err)) && words.argc > 0) {
		lines_add(lines, &words);
		lines->digest = script_digest(lines->digest, &words);
		script_place_put(&places, words.number, &lines->places);
	}
	return ok;
}

/* Returns the id of a line without --id: the same for the same line of the same batch. It has a name space of
 * its own, so that it never equals an id of an allocate --count with the batch's id. */
static struct id line_id(const struct run *run, int64_t number) {
	return id_derive(id_derive(run->id, 0), (uint64_t)number);
}

/* Sets up the run of a line: that of the batch, with the line's own options. `number` is the number of the
 * line when it was first sent. */
static bool line_begin(const struct run *run, struct line *line, int64_t number, struct err *err) {
	const char *reason = opt(run->args, OPT_REASON);

	if (!args_parse(line->words.argc, line->words.argv, run->verbs, ARGS_LINE, &line->args, err)) {
		return false;
	}
	if (reason != NULL && !opt_given(&line->args, OPT_REASON)) {
		args_add(&line->args, OPT_REASON, reason);
	}
	line->run = *run;
	line->run.args = &line->args;
	line->run.line = line->words.number;
	line->run.id = line_id(run, number);
	return true;
}

/* Names the step in an error of a line: the verb, and the part of it where it has several steps. */
static bool blame(const struct line *line, struct err *err) {
	const struct verb *verb = line->args.verb;

	if (verb != NULL) {
		char *step = mem_print(
		    "%s%s%s", verb->words, err->step == NULL ? "" : ": ", err->step == NULL ? "" : err->step);

		free(err->step);
		err->step = step;
	}
	err->line = line->words.number;
	return false;
}

/* Adds the steps of all lines; stops at the first wrong line, before anything is sent. */
static bool add_lines(
    const struct run *run, struct lines *lines, const char *places, struct batch *b, struct err *err) {
	struct script_places at = {0};

	for (struct line *line = lines->first; line != NULL; line = line->next) {
		int64_t number = 0;

		if (!script_place_next(&at, &places, &number)) {
			return err_set(err, ERR_INTERNAL, "the places that the server has kept are invalid");
		}
		batch_line(b, line->words.number);
		if (!line_begin(run, line, number, err) || !perform_add(&line->run, b, err)) {
			return blame(line, err);
		}
	}
	return true;
}

/* Reads the file and adds its steps, none without commands. `places` are the places of the commands when they
 * were first sent; NULL for those of now. Of two errors it reports the one of the earlier line. */
static bool add_file(const struct run *run, const struct buf *file, const char *places, struct lines *lines,
    struct batch *b, struct err *err) {
	struct err later = {0};
	bool ok = read_lines(file, lines, &later);
	const char *at = places == NULL ? buf_text(&lines->places) : places;

	if (lines->first != NULL) {
		script_begin_add(b, run->id, lines->digest, at);
	}
	if (!add_lines(run, lines, at, b, err)) {
		err_release(&later);
		return false;
	}
	return ok || err_move(err, &later);
}

/* Lets the verb whose step has failed improve the error. */
static bool explain(const struct lines *lines, struct err *err) {
	for (struct line *line = lines->first; line != NULL; line = line->next) {
		if (line->words.number == err->line) {
			perform_explain(&line->run, err);
			return blame(line, err);
		}
	}
	return false;
}

/* The answer to a line. */
struct answer {
	int64_t line;
	const char *command;
	const char *text; /* JSON; in brief form for tables */
};

static const struct field answer_fields[] = {
    {"line", FIELD_INT, offsetof(struct answer, line), NULL},
    {"command", FIELD_TEXT, offsetof(struct answer, command), NULL},
    {"answer", FIELD_TEXT, offsetof(struct answer, text), NULL},
};
static const struct row_type answer_row = {
    "answer", sizeof(struct answer), answer_fields, sizeof answer_fields / sizeof *answer_fields};
static const struct column answer_columns[] = {
    {"line", "LINE"}, {"command", "COMMAND"}, {"answer", "ANSWER"}, {0}};
static const struct shape answer_shape = {&answer_row, answer_columns};

/* Prints the answer to a line into a text, which the caller frees. */
static bool read_answer(struct line *line, const struct batch *b, char **text, struct err *err) {
	enum format format = line->run.sink.format;
	size_t n = 0;
	FILE *file = open_memstream(text, &n);
	bool ok;

	if (file == NULL) {
		return err_set(err, ERR_INTERNAL, "no memory for an answer");
	}
	line->run.sink.file = file;
	line->run.sink.format = format == FORMAT_TABLE ? FORMAT_BRIEF : FORMAT_JSON;
	ok = line->args.verb->answer(&line->run, b, err);
	(void)fclose(file);
	if (n > 0 && (*text)[n - 1] == '\n') {
		(*text)[n - 1] = '\0';
	}
	return ok;
}

/* Puts the answer to a line: JSON is an array of these answers, tables and CSV have a row for each. */
static void put_answer(struct run *run, struct list *list, const struct answer *answer, bool first) {
	if (list != NULL) {
		list_row(list, answer);
	} else {
		(void)fprintf(run->sink.file, "%s\n%s", first ? "" : ",", answer->text);
	}
}

static bool print_answers(
    struct run *run, const struct lines *lines, const struct batch *b, struct err *err) {
	struct list *list = run->sink.format == FORMAT_JSON ? NULL : list_begin(&run->sink, &answer_shape);
	bool ok = true;

	(void)fputs(list == NULL ? "[" : "", run->sink.file);
	for (struct line *line = lines->first; line != NULL && ok; line = line->next) {
		struct answer answer = {.line = line->words.number, .command = line->args.verb->words};
		char *text = NULL;

		ok = read_answer(line, b, &text, err);
		if (ok) {
			answer.text = text;
			put_answer(run, list, &answer, line == lines->first);
		}
		run->exit = line->run.exit != 0 ? line->run.exit : run->exit;
		free(text);
	}
	if (list != NULL) {
		return list_end(list, err) && ok;
	}
	(void)fputs(lines->first == NULL ? "]\n" : "\n]\n", run->sink.file);
	return ok && output_flush(run->sink.file, err);
}

/* Notes a replay, since some answers do not show it: what has changed since then stays as it is. */
static void tell_replay(const struct run *run, const struct batch *b) {
	const struct present *done = batch_row(b, 0, 0);
	struct buf time = {0};

	if (done->present != TIME_NONE) {
		instant_text(done->present, &time);
		run_note(run, "this batch was applied at %s; nothing was changed now", buf_text(&time));
	}
	buf_release(&time);
}

/* Sends the batch; an empty one needs no server. */
static bool send(struct run *run, const struct lines *lines, struct batch *b, struct err *err) {
	if (lines->first == NULL) {
		return true;
	}
	if (!run_batch(run, b, err)) {
		return explain(lines, err);
	}
	perform_print_id(run);
	tell_replay(run, b);
	return true;
}

/* Returns the places of the commands when they were first sent, if the error is that they have moved, for the
 * caller to free; else NULL. */
static char *places_of(const struct err *err) {
	json_t *detail =
	    err->code == ERR_ID_CONFLICT && err->line == 0 ? json_loads(err->detail, 0, NULL) : NULL;
	char *places = mem_text(json_string_value(json_object_get(detail, "places")));

	json_decref(detail);
	return places;
}

static bool run_lines(struct run *run, const struct buf *file, const char *places, struct err *err) {
	struct lines lines = {.end = &lines.first};
	struct batch *b = perform_batch(run);
	bool ok = add_file(run, file, places, &lines, b, err) && send(run, &lines, b, err) &&
		  print_answers(run, &lines, b, err);

	batch_free(b);
	lines_release(&lines);
	return ok;
}

static bool run_file(struct run *run, struct err *err) {
	struct buf file = {0};
	char *detail = NULL;
	char *places;
	struct id id;
	bool ok = run_id(run, &id, err) && context_read(run->args, &detail, err) &&
		  file_read(operand(run->args, 0), &file, err) && run_lines(run, &file, NULL, err);

	places = ok ? NULL : places_of(err);
	if (places != NULL) {
		err_release(err);
		ok = run_lines(run, &file, places, err);
	}
	buf_release(&file);
	free(places);
	free(detail);
	return ok;
}

const struct verb batch_verbs[] = {
    {
	.words = "batch",
	.examples = "berth batch changes.txt\n"
		    "berth batch - --dry-run < changes.txt\n",
	.synopsis = "FILE|-",
	.summary = "run a file of verbs as one transaction: all or none",
	.notes =
	    "Each line is a verb that changes something, without 'berth' before it, split into words as\n"
	    "a shell does (quotes, backslash; nothing is expanded); # begins a comment. A later line sees\n"
	    "what the earlier ones did. Options of connection and output, --dry-run and --wait apply to\n"
	    "the whole batch, and no line has them. An error names its line, and nothing has changed.\n"
	    "The same --id with the same verbs, whatever the comments, blanks and empty lines, applies\n"
	    "them once and repeats the answer; with other verbs it is an id_conflict. Ids that are not\n"
	    "given are derived from --id and the number that the line had the first time.\n",
	.min = 1,
	.max = 1,
	.flags = VERB_MUTATES | VERB_TELLS_ID,
	.run = run_file,
    },
    {0},
};
