/* Targets: an accepted one is written as JSON, is of the expected kind, and means the same with its prefix.
 */
#include <stdlib.h>
#include <string.h>

#include "db/base/buf.h"
#include "db/base/err.h"
#include "db/base/mem.h"
#include "model/syntax/target.h"
#include "tests/fuzz/fuzz.h"

static bool is_kind(const struct target *target, enum target_kind expected) {
	return (int)target->kind >= 0 && target->kind < TARGET_LEASES &&
	       (expected == TARGET_ANY || target->kind == expected);
}

static void write(const struct target *target, struct buf *out) {
	buf_cut(out, 0);
	target_json(target, out);
	fuzz_json(buf_text(out));
}

/* The prefix may be left out where one kind is expected, and only there. */
static void check_prefix(const char *text, enum target_kind kind, const struct buf *json) {
	char *full = mem_print("%s/%s", target_kind_names[kind], text);
	struct err err = {0};
	struct buf again = {0};
	struct target target;

	if (target_parse(text, TARGET_ANY, &target, &err)) {
		fuzz_check(target.kind == kind);
	} else {
		fuzz_refused(&err, ERR_INVALID_INPUT);
		fuzz_check(target_parse(full, TARGET_ANY, &target, &err));
	}
	write(&target, &again);
	fuzz_check(strcmp(buf_text(json), buf_text(&again)) == 0);
	buf_release(&again);
	free(full);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
	char *text = fuzz_text(data, n);
	struct buf json = {0};

	for (enum target_kind kind = TARGET_LEASE; kind <= TARGET_ANY; kind++) {
		struct err err = {0};
		struct target target;

		if (kind >= TARGET_LEASES && kind != TARGET_ANY) {
			continue;
		}
		if (!target_parse(text, kind, &target, &err)) {
			fuzz_refused(&err, ERR_INVALID_INPUT);
			continue;
		}
		fuzz_check(is_kind(&target, kind) && !target_selects(&target));
		write(&target, &json);
		if (kind != TARGET_ANY) {
			check_prefix(text, kind, &json);
		}
	}
	buf_release(&json);
	free(text);
	return 0;
}
