/* Labels and annotations as they are edited, a word a line: what is accepted is a JSON object of texts and an
 * array of keys, none of which is in both. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "db/base/err.h"
#include "model/metadata.h"
#include "model/project.h"
#include "model/syntax/name.h"
#include "tests/fuzz/fuzz.h"

enum { WORDS = 12 };

static void check(enum metadata what, const char *const *words, size_t count) {
	struct metadata_edit edit = {0};
	struct err err = {0};

	if (metadata_parse(what, words, count, &edit, &err)) {
		json_t *set = json_loads(buf_text(&edit.set), JSON_REJECT_DUPLICATES, NULL);
		json_t *gone = json_loads(buf_text(&edit.gone), 0, NULL);

		fuzz_check(json_is_object(set) && json_is_array(gone));
		fuzz_check(json_object_size(set) + json_array_size(gone) == count);
		for (size_t i = 0; i < json_array_size(gone); i++) {
			fuzz_check(json_object_get(set, json_string_value(json_array_get(gone, i))) == NULL);
		}
		json_decref(set);
		json_decref(gone);
	} else {
		fuzz_refused(&err, ERR_INVALID_INPUT);
	}
	metadata_release(&edit);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
	char *words[WORDS] = {NULL};
	size_t count = 0;
	int64_t limit = 0;
	bool valid = true; /* the words of a line are UTF-8, which its parser checks */

	while (n > 0 && count < WORDS) {
		struct err err = {0};

		words[count] = fuzz_line(&data, &n);
		valid = text_check("word", words[count++], SIZE_MAX, &err) && valid;
		err_release(&err);
	}
	if (valid) {
		check(METADATA_LABEL, (const char *const *)words, count);
		check(METADATA_ANNOTATION, (const char *const *)words, count);
	}
	fuzz_check(count == 0 || !limit_parse(words[0], &limit) || limit >= 0 || limit == NO_LIMIT);
	while (count > 0) {
		free(words[--count]);
	}
	return 0;
}
