/* Cells of an answer in PostgreSQL's binary format, of every type: the first byte is the type, the rest the
 * cell. What is accepted is in the range of its C type, and is sent as the same bytes' meaning. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "db/base/buf.h"
#include "db/base/clock.h"
#include "db/batch/arg.h"
#include "db/batch/decode.h"
#include "tests/fuzz/fuzz.h"
#include "tests/lib/any.h"

static bool decode(enum field_type type, const char *bytes, size_t len, struct any *out) {
	const struct cell cell = {.type = encode_type(type), .bytes = bytes, .len = len};

	return decode_cell(&any_fields[type], &cell, out);
}

/* Returns the argument that the member is sent as; false for types that are not. */
static bool argument(enum field_type type, const struct any *any, struct arg *arg) {
	switch (type) {
	case FIELD_BOOL:
		*arg = arg_bool(any->flag);
		return true;
	case FIELD_INT:
		*arg = arg_int(any->number);
		return true;
	case FIELD_TIME:
		*arg = arg_time(any->number);
		return !arg->null && any->number != TIME_NEVER;
	case FIELD_REAL:
		*arg = arg_real(any->real);
		return true;
	case FIELD_VALUE:
		*arg = arg_value(any->value);
		return true;
	case FIELD_ID:
		*arg = arg_id(any->id);
		return !arg->null;
	default:
		return false;
	}
}

static bool same(enum field_type type, const struct any *a, const struct any *b) {
	uint64_t bits[2];

	/* NaN is not equal to itself. */
	memcpy(&bits[0], &a->real, sizeof bits[0]);
	memcpy(&bits[1], &b->real, sizeof bits[1]);
	return a->flag == b->flag && a->number == b->number && a->value == b->value &&
	       id_equal(a->id, b->id) && (type != FIELD_REAL || bits[0] == bits[1]);
}

static void check_count(const struct count *count) {
	size_t n = strlen(count->digits);

	fuzz_check(n > 0 && n < sizeof count->digits);
	fuzz_check(n == 1 || count->digits[0] != '0');
	for (size_t i = 0; i < n; i++) {
		fuzz_check(isdigit((unsigned char)count->digits[i]) != 0);
	}
}

static void check(enum field_type type, const char *bytes, size_t len) {
	struct any any = {0}, again = {0};
	struct arg arg;
	struct buf sent = {0};

	if (!decode(type, bytes, len, &any)) {
		return;
	}
	fuzz_check(type != FIELD_TIME || any.number < TIME_NEVER);
	if (type == FIELD_COUNT) {
		check_count(&any.count);
	}
	if (argument(type, &any, &arg)) {
		arg_encode(&arg, &sent);
		fuzz_check(decode(type, buf_text(&sent), sent.len, &again) && same(type, &any, &again));
	}
	buf_release(&sent);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
	if (n > 0) {
		char *bytes = fuzz_text(data + 1, n - 1);

		check((enum field_type)(data[0] % (FIELD_ENUM + 1)), bytes, n - 1);
		free(bytes);
	}
	return 0;
}
