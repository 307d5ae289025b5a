#include "model/syntax/value.h"

#include <assert.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "db/base/buf.h"
#include "db/base/err.h"
#include "db/base/mem.h"
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

bool value_part(const char *whole, enum kind kind, const char *text, size_t n, u128 *value, struct err *err) {
	if (scalar_parse(kind, text, n, value)) {
		return true;
	}
	if (strlen(whole) == n) {
		return err_set(err, ERR_INVALID_INPUT, "\"%.100s\" %s", whole, scalar_rules[kind]);
	}
	return err_set(err, ERR_INVALID_INPUT, "range \"%.100s\": \"%.*s\" %s", whole, n < 100 ? (int)n : 100,
	    text, scalar_rules[kind]);
}

bool value_host(const char *text, char host[HOST_TEXT], u128 *slot, struct err *err) {
	const char *colon = strchr(text, ':');
	size_t n = colon == NULL ? strlen(text) : (size_t)(colon - text);
	char *name = mem_print("%.*s", (int)(n < INT_MAX ? n : INT_MAX), text);
	u128 number = 0;
	bool ok = name_check("host", name, err);

	free(name);
	if (!ok) {
		return false;
	}
	if (colon != NULL &&
	    (!scalar_parse(KIND_NUMBER, colon + 1, strlen(colon + 1), &number) || number == 0)) {
		return err_set(err, ERR_INVALID_INPUT, "\"%.100s\": \"%.100s\": " SLOT_RULE, text, colon + 1);
	}
	memcpy(host, text, n);
	host[n] = '\0';
	*slot = number;
	return true;
}

bool value_guess_kind(const char *text, enum kind *kind) {
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

bool value_parse(const char *text, enum kind kind, u128 *value, char host[HOST_TEXT], struct err *err) {
	char name[HOST_TEXT] = "";
	u128 parsed = 0;

	if (kind != KIND_HOST) {
		if (!value_part(text, kind, text, strlen(text), &parsed, err)) {
			return false;
		}
	} else if (!value_host(text, name, &parsed, err)) {
		return false;
	} else if (parsed == 0) {
		(void)err_set(err, ERR_INVALID_INPUT, "\"%.100s\": a host needs a slot", text);
		return err_hint(err, "did you mean %s:1?", text);
	}
	*value = parsed;
	memcpy(host, name, sizeof name);
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
