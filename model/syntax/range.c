#include "model/syntax/range.h"

#include <string.h>

#include "db/base/buf.h"
#include "db/base/err.h"
#include "model/syntax/address.h"

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
		(void)err_set(err, ERR_INVALID_INPUT, "range \"%s\": it ends before it begins", text);
		return err_hint(err, "did you mean %s-%.*s?", dash + 1, (int)n, text);
	}
	return true;
}

/* Returns the mask of the host bits after a prefix. */
static u128 host_bits(unsigned bits, unsigned prefix) {
	return bits == prefix ? 0 : U128_MAX >> (128 - (bits - prefix));
}

static bool prefix_parse(const char *text, unsigned bits, unsigned *prefix) {
	u128 number = 0;
	size_t n = strlen(text);

	if (!u128_parse(text, n, &number) || number > bits || (n > 1 && text[0] == '0')) {
		return false;
	}
	*prefix = (unsigned)number;
	return true;
}

static bool network_parse(const char *text, const char *slash, struct range *r, struct err *err) {
	unsigned bits = address_bits(r->kind);
	unsigned prefix = 0;

	if (!value_part(text, r->kind, text, (size_t)(slash - text), &r->first, err)) {
		return false;
	}
	if (!prefix_parse(slash + 1, bits, &prefix)) {
		return err_set(err, ERR_INVALID_INPUT,
		    "range \"%s\": \"%s\" is not a prefix length from 0 to %u", text, slash + 1, bits);
	}
	u128 host = host_bits(bits, prefix);
	if ((r->first & host) != 0) {
		struct buf network = {0};

		address_text(r->kind, r->first & ~host, &network);
		(void)err_set(
		    err, ERR_INVALID_INPUT, "range \"%s\": host bits are set after the prefix", text);
		(void)err_hint(err, "did you mean %s/%u?", buf_text(&network), prefix);
		buf_release(&network);
		return false;
	}
	r->last = r->first | host;
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
	const char *slash = strchr(text, '/');
	struct range r = {.kind = kind};
	bool ok = false;

	if (kind == KIND_HOST) {
		ok = host_range(text, &r, err);
	} else if (kind != KIND_NUMBER && slash != NULL) {
		ok = network_parse(text, slash, &r, err);
	} else {
		ok = span_parse(text, &r, err);
	}
	if (ok) {
		*out = r;
	}
	return ok;
}

/* Finds the length of the prefix for exactly this range; false when there is none. */
static bool network_of(const struct range *r, unsigned *prefix) {
	unsigned bits = address_bits(r->kind);

	for (unsigned n = 0; n <= bits; n++) {
		u128 host = host_bits(bits, n);

		if ((r->first ^ r->last) == host && (r->first & host) == 0) {
			*prefix = n;
			return true;
		}
	}
	return false;
}

void range_text(const struct range *r, struct buf *out) {
	unsigned prefix = 0;

	if (r->kind == KIND_HOST && r->last == 1) {
		buf_puts(out, r->host);
	} else if (r->kind == KIND_HOST || r->first == r->last) {
		value_text(r->kind, r->last, r->host, out);
	} else if (r->kind != KIND_NUMBER && network_of(r, &prefix)) {
		address_text(r->kind, r->first, out);
		buf_printf(out, "/%u", prefix);
	} else {
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
