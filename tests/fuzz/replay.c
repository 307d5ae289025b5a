/* Feeds a target the files of its corpus, in the order of their names: a test for each. */
#include <dirent.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db/base/mem.h"
#include "tests/fuzz/fuzz.h"

enum { MOST = 1 << 20 };

static int is_file(const struct dirent *entry) {
	return entry->d_name[0] != '.';
}

static void replay(const char *path) {
	FILE *file = fopen(path, "re");
	uint8_t *bytes = mem_new(MOST, 1);
	size_t n = file == NULL ? 0 : fread(bytes, 1, MOST, file);

	fuzz_check(file != NULL && feof(file) != 0);
	(void)fclose(file);
	bytes = mem_grow(bytes, n == 0 ? 1 : n, 1); /* so that reading past the end is detected */
	fuzz_check(LLVMFuzzerTestOneInput(bytes, n) == 0);
	free(bytes);
}

int main(int argc, char **argv) {
	const char *name = argc > 0 ? basename(argv[0]) : "";
	char *folder = mem_print("tests/fuzz/corpus/%s", strncmp(name, "fuzz_", 5) == 0 ? name + 5 : name);
	struct dirent **files = NULL;
	int count = scandir(folder, &files, is_file, alphasort);

	if (count <= 0) {
		(void)fprintf(stderr, "%s: there is no corpus\n", folder);
		return 1;
	}
	(void)printf("1..%d\n", count);
	for (int i = 0; i < count; i++) {
		char *path = mem_print("%s/%s", folder, files[i]->d_name);

		(void)printf("# %s\n", path);
		(void)fflush(stdout); /* the last one is told when it aborts */
		replay(path);
		(void)printf("ok %d - %s\n", i + 1, files[i]->d_name);
		free(path);
		free(files[i]);
	}
	free(files);
	free(folder);
	return 0;
}
