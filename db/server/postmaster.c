#include "db/server/postmaster.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "db/server/server_dir.h"
#include "db/base/num.h"

/* Lines of postmaster.pid. */
enum { LINE_PID = 1, LINE_STAGE = 8 };

/* Reads the first word of the n-th line of a file; "" when there is none. */
static void read_word(int folder, const char *file, int n, char *word, size_t size) {
	char text[8192];
	char *rest = text;
	char *line = NULL;

	server_dir_read(folder, file, text, sizeof text);
	for (int i = 0; i < n; i++) {
		line = strsep(&rest, "\n");
	}
	(void)snprintf(
	    word, size, "%.*s", line == NULL ? 0 : (int)strcspn(line, " "), line == NULL ? "" : line);
}

int64_t postmaster_version(int folder) {
	char word[8];
	int64_t version = 0;

	read_word(folder, "data/PG_VERSION", 1, word, sizeof word);
	return int_parse(word, 1, INT16_MAX, &version) ? version : 0;
}

int64_t postmaster_pid(int folder) {
	char word[16];
	int64_t pid = 0;

	read_word(folder, "data/postmaster.pid", LINE_PID, word, sizeof word);
	return int_parse(word, 1, INT32_MAX, &pid) ? pid : 0;
}

static bool is_ready(int folder) {
	char word[16];

	read_word(folder, "data/postmaster.pid", LINE_STAGE, word, sizeof word);
	return strcmp(word, "ready") == 0;
}

static bool is_listening(int folder) {
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	bool there;

	(void)snprintf(
	    address.sun_path, sizeof address.sun_path, "/proc/self/fd/%d/%s", folder, CLUSTER_SOCKET);
	there = fd >= 0 &&
		(connect(fd, (const struct sockaddr *)&address, sizeof address) == 0 || errno == EAGAIN);
	if (fd >= 0) {
		(void)close(fd);
	}
	return there;
}

static bool is_alive(int folder) {
	int64_t pid = postmaster_pid(folder);
	char path[64];
	char name[16];
	struct stat owner;
	struct stat process;

	(void)snprintf(path, sizeof path, "/proc/%lld", (long long)pid);
	if (pid == 0 || fstat(folder, &owner) != 0 || stat(path, &process) != 0 ||
	    owner.st_uid != process.st_uid) {
		return false;
	}
	(void)snprintf(path, sizeof path, "/proc/%lld/comm", (long long)pid);
	read_word(AT_FDCWD, path, 1, name, sizeof name);
	return strcmp(name, "postgres") == 0;
}

enum server_state postmaster_state(int folder) {
	if (is_listening(folder)) {
		return is_ready(folder) ? SERVER_RUNNING : SERVER_WAITING;
	}
	return is_alive(folder) ? SERVER_WAITING : SERVER_STOPPED;
}
