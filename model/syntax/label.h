/*
 * Labels: `prefix/name=value`, in the rules of Kubernetes and Cloud Foundry.
 *
 * A name is 1 to 63 of [A-Za-z0-9._-] with a letter or digit at both ends.  A
 * prefix is optional: a DNS name of at most 253 characters, its parts of at
 * most 63.  A value is empty or like a name.  Case counts everywhere.
 */
#ifndef MODEL_SYNTAX_LABEL_H
#define MODEL_SYNTAX_LABEL_H

#include <stdbool.h>
#include <stddef.h>

struct err;
struct json;

/* "name" or "prefix/name", n bytes; else ERR_INVALID_INPUT with the text and the rule. */
bool label_key_check(const char *key, size_t n, struct err *err) __attribute__((warn_unused_result));
bool label_value_check(const char *value, size_t n, struct err *err) __attribute__((warn_unused_result));

/* Writes "a=b;c/d=e" as the members of a JSON object. No key may stand twice; more than
 * 50 are ERR_LIMIT_EXCEEDED, for they would be of one thing. */
bool label_list_json(const char *text, struct json *out, struct err *err) __attribute__((warn_unused_result));

#endif
