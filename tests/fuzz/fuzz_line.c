/* A line after `:` in the console: its verb is found, its words are read, and its steps are added, or it is
 * refused at one of its bytes. For real it sends the id of the dry run. */
#include <stdlib.h>
#include <string.h>

#include "db/base/err.h"
#include "db/batch/batch.h"
#include "tests/fuzz/fuzz.h"
#include "ui/verbs/call.h"
#include "ui/verbs/parse/args.h"
#include "ui/verbs/verb.h"

/* Returns whether the verb reads a file that the line names. */
static bool reads_file(const struct call *call) {
	const struct verb *verb = call_args(call)->verb;

	return verb != NULL && strstr(verb->synopsis, "FILE") != NULL;
}

static void check_blamed(const struct call *call, const char *text, struct err *err) {
	fuzz_check(call_blamed(call, err) <= strlen(text));
	fuzz_refused(err, (int)err->code);
}

static void check_sent(struct call *call, const char *text) {
	struct err err = {0};
	struct batch *b = call_batch(call, &err);
	struct id id = call_id(call);

	if (b == NULL) {
		check_blamed(call, text, &err);
		return;
	}
	fuzz_check(batch_steps(b) > 0);
	batch_free(b);
	if (call_changes(call)) {
		fuzz_check(!id_is_nil(id));
		call_confirm(call);
		b = call_batch(call, &err);
		fuzz_check(b != NULL && id_equal(id, call_id(call)));
		batch_free(b);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
	char *text = fuzz_text(data, n);
	size_t wrong = 0;
	struct err err = {0};
	struct call *call = call_new(text, verbs, false, &wrong, &err);

	if (call == NULL) {
		fuzz_check(wrong <= strlen(text));
		if (err.message != NULL) {
			fuzz_refused(&err, (int)err.code);
		}
	} else if (call_is_possible(call) && call_sends(call) && !reads_file(call)) {
		check_sent(call, text);
	}
	call_free(call);
	free(text);
	return 0;
}
