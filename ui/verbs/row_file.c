#include "ui/verbs/row_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "db/base/err.h"
#include "db/base/mem.h"
#include "ui/cli/output.h"

struct row_file {
	char *path;
	FILE *file;
	struct list *list;
};

static bool format_of(const char *name, enum format *format, struct err *err) {
	static const struct {
		const char *end;
		enum format format;
	} formats[] = {{".csv", FORMAT_CSV}, {".json", FORMAT_JSON}, {".txt", FORMAT_TABLE}};
	size_t n = strlen(name);

	for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
		size_t length = strlen(formats[i].end);

		if (n > length && strcmp(name + n - length, formats[i].end) == 0) {
			*format = formats[i].format;
			return true;
		}
	}
	return err_set(err, ERR_INVALID_INPUT, "%s: the name must end in .csv, .json or .txt", name);
}

static char *path_of(const char *name) {
	const char *home = getenv("HOME");

	return strncmp(name, "~/", 2) == 0 && home != NULL ? mem_print("%s%s", home, name + 1)
							   : mem_text(name);
}

static FILE *create(const char *path, bool replace) {
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | (replace ? O_TRUNC : O_EXCL), 0666);

	return fd < 0 ? NULL : fdopen(fd, "w");
}

struct row_file *row_file_new(
    const char *name, bool replace, const struct shape *shape, bool ascii, struct err *err) {
	enum format format = FORMAT_TABLE;
	struct row_file *file;

	if (!format_of(name, &format, err)) {
		return NULL;
	}
	file = mem_new(1, sizeof *file);
	file->path = path_of(name);
	file->file = create(file->path, replace);
	if (file->file == NULL) {
		(void)err_set(err, ERR_INVALID_INPUT, "%s: %s", name, strerror(errno));
		if (errno == EEXIST) {
			(void)err_hint(err, "--force replaces it");
		}
		free(file->path);
		free(file);
		return NULL;
	}
	file->list = list_begin(&(struct sink){file->file, format, ascii ? SAFE_ASCII : SAFE_UTF8}, shape);
	return file;
}

void row_file_add(struct row_file *file, const void *row) {
	list_row(file->list, row);
}

bool row_file_end(struct row_file *file, struct err *err) {
	bool ok = list_end(file->list, err);

	if (fclose(file->file) != 0 && ok) {
		ok = err_set(err, ERR_UNAVAILABLE, "%s: %s", file->path, strerror(errno));
	}
	if (!ok) {
		(void)unlink(file->path);
	}
	free(file->path);
	free(file);
	return ok;
}

void row_file_drop(struct row_file *file) {
	struct err err = {0};

	if (file != NULL) {
		(void)unlink(file->path);
		if (!row_file_end(file, &err)) {
			err_release(&err);
		}
	}
}
