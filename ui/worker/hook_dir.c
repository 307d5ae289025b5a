#include "ui/worker/hook_dir.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "db/base/err.h"
#include "model/syntax/name.h"

/* Returns why someone else could change it; NULL when no one can. */
static const char *fault(const struct stat *st) {
	if (st->st_uid != 0 && st->st_uid != geteuid()) {
		return "belongs to another user";
	}
	return (st->st_mode & (S_IWGRP | S_IWOTH)) != 0 ? "others can write to it" : NULL;
}

static bool refuse_folder(const char *path, const char *why, struct err *err) {
	return err_set(err, ERR_INVALID_INPUT, "the folder of the hooks, %s: %s", path, why);
}

bool hook_dir_open(const char *path, int *fd, struct err *err) {
	int folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	const char *why = NULL;
	struct stat st;

	if (folder < 0 || fstat(folder, &st) != 0) {
		why = strerror(errno);
	} else {
		why = fault(&st);
	}
	if (why == NULL) {
		*fd = folder;
		return true;
	}
	if (folder >= 0) {
		(void)close(folder);
	}
	return refuse_folder(path, why, err);
}

bool hook_dir_find(const char *path, char **absolute, struct err *err) {
	char *whole = realpath(path, NULL);
	int fd = -1;

	if (whole == NULL) {
		return refuse_folder(path, strerror(errno), err);
	}
	if (!hook_dir_open(whole, &fd, err)) {
		free(whole);
		return false;
	}
	(void)close(fd);
	*absolute = whole;
	return true;
}

static const char *hook_fault(int folder, const char *name) {
	struct stat st;

	if (fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW) != 0) {
		return errno == ENOENT ? "there is no such file" : strerror(errno);
	}
	if (S_ISLNK(st.st_mode)) {
		return "a symbolic link";
	}
	if (!S_ISREG(st.st_mode)) {
		return "not a regular file";
	}
	if (fault(&st) != NULL) {
		return fault(&st);
	}
	return faccessat(folder, name, X_OK, AT_EACCESS) != 0 ? "not executable" : NULL;
}

bool hook_dir_have(int folder, const char *name, struct err *err) {
	const char *why;

	if (!name_check("hook", name, err)) {
		return false;
	}
	why = hook_fault(folder, name);
	return why == NULL || err_set(err, ERR_PRECONDITION_FAILED, "hook %s: %s", name, why);
}
