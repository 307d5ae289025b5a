/* A file of verbs: its lines are read as `berth batch` reads them, and add their steps, up to the first that
 * is wrong. */
#include <stdlib.h>
#include <string.h>

#include "db/base/clock.h"
#include "db/base/err.h"
#include "db/batch/batch.h"
#include "model/text/script.h"
#include "tests/fuzz/fuzz.h"
#include "ui/cli/perform.h"
#include "ui/cli/run.h"
#include "ui/verbs/parse/args.h"
#include "ui/verbs/verb.h"

/* Returns whether the steps of the line could be added. A verb that reads a file is not called. */
static bool add_line(const struct script_line *words, struct batch *b, struct err *err) {
	struct args args = {0};
	struct run run = {0};
	bool ok;

	if (!args_parse(words->argc, words->argv, verbs, ARGS_LINE, &args, err)) {
		return false;
	}
	ok = strstr(args.verb->synopsis, "FILE") != NULL ||
	     run_init(&run, &args, verbs, NULL, NULL, SAFE_UTF8, TIME_NONE, err);
	if (ok && strstr(args.verb->synopsis, "FILE") == NULL) {
		size_t before = batch_steps(b);

		run.line = words->number;
		run.id = id_derive((struct id){{1}}, (uint64_t)words->number);
		batch_line(b, words->number);
		ok = perform_add(&run, b, err);
		fuzz_check(!ok || (batch_steps(b) > before && run.step >= before));
	}
	args_release(&args);
	return ok;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
	struct batch *b = batch_new(BATCH_DRY);
	char *text = fuzz_text(data, n);
	struct script script;
	struct script_line line;
	struct err err = {0};
	bool ok = true;

	script_init(&script, text, n);
	while (ok && (ok = script_next(&script, &line, &err)) && line.argc > 0) {
		ok = add_line(&line, b, &err);
		script_line_release(&line);
	}
	if (!ok) {
		fuzz_refused(&err, (int)err.code);
	}
	batch_free(b);
	free(text);
	return 0;
}
