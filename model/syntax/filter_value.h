/*
 * The value of a field in a filter: private to the parser of filters.
 */
#ifndef MODEL_SYNTAX_FILTER_VALUE_H
#define MODEL_SYNTAX_FILTER_VALUE_H

#include <stdbool.h>

#include "model/syntax/filter.h"

struct err;
struct json;

/* Returns whether the type has that operator: "=", "!=", "<", ">", "<=", ">=", "in" or "notin". */
bool filter_has_op(enum filter_type type, const char *op);

/* Writes the value as the server reads it, one or more texts of an array; else ERR_INVALID_INPUT with what
 * was expected. */
bool filter_value_put(const struct filter_field *field, const char *op, const char *text, struct json *out,
    struct err *err) __attribute__((warn_unused_result));

/* Writes the members "kind", "first", "last" and "host" of the range or value that a word is; false when it
 * is none. */
bool filter_range_put(const char *word, struct json *out);

#endif
