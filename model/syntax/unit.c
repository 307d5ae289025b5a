#include "model/syntax/unit.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "db/base/buf.h"
#include "db/base/err.h"
#include "model/syntax/address.h"
#include "model/syntax/range.h"

#define BLOCK_MOST INT64_C(999999999999999999) /* numbers in a block */

bool unit_is_block(const char *text, enum kind kind) {
	return kind != KIND_HOST && strpbrk(text, "/-") != NULL;
}

bool unit_parse(const char *text, enum kind kind, struct unit *out, struct err *err) {
	struct unit unit = {.kind = kind, .block = unit_is_block(text, kind)};
	struct range range;

	if (unit.block) {
		if (!range_parse(text, kind, &range, err)) {
			return false;
		}
		unit.first = range.first;
		unit.last = range.last;
	} else {
		if (!value_parse(text, kind, &unit.first, unit.host, err)) {
			return false;
		}
		unit.last = unit.first;
	}
	*out = unit;
	return true;
}

bool unit_guess(const char *text, struct unit *out, struct err *err) {
	enum kind kind;

	if (!value_guess_kind(text, &kind)) {
		return err_set(
		    err, ERR_INVALID_INPUT, "\"%.100s\" is not an address, number or slot of a host", text);
	}
	return unit_parse(text, kind, out, err);
}

void unit_text(const struct unit *unit, struct buf *out) {
	struct range range = {.kind = unit->kind, .first = unit->first, .last = unit->last};

	if (!unit->block) {
		value_text(unit->kind, unit->first, unit->host, out);
	} else if (unit->first != unit->last) {
		range_text(&range, out);
	} else if (unit->kind == KIND_NUMBER) {
		value_text(unit->kind, unit->first, "", out);
		buf_char(out, '-');
		value_text(unit->kind, unit->last, "", out);
	} else {
		value_text(unit->kind, unit->first, "", out);
		buf_printf(out, "/%u", address_bits(unit->kind));
	}
}

bool unit_check(const char *text, enum kind kind, char out[UNIT_TEXT], struct err *err) {
	bool is_address = kind == KIND_IPV4 || kind == KIND_IPV6;
	int64_t most = is_address ? address_bits(kind) : BLOCK_MOST;
	int64_t number;

	if (kind == KIND_HOST) {
		return err_set(err, ERR_INVALID_INPUT, "hosts have no blocks");
	}
	if (!int_parse(text + (is_address && text[0] == '/'), is_address ? 0 : 2, most, &number)) {
		return err_set(err, ERR_INVALID_INPUT, "\"%.100s\" is not %s: a number from %d to %" PRId64,
		    text, is_address ? "a length of prefixes" : "a size of blocks", is_address ? 0 : 2, most);
	}
	(void)snprintf(out, UNIT_TEXT, "%s%" PRId64, is_address ? "/" : "", number);
	return true;
}

/* Returns the number that the unit of a pool is: the length of a prefix, or the size of a block. */
static u128 number_of(const char *of_pool) {
	const char *digits = of_pool + (of_pool[0] == '/');
	u128 number = 0;

	(void)!u128_parse(digits, strlen(digits), &number);
	return number;
}

u128 unit_last(enum kind kind, u128 first, const char *of_pool) {
	u128 number = of_pool == NULL ? 1 : number_of(of_pool);
	unsigned host_bits;

	if (of_pool == NULL || of_pool[0] != '/') {
		return first + number - 1;
	}
	host_bits = address_bits(kind) - (unsigned)number;
	return first | (host_bits >= 128 ? U128_MAX : ((u128)1 << host_bits) - 1);
}

void unit_name(enum kind kind, u128 first, const char *host, const char *of_pool, struct buf *out) {
	value_text(kind, first, host, out);
	if (of_pool == NULL) {
		return;
	}
	if (of_pool[0] == '/') {
		buf_puts(out, of_pool);
	} else {
		buf_char(out, '-');
		value_text(kind, unit_last(kind, first, of_pool), "", out);
	}
}

void unit_words(const char *of_pool, struct buf *out) {
	bool is_prefix = of_pool[0] == '/';

	buf_printf(
	    out, "%s of %s%s", is_prefix ? "prefixes" : "blocks", of_pool, is_prefix ? "" : " numbers");
}
