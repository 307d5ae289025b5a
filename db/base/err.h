/*
 * Errors as values.
 *
 * An error is classified once, where it occurs: in db/ by the server's SQLSTATE and constraint, in model/ and
 * ui/ by what was typed.  Callers read the code, never the message.  One table holds the codes, their names
 * (which scripts see in JSON), their exit codes and meanings; the manual prints it.
 *
 * A function that can fail returns bool, takes a `struct err *` as its last argument and fills it only on
 * failure, so that it can end with `return err_set(err, ...)`.
 */
#ifndef DB_BASE_ERR_H
#define DB_BASE_ERR_H

#include <stdbool.h>
#include <stdint.h>

enum err_code {
	ERR_NONE,
	ERR_INVALID_INPUT,
	ERR_NOT_FOUND,
	ERR_ALREADY_EXISTS,
	ERR_ID_CONFLICT,
	ERR_CONFLICT,
	ERR_OVERLAP,
	ERR_IN_USE,
	ERR_POOL_EXHAUSTED,
	ERR_QUOTA_EXCEEDED,
	ERR_LIMIT_EXCEEDED,
	ERR_PRECONDITION_FAILED,
	ERR_NOT_ALLOWED,
	ERR_READ_ONLY,
	ERR_UNAVAILABLE,
	ERR_SCHEMA_MISMATCH,
	ERR_TIMEOUT,
	ERR_OUTCOME_UNKNOWN,
	ERR_INTERNAL,
	ERR_CODES
};

/* The error owns its strings; those that do not apply are NULL. */
struct err {
	enum err_code code;
	char *message;    /* one sentence: the object, what was requested, why it failed */
	char *step;       /* name of the failed step of the batch */
	int64_t line;     /* line of the file, from 1; 0 for none */
	char sqlstate[6]; /* "" when the error is not the server's */
	char *constraint;
	char *hint;
	char *detail; /* one JSON object, as text */
};

/* Returns the code's name, such as "invalid_input". */
const char *err_name(enum err_code code);

/* Returns the code of that name; ERR_INTERNAL for an unknown name. */
enum err_code err_from_name(const char *name);

/* Returns the exit code of the process: 0 for ERR_NONE, 2 for ERR_INVALID_INPUT, ... */
int err_exit(enum err_code code);

/* Returns its SQLSTATE in the functions of berth_api, "BE001"; NULL for a code that these do not raise. */
const char *err_state(enum err_code code);

/* Returns what the code means: a clause for the manual. */
const char *err_meaning(enum err_code code);

struct exit_meaning {
	int exit;
	const char *meaning; /* NULL ends a list */
};

/* Returns every exit code of the program, in order. */
const struct exit_meaning *err_exits(void) __attribute__((returns_nonnull));

/* Replaces the contents of err. Returns false. */
bool err_set(struct err *err, enum err_code code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Adds a hint to an error that is set. Returns false. */
bool err_hint(struct err *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Replaces `to` by a copy of `from`. Returns false. */
bool err_copy(struct err *to, const struct err *from);

/* Replaces `to` by `from`, and leaves `from` empty. Returns false. */
bool err_move(struct err *to, struct err *from);

/* Frees the strings and leaves the error empty. */
void err_release(struct err *err);

#endif
