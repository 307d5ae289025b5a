/*
 * Completion: the candidates for one word of a line, be it typed after `:` or in a shell.
 *
 * Verbs, options and their values come from the tables of the verbs. Names of things are in the database: for
 * them `names` says which ones are to be looked up (ui/verbs/names.h). Names that the user has given, such as
 * those of profiles, are in files: then `own` is what the synopsis calls them.
 *
 * The line is read leniently, as far as it makes sense. Nothing is checked, and nothing waits.
 */
#ifndef UI_VERBS_CANDIDATES_H
#define UI_VERBS_CANDIDATES_H

#include <stdbool.h>
#include <stddef.h>

#include "model/syntax/filter.h"
#include "ui/verbs/names.h"
#include "ui/verbs/parse/args.h"

struct verb;

/* The line. */
struct incomplete {
	const struct verb *const *table;
	char *const *words; /* those before the word, complete */
	size_t count;
	const char *word;         /* it, maybe empty */
	bool shell;               /* a line of a shell: with profile and options of connection and output */
	enum filter_rows fields;  /* of the screen, in the console */
	const char *const *sorts; /* likewise; NULL: none */
};

struct candidate {
	char *name;
	const char *about; /* borrowed from a table; "" for nothing */
};

/* `struct candidates c = {0}` has none. Not all begin with the word. */
struct candidates {
	struct candidate *items;
	size_t count;
	size_t at;          /* bytes of the word that stay before the name */
	bool verbs;         /* they are verbs, all words of them */
	size_t first;       /* then: the operand that is the first typed word of the verb */
	bool open;          /* an operator may follow the whole name */
	bool assigns;       /* a `=` follows the name */
	bool files;         /* the word names a file or folder */
	bool table_missing; /* columns of a table that was not named */
	enum names names;   /* to be looked up; NAMES_NONE: none */
	char *key;          /* for that: of the label, or the table; or NULL */
	const char *own;    /* borrowed from a table: such as "PROFILE"; NULL: none */
	size_t own_bytes;   /* of it */
	struct args args;   /* profile, options of connection, operands; borrowed from the words */
};

/* Fills c, for candidates_release(). */
void candidates_find(const struct incomplete *line, struct candidates *c);
void candidates_release(struct candidates *c);

/* Add a candidate, which it takes, or those of a list that NULL ends. */
void candidates_offer(struct candidates *c, char *name, const char *about);
void candidates_offer_list(struct candidates *c, const char *const *names);

/* Offers the fields of rows for the last term of a filter, or the words of its field. Returns the bytes
 * before. */
size_t candidates_of_filter(enum filter_rows rows, const char *text, struct candidates *c);

#endif
