#include "ui/console/list/scope.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "db/base/mem.h"

struct scope scope_new(enum scope_kind kind, const char *text) {
	if (text == NULL) {
		return (struct scope){0};
	}
	return (struct scope){.kind = kind, .text = mem_text(text)};
}

struct scope scope_one(const char *text, const char *words) {
	return (struct scope){.kind = SCOPE_ONE, .text = mem_text(text), .words = mem_text(words)};
}

struct scope scope_copy(const struct scope *scope) {
	return (struct scope){scope->kind, mem_text(scope->text), mem_text(scope->words), scope->id};
}

struct scope scope_holder(const char *pool, const char *holder) {
	return (struct scope){.kind = SCOPE_HOLDER,
	    .text = mem_print("%s/%s", pool, holder),
	    .words = mem_print("%s%s%s", holder, *pool == '\0' ? "" : " in ", pool)};
}

void scope_release(struct scope *scope) {
	free(scope->text);
	free(scope->words);
	*scope = (struct scope){0};
}

bool scope_equal(const struct scope *a, const struct scope *b) {
	return a->kind == b->kind && (a->text == b->text || strcmp(a->text, b->text) == 0);
}

const char *scope_words(const struct scope *scope) {
	return scope->words != NULL ? scope->words : scope->text;
}

static const char *const words[] = {[SCOPE_POOL] = "pool",
    [SCOPE_PROJECT] = "project",
    [SCOPE_COMMAND] = "command",
    [SCOPE_KEY] = "key",
    [SCOPE_LABEL] = "label",
    [SCOPE_TABLE] = "table",
    [SCOPE_RUN] = "run",
    [SCOPE_HOLDER] = "holder"};

enum { WORDS = sizeof words / sizeof *words };

const char *scope_word(enum scope_kind kind) {
	return (size_t)kind < WORDS ? words[kind] : NULL;
}

enum scope_kind scope_kind_of(const char *word) {
	for (size_t i = 0; i < WORDS; i++) {
		if (words[i] != NULL && strcmp(words[i], word) == 0) {
			return (enum scope_kind)i;
		}
	}
	return SCOPE_NONE;
}

const char *scope_text(const struct scope *scope, enum scope_kind kind) {
	return scope->kind == kind ? scope->text : NULL;
}

char *scope_pool(const struct scope *scope) {
	if (scope->kind == SCOPE_POOL) {
		return mem_text(scope->text);
	}
	return scope->kind != SCOPE_HOLDER || *scope->text == '/'
		   ? NULL
		   : mem_print("%.*s", (int)strcspn(scope->text, "/"), scope->text);
}

const char *scope_holder_name(const struct scope *scope) {
	return scope->kind == SCOPE_HOLDER ? scope->text + strcspn(scope->text, "/") + 1 : NULL;
}
