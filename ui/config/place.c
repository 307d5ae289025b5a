#include "ui/config/place.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "db/base/err.h"
#include "db/base/mem.h"

static char *in_folder(const char *variable, const char *below_home, const char *name) {
	const char *folder = getenv(variable);
	const char *home = getenv("HOME");

	if (folder != NULL && folder[0] == '/') {
		return mem_print("%s/berth/%s", folder, name);
	}
	return home == NULL || home[0] != '/' ? NULL : mem_print("%s/%s/berth/%s", home, below_home, name);
}

char *place_config(const char *name) {
	return in_folder("XDG_CONFIG_HOME", ".config", name);
}

char *place_state(const char *name) {
	return in_folder("XDG_STATE_HOME", ".local/state", name);
}

/* Makes the folders above a file that are missing; what could not be made shows when the file is opened. */
static void make_folders(const char *path) {
	char *folder = mem_text(path);

	for (char *slash = strchr(folder + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		(void)mkdir(folder, 0700);
		*slash = '/';
	}
	free(folder);
}

static bool write_all(int fd, const char *text, size_t n) {
	while (n > 0) {
		ssize_t done = write(fd, text, n);

		if (done < 0 && errno != EINTR) {
			return false;
		}
		text += done < 0 ? 0 : done;
		n -= done < 0 ? 0 : (size_t)done;
	}
	return true;
}

bool place_write(const char *path, const char *text, size_t n, struct err *err) {
	char *real = realpath(path, NULL); /* a link stays one */
	char *beside;
	bool ok;
	int fd;

	path = real == NULL ? path : real;
	beside = mem_print("%s.XXXXXX", path);
	make_folders(path);
	fd = mkstemp(beside); /* with mode 0600 */
	ok = fd >= 0 && write_all(fd, text, n);
	if (fd >= 0) {
		ok = close(fd) == 0 && ok && rename(beside, path) == 0;
	}
	if (!ok) {
		(void)err_set(
		    err, ERR_UNAVAILABLE, "file \"%s\" cannot be written: %s", path, strerror(errno));
		if (fd >= 0) {
			(void)unlink(beside);
		}
	}
	free(beside);
	free(real);
	return ok;
}
