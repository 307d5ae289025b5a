#include "model/order.h"

#include <inttypes.h>

#include "db/base/buf.h"
#include "db/base/clock.h"
#include "db/batch/rows.h"
#include "gen/queries.h"
#include "model/syntax/instant.h"
#include "model/text/json.h"

static void put_member(const struct field *field, const void *row, struct json *j) {
	const void *member = (const char *)row + field->offset;
	struct buf text = {0};
	char digits[U128_TEXT];

	switch (field->type) {
	case FIELD_BOOL:
		json_put_bool(j, *(const bool *)member);
		break;
	case FIELD_INT:
		json_put_int(j, *(const int64_t *)member);
		break;
	case FIELD_REAL:
		json_real_text(*(const double *)member, &text);
		json_put_raw(j, buf_text(&text));
		break;
	case FIELD_TEXT:
		json_put_text(j, *(const char *const *)member);
		break;
	case FIELD_JSON:
		json_put_raw(j, *(const char *const *)member);
		break;
	case FIELD_ID:
		json_put_id(j, *(const struct id *)member);
		break;
	case FIELD_TIME:
		if (*(const int64_t *)member != TIME_NONE) {
			instant_text(*(const int64_t *)member, &text);
		}
		json_put_text(j, text.len == 0 ? NULL : buf_text(&text));
		break;
	case FIELD_COUNT:
		json_put_count(j, *(const struct count *)member);
		break;
	case FIELD_VALUE:
		json_put_raw(j, u128_text(*(const u128 *)member, digits));
		break;
	case FIELD_ENUM:
		json_put_text(j, field->names[*(const int *)member]);
		break;
	}
	buf_release(&text);
}

void order_row(const struct row_type *type, const void *row, struct buf *out) {
	struct json j = {.out = out};

	json_open_object(&j);
	for (size_t i = 0; i < type->count; i++) {
		json_put_key(&j, type->fields[i].name);
		put_member(&type->fields[i], row, &j);
	}
	json_close_object(&j);
}

size_t sorted_report_add(struct batch *b) {
	return query_sorted_report_add(b);
}

static void put_count(struct json *j, const char *key, int64_t count) {
	if (count > 0) {
		json_put_key(j, key);
		json_put_int(j, count);
	}
}

void order_text(const struct order *order, const char *sort, int64_t offset, int64_t limit, struct buf *out) {
	static const struct order start = {0};
	struct json j = {.out = out};

	order = order == NULL ? &start : order;
	json_open_object(&j);
	json_put_key(&j, "sort");
	json_put_text(&j, sort);
	json_put_key(&j, "reverse");
	json_put_bool(&j, order->reverse);
	if (order->counts) {
		json_put_key(&j, "count");
		json_put_bool(&j, true);
	}
	json_put_key(&j, "after");
	json_put_raw(&j, order->after);
	json_put_key(&j, "keep");
	json_put_text(&j, order->keep);
	put_count(&j, "before", order->before);
	put_count(&j, "skip", offset);
	put_count(&j, "most", limit);
	json_close_object(&j);
}
