#include "model/syntax/cidr.h"

#include <string.h>

#include "db/base/buf.h"
#include "db/base/err.h"
#include "model/syntax/address.h"
#include "model/syntax/value.h"

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

static bool refuse_host_bits(const char *text, enum kind kind, u128 first, unsigned prefix, struct err *err) {
	struct buf network = {0};

	address_text(kind, first, &network);
	(void)err_set(err, ERR_INVALID_INPUT, "range \"%s\": host bits are set after the prefix", text);
	(void)err_hint(err, "did you mean %s/%u?", buf_text(&network), prefix);
	buf_release(&network);
	return false;
}

bool cidr_parse(const char *text, enum kind kind, u128 *first, u128 *last, struct err *err) {
	const char *slash = strchr(text, '/');
	unsigned bits = address_bits(kind);
	unsigned prefix = 0;

	if (!value_part(text, kind, text, (size_t)(slash - text), first, err)) {
		return false;
	}
	if (!prefix_parse(slash + 1, bits, &prefix)) {
		return err_set(err, ERR_INVALID_INPUT,
		    "range \"%s\": \"%s\" is not a prefix length from 0 to %u", text, slash + 1, bits);
	}
	u128 host = host_bits(bits, prefix);
	if ((*first & host) != 0) {
		return refuse_host_bits(text, kind, *first & ~host, prefix, err);
	}
	*last = *first | host;
	return true;
}

bool cidr_text(enum kind kind, u128 first, u128 last, struct buf *out) {
	unsigned bits = address_bits(kind);

	for (unsigned prefix = 0; prefix <= bits; prefix++) {
		u128 host = host_bits(bits, prefix);

		if ((first ^ last) == host && (first & host) == 0) {
			address_text(kind, first, out);
			buf_printf(out, "/%u", prefix);
			return true;
		}
	}
	return false;
}
