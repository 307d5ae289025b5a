/*
 * JSON as people read it, without what makes it JSON: of an object
 * `owner=ci tier=shared`, of an array `web-v4 web-ports`.
 */
#ifndef UI_TEXT_PLAIN_JSON_H
#define UI_TEXT_PLAIN_JSON_H

#include <jansson.h>

struct buf;

/* Appends an object or array, exact and therefore foreign; of an empty one and of NULL nothing. */
void plain_json(const char *json, struct buf *out);

/* The same of what is in one: a text as it is, anything else as JSON; of NULL nothing. */
void plain_value(const json_t *value, struct buf *out);

#endif
