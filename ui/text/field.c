#include "ui/text/field.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "db/base/buf.h"
#include "db/base/clock.h"
#include "db/batch/rows.h"
#include "model/syntax/instant.h"
#include "model/text/json.h"
#include "ui/text/humanize.h"
#include "ui/text/plain_json.h"
#include "ui/text/row.h"

static bool put(struct buf *out, const char *text) {
	if (text == NULL) {
		return false;
	}
	buf_puts(out, text);
	return true;
}

static bool put_id(struct buf *out, struct id id) {
	char text[ID_TEXT];

	return !id_is_nil(id) && put(out, id_text(id, text));
}

static bool put_int(struct buf *out, int64_t number) {
	buf_printf(out, "%" PRId64, number);
	return true;
}

static bool put_real(struct buf *out, double number) {
	if (!isfinite(number)) {
		return false;
	}
	json_real_text(number, out);
	return true;
}

static bool put_time(struct buf *out, int64_t time) {
	if (time == TIME_NONE) {
		return false;
	}
	instant_text(time, out);
	return true;
}

bool field_exact(const struct field *field, const void *row, struct buf *out) {
	const void *member = row_member(field, row);
	char digits[U128_TEXT];

	switch (field->type) {
	case FIELD_BOOL:
		return put(out, *(const bool *)member ? "true" : "false");
	case FIELD_INT:
		return put_int(out, *(const int64_t *)member);
	case FIELD_REAL:
		return put_real(out, *(const double *)member);
	case FIELD_TEXT:
	case FIELD_JSON:
		return put(out, *(const char *const *)member);
	case FIELD_ID:
		return put_id(out, *(const struct id *)member);
	case FIELD_TIME:
		return put_time(out, *(const int64_t *)member);
	case FIELD_COUNT:
		return put(out, ((const struct count *)member)->digits);
	case FIELD_VALUE:
		return put(out, u128_text(*(const u128 *)member, digits));
	case FIELD_ENUM:
		return put(out, field->names[*(const int *)member]);
	}
	return false;
}

static bool is_string(const struct field *field) {
	return field->type == FIELD_TEXT || field->type == FIELD_ID || field->type == FIELD_TIME ||
	       field->type == FIELD_ENUM;
}

void field_json(const struct field *field, const void *row, struct json *j) {
	struct buf text = {0};
	bool given = field_exact(field, row, &text);

	if (given && is_string(field)) {
		json_put_text(j, buf_text(&text));
	} else {
		json_put_raw(j, given ? buf_text(&text) : NULL);
	}
	buf_release(&text);
}

/* Appends "2024-05-01T12:00:00.123456Z" without the fraction, which no reader needs. */
static void show_time(int64_t time, struct buf *out) {
	size_t before = out->len;

	if (put_time(out, time)) {
		const char *point = strchr(buf_text(out) + before, '.');

		if (point != NULL) {
			buf_cut(out, (size_t)(point - out->text));
			buf_char(out, 'Z');
		}
	}
}

static void show_json(const char *json, struct buf *out) {
	if (json != NULL && strcmp(json, "{}") != 0 && strcmp(json, "[]") != 0) {
		buf_puts(out, json);
	}
}

void field_show(const struct field *field, const void *row, struct buf *out) {
	const void *member = row_member(field, row);

	switch (field->type) {
	case FIELD_BOOL:
		buf_puts(out, *(const bool *)member ? "yes" : "no");
		break;
	case FIELD_JSON:
		show_json(*(const char *const *)member, out);
		break;
	case FIELD_TIME:
		show_time(*(const int64_t *)member, out);
		break;
	default:
		(void)field_exact(field, row, out);
	}
}

void field_short(const struct field *field, const void *row, int64_t now, struct buf *out) {
	const void *member = row_member(field, row);
	char digits[8];

	switch (field->type) {
	case FIELD_JSON:
		plain_json(*(const char *const *)member, out);
		break;
	case FIELD_TIME:
		humanize_when(*(const int64_t *)member, now, out);
		break;
	case FIELD_COUNT:
		buf_puts(out, count_short(*(const struct count *)member, digits));
		break;
	default:
		field_show(field, row, out);
	}
}

static void put_full_time(int64_t time, int64_t now, struct buf *out) {
	if (time != TIME_NONE) {
		humanize_time(time, out);
		buf_puts(out, "  ");
		humanize_when(time, now, out);
	}
}

void field_full(const struct field *field, const void *row, int64_t now, struct buf *out) {
	const void *member = row_member(field, row);

	switch (field->type) {
	case FIELD_TIME:
		put_full_time(*(const int64_t *)member, now, out);
		break;
	case FIELD_COUNT:
		humanize_count((const struct count *)member, out);
		break;
	default:
		field_short(field, row, now, out);
	}
}

bool field_is_number(const struct field *field) {
	return field->type == FIELD_INT || field->type == FIELD_REAL || field->type == FIELD_COUNT ||
	       field->type == FIELD_VALUE;
}
