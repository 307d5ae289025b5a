#include "ui/console/list/scope.h"

#include <stdlib.h>

#include "db/base/mem.h"

struct scope scope_new(enum scope_kind kind, const char *text) {
	if (text == NULL) {
		return (struct scope){0};
	}
	return (struct scope){kind, mem_text(text)};
}

void scope_release(struct scope *scope) {
	free(scope->text);
	*scope = (struct scope){0};
}

const char *scope_text(const struct scope *scope, enum scope_kind kind) {
	return scope->kind == kind ? scope->text : NULL;
}
