#include "db/batch/arg.h"

#include <endian.h>
#include <string.h>

#include "db/base/buf.h"
#include "db/base/clock.h"
#include "db/batch/decode.h"

struct arg arg_bool(bool flag) {
	return (struct arg){.type = FIELD_BOOL, .u.flag = flag};
}

struct arg arg_int(int64_t number) {
	return (struct arg){.type = FIELD_INT, .u.number = number};
}

struct arg arg_positive(int64_t number) {
	return (struct arg){.type = FIELD_INT, .null = number == 0, .u.number = number};
}

struct arg arg_real(double real) {
	return (struct arg){.type = FIELD_REAL, .u.real = real};
}

struct arg arg_text(const char *text) {
	return (struct arg){.type = FIELD_TEXT, .null = text == NULL, .u.text = text};
}

struct arg arg_word(const char *text) {
	return arg_text(text == NULL || text[0] == '\0' ? NULL : text);
}

struct arg arg_json(const char *text) {
	return (struct arg){.type = FIELD_JSON, .null = text == NULL, .u.text = text};
}

struct arg arg_id(struct id id) {
	return (struct arg){.type = FIELD_ID, .null = id_is_nil(id), .u.id = id};
}

struct arg arg_time(int64_t time) {
	return (struct arg){.type = FIELD_TIME, .null = time == TIME_NONE, .u.number = time};
}

struct arg arg_value(u128 value) {
	return (struct arg){.type = FIELD_VALUE, .u.value = value};
}

struct arg arg_null(enum field_type type) {
	return (struct arg){.type = type, .null = true};
}

static void write16(struct buf *out, unsigned x) {
	uint16_t be = htobe16((uint16_t)x);

	buf_add(out, &be, sizeof be);
}

static void write64(struct buf *out, uint64_t x) {
	uint64_t be = htobe64(x);

	buf_add(out, &be, sizeof be);
}

static void encode_value(u128 value, struct buf *out) {
	uint16_t digits[10];
	unsigned n = 0;

	for (; value != 0; value /= 10000) {
		digits[n++] = (uint16_t)(value % 10000);
	}
	write16(out, n);
	write16(out, n == 0 ? 0 : n - 1);
	write16(out, 0);
	write16(out, 0);
	while (n > 0) {
		write16(out, digits[--n]);
	}
}

void arg_encode(const struct arg *arg, struct buf *out) {
	uint64_t bits;

	switch (arg->type) {
	case FIELD_BOOL:
		buf_char(out, arg->u.flag ? 1 : 0);
		break;
	case FIELD_INT:
		write64(out, (uint64_t)arg->u.number);
		break;
	case FIELD_TIME:
		write64(
		    out, (uint64_t)(arg->u.number == TIME_NEVER ? INT64_MAX : arg->u.number - EPOCH_SHIFT));
		break;
	case FIELD_REAL:
		memcpy(&bits, &arg->u.real, sizeof bits);
		write64(out, bits);
		break;
	case FIELD_JSON:
		buf_char(out, 1);
		buf_puts(out, arg->u.text);
		break;
	case FIELD_TEXT:
	case FIELD_ENUM:
		buf_puts(out, arg->u.text);
		break;
	case FIELD_ID:
		buf_add(out, arg->u.id.bytes, sizeof arg->u.id.bytes);
		break;
	case FIELD_COUNT:
	case FIELD_VALUE:
		encode_value(arg->u.value, out);
		break;
	}
}
