/* Errors of the server about characters that its encoding lacks: the message, then on further lines the
 * arguments in which the bytes are looked for. */
#include <stdlib.h>
#include <string.h>

#include "db/base/mem.h"
#include "db/batch/step.h"
#include "db/conn/encoding.h"
#include "tests/fuzz/fuzz.h"

enum { PARAMS = 4 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
	char *message = fuzz_line(&data, &n);
	struct param params[PARAMS] = {0};
	struct step step = {.params = params};
	struct err err = {0};

	while (n > 0 && step.count < PARAMS) {
		size_t length = data[0] < n ? data[0] : n - 1;

		params[step.count++] = (struct param){.start = step.bytes.len, .len = length};
		buf_add(&step.bytes, (const char *)data + 1, length);
		data += length + 1;
		n -= length + 1;
	}
	(void)err_set(&err, ERR_INVALID_INPUT, "%s", message);
	encoding_explain("22P05", &step, NULL, &err);
	fuzz_check(strstr(err.message, "encoding") != NULL);
	(void)err_set(&err, ERR_INVALID_INPUT, "%s", message);
	encoding_explain("22021", NULL, NULL, &err);
	fuzz_check(strstr(err.message, message) != NULL);
	fuzz_refused(&err, ERR_INVALID_INPUT);
	buf_release(&step.bytes);
	free(message);
	return 0;
}
