#include "ui/completer.h"

#include <stdlib.h>
#include <string.h>

#include "db/base/buf.h"
#include "db/base/clock.h"
#include "db/base/err.h"
#include "db/base/mem.h"
#include "db/batch/batch.h"
#include "db/conn/conn.h"
#include "db/server/server.h"
#include "model/text/safe.h"
#include "model/text/script.h"
#include "ui/cli/run.h"
#include "ui/config/config.h"
#include "ui/console/app/own_names.h"
#include "ui/verbs/candidates.h"
#include "ui/verbs/parse/connection.h"
#include "ui/verbs/parse/opt.h"

#define PATIENCE ((int64_t)200000) /* microseconds for the server, without --timeout */

/* The words of a line. */
struct line {
	struct script_line words;
	char *last; /* the word that is completed, borrowed from words; NULL: none */
};

/* Prints a candidate: the n first bytes of the word stay before its name. */
static void print(const struct run *run, const char *word, size_t n, const char *name, const char *after,
    const char *about) {
	struct buf whole = {0}, safe = {0};

	buf_printf(&whole, "%.*s%s%s", (int)n, word, name, after);
	safe_text(buf_text(&whole), whole.len, SAFE_UTF8, &safe);
	if (strcmp(buf_text(&whole), buf_text(&safe)) == 0) {
		(void)fprintf(run->sink.file, "%s\t%s\n", buf_text(&whole), about);
	}
	buf_release(&whole);
	buf_release(&safe);
}

/* The state of the callbacks. */
struct target {
	const struct run *run;
	const char *word;
	const struct candidates *c;
};

static void print_matching(const struct target *to, const char *name, const char *about) {
	const char *typed = to->word + to->c->at;
	bool anywhere = to->c->names == NAMES_TABLES; /* found without their schema */

	if (anywhere || strncmp(name, typed, strlen(typed)) == 0) {
		print(to->run, to->word, to->c->at, name, to->c->assigns ? "=" : "", about);
	}
}

static void print_own(void *data, const char *name) {
	print_matching(data, name, "");
}

/* Prints the next word of verbs, once for each, with the summary of the verb that ends there. */
static void print_verbs(const struct target *to) {
	const size_t typed = to->c->args.count - to->c->first;
	struct buf before = {0};

	for (size_t i = 0; i < to->c->count; i++) {
		const char *name = to->c->items[i].name;
		size_t n;
		char *word;

		for (size_t skipped = 0; skipped < typed; skipped++) {
			name += strcspn(name, " ") + 1;
		}
		n = strcspn(name, " ");
		word = mem_print("%.*s", (int)n, name);
		if (before.len == 0 || strcmp(buf_text(&before), word) != 0) {
			print(to->run, "", 0, word, "", name[n] == '\0' ? to->c->items[i].about : "");
		}
		buf_release(&before);
		buf_puts(&before, word);
		free(word);
	}
	buf_release(&before);
}

/* Connects as the line says. Starts no server, and asks for no password. */
static bool connect_quietly(
    struct connect *connect, const struct args *args, const struct config *config, struct err *err) {
	const struct connect_wish request = {.deadline = clock_steady()};
	const struct profile *profile =
	    args->profile == NULL ? NULL : config_profile(config, args->profile, err);
	struct server *server = NULL;
	bool runs = true;

	if (args->profile != NULL && profile == NULL) {
		return false;
	}
	if (opt_given(args, OPT_LOCAL)) {
		runs =
		    server_open(opt(args, OPT_LOCAL), &server, err) && server_state(server) == SERVER_RUNNING;
		server_close(server);
	}
	return runs && connect_init(connect, args, profile, &request, err);
}

/* Returns the options of connection without those that ask on the terminal. */
static struct args silent(const struct args *args) {
	struct args out = {.profile = args->profile};

	for (size_t i = 0; i < args->given_count; i++) {
		if (args->given[i].option != OPT_PASSWORD) {
			args_add(&out, args->given[i].option, args->given[i].value);
		}
	}
	return out;
}

static void print_rows(const struct target *to, const struct batch *b) {
	for (size_t i = 0; i < batch_count(b, 0); i++) {
		struct buf name = {0};

		names_row(to->c->names, batch_row(b, 0, i), &name);
		print_matching(to, buf_text(&name), "");
		buf_release(&name);
	}
}

/* Prints the names that the database has for the word. */
static void print_names(const struct target *to, int64_t deadline) {
	struct args args = silent(&to->c->args);
	struct connect connect = {0};
	struct config config = {0};
	struct err err = {0};

	if ((args.profile == NULL || config_read(&config, &err)) &&
	    connect_quietly(&connect, &args, &config, &err)) {
		struct batch *b = batch_new(BATCH_READ);
		struct conn *conn;

		connect.options.read_only = true;
		conn = conn_new(&connect.options);
		names_add(b, to->c->names, to->c->key, to->word + to->c->at);
		if (conn_run(conn, b, deadline, &err)) {
			print_rows(to, b);
		}
		conn_free(conn);
		batch_free(b);
	}
	connect_release(&connect);
	config_release(&config);
	args_release(&args);
	err_release(&err);
}

/* Splits a line as a shell does. A quote may be open: the last word ends where the line does. */
static bool split(const char *text, struct line *line) {
	static const char *const closings[] = {"x", "x'", "x\""};
	struct err err = {0};
	bool ok = false;

	*line = (struct line){0};
	for (size_t i = 0; !ok && i < sizeof closings / sizeof *closings; i++) {
		char *closed = mem_print("%s%s", text, closings[i]);
		struct script script;

		err_release(&err);
		script_init(&script, closed, strlen(closed));
		ok = script_next(&script, &line->words, &err);
		free(closed);
	}
	err_release(&err);
	if (ok && line->words.argc > 2) { /* after an empty one and the name of the program */
		line->last = line->words.argv[line->words.argc - 1];
		line->last[strlen(line->last) - 1] = '\0';
	}
	return line->last != NULL;
}

static void complete(struct run *run, const struct line *line, int64_t deadline) {
	const struct incomplete words = {.table = run->verbs,
	    .words = line->words.argv + 2,
	    .count = (size_t)line->words.argc - 3,
	    .word = line->last,
	    .shell = true};
	struct candidates c;
	struct target to = {.run = run, .word = line->last, .c = &c};
	struct err err = {0};

	candidates_find(&words, &c);
	if (c.verbs) {
		print_verbs(&to);
	} else if (c.names != NAMES_NONE) {
		print_names(&to, deadline);
	} else {
		for (size_t i = 0; i < c.count; i++) {
			print_matching(&to, c.items[i].name, c.items[i].about);
		}
		if (c.own != NULL && !own_names(c.own, c.own_bytes, print_own, &to, &err)) {
			err_release(&err);
		}
	}
	run->exit = c.files ? 1 : 0;
	candidates_release(&c);
}

bool completer(struct run *run, struct err *err) {
	int64_t deadline = run->deadline != TIME_NONE ? run->deadline : clock_steady() + PATIENCE;
	struct line line;

	if (split(operand(run->args, 0), &line)) {
		complete(run, &line, deadline);
	}
	script_line_release(&line.words);
	return output_flush(run->sink.file, err);
}
