/* Names, texts, ids, numbers, ports and sets of states. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db/base/buf.h"
#include "db/base/err.h"
#include "db/base/id.h"
#include "db/base/num.h"
#include "db/conn/conninfo.h"
#include "model/syntax/name.h"
#include "model/syntax/states.h"
#include "tests/fuzz/fuzz.h"

/* Returns the number of characters; -1 for invalid UTF-8. */
static int64_t count_characters(const char *text) {
	const char *end = text + strlen(text);
	int64_t count = 0;
	uint32_t code = 0;

	for (; text < end; count++) {
		if (!utf8_next(&text, end, &code)) {
			return -1;
		}
		fuzz_check(code <= 0x10ffff && (code < 0xd800 || code > 0xdfff) && text <= end);
	}
	return count;
}

static void check_texts(const char *text) {
	int64_t characters = count_characters(text);
	struct err err = {0};
	size_t n = strlen(text);

	if (name_check("pool", text, &err)) {
		fuzz_check(n > 0 && n <= NAME_MAX_CHARS && strchr(text, '/') == NULL && text[0] != '-');
	} else {
		fuzz_refused(&err, ERR_INVALID_INPUT);
	}
	if (text_check("text", text, 10, &err)) {
		fuzz_check(characters >= 0 && characters <= 10);
	} else {
		fuzz_check(characters < 0 || characters > 10);
		fuzz_refused(&err, ERR_INVALID_INPUT);
	}
}

static void check_numbers(const char *text) {
	char digits[U128_TEXT], id[ID_TEXT], out[8];
	struct count count = {0};
	u128 value = 0, again = 0;
	int64_t number = 0, same = 0;
	struct id first, second;

	if (u128_parse(text, strlen(text), &value)) {
		(void)u128_text(value, digits);
		fuzz_check(u128_parse(digits, strlen(digits), &again) && value == again);
		(void)snprintf(count.digits, sizeof count.digits, "%s", digits);
		fuzz_check(strlen(count_short(count, out)) <= 6 && count_is_zero(count) == (value == 0));
		fuzz_check(count_real(count) >= 0);
	}
	if (int_parse(text, INT64_MIN, INT64_MAX, &number)) {
		char *back = fuzz_text((const uint8_t *)text, strlen(text));

		(void)snprintf(digits, sizeof digits, "%" PRId64, number);
		fuzz_check(int_parse(digits, number, number, &same) && number == same);
		fuzz_check(number == INT64_MAX || !int_parse(back, number + 1, INT64_MAX, &same));
		free(back);
	}
	if (id_parse(text, &first)) {
		fuzz_check(id_parse(id_text(first, id), &second) && id_equal(first, second));
		fuzz_check(strcasecmp(text, id) == 0 && !id_is_nil(first));
	}
}

static void check_states(const char *text) {
	static const char *const names[] = {"pending", "active", "ending", "broken", NULL};
	static const struct state_group groups[] = {{"live", 3}, {"all", 15}, {0}};
	struct err err = {0};
	struct buf out = {0};
	unsigned states = 0, again = 0;

	if (states_parse(text, names, groups, &states, &err)) {
		char *list;

		fuzz_check(states > 0 && states <= 15);
		states_text(states, names, &out);
		fuzz_check(out.len > 2 && out.text[0] == '{' && out.text[out.len - 1] == '}');
		list = fuzz_text((const uint8_t *)out.text + 1, out.len - 2);
		fuzz_check(states_parse(list, names, groups, &again, &err) && states == again);
		free(list);
	} else {
		fuzz_refused(&err, ERR_INVALID_INPUT);
	}
	if (!ports_check(text, &err)) {
		fuzz_refused(&err, ERR_INVALID_INPUT);
	}
	buf_release(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
	char *text = fuzz_text(data, n);

	check_texts(text);
	check_numbers(text);
	check_states(text);
	free(text);
	return 0;
}
