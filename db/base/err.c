#include "db/base/err.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "db/base/buf.h"
#include "db/base/mem.h"

static const struct {
	const char *name;
	int exit;
} codes[ERR_CODES] = {
    [ERR_NONE] = {"none", 0},
    [ERR_INVALID_INPUT] = {"invalid_input", 2},
    [ERR_NOT_FOUND] = {"not_found", 4},
    [ERR_ALREADY_EXISTS] = {"already_exists", 5},
    [ERR_ID_CONFLICT] = {"id_conflict", 5},
    [ERR_CONFLICT] = {"conflict", 5},
    [ERR_OVERLAP] = {"overlap", 5},
    [ERR_IN_USE] = {"in_use", 5},
    [ERR_POOL_EXHAUSTED] = {"pool_exhausted", 6},
    [ERR_QUOTA_EXCEEDED] = {"quota_exceeded", 6},
    [ERR_LIMIT_EXCEEDED] = {"limit_exceeded", 6},
    [ERR_PRECONDITION_FAILED] = {"precondition_failed", 5},
    [ERR_NOT_ALLOWED] = {"not_allowed", 7},
    [ERR_READ_ONLY] = {"read_only", 7},
    [ERR_UNAVAILABLE] = {"unavailable", 3},
    [ERR_SCHEMA_MISMATCH] = {"schema_mismatch", 3},
    [ERR_TIMEOUT] = {"timeout", 8},
    [ERR_OUTCOME_UNKNOWN] = {"outcome_unknown", 9},
    [ERR_INTERNAL] = {"internal", 70},
};

const char *err_name(enum err_code code) {
	return codes[code].name;
}

enum err_code err_from_name(const char *name) {
	for (int code = ERR_INVALID_INPUT; code < ERR_CODES; code++) {
		if (strcmp(codes[code].name, name) == 0) {
			return (enum err_code)code;
		}
	}
	return ERR_INTERNAL;
}

int err_exit(enum err_code code) {
	return codes[code].exit;
}

void err_release(struct err *err) {
	free(err->message);
	free(err->step);
	free(err->constraint);
	free(err->hint);
	free(err->detail);
	*err = (struct err){0};
}

bool err_set(struct err *err, enum err_code code, const char *format, ...) {
	struct buf text = {0};
	va_list args;

	va_start(args, format);
	buf_vprintf(&text, format, args);
	va_end(args);
	err_release(err);
	err->code = code;
	err->message = buf_take(&text);
	return false;
}

bool err_hint(struct err *err, const char *format, ...) {
	struct buf text = {0};
	va_list args;

	va_start(args, format);
	buf_vprintf(&text, format, args);
	va_end(args);
	free(err->hint);
	err->hint = buf_take(&text);
	return false;
}

bool err_copy(struct err *to, const struct err *from) {
	struct err copy = *from;

	copy.message = mem_text(from->message);
	copy.step = mem_text(from->step);
	copy.constraint = mem_text(from->constraint);
	copy.hint = mem_text(from->hint);
	copy.detail = mem_text(from->detail);
	return err_move(to, &copy);
}

bool err_move(struct err *to, struct err *from) {
	err_release(to);
	*to = *from;
	*from = (struct err){0};
	return false;
}
