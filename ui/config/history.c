#include "ui/config/history.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "db/base/buf.h"
#include "db/base/err.h"
#include "model/syntax/name.h"
#include "ui/config/place.h"

enum { KEPT = 200 /* lines */, MOST = 1 << 20 /* bytes that are read */ };

static int open_file(int flags) {
	char *path = place_state("history");
	int fd = path == NULL ? -1 : open(path, flags | O_CLOEXEC | O_NOFOLLOW, 0600);

	free(path);
	return fd;
}

static void read_file(struct buf *out) {
	int fd = open_file(O_RDONLY);
	char chunk[4096];
	ssize_t n;

	while (fd >= 0 && out->len < MOST && (n = read(fd, chunk, sizeof chunk)) > 0) {
		buf_add(out, chunk, (size_t)n);
	}
	if (fd >= 0) {
		(void)close(fd);
	}
}

/* Returns where the newest lines begin. */
static const char *newest(const struct buf *text) {
	const char *start = buf_text(text);
	const char *at = start + text->len;
	int lines = 0;

	while (at > start && lines < KEPT) {
		at--;
		lines += *at == '\n' && at + 1 < start + text->len ? 1 : 0;
	}
	return at == start ? at : at + 1;
}

static bool is_kept(const char *line) {
	struct err err = {0};
	bool ok =
	    (line[0] == '/' || line[0] == ':') && line[1] != '\0' && text_check("line", line, SIZE_MAX, &err);

	err_release(&err);
	return ok;
}

void history_read(void (*take)(void *context, char kind, const char *text), void *context) {
	struct buf text = {0};
	struct buf line = {0};
	struct err err = {0};
	const char *from;

	read_file(&text);
	from = newest(&text);
	if (from != buf_text(&text)) {
		char *path = place_state("history");

		if (!place_write(path, from, strlen(from), &err)) {
			err_release(&err);
		}
		free(path);
	}
	for (const char *at = from; *at != '\0';) {
		size_t n = strcspn(at, "\n");

		buf_cut(&line, 0);
		buf_add(&line, at, n);
		if (is_kept(buf_text(&line))) {
			take(context, buf_text(&line)[0], buf_text(&line) + 1);
		}
		at += n + (at[n] == '\0' ? 0 : 1);
	}
	buf_release(&line);
	buf_release(&text);
}

void history_add(const char *lines, size_t n) {
	int fd = open_file(O_WRONLY | O_APPEND | O_CREAT);

	if (fd < 0) {
		char *path = place_state("history");
		struct err err = {0};

		/* The folder may be missing. */
		if (path != NULL && access(path, F_OK) != 0 && !place_write(path, "", 0, &err)) {
			err_release(&err);
		}
		free(path);
		fd = open_file(O_WRONLY | O_APPEND);
	}
	if (fd >= 0) {
		if (write(fd, lines, n) < 0) {
			/* It is a convenience only. */
		}
		(void)close(fd);
	}
}
