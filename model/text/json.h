/*
 * A streaming JSON writer.
 *
 * jansson has 64-bit integers only, and builds a document before it writes; here counts are exact at any size
 * and lists may have millions of rows.  The writer puts the commas; the caller puts a key before each
 * member's value and closes every object and array.  Texts must be valid UTF-8; only what JSON requires is
 * escaped.
 */
#ifndef MODEL_TEXT_JSON_H
#define MODEL_TEXT_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/base/id.h"
#include "db/base/num.h"

struct buf;

/* `struct json j = {.out = &buf}` is a new writer. */
struct json {
	struct buf *out;
	bool comma;   /* the next element needs a comma */
	size_t depth; /* number of open objects and arrays */
};

void json_open_object(struct json *j);
void json_close_object(struct json *j);
void json_open_array(struct json *j);
void json_close_array(struct json *j);
void json_put_key(struct json *j, const char *key);

void json_put_text(struct json *j, const char *text); /* NULL gives null */
void json_put_int(struct json *j, int64_t number);
void json_put_count(struct json *j, struct count count);
void json_put_bool(struct json *j, bool flag);
void json_put_null(struct json *j);
void json_put_id(struct json *j, struct id id);      /* nil gives null */
void json_put_raw(struct json *j, const char *text); /* a JSON value, unchanged; NULL or "" gives null */

/* Appends a finite number: the shortest text that reads back as the same number, in any locale. */
void json_real_text(double number, struct buf *out);

#endif
