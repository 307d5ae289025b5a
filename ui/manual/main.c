/*
 * The program that the build uses to make a page of the manual: reads it from standard input, and prints it
 * with its places filled.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db/base/buf.h"
#include "db/base/err.h"
#include "ui/manual/manual.h"

int main(int argc, char **argv) {
	struct buf page = {0}, out = {0};
	struct err err = {0};
	char chunk[BUFSIZ];
	bool ok;

	for (size_t n; (n = fread(chunk, 1, sizeof chunk, stdin)) > 0;) {
		buf_add(&page, chunk, n);
	}
	ok = manual_fill(buf_text(&page), page.len, &out, &err);
	if (!ok) {
		(void)fprintf(stderr, "%s: %s\n", argc > 1 ? argv[1] : "page", err.message);
	} else if (ferror(stdin) != 0 || fwrite(buf_text(&out), 1, out.len, stdout) != out.len ||
		   fflush(stdout) != 0) {
		(void)fprintf(stderr, "manual: %s\n", strerror(errno));
		ok = false;
	}
	buf_release(&page);
	buf_release(&out);
	err_release(&err);
	return ok ? EXIT_SUCCESS : EXIT_FAILURE;
}
