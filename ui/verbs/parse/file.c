#include "ui/verbs/parse/file.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "db/base/buf.h"
#include "db/base/err.h"

enum { FILE_MAX_BYTES = 1 << 30 };

bool file_read(const char *path, struct buf *out, struct err *err) {
	bool is_stdin = strcmp(path, "-") == 0;
	FILE *file = is_stdin ? stdin : fopen(path, "re");
	char chunk[65536];
	size_t n;
	bool ok = true;

	if (file == NULL) {
		return err_set(err, ERR_INVALID_INPUT, "file \"%s\": %s", path, strerror(errno));
	}
	while (ok && (n = fread(chunk, 1, sizeof chunk, file)) > 0) {
		buf_add(out, chunk, n);
		ok = out->len <= FILE_MAX_BYTES ||
		     err_set(err, ERR_INVALID_INPUT, "file \"%s\": it is larger than 1 GiB", path);
	}
	if (ok && ferror(file) != 0) {
		ok = err_set(err, ERR_INVALID_INPUT, "file \"%s\": %s", path, strerror(errno));
	}
	if (!is_stdin) {
		(void)fclose(file);
	}
	return ok;
}
