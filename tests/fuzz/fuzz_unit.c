/* Units, networks, addresses, and the ranges and units of pools: what is accepted is written so that it is
 * read as the same again. */
#include <stdlib.h>
#include <string.h>

#include "db/base/buf.h"
#include "db/base/err.h"
#include "model/syntax/address.h"
#include "model/syntax/cidr.h"
#include "model/syntax/range.h"
#include "model/syntax/unit.h"
#include "tests/fuzz/fuzz.h"

static void check_unit(const char *text, enum kind kind) {
	struct err err = {0};
	struct buf out = {0};
	struct unit unit, again;

	if (unit_parse(text, kind, &unit, &err)) {
		fuzz_check(unit.kind == kind && unit.first <= unit.last);
		fuzz_check((kind == KIND_HOST) == (unit.host[0] != '\0'));
		unit_text(&unit, &out);
		fuzz_check(unit_parse(buf_text(&out), kind, &again, &err));
		fuzz_check(unit.first == again.first && unit.last == again.last && unit.block == again.block);
		fuzz_check(strcmp(unit.host, again.host) == 0);
	} else {
		fuzz_refused(&err, ERR_INVALID_INPUT);
	}
	buf_release(&out);
}

/* The unit of a pool, and the first block of it. */
static void check_of_pool(const char *text, enum kind kind) {
	struct err err = {0};
	struct buf out = {0};
	struct unit unit;
	char of_pool[UNIT_TEXT], again[UNIT_TEXT];

	if (!unit_check(text, kind, of_pool, &err)) {
		fuzz_refused(&err, ERR_INVALID_INPUT);
		return;
	}
	fuzz_check(unit_check(of_pool, kind, again, &err) && strcmp(of_pool, again) == 0);
	unit_name(kind, 0, "", of_pool, &out);
	fuzz_check(unit_parse(buf_text(&out), kind, &unit, &err));
	fuzz_check(unit.first == 0 && unit.last == unit_last(kind, 0, of_pool));
	unit_words(of_pool, &out);
	buf_release(&out);
}

static void check_values(const char *text, enum kind kind) {
	struct err err = {0};
	struct range range;

	if (range_values(text, kind, &range, &err)) {
		fuzz_check(range.kind == kind && range.first <= range.last);
	} else {
		fuzz_refused(&err, ERR_INVALID_INPUT);
	}
}

static void check_network(const char *text, enum kind kind) {
	struct err err = {0};
	struct buf out = {0};
	u128 first = 0, last = 0, again = 0, end = 0;

	if (strchr(text, '/') == NULL) {
		if (address_parse(kind, text, strlen(text), &first)) {
			address_text(kind, first, &out);
			fuzz_check(address_parse(kind, buf_text(&out), out.len, &again) && first == again);
		}
	} else if (cidr_parse(text, kind, &first, &last, &err)) {
		fuzz_check(first <= last && cidr_text(kind, first, last, &out));
		fuzz_check(cidr_parse(buf_text(&out), kind, &again, &end, &err));
		fuzz_check(first == again && last == end);
	} else {
		fuzz_refused(&err, ERR_INVALID_INPUT);
	}
	buf_release(&out);
}

/* A spelling whose kind is guessed reads the same when that kind is given. */
static void check_guess(const char *text) {
	struct err err = {0};
	struct range range, again;
	struct unit unit, same;

	if (range_guess(text, &range, &err)) {
		fuzz_check(range_values(text, range.kind, &again, &err));
		fuzz_check(range.first == again.first && range.last == again.last);
	} else {
		fuzz_refused(&err, ERR_INVALID_INPUT);
	}
	if (unit_guess(text, &unit, &err)) {
		fuzz_check(unit_parse(text, unit.kind, &same, &err));
		fuzz_check(unit.first == same.first && unit.last == same.last);
	} else {
		fuzz_refused(&err, ERR_INVALID_INPUT);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
	static const enum kind kinds[] = {KIND_IPV4, KIND_IPV6, KIND_NUMBER, KIND_HOST};
	char *text = fuzz_text(data, n);

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		check_unit(text, kinds[i]);
		check_values(text, kinds[i]);
		if (kinds[i] == KIND_IPV4 || kinds[i] == KIND_IPV6) {
			check_network(text, kinds[i]);
		}
		check_of_pool(text, kinds[i]);
	}
	check_guess(text);
	free(text);
	return 0;
}
