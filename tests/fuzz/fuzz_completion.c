/* Completion of a line, a word a line: candidates stand at a place within the word, none is empty or holds
 * what a line cannot. The last word is the one that is completed. */
#include <stdlib.h>
#include <string.h>

#include "db/base/mem.h"
#include "tests/fuzz/fuzz.h"
#include "ui/verbs/candidates.h"
#include "ui/verbs/verb.h"

enum { WORDS = 16 };

static void check(const struct incomplete *line) {
	struct candidates c;

	candidates_find(line, &c);
	fuzz_check(c.at <= strlen(line->word));
	for (size_t i = 0; i < c.count; i++) {
		fuzz_check(c.items[i].name[0] != '\0' && strchr(c.items[i].name, '\n') == NULL);
		fuzz_check(c.items[i].about != NULL);
	}
	fuzz_check(!c.verbs || c.first <= c.args.count);
	candidates_release(&c);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
	char *words[WORDS + 1] = {NULL};
	size_t count = 0;

	do {
		words[count++] = fuzz_line(&data, &n);
	} while (n > 0 && count < WORDS);
	for (enum filter_rows fields = FILTER_NONE; fields < FILTER_ROWS; fields++) {
		const struct incomplete line = {.table = verbs,
		    .words = words,
		    .count = count - 1,
		    .word = words[count - 1],
		    .shell = fields == FILTER_NONE,
		    .fields = fields};

		check(&line);
	}
	while (count > 0) {
		free(words[--count]);
	}
	return 0;
}
