#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "db/server/pg_install.h"
#include "db/base/mem.h"
#include "tests/chaos/node.h"

/* Copies a file out of the checkout, which another user may not be able to reach. */
static bool copy_file(const char *from, const char *to) {
	int in = open(from, O_RDONLY | O_CLOEXEC);
	int out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0755);
	char bytes[65536];
	ssize_t n = -1;

	while (in >= 0 && out >= 0 && (n = read(in, bytes, sizeof bytes)) > 0) {
		if (write(out, bytes, (size_t)n) != n) {
			n = -1;
			break;
		}
	}
	if (in >= 0) {
		(void)close(in);
	}
	if (out >= 0) {
		(void)close(out);
	}
	return n == 0;
}

static int64_t *map_clock(const char *path) {
	int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	void *map = MAP_FAILED;

	if (fd >= 0 && ftruncate(fd, sizeof(int64_t)) == 0) {
		map = mmap(NULL, sizeof(int64_t), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	}
	if (fd >= 0) {
		(void)close(fd);
	}
	return map == MAP_FAILED ? NULL : map;
}

/* Returns the folder of the real programs; PATH may have links to some of them. */
static char *find_programs(struct err *err) {
	char *found = pg_install_find(0, err);
	char *program = found == NULL ? NULL : mem_print("%s/postgres", found);
	char *real = program == NULL ? NULL : realpath(program, NULL);
	char *slash = real == NULL ? NULL : strrchr(real, '/');

	free(program);
	if (slash == NULL) {
		free(real);
		return found;
	}
	*slash = '\0';
	free(found);
	return real;
}

bool site_open(struct site *s, const char *folder, const char *shim, struct err *err) {
	*s = (struct site){.folder = mem_text(folder)};
	s->shim = mem_print("%s/clock.so", folder);
	s->clock = mem_print("%s/clock", folder);
	s->bin = find_programs(err);
	if (s->bin == NULL || !pg_install_user(&s->user, err)) {
		return false;
	}
	s->offset = map_clock(s->clock);
	if (s->offset == NULL || !copy_file(shim, s->shim) || chmod(s->clock, 0644) != 0 ||
	    chmod(s->shim, 0755) != 0) {
		return err_set(err, ERR_UNAVAILABLE, "%s: %s", s->shim, strerror(errno));
	}
	return true;
}

void site_close(struct site *s) {
	if (s->offset != NULL) {
		(void)munmap(s->offset, sizeof *s->offset);
	}
	free(s->folder);
	free(s->bin);
	free(s->shim);
	free(s->clock);
	*s = (struct site){0};
}
