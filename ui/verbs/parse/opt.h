/*
 * The options of a parsed command line, by type.
 *
 * An option that was not given yields its fallback and succeeds. All errors are ERR_INVALID_INPUT and begin
 * with the option's name.
 */
#ifndef UI_VERBS_PARSE_OPT_H
#define UI_VERBS_PARSE_OPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/base/id.h"
#include "model/syntax/filter.h"
#include "model/syntax/states.h"
#include "model/syntax/unit.h"
#include "ui/verbs/parse/options.h"

struct args;
struct buf;
struct err;
struct selector;

bool opt_given(const struct args *args, enum option_id option);
size_t opt_count(const struct args *args, enum option_id option);

/* Returns its value (the last one), or NULL when it was not given or has none. */
const char *opt(const struct args *args, enum option_id option);

/* The values of a repeated option, one after the other, then NULL; `at` begins as 0:
 *     for (const char *v; (v = opt_next(args, OPT_LABEL, &at)) != NULL;) */
const char *opt_next(const struct args *args, enum option_id option, size_t *at);

/* Gets its value; false when it was not given. */
bool opt_need(const struct args *args, enum option_id option, const char **value, struct err *err)
    __attribute__((warn_unused_result));

/* Returns false when both were given. */
bool opt_exclusive(const struct args *args, enum option_id a, enum option_id b, struct err *err)
    __attribute__((warn_unused_result));

bool opt_int(const struct args *args, enum option_id option, int64_t min, int64_t max, int64_t fallback,
    int64_t *value, struct err *err) __attribute__((warn_unused_result));

/* Gets an id, nil when not given. */
bool opt_id(const struct args *args, enum option_id option, struct id *id, struct err *err)
    __attribute__((warn_unused_result));

/* Gets microseconds; the fallback also for an option that was given without its optional value. */
bool opt_duration(const struct args *args, enum option_id option, int64_t fallback, int64_t *us,
    struct err *err) __attribute__((warn_unused_result));

/* Get a time, TIME_NONE when not given. An end may also be TIME_NEVER. */
bool opt_end(const struct args *args, enum option_id option, int64_t *us, struct err *err)
    __attribute__((warn_unused_result));
bool opt_instant(const struct args *args, enum option_id option, int64_t *us, struct err *err)
    __attribute__((warn_unused_result));

/* Reads the value or block of a lease, of the kind that its spelling implies; it must have been given. */
bool opt_unit(const struct args *args, enum option_id option, struct unit *unit, struct err *err)
    __attribute__((warn_unused_result));

/* Reads a set of states, of which the verb has the names and groups (model/syntax/states.h); unchanged when
 * not given. */
bool opt_states(const struct args *args, enum option_id option, unsigned *states, struct err *err)
    __attribute__((warn_unused_result));

/* Returns whether --sort and --reverse ask for another order than the first one of these. */
bool opt_sorted(const struct args *args, const char *const *names);

/* Gets the index of its value in names, which NULL ends. */
bool opt_enum(const struct args *args, enum option_id option, const char *const *names, int fallback,
    int *index, struct err *err) __attribute__((warn_unused_result));

/* Reads --selector; unchanged when not given. */
bool opt_selector(const struct args *args, struct selector *selector, struct err *err)
    __attribute__((warn_unused_result));

/* Reads --filter for the rows of the verb; unchanged when not given. The caller releases it. */
bool opt_filter(const struct args *args, struct row_filter *filter, struct err *err)
    __attribute__((warn_unused_result));

/* Reads a limit: a whole number from 0 on, or NO_LIMIT for "none" and when not given. */
bool opt_limit(const struct args *args, enum option_id option, int64_t *limit, struct err *err)
    __attribute__((warn_unused_result));

/* Gets the project of --project as "org/name", borrowed; NULL when not given. */
bool opt_project(const struct args *args, const char **project, struct err *err)
    __attribute__((warn_unused_result));

/* Appends all values of --label as one JSON object; nothing when it is not given. */
bool opt_labels(const struct args *args, struct buf *out, struct err *err)
    __attribute__((warn_unused_result));

/* Puts the option's name before an error that its value caused. Returns false. */
bool opt_blame(enum option_id option, struct err *err);

#endif
