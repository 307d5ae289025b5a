#include "tests/chaos/disk.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "db/base/mem.h"

#define FILLER "%s/filler"
enum { PIECE = 1 << 20 };

bool disk_mount(const char *path, int64_t bytes) {
	char *options = mem_print("size=%lld,mode=0700", (long long)bytes);
	bool ok = mount("berth-chaos", path, "tmpfs", MS_NOSUID | MS_NODEV, options) == 0;

	free(options);
	return ok;
}

void disk_unmount(const char *path) {
	if (umount2(path, 0) != 0) {
		(void)umount2(path, MNT_DETACH);
	}
}

bool disk_possible(const char *folder) {
	char *path = mem_print("%s/try", folder);
	bool ok = mkdir(path, 0700) == 0 && disk_mount(path, PIECE);

	if (ok) {
		disk_unmount(path);
	}
	(void)rmdir(path);
	free(path);
	return ok;
}

/* Writes smaller and smaller pieces, down to the last page. */
bool disk_fill(const char *path) {
	char *name = mem_print(FILLER, path);
	int fd = open(name, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	off_t size = fd < 0 ? 0 : lseek(fd, 0, SEEK_END);

	for (off_t piece = PIECE; fd >= 0 && piece >= 4096;) {
		if (posix_fallocate(fd, size, piece) == 0) {
			size += piece;
		} else {
			piece /= 2;
		}
	}
	if (fd >= 0) {
		(void)close(fd);
	}
	free(name);
	return fd >= 0;
}

void disk_drain(const char *path) {
	char *name = mem_print(FILLER, path);

	(void)unlink(name);
	free(name);
}
