#include "ui/console/list/scope.h"

#include <stdlib.h>
#include <string.h>

#include "db/base/mem.h"

struct scope scope_new(enum scope_kind kind, const char *text) {
	if (text == NULL) {
		return (struct scope){0};
	}
	return (struct scope){kind, mem_text(text)};
}

struct scope scope_holder(const char *pool, const char *holder) {
	return (struct scope){SCOPE_HOLDER, mem_print("%s/%s", pool, holder)};
}

void scope_release(struct scope *scope) {
	free(scope->text);
	*scope = (struct scope){0};
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
