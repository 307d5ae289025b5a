#include "model/syntax/value.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "db/base/buf.h"
#include "db/base/err.h"
#include "model/syntax/address.h"
#include "model/syntax/name.h"

#define SLOT_RULE "a slot of a host is a number from 1 to 2^63 - 1"

static const char *const scalar_rules[] = {
    [KIND_IPV4] = "is not an IPv4 address: four numbers from 0 to 255 with dots, without leading zeros",
    [KIND_IPV6] = "is not an IPv6 address",
    [KIND_NUMBER] = "is not a number from 0 to 2^63 - 1",
};

/* Reads n bytes as an address or a number. */
static bool scalar_parse(enum kind kind, const char *text, size_t n, u128 *value) {
	u128 number = 0;

	if (kind != KIND_NUMBER) {
		return address_parse(kind, text, n, value);
	}
	if (!u128_parse(text, n, &number) || number > INT64_MAX) {
		return false;
	}
	*value = number;
	return true;
}

/* Reads a part of `whole` as an address or a number. */
static bool scalar_part(
    const char *whole, enum kind kind, const char *text, size_t n, u128 *value, struct err *err) {
	if (scalar_parse(kind, text, n, value)) {
		return true;
	}
	if (strlen(whole) == n) {
		return err_set(err, ERR_INVALID_INPUT, "\"%s\" %s", whole, scalar_rules[kind]);
	}
	return err_set(
	    err, ERR_INVALID_INPUT, "range \"%s\": \"%.*s\" %s", whole, (int)n, text, scalar_rules[kind]);
}

static bool span_parse(const char *text, struct range *r, struct err *err) {
	const char *dash = strchr(text, '-');
	size_t n = dash == NULL ? strlen(text) : (size_t)(dash - text);

	if (!scalar_part(text, r->kind, text, n, &r->first, err)) {
		return false;
	}
	r->last = r->first;
	if (dash == NULL) {
		return true;
	}
	if (!scalar_part(text, r->kind, dash + 1, strlen(dash + 1), &r->last, err)) {
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

	if (!scalar_part(text, r->kind, text, (size_t)(slash - text), &r->first, err)) {
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

/* Reads "name" or "name:slot"; slot is 0 for none. */
static bool host_parse(const char *text, char host[HOST_TEXT], u128 *slot, struct err *err) {
	const char *colon = strchr(text, ':');
	size_t n = colon == NULL ? strlen(text) : (size_t)(colon - text);
	char name[2 * HOST_TEXT]; /* a name that is too long must stay too long */
	u128 number = 0;

	(void)snprintf(name, sizeof name, "%.*s", (int)(n < sizeof name ? n : sizeof name), text);
	if (!name_check("host", name, err)) {
		return false;
	}
	if (colon != NULL &&
	    (!scalar_parse(KIND_NUMBER, colon + 1, strlen(colon + 1), &number) || number == 0)) {
		return err_set(err, ERR_INVALID_INPUT, "\"%s\": \"%s\": " SLOT_RULE, text, colon + 1);
	}
	memcpy(host, name, n + 1);
	*slot = number;
	return true;
}

static bool host_range(const char *text, struct range *r, struct err *err) {
	if (!host_parse(text, r->host, &r->last, err)) {
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

bool range_guess(const char *text, enum kind *kind) {
	const char *colon = strchr(text, ':');
	bool alnum = (text[0] >= '0' && text[0] <= '9') || ((text[0] | 32) >= 'a' && (text[0] | 32) <= 'z');

	/* An IPv6 address has at least two colons, a host with slots has one. */
	if (colon != NULL && strchr(colon + 1, ':') != NULL) {
		*kind = KIND_IPV6;
	} else if (!alnum) {
		return false;
	} else if (text[strspn(text, "0123456789-")] == '\0') {
		*kind = KIND_NUMBER;
	} else if (text[strspn(text, "0123456789-./")] == '\0') {
		*kind = KIND_IPV4;
	} else {
		*kind = KIND_HOST;
	}
	return true;
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

bool value_parse(const char *text, enum kind kind, u128 *value, char host[HOST_TEXT], struct err *err) {
	char name[HOST_TEXT] = "";
	u128 parsed = 0;

	if (kind != KIND_HOST) {
		if (!scalar_part(text, kind, text, strlen(text), &parsed, err)) {
			return false;
		}
	} else if (!host_parse(text, name, &parsed, err)) {
		return false;
	} else if (parsed == 0) {
		(void)err_set(err, ERR_INVALID_INPUT, "\"%s\": a host needs a slot", text);
		return err_hint(err, "did you mean %s:1?", text);
	}
	*value = parsed;
	memcpy(host, name, sizeof name);
	return true;
}

bool value_guess(const char *text, enum kind *kind, u128 *value, char host[HOST_TEXT], struct err *err) {
	enum kind guess = KIND_IPV4;

	if (!range_guess(text, &guess)) {
		return err_set(
		    err, ERR_INVALID_INPUT, "\"%s\" is not an address, number or slot of a host", text);
	}
	if (!value_parse(text, guess, value, host, err)) {
		return false;
	}
	*kind = guess;
	return true;
}

void value_text(enum kind kind, u128 value, const char *host, struct buf *out) {
	char digits[U128_TEXT];

	switch (kind) {
	case KIND_IPV4:
	case KIND_IPV6:
		address_text(kind, value, out);
		return;
	case KIND_NUMBER:
		buf_puts(out, u128_text(value, digits));
		return;
	case KIND_HOST:
		buf_printf(out, "%s:%s", host, u128_text(value, digits));
		return;
	}
	assert(false);
}
