#include "db/server/server_dir.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "db/base/clock.h"
#include "db/server/pg_install.h"
#include "db/base/mem.h"

#define MARK "lock"
#define POLL_MS 20

/* Fills err for errno. Returns false. */
static bool fail(const char *path, struct err *err) {
	int why = errno;
	enum err_code code = ERR_UNAVAILABLE;

	if (why == EACCES || why == EPERM) {
		code = ERR_NOT_ALLOWED;
	} else if (why == ENOTDIR || why == ENAMETOOLONG || why == ELOOP) {
		code = ERR_INVALID_INPUT;
	}
	return err_set(err, code, "folder %s of the private server: %s", path, strerror(why));
}

static char *default_path(void) {
	const char *data = getenv("XDG_DATA_HOME");
	const char *home = getenv("HOME");

	if (data != NULL && data[0] == '/') {
		return mem_print("%s/berth/server", data);
	}
	if (home == NULL || home[0] != '/') {
		const struct passwd *entry = getpwuid(geteuid());

		home = entry == NULL ? "" : entry->pw_dir;
	}
	return mem_print("%s/.local/share/berth/server", home);
}

char *server_dir_path(const char *folder, struct err *err) {
	char *here;
	char *path;

	if (folder == NULL) {
		return default_path();
	}
	if (folder[0] == '\0') {
		(void)err_set(err, ERR_INVALID_INPUT, "the folder of the private server is empty");
		return NULL;
	}
	if (folder[0] == '/') {
		return mem_text(folder);
	}
	here = getcwd(NULL, 0);
	if (here == NULL) {
		(void)fail(folder, err);
		return NULL;
	}
	path = mem_print("%s/%s", here, folder);
	free(here);
	return path;
}

bool server_dir_open(const char *path, int *fd, struct err *err) {
	int opened = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (opened < 0 && errno != ENOENT) {
		return fail(path, err);
	}
	*fd = opened;
	return true;
}

bool server_dir_make(const char *path, int *fd, struct err *err) {
	char *part = mem_text(path);
	bool made = true;
	int opened;

	for (char *end = part; made && end != NULL;) {
		end = strchr(end + 1, '/');
		if (end != NULL) {
			*end = '\0';
		}
		made = mkdir(part, 0700) == 0 || errno == EEXIST;
		if (end != NULL) {
			*end = '/';
		}
	}
	free(part);
	opened = made ? open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
	if (opened < 0) {
		return fail(path, err);
	}
	*fd = opened;
	return true;
}

bool server_dir_is_taken(int fd) {
	struct stat found;

	return fstatat(fd, MARK, &found, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(found.st_mode);
}

static bool is_empty(int fd) {
	int again = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *list = again < 0 ? NULL : fdopendir(again);
	bool empty = list != NULL;

	if (list == NULL) {
		return false;
	}
	for (const struct dirent *entry = readdir(list); empty && entry != NULL; entry = readdir(list)) {
		empty = strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0;
	}
	(void)closedir(list);
	return empty;
}

static bool give(const char *path, int fd, struct err *err) {
	struct pg_user user;

	if (!pg_install_user(&user, err)) {
		return false;
	}
	if ((user.drop && fchown(fd, user.uid, user.gid) != 0) || fchmod(fd, 0700) != 0) {
		return fail(path, err);
	}
	return true;
}

bool server_dir_take(const char *path, int fd, struct pg_user *user, struct err *err) {
	bool root = geteuid() == 0;
	struct stat found;

	/* In this order, since another process may be taking it now. */
	if (is_empty(fd)) {
		if (!give(path, fd, err)) {
			return false;
		}
	} else if (!server_dir_is_taken(fd)) {
		return err_set(err, ERR_INVALID_INPUT,
		    "folder %s is not empty, and not a private server of berth", path);
	}
	if (fstat(fd, &found) != 0) {
		return fail(path, err);
	}
	if (root ? found.st_uid == 0 : found.st_uid != geteuid()) {
		return err_set(err, ERR_NOT_ALLOWED, "folder %s of the private server belongs to user %u",
		    path, (unsigned)found.st_uid);
	}
	*user = (struct pg_user){.uid = found.st_uid, .gid = found.st_gid, .drop = root};
	return true;
}

static bool wait_lock(int lock, int64_t deadline) {
	while (flock(lock, LOCK_EX | LOCK_NB) != 0) {
		if (errno != EWOULDBLOCK && errno != EINTR) {
			return false;
		}
		if (clock_steady() >= deadline) {
			errno = ETIMEDOUT;
			return false;
		}
		(void)poll(NULL, 0, POLL_MS);
	}
	return true;
}

bool server_dir_lock(const char *path, int fd, int64_t deadline, int *lock, struct err *err) {
	int opened = openat(fd, MARK, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	struct stat found;

	if (opened < 0) {
		return fail(path, err);
	}
	if (!wait_lock(opened, deadline)) {
		bool late = errno == ETIMEDOUT;

		(void)fail(path, err);
		(void)close(opened);
		return late ? err_set(err, ERR_TIMEOUT,
				  "folder %s of the private server: another process is working on it", path)
			    : false;
	}
	if (fstat(opened, &found) != 0 || found.st_nlink == 0) {
		(void)close(opened);
		return err_set(err, ERR_CONFLICT, "folder %s of the private server was just removed", path);
	}
	*lock = opened;
	return true;
}

void server_dir_read(int fd, const char *name, char *text, size_t size) {
	int file = openat(fd, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	ssize_t n = file < 0 ? 0 : read(file, text, size - 1);

	text[n < 0 ? 0 : n] = '\0';
	if (file >= 0) {
		(void)close(file);
	}
}
