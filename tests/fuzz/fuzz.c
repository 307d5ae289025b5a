#include "tests/fuzz/fuzz.h"

#include <ftw.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "db/base/err.h"
#include "db/base/mem.h"

void fuzz_check(bool holds) {
	if (!holds) {
		abort();
	}
}

char *fuzz_text(const uint8_t *data, size_t n) {
	char *text = mem_new(n + 1, 1);

	if (n > 0) {
		memcpy(text, data, n);
	}
	return text;
}

char *fuzz_line(const uint8_t **data, size_t *n) {
	const uint8_t *end = *n == 0 ? NULL : memchr(*data, '\n', *n);
	size_t length = end == NULL ? *n : (size_t)(end - *data);
	char *line = fuzz_text(*data, length);

	*n -= length + (end == NULL ? 0 : 1);
	*data = end == NULL ? *data + length : end + 1;
	return line;
}

int64_t fuzz_lines(const uint8_t *data, size_t n) {
	int64_t lines = 1;

	for (size_t i = 0; i < n; i++) {
		lines += data[i] == '\n' ? 1 : 0;
	}
	return lines;
}

void fuzz_refused(struct err *err, int code) {
	fuzz_check((int)err->code == code && err->message != NULL && err->message[0] != '\0');
	if (err->detail != NULL) {
		fuzz_json(err->detail);
	}
	err_release(err);
}

void fuzz_json(const char *text) {
	json_t *root = json_loads(text, JSON_DECODE_ANY | JSON_DECODE_INT_AS_REAL | JSON_ALLOW_NUL, NULL);

	fuzz_check(root != NULL);
	json_decref(root);
}

static int remove_one(const char *path, const struct stat *found, int kind, struct FTW *walk) {
	(void)found;
	(void)kind;
	(void)walk;
	return remove(path);
}

static void remove_folder(void) {
	const char *folder = getenv("XDG_CONFIG_HOME");

	if (folder != NULL) {
		(void)nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	}
}

/* Makes the folder, once, and names it in the environment. */
static const char *folder_of_user(void) {
	static bool is_made;
	const char *tmp = getenv("TMPDIR");
	char *made, *folder, *below;

	if (is_made) {
		return getenv("XDG_CONFIG_HOME");
	}
	made = mem_print("%s/berth-fuzz-XXXXXX", tmp == NULL ? "/tmp" : tmp);
	fuzz_check(mkdtemp(made) != NULL);
	folder = realpath(made, NULL); /* a relative one would not count */
	fuzz_check(folder != NULL);
	below = mem_print("%s/berth", folder);
	fuzz_check(mkdir(below, 0700) == 0);
	fuzz_check(setenv("XDG_CONFIG_HOME", folder, 1) == 0 && setenv("XDG_STATE_HOME", folder, 1) == 0);
	free(below);
	free(folder);
	free(made);
	is_made = true;
	(void)atexit(remove_folder);
	return getenv("XDG_CONFIG_HOME");
}

void fuzz_file(const char *name, const uint8_t *data, size_t n) {
	char *path = mem_print("%s/berth/%s", folder_of_user(), name);
	char *slash = strrchr(path, '/');
	FILE *file;

	*slash = '\0';
	(void)mkdir(path, 0700);
	*slash = '/';
	file = fopen(path, "we");
	fuzz_check(file != NULL && (n == 0 || fwrite(data, 1, n, file) == n) && fclose(file) == 0);
	fuzz_check(chmod(path, 0600) == 0);
	free(path);
}
