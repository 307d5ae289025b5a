#include "model/syntax/address.h"

#include <arpa/inet.h>
#include <assert.h>
#include <string.h>

#include "db/base/buf.h"

static int family(enum kind kind) {
	assert(kind == KIND_IPV4 || kind == KIND_IPV6);
	return kind == KIND_IPV4 ? AF_INET : AF_INET6;
}

unsigned address_bits(enum kind kind) {
	return family(kind) == AF_INET ? 32 : 128;
}

bool address_parse(enum kind kind, const char *text, size_t n, u128 *address) {
	unsigned char bytes[16];
	char whole[INET6_ADDRSTRLEN];
	u128 sum = 0;

	/* A NUL among the n bytes would end the text early. */
	if (n >= sizeof whole || memchr(text, '\0', n) != NULL) {
		return false;
	}
	memcpy(whole, text, n);
	whole[n] = '\0';
	if (inet_pton(family(kind), whole, bytes) != 1) {
		return false;
	}
	for (unsigned i = 0; i < address_bits(kind) / 8; i++) {
		sum = sum << 8 | bytes[i];
	}
	*address = sum;
	return true;
}

void address_text(enum kind kind, u128 address, struct buf *out) {
	unsigned size = address_bits(kind) / 8;
	unsigned char bytes[16];
	char text[INET6_ADDRSTRLEN];

	/* inet_ntop() writes these with a dotted quad ("::0.1.0.0"), a deprecated form. */
	if (kind == KIND_IPV6 && address >> 32 == 0 && address >> 16 != 0) {
		buf_printf(out, "::%x:%x", (unsigned)(address >> 16), (unsigned)(address & 0xffff));
		return;
	}
	for (unsigned i = 0; i < size; i++) {
		bytes[i] = (unsigned char)(address >> 8 * (size - 1 - i));
	}
	buf_puts(out, inet_ntop(family(kind), bytes, text, sizeof text));
}
