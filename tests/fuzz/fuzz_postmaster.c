/* The files of a private server's folder, which others may have written: the version, then the process. */
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "db/base/mem.h"
#include "db/server/postmaster.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
	const char *home;
	char *path;
	int folder;

	fuzz_file("data/PG_VERSION", data, n);
	fuzz_file("data/postmaster.pid", data, n);
	home = getenv("XDG_CONFIG_HOME");
	path = mem_print("%s/berth", home);
	folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	fuzz_check(folder >= 0);
	fuzz_check(postmaster_version(folder) >= 0 && postmaster_version(folder) <= INT16_MAX);
	fuzz_check(postmaster_pid(folder) >= 0 && postmaster_pid(folder) <= INT32_MAX);
	fuzz_check(postmaster_state(folder) != SERVER_RUNNING);
	(void)close(folder);
	free(path);
	return 0;
}
