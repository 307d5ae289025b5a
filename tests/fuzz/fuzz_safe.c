/* The output of safe_text() holds no byte that a terminal could obey, consists of cells of one or two
 * columns, and stays so when it is cut, to exactly the requested columns. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "db/base/buf.h"
#include "model/syntax/name.h"
#include "model/text/safe.h"
#include "tests/fuzz/fuzz.h"

static bool is_denied(uint32_t code) {
	switch (utf8proc_category((utf8proc_int32_t)code)) {
	case UTF8PROC_CATEGORY_CC:
	case UTF8PROC_CATEGORY_CF:
	case UTF8PROC_CATEGORY_CN:
	case UTF8PROC_CATEGORY_CO:
	case UTF8PROC_CATEGORY_CS:
	case UTF8PROC_CATEGORY_ZL:
	case UTF8PROC_CATEGORY_ZP:
		return true;
	case UTF8PROC_CATEGORY_ZS:
		return code != ' ';
	default:
		return false;
	}
}

/* Also checks that no more than two combining marks follow each other. */
static void check_characters(const char *p, const char *end, enum safe_form form) {
	int run = 0;

	while (p < end) {
		uint32_t code = 0;

		fuzz_check(utf8_next(&p, end, &code));
		fuzz_check(!is_denied(code) && (form == SAFE_UTF8 || (code >= 0x20 && code <= 0x7e)));
		utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)code);
		run = category == UTF8PROC_CATEGORY_MN || category == UTF8PROC_CATEGORY_ME ? run + 1 : 0;
		fuzz_check(run <= 2);
	}
}

static void check_cells(const char *p, const char *end, enum safe_form form) {
	const char *start = p;
	struct safe_cell cell;
	size_t columns = 0;

	while (p < end) {
		size_t mark = safe_mark(p, end, form);

		fuzz_check(mark <= (size_t)(end - p));
		fuzz_check(safe_next(&p, end, &cell));
		fuzz_check(cell.n > 0 && (cell.width == 1 || cell.width == 2));
		columns += (size_t)cell.width;
	}
	fuzz_check(p == end && !safe_next(&p, end, &cell));
	fuzz_check(columns == safe_width(start, (size_t)(end - start)));
}

static void check_cut(const char *safe, size_t columns, enum safe_cut cut, enum safe_form form) {
	struct buf out = {0};
	size_t total = safe_width(safe, strlen(safe));

	safe_fit(safe, columns, cut, form, &out);
	check_characters(buf_text(&out), buf_text(&out) + out.len, form);
	fuzz_check(safe_width(buf_text(&out), out.len) == (total <= columns ? total : columns));
	buf_release(&out);
}

static void check_form(const char *text, size_t n, size_t columns, enum safe_form form) {
	struct buf safe = {0};

	safe_text(text, n, form, &safe);
	fuzz_check(strlen(buf_text(&safe)) == safe.len && (n == 0 || safe.len > 0));
	check_characters(buf_text(&safe), buf_text(&safe) + safe.len, form);
	check_cells(buf_text(&safe), buf_text(&safe) + safe.len, form);
	check_cut(buf_text(&safe), columns, SAFE_CUT_END, form);
	check_cut(buf_text(&safe), columns, SAFE_CUT_MIDDLE, form);
	buf_release(&safe);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
	size_t columns = n == 0 ? 0 : data[n - 1];

	check_form((const char *)data, n, columns % 32, SAFE_UTF8);
	check_form((const char *)data, n, columns % 32, SAFE_ASCII);
	check_form((const char *)data, n, columns, SAFE_UTF8);
	return 0;
}
