/*
 * JSON, written as it comes.
 *
 * jansson has integers of 64 bits only, and builds the whole before it writes:
 * counts here are exact at any size and lists may have millions of rows.  So the
 * writer is ours, and small: it puts the commas, the caller keeps the order
 * (a key before each member's value, every object and array ended).
 *
 * The names keep clear of jansson's, which is linked too.
 *
 * Texts are valid UTF-8 and are written exactly; only what JSON demands is
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

/* `struct json j = {.out = &buf}` is ready. */
struct json {
	struct buf *out;
	bool comma;   /* something stands before, on this level */
	size_t depth; /* objects and arrays that are open */
};

void json_open_object(struct json *j);
void json_close_object(struct json *j);
void json_open_array(struct json *j);
void json_close_array(struct json *j);
void json_put_key(struct json *j, const char *key);

void json_put_text(struct json *j, const char *text); /* NULL gives null */
void json_put_int(struct json *j, int64_t number);
void json_put_real(struct json *j, double number); /* shortest that reads back the same; null if not finite */
void json_put_count(struct json *j, struct count count);
void json_put_bool(struct json *j, bool flag);
void json_put_null(struct json *j);
void json_put_id(struct json *j, struct id id);      /* nil gives null */
void json_put_time(struct json *j, int64_t time);    /* TIME_NONE gives null */
void json_put_raw(struct json *j, const char *text); /* a JSON value as it is; NULL or "" gives null */

/* A finite number as json_put_real() writes it, whatever the locale, appended. */
void json_real_text(double number, struct buf *out);

#endif
