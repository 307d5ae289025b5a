#include "model/syntax/range.h"

#include <string.h>

#include "db/base/buf.h"
#include "db/base/err.h"
#include "model/syntax/cidr.h"
#include "model/text/json.h"

static bool span_parse(const char *text, struct range *r, struct err *err) {
	const char *dash = strchr(text, '-');
	size_t n = dash == NULL ? strlen(text) : (size_t)(dash - text);

	if (!value_part(text, r->kind, text, n, &r->first, err)) {
		return false;
	}
	r->last = r->first;
	if (dash == NULL) {
		return true;
	}
	if (!value_part(text, r->kind, dash + 1, strlen(dash + 1), &r->last, err)) {
		return false;
	}
	if (r->last < r->first) {
		(void)err_set(err, ERR_INVALID_INPUT, "range \"%.100s\": it ends before it begins", text);
		return err_hint(err, "did you mean %s-%.*s?", dash + 1, (int)n, text);
	}
	return true;
}

static bool host_range(const char *text, struct range *r, struct err *err) {
	if (!value_host(text, r->host, &r->last, err)) {
		return false;
	}
	r->first = 1;
	r->last = r->last == 0 ? 1 : r->last;
	return true;
}

bool range_parse(const char *text, enum kind kind, struct range *out, struct err *err) {
	struct range r = {.kind = kind};
	bool ok = false;

	if (kind == KIND_HOST) {
		ok = host_range(text, &r, err);
	} else if (kind != KIND_NUMBER && strchr(text, '/') != NULL) {
		ok = cidr_parse(text, kind, &r.first, &r.last, err);
	} else {
		ok = span_parse(text, &r, err);
	}
	if (ok) {
		*out = r;
	}
	return ok;
}

bool range_values(const char *text, enum kind kind, struct range *out, struct err *err) {
	struct range r = {.kind = kind};
	u128 slot = 0;

	if (kind != KIND_HOST) {
		return range_parse(text, kind, out, err);
	}
	if (!value_host(text, r.host, &slot, err)) {
		return false;
	}
	r.first = slot == 0 ? 1 : slot;
	r.last = slot == 0 ? INT64_MAX : slot;
	*out = r;
	return true;
}

bool range_guess(const char *text, struct range *out, struct err *err) {
	enum kind kind;

	if (!value_guess_kind(text, &kind)) {
		return err_set(
		    err, ERR_INVALID_INPUT, "range \"%.100s\": not an address, number or host", text);
	}
	return range_values(text, kind, out, err);
}

void range_text(const struct range *r, struct buf *out) {
	if (r->kind == KIND_HOST && r->last == 1) {
		buf_puts(out, r->host);
	} else if (r->kind == KIND_HOST || r->first == r->last) {
		value_text(r->kind, r->last, r->host, out);
	} else if (r->kind == KIND_NUMBER || !cidr_text(r->kind, r->first, r->last, out)) {
		value_text(r->kind, r->first, "", out);
		buf_char(out, '-');
		value_text(r->kind, r->last, "", out);
	}
}

void range_name(const struct range *r, struct buf *out) {
	if (r->kind == KIND_HOST) {
		buf_puts(out, r->host);
	} else {
		range_text(r, out);
	}
}

void range_members(const struct range *r, struct json *j) {
	struct buf text = {0};
	char number[U128_TEXT];

	range_name(r, &text);
	json_put_key(j, "name");
	json_put_text(j, buf_text(&text));
	json_put_key(j, "first");
	json_put_raw(j, u128_text(r->first, number));
	json_put_key(j, "last");
	json_put_raw(j, u128_text(r->last, number));
	json_put_key(j, "host");
	json_put_text(j, r->host);
	buf_release(&text);
}
