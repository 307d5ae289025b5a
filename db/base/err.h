/*
 * What went wrong, as a value.
 *
 * An error is classified once, where it is born: in db/ from the server's
 * SQLSTATE and constraint, in model/ and ui/ from what a person typed.  Above
 * that everybody reads the code, never the words.  The codes, their names and
 * their exit codes are one table; the names are what scripts see in JSON.
 *
 * A function that can fail returns bool, takes a `struct err *` last and fills
 * it only on failure, so that `return err_set(err, ...)` ends it.
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

/* Strings are owned by the error and NULL where they do not apply. */
struct err {
	enum err_code code;
	char *message;    /* one sentence: the thing, what was asked, what stands in the way */
	char *step;       /* which step of the batch */
	int64_t line;     /* line of the file, from 1; 0 where there is none */
	char sqlstate[6]; /* "" when the server did not say */
	char *constraint;
	char *hint;
	char *detail; /* text of one JSON object */
};

/* "invalid_input" ... "internal". */
const char *err_name(enum err_code code);

/* The code of that name; ERR_INTERNAL for a name that is none. */
enum err_code err_from_name(const char *name);

/* The process's exit code (cli.md): 0 for ERR_NONE, 2 for invalid_input, ... */
int err_exit(enum err_code code);

/* Replaces what err held. Returns false, so that a function can end with it. */
bool err_set(struct err *err, enum err_code code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Adds a hint to an error that is set. Returns false as well. */
bool err_hint(struct err *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Fills `to`, which is released first, with copies of what `from` holds. Returns false. */
bool err_copy(struct err *to, const struct err *from);

/* Moves what `from` holds into `to`, which is released first. Returns false. */
bool err_move(struct err *to, struct err *from);

/* Leaves it empty; takes an empty one too. */
void err_release(struct err *err);

#endif
