/* The file of the configuration: profiles are named once and complete, no password is kept, and an error
 * names a line of the file. */
#include <stdlib.h>
#include <string.h>

#include "db/base/err.h"
#include "db/conn/conninfo.h"
#include "model/syntax/name.h"
#include "tests/fuzz/fuzz.h"
#include "ui/config/config.h"

static void check_profile(const struct config *config, size_t at) {
	const struct profile *p = &config->profiles[at];
	struct err err = {0};

	fuzz_check(name_check("profile", p->name, &err) && p->environment[0] != '\0');
	fuzz_check(config_profile(config, p->name, &err) == p);
	for (size_t i = 0; i < p->count; i++) {
		fuzz_check(profile_value(p, p->keywords[i]) == p->values[i]);
		fuzz_check(strstr(p->keywords[i], "password") == NULL);
		fuzz_check(strcmp(p->keywords[i], "dbname") != 0 || !conninfo_has_secret(p->values[i]));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
	struct config config = {0};
	struct err err = {0};

	fuzz_file("config", data, n);
	if (config_read(&config, &err)) {
		for (size_t i = 0; i < config.count; i++) {
			check_profile(&config, i);
		}
	} else {
		fuzz_check(err.line >= 0 && err.line <= fuzz_lines(data, n));
		fuzz_refused(&err, ERR_INVALID_INPUT);
	}
	config_release(&config);
	return 0;
}
