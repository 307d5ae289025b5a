/*
 * Labels: `prefix/name=value`, with the rules of Kubernetes and Cloud Foundry.
 *
 * A name is 1 to 63 of [A-Za-z0-9._-] with a letter or digit at both ends.  The optional prefix is a DNS name
 * of at most 253 characters, with parts of at most 63.  A value is empty or like a name.  Case matters.
 */
#ifndef MODEL_SYNTAX_LABEL_H
#define MODEL_SYNTAX_LABEL_H

#include <stdbool.h>
#include <stddef.h>

struct err;
struct json;

/* Check a key ("name" or "prefix/name") or a value of n bytes; else ERR_INVALID_INPUT with the text and the
 * rule.
 */
bool label_key_check(const char *key, size_t n, struct err *err) __attribute__((warn_unused_result));
bool label_value_check(const char *value, size_t n, struct err *err) __attribute__((warn_unused_result));

/* Writes "a=b;c/d=e", the labels of one object, as members of a JSON object. A key may occur once; more than
 * 50 labels are ERR_LIMIT_EXCEEDED. */
bool label_list_json(const char *text, struct json *out, struct err *err) __attribute__((warn_unused_result));

#endif
