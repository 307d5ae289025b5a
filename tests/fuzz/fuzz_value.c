/* Every accepted range or value is written in a form that is read as the same again, and is written the same
 * from then on. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "db/base/buf.h"
#include "db/base/err.h"
#include "db/base/mem.h"
#include "model/syntax/range.h"
#include "tests/fuzz/fuzz.h"

static void check_range(const char *text, enum kind kind) {
	struct err err = {0};
	struct buf first = {0};
	struct buf second = {0};
	struct range r;
	struct range again;

	if (range_parse(text, kind, &r, &err)) {
		fuzz_check(r.first <= r.last && (kind == KIND_HOST) == (r.host[0] != '\0'));
		range_text(&r, &first);
		fuzz_check(range_parse(buf_text(&first), kind, &again, &err));
		fuzz_check(r.first == again.first && r.last == again.last && strcmp(r.host, again.host) == 0);
		range_text(&again, &second);
		fuzz_check(strcmp(buf_text(&first), buf_text(&second)) == 0);
	} else {
		fuzz_check(err.code == ERR_INVALID_INPUT && err.message != NULL);
	}
	buf_release(&first);
	buf_release(&second);
	err_release(&err);
}

static void check_value(const char *text, enum kind kind) {
	struct err err = {0};
	struct buf out = {0};
	char host[HOST_TEXT];
	char host_again[HOST_TEXT];
	u128 value = 0;
	u128 again = 0;

	if (value_parse(text, kind, &value, host, &err)) {
		value_text(kind, value, host, &out);
		fuzz_check(value_parse(buf_text(&out), kind, &again, host_again, &err));
		fuzz_check(value == again && strcmp(host, host_again) == 0);
	}
	buf_release(&out);
	err_release(&err);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
	static const enum kind kinds[] = {KIND_IPV4, KIND_IPV6, KIND_NUMBER, KIND_HOST};
	char *text = fuzz_text(data, n);
	enum kind guess = KIND_HOST;

	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		check_range(text, kinds[i]);
		check_value(text, kinds[i]);
	}
	(void)!value_guess_kind(text, &guess);
	free(text);
	return 0;
}
