/*
 * The scope of a list: the leases of one pool, the items of one bulk, the rows of one table.
 */
#ifndef UI_CONSOLE_LIST_SCOPE_H
#define UI_CONSOLE_LIST_SCOPE_H

#include <stdbool.h>

#include "db/base/id.h"

enum scope_kind {
	SCOPE_NONE,
	SCOPE_POOL,    /* its name */
	SCOPE_PROJECT, /* ORG/PROJECT */
	SCOPE_HOLDER,  /* POOL/HOLDER, a pool's leases of one holder; /HOLDER: those of all pools */
	SCOPE_COMMAND, /* the id of a bulk */
	SCOPE_KEY,     /* the key of a label */
	SCOPE_LABEL,   /* KEY=VALUE */
	SCOPE_TABLE,   /* the options of `dedupe check` */
	SCOPE_RUN,     /* the id of a run of dedupe */
	SCOPE_ONE      /* one row, by the name or id that shows it: its detail has the whole screen */
};

/* `struct scope s = {0}` is unlimited. */
struct scope {
	enum scope_kind kind;
	char *text;   /* owned, foreign; NULL exactly for SCOPE_NONE */
	char *words;  /* owned, foreign: the text as people say it; NULL: the same */
	struct id id; /* of the pool, project or command, once it is known; nil: not yet */
};

/* Copies the text; NULL is unlimited, whatever the kind. */
struct scope scope_new(enum scope_kind kind, const char *text);
struct scope scope_holder(const char *pool, const char *holder);

/* Returns the scope of one row, which people call by these words. */
struct scope scope_one(const char *text, const char *words);

struct scope scope_copy(const struct scope *scope);
void scope_release(struct scope *scope);

bool scope_equal(const struct scope *a, const struct scope *b);

/* Returns the scope in words. */
const char *scope_words(const struct scope *scope);
/* Return the word for a kind, NULL for one that cannot be saved; and the kind of a word, SCOPE_NONE for
 * others. */
const char *scope_word(enum scope_kind kind);
enum scope_kind scope_kind_of(const char *word);

/* Returns the text of a scope of that kind, or NULL. */
const char *scope_text(const struct scope *scope, enum scope_kind kind);

/* Returns the pool that a scope of a pool or of its holder is about, for the caller to free; NULL: of no
 * single one. */
char *scope_pool(const struct scope *scope);

/* Returns the holder of a SCOPE_HOLDER, or NULL. */
const char *scope_holder_name(const struct scope *scope);

#endif
