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
	const char *state; /* NULL: not of berth_api */
	const char *meaning;
} codes[ERR_CODES] = {
    [ERR_NONE] = {"none", 0, NULL, "no error"},
    [ERR_INVALID_INPUT] = {"invalid_input", 2, "BE001",
	"a word, option or value is wrong; nothing was changed"},
    [ERR_NOT_FOUND] = {"not_found", 4, "BE002", "the object does not exist"},
    [ERR_ALREADY_EXISTS] = {"already_exists", 5, "BE003", "the name or the value is taken"},
    [ERR_ID_CONFLICT] = {"id_conflict", 5, "BE004", "the id stands for another request already"},
    [ERR_CONFLICT] = {"conflict", 5, "BE005",
	"the state of the object does not allow this, or others change the same at this moment"},
    [ERR_OVERLAP] = {"overlap", 5, "BE006", "the range has values of another range of its space"},
    [ERR_IN_USE] = {"in_use", 5, "BE007", "leases or resources are there that must go first"},
    [ERR_POOL_EXHAUSTED] = {"pool_exhausted", 6, "BE008", "the pool has no free value"},
    [ERR_QUOTA_EXCEEDED] = {"quota_exceeded", 6, "BE009",
	"the project has as many leases as its limit allows"},
    [ERR_LIMIT_EXCEEDED] = {"limit_exceeded", 6, "BE010",
	"the organization has as many projects as its limit allows, or the request is too large"},
    [ERR_PRECONDITION_FAILED] = {"precondition_failed", 5, "BE011",
	"the object has changed since the generation that was named, or the server or the database lacks "
	"something that this needs"},
    [ERR_NOT_ALLOWED] = {"not_allowed", 7, "BE012", "the user has no right to do this"},
    [ERR_READ_ONLY] = {"read_only", 7, NULL, "the session or the server is read-only"},
    [ERR_UNAVAILABLE] = {"unavailable", 3, NULL, "the server cannot be reached, or it cannot work"},
    [ERR_SCHEMA_MISMATCH] = {"schema_mismatch", 3, NULL,
	"the database has no schema of berth, or one of another version"},
    [ERR_TIMEOUT] = {"timeout", 8, NULL,
	"the time of --timeout or --wait is over, or a lock was not free in time"},
    [ERR_OUTCOME_UNKNOWN] = {"outcome_unknown", 9, NULL,
	"the connection broke during the commit: the same request with the same id finds out"},
    [ERR_INTERNAL] = {"internal", 70, NULL, "this is a defect of berth"},
};

static const struct exit_meaning exits[] = {
    {0, "done, now or by an earlier request with the same id"},
    {1, "a check found something, or a part of the request failed"},
    {2, "the command or its input is wrong; nothing was changed"},
    {3, "there is no server, or its schema has another version"},
    {4, "it does not exist"},
    {5, "it exists already, overlaps, is in use, or conflicts with what is there"},
    {6, "the pool is exhausted, or a limit is reached"},
    {7, "not allowed, or read-only"},
    {8, "the time is up"},
    {9, "the connection broke during the commit, and no one can know the result: repeat with the same id"},
    {70, "a defect of berth"},
    {0},
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

const char *err_state(enum err_code code) {
	return codes[code].state;
}

const char *err_meaning(enum err_code code) {
	return codes[code].meaning;
}

const struct exit_meaning *err_exits(void) {
	return exits;
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
