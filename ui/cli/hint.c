#include "ui/cli/hint.h"

#include <stdlib.h>
#include <string.h>

#include "db/base/buf.h"
#include "db/conn/conninfo.h"
#include "db/base/err.h"
#include "db/base/mem.h"
#include "ui/verbs/parse/args.h"
#include "ui/verbs/verb.h"
#include "ui/verbs/parse/opt.h"

static const char berth[] = "berth ";
static const char usage[] = "usage: ";

/* Appends a word, quoted for a shell. */
static void put_word(struct buf *out, const char *word) {
	static const char plain[] =
	    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./:@%+,=-";

	if (word[0] != '\0' && word[strspn(word, plain)] == '\0') {
		buf_puts(out, word);
		return;
	}
	buf_char(out, '\'');
	for (; *word != '\0'; word++) {
		buf_puts(out, *word == '\'' ? "'\\'" : "");
		buf_char(out, *word);
	}
	buf_char(out, '\'');
}

/* Appends "-h VALUE ". */
static void put_option(struct buf *out, const char *option, const char *value) {
	buf_printf(out, "%s ", option);
	put_word(out, value);
	buf_char(out, ' ');
}

static void put_local(struct buf *out, const char *folder) {
	buf_puts(out, folder == NULL ? "--local" : "--local=");
	if (folder != NULL) {
		put_word(out, folder);
	}
	buf_char(out, ' ');
}

static void put_database(struct buf *out, const char *dbname) {
	char *told = conninfo_public(dbname);

	if (told[0] != '\0') {
		put_option(out, "-d", told);
	}
	free(told);
}

/* Appends a valid port only: in other programs -p is a password. */
static void put_port(struct buf *out, const char *port) {
	struct err ignored = {0};

	if (ports_check(port, &ignored)) {
		put_option(out, "-p", port);
	}
	err_release(&ignored);
}

void hint_options(const struct args *args, struct buf *out) {
	if (args->profile != NULL) {
		buf_printf(out, "@%s ", args->profile);
	}
	if (opt_given(args, OPT_LOCAL)) {
		put_local(out, opt(args, OPT_LOCAL));
	}
	if (opt_given(args, OPT_DBNAME)) {
		put_database(out, opt(args, OPT_DBNAME));
	}
	if (opt_given(args, OPT_HOST)) {
		put_option(out, "-h", opt(args, OPT_HOST));
	}
	if (opt_given(args, OPT_PORT)) {
		put_port(out, opt(args, OPT_PORT));
	}
	if (opt_given(args, OPT_USER)) {
		put_option(out, "-U", opt(args, OPT_USER));
	}
	buf_puts(out, opt_given(args, OPT_NO_PASSWORD) ? "-w " : "");
	buf_puts(out, opt_given(args, OPT_PASSWORD) ? "-W " : "");
}

/* Returns true when a command that connects begins here, or --once. */
static bool names_command(const char *text, const struct verb *const *table) {
	if (strncmp(text, "--once ", strlen("--once ")) == 0) {
		return true;
	}
	for (struct verb_walk w = {.family = table}; verb_next(&w);) {
		size_t n = strcspn(w.verb->words, " ");

		if ((w.verb->flags & VERB_OFFLINE) == 0 && strncmp(w.verb->words, text, n) == 0 &&
		    strchr(" \n;:,.)", text[n]) != NULL) {
			return true;
		}
	}
	return false;
}

char *hint_text(const struct args *args, const struct verb *const *table, const char *text) {
	struct buf options = {0}, out = {0};

	if (strncmp(text, usage, strlen(usage)) == 0) {
		return mem_text(text);
	}
	hint_options(args, &options);
	for (const char *next; (next = strstr(text, berth)) != NULL; text = next) {
		next += strlen(berth);
		buf_add(&out, text, (size_t)(next - text));
		if (names_command(next, table)) {
			buf_puts(&out, buf_text(&options));
		}
	}
	buf_puts(&out, text);
	buf_release(&options);
	return buf_take(&out);
}

void hint_connect(const struct args *args, const struct verb *const *table, struct err *err) {
	if (err->hint != NULL) {
		char *text = hint_text(args, table, err->hint);

		free(err->hint);
		err->hint = text;
	}
}
