/*
 * Calls of the granted functions: for each argument an expression with which the call succeeds, and the
 * kind of values that must be refused, so that a test can spoil one argument of a good call at a time.
 */
#ifndef TESTS_LIB_CALLS_H
#define TESTS_LIB_CALLS_H

#include <stdbool.h>
#include <stddef.h>

struct buf;
struct roles;

/* One argument of a function, which is called as calls_function() says. Arguments of one function are
 * adjacent; a function without arguments has one with the name NULL. */
struct call_argument {
	const char *function;
	const char *name;
	const char *good;
	const char *kind; /* for calls_bad(); NULL when any value is accepted */
};

/* Ended by the function NULL. */
extern const struct call_argument call_arguments[];

/* A select of the functions of berth and berth_api: oid, schema, proname, and name as `function` above has
 * it. */
#define CALLS_FUNCTIONS                                                                                      \
	"(select p.oid, nspname as schema, proname, proargtypes, proargnames,"                               \
	" case nspname when 'berth' then '' else nspname || '.' end || proname as name"                      \
	" from pg_proc p join pg_namespace n on n.oid = pronamespace where nspname in ('berth', "            \
	"'berth_api'))"

/* Appends the name of a function with its schema: "berth.queue" for "queue", "berth_api.cancel" as it is. */
void calls_function(const char *function, struct buf *out);

/* Returns whether the function raises the errors that applications are told. */
bool calls_for_applications(const char *function);

/* Returns the number of entries of the function that begins here. */
size_t call_size(const struct call_argument *call);

/* Returns the expressions that must be refused for a kind of argument, ended by NULL. */
const char *const *calls_bad(const char *kind) __attribute__((returns_nonnull));

/* Creates the objects of the good calls. */
void calls_prepare(struct roles *r);

/* Returns the call with good arguments, except that one is `bad`; NULL spoils none. */
char *calls_text(const struct call_argument *call, size_t spoiled, const char *bad)
    __attribute__((returns_nonnull, warn_unused_result));

#endif
