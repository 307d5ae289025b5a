#include "db/batch/decode.h"

#include <endian.h>
#include <string.h>

#include "db/base/buf.h"
#include "db/base/clock.h"

/* The OIDs of pg_type.dat, which never change. */
enum oid {
	OID_BOOL = 16,
	OID_INT8 = 20,
	OID_INT4 = 23,
	OID_TEXT = 25,
	OID_JSON = 114,
	OID_FLOAT8 = 701,
	OID_VARCHAR = 1043,
	OID_TIMESTAMPTZ = 1184,
	OID_NAME = 19,
	OID_NUMERIC = 1700,
	OID_UUID = 2950,
	OID_JSONB = 3802
};

/* An argument of the type is sent as the first one. */
static const unsigned oids[][4] = {
    [FIELD_BOOL] = {OID_BOOL},
    [FIELD_INT] = {OID_INT8, OID_INT4},
    [FIELD_REAL] = {OID_FLOAT8},
    [FIELD_TEXT] = {OID_TEXT, OID_VARCHAR, OID_NAME},
    [FIELD_JSON] = {OID_JSONB, OID_JSON},
    [FIELD_ID] = {OID_UUID},
    [FIELD_TIME] = {OID_TIMESTAMPTZ},
    [FIELD_COUNT] = {OID_NUMERIC},
    [FIELD_VALUE] = {OID_NUMERIC},
    [FIELD_ENUM] = {OID_TEXT},
};

unsigned encode_type(enum field_type type) {
	return oids[type][0];
}

bool decode_accepts(enum field_type type, unsigned oid) {
	for (size_t i = 0; i < 4 && oids[type][i] != 0; i++) {
		if (oids[type][i] == oid) {
			return true;
		}
	}
	return false;
}

static uint16_t read16(const char *p) {
	uint16_t x;

	memcpy(&x, p, sizeof x);
	return be16toh(x);
}

static uint32_t read32(const char *p) {
	uint32_t x;

	memcpy(&x, p, sizeof x);
	return be32toh(x);
}

static uint64_t read64(const char *p) {
	uint64_t x;

	memcpy(&x, p, sizeof x);
	return be64toh(x);
}

static bool decode_bool(const struct cell *cell, bool *out) {
	if (cell->len != 1) {
		return false;
	}
	*out = cell->bytes[0] != 0;
	return true;
}

static bool decode_int(const struct cell *cell, int64_t *out) {
	if (cell->len == 8) {
		*out = (int64_t)read64(cell->bytes);
		return true;
	}
	if (cell->len == 4) {
		*out = (int32_t)read32(cell->bytes);
		return true;
	}
	return false;
}

static bool decode_time(const struct cell *cell, int64_t *out) {
	int64_t at;

	if (cell->null) {
		*out = TIME_NONE;
		return true;
	}
	if (cell->len != 8) {
		return false;
	}
	at = (int64_t)read64(cell->bytes);
	if (at == INT64_MIN || at > INT64_MAX - 1 - EPOCH_SHIFT) {
		return false;
	}
	*out = at + EPOCH_SHIFT;
	return true;
}

enum { BASE = 10000 };

/* Writes a numeric as decimal digits. It consists of the number of its base-10000 digits, the weight of the
 * first, the sign, the display scale, and the digits. All of ours are whole and not negative. */
static bool decode_numeric(const struct cell *cell, char *digits, size_t room) {
	struct buf text = {0};
	int ndigits, weight;
	bool valid = true;

	if (cell->len < 8) {
		return false;
	}
	ndigits = (int)read16(cell->bytes);
	weight = (int16_t)read16(cell->bytes + 2);
	if (read16(cell->bytes + 4) != 0 || cell->len != 8 + 2 * (size_t)ndigits || weight > 1000 ||
	    ndigits > weight + 1) {
		return false;
	}
	for (int i = 0; i <= weight; i++) {
		unsigned digit = i < ndigits ? read16(cell->bytes + 8 + 2 * i) : 0;

		valid = valid && digit < BASE && (digit > 0 || i > 0 || weight == 0);
		buf_printf(&text, i == 0 ? "%u" : "%04u", digit);
	}
	if (text.len == 0) {
		buf_char(&text, '0');
	}
	valid = valid && text.len < room;
	if (valid) {
		memcpy(digits, text.text, text.len + 1);
	}
	buf_release(&text);
	return valid;
}

static bool decode_count(const struct cell *cell, struct count *out) {
	return !cell->null && decode_numeric(cell, out->digits, sizeof out->digits);
}

static bool decode_value(const struct cell *cell, u128 *out) {
	struct count count;

	if (cell->null) {
		*out = 0;
		return true;
	}
	return decode_count(cell, &count) && u128_parse(count.digits, strlen(count.digits), out);
}

static bool decode_enum(const struct field *field, const struct cell *cell, int *out) {
	for (int i = 0; field->names[i] != NULL; i++) {
		if (strcmp(field->names[i], cell->bytes) == 0) {
			*out = i;
			return true;
		}
	}
	return false;
}

static bool decode_real(const struct cell *cell, double *out) {
	uint64_t bits;

	if (cell->len != 8) {
		return false;
	}
	bits = read64(cell->bytes);
	memcpy(out, &bits, sizeof *out);
	return true;
}

static bool decode_id(const struct cell *cell, struct id *out) {
	if (cell->null) {
		*out = (struct id){0};
		return true;
	}
	if (cell->len != sizeof out->bytes) {
		return false;
	}
	memcpy(out->bytes, cell->bytes, sizeof out->bytes);
	return true;
}

/* Borrows the text, which in jsonb comes after a version byte, 1. */
static bool decode_json(const struct cell *cell, const char **out) {
	if (cell->null) {
		*out = NULL;
	} else if (cell->type == OID_JSON) {
		*out = cell->bytes;
	} else if (cell->len > 0 && cell->bytes[0] == 1) {
		*out = cell->bytes + 1;
	} else {
		return false;
	}
	return true;
}

static bool takes_null(const struct field *field) {
	return field->optional || field->type == FIELD_ID || field->type == FIELD_TIME ||
	       field->type == FIELD_VALUE;
}

bool decode_cell(const struct field *field, const struct cell *cell, void *row) {
	char *member = (char *)row + field->offset;

	if (!decode_accepts(field->type, cell->type) || (cell->null && !takes_null(field))) {
		return false;
	}
	switch (field->type) {
	case FIELD_BOOL:
		return decode_bool(cell, (bool *)(void *)member);
	case FIELD_INT:
		return decode_int(cell, (int64_t *)(void *)member);
	case FIELD_REAL:
		return decode_real(cell, (double *)(void *)member);
	case FIELD_TEXT:
		*(const char **)(void *)member = cell->null ? NULL : cell->bytes;
		return true;
	case FIELD_JSON:
		return decode_json(cell, (const char **)(void *)member);
	case FIELD_ID:
		return decode_id(cell, (struct id *)(void *)member);
	case FIELD_TIME:
		return decode_time(cell, (int64_t *)(void *)member);
	case FIELD_COUNT:
		return decode_count(cell, (struct count *)(void *)member);
	case FIELD_VALUE:
		return decode_value(cell, (u128 *)(void *)member);
	case FIELD_ENUM:
		return decode_enum(field, cell, (int *)(void *)member);
	}
	return false;
}
