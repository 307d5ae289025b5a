/* Connection strings: one without its passwords is one, has none, and stays as it is; no message about a
 * string shows the password that was put into it, whatever stands around it. */
#include <stdlib.h>
#include <string.h>

#include "db/base/err.h"
#include "db/base/mem.h"
#include "db/conn/conninfo.h"
#include "db/conn/secret.h"
#include "tests/fuzz/fuzz.h"

/* No URI that is cut in another place can have it anywhere else. */
#define SECRET "Sq7zXk9"

static void check_public(const char *text) {
	char *public = conninfo_public(text);
	char *again = conninfo_public(public);
	struct err err = {0};

	fuzz_check(strstr(public, SECRET) == NULL || !conninfo_is_string(text));
	fuzz_check(conninfo_check(public, &err) && strcmp(public, again) == 0);
	fuzz_check(!conninfo_has_secret(public));
	free(public);
	free(again);
}

static void check_message(const char *text) {
	struct err err = {0};

	if (!conninfo_check(text, &err)) {
		fuzz_check(strstr(err.message, SECRET) == NULL && strchr(err.message, '\n') == NULL);
		fuzz_check(err.hint == NULL || strstr(err.hint, SECRET) == NULL);
		fuzz_refused(&err, ERR_INVALID_INPUT);
	}
}

static void check_hidden(const char *text) {
	char *hidden = secret_hide(text);

	fuzz_check(strstr(hidden, SECRET) == NULL);
	free(hidden);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
	char *before = fuzz_line(&data, &n);
	char *after = fuzz_line(&data, &n);
	char *uri = mem_print("postgres://u:" SECRET "%s@h/db?%s", before, after);
	char *settings = mem_print("%s password=" SECRET "%s", before, after);

	if (strstr(before, SECRET) == NULL && strstr(after, SECRET) == NULL) {
		check_public(before);
		check_message(uri);
		check_message(settings);
		check_public(uri);
		check_hidden(uri);
		check_hidden(settings);
	}
	free(before);
	free(after);
	free(uri);
	free(settings);
	return 0;
}
