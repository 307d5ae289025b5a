/* Look-alikes, a text a line: a skeleton is its own skeleton, texts with one skeleton have a difference that
 * is named, and the parts that differ are in order and inside. */
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "db/base/buf.h"
#include "model/text/lookalike.h"
#include "tests/fuzz/fuzz.h"

enum { SPANS = 5 };

static bool is_utf8(const char *text) {
	const utf8proc_uint8_t *at = (const utf8proc_uint8_t *)text;
	utf8proc_int32_t c;
	utf8proc_ssize_t n;

	while (*at != 0 && (n = utf8proc_iterate(at, -1, &c)) > 0) {
		at += n;
	}
	return *at == 0;
}

/* A text that is no UTF-8 can lose characters between bytes that then make up another one. */
static void check_fold(const char *text, unsigned folds) {
	struct buf once = {0}, twice = {0};

	alike_fold(text, folds, &once);
	alike_fold(buf_text(&once), folds, &twice);
	fuzz_check(!is_utf8(text) || strcmp(buf_text(&once), buf_text(&twice)) == 0);
	buf_release(&once);
	buf_release(&twice);
}

static void check_spans(const char *a, const char *b) {
	struct alike_span spans[SPANS];
	size_t count = alike_spans(a, b, spans, SPANS);
	size_t at = 0;

	fuzz_check(count <= SPANS && (count > 0 || strcmp(a, b) == 0));
	for (size_t i = 0; i < count; i++) {
		fuzz_check(spans[i].from >= at && spans[i].to >= spans[i].from && spans[i].to <= strlen(a));
		at = spans[i].to;
	}
}

static void check_pair(const char *a, const char *b) {
	struct buf first = {0}, second = {0}, words = {0};

	alike_fold(a, ALIKE_ALL, &first);
	alike_fold(b, ALIKE_ALL, &second);
	if (strcmp(a, b) != 0 && strcmp(buf_text(&first), buf_text(&second)) == 0) {
		unsigned why = alike_differences(a, b);

		fuzz_check(why <= ALIKE_ALL && why == alike_differences(b, a));
		alike_describe(why, &words);
		fuzz_check((words.len > 0) == (why > 0));
	}
	buf_release(&first);
	buf_release(&second);
	buf_release(&words);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
	char *a = fuzz_line(&data, &n);
	char *b = fuzz_line(&data, &n);

	for (unsigned folds = 0; folds <= ALIKE_ALL; folds++) {
		check_fold(a, folds);
	}
	check_spans(a, b);
	check_spans(b, a);
	check_pair(a, b);
	free(a);
	free(b);
	return 0;
}
