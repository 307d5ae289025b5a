/*
 * Calls of the functions that are granted: for each argument an expression with
 * which the call succeeds, and the class of values that must be refused there.
 * So a test can spoil one argument of a good call at a time.
 */
#ifndef TESTS_LIB_CALLS_H
#define TESTS_LIB_CALLS_H

#include <stdbool.h>
#include <stddef.h>

struct roles;

/* One argument of a function. Those of one function stand together; one without arguments has one with the
 * name NULL. */
struct call_argument {
	const char *function;
	const char *name;
	const char *good;
	const char *kind; /* of calls_bad(); NULL where any value is taken */
};

/* Ends with the function NULL. */
extern const struct call_argument call_arguments[];

/* How many arguments of this function stand here. */
size_t call_size(const struct call_argument *call);

/* The expressions that are refused for a kind of arguments, up to NULL. */
const char *const *calls_bad(const char *kind) __attribute__((returns_nonnull));

/* Makes what the good calls are about. */
void calls_prepare(struct roles *r);

/* The statement with good arguments but for one, which is `bad`; none if that is NULL. */
char *call_text(const struct call_argument *call, size_t spoiled, const char *bad)
    __attribute__((returns_nonnull, warn_unused_result));

#endif
