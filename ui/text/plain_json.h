/*
 * JSON as people read it: an object as `owner=ci tier=shared`, an array as `web-v4 web-ports`, a text without
 * its quotes.
 *
 * The text is exact and therefore foreign.
 */
#ifndef UI_TEXT_PLAIN_JSON_H
#define UI_TEXT_PLAIN_JSON_H

#include <jansson.h>

struct buf;

/* Appends a document, with a blank between the members of an object or array. Appends nothing for NULL. */
void plain_json(const char *json, struct buf *out);

/* Appends the members of an object or array, with a text between them. Appends nothing for NULL. */
void plain_members(json_t *whole, const char *between, struct buf *out);

/* Appends a value: a text as it is, anything else as JSON. Appends nothing for NULL. */
void plain_value(const json_t *value, struct buf *out);

#endif
