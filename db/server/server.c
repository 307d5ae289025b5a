#include "db/server/server.h"

#include <errno.h>
#include <fcntl.h>
#include <libpq-fe.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>
#include <unistd.h>

#include "db/base/clock.h"
#include "db/server/postmaster.h"
#include "db/server/server_dir.h"
#include "db/server/pg_install.h"
#include "db/base/mem.h"
#include "db/server/pg_program.h"

#define PATIENCE (300 * TIME_SECOND) /* for initdb and pg_ctl, also on a machine that is overloaded */
#define PATIENCE_TEXT "300"
#define RECOVERY (600 * TIME_SECOND) /* the longest wait for a server that starts or recovers */
#define POLL_MS 20
#define OWNER "berth"
#define DATABASE "berth"
#define CLUSTER PG_PROGRAM_FOLDER "/data"
#define SETTINGS                                                                                             \
	"-c listen_addresses= -c port=" CLUSTER_PORT " -c unix_socket_directories=" PG_PROGRAM_FOLDER        \
	" -c unix_socket_permissions=0700 -c cluster_name=berth -c log_min_messages=log"                     \
	" -c log_checkpoints=off -c client_connection_check_interval=10s -c jit=off"
#define UNSYNCED " -c fsync=off -c full_page_writes=off -c synchronous_commit=off"
#define UNFINISHED PG_PROGRAM_FOLDER "/data.new"

struct server {
	char *folder;
	int fd; /* of the folder; -1 while there is none; then host is NULL */
	char *host;
	const char *values[5];
	int64_t deadline; /* steady time, or TIME_NONE */
	bool temporary;
};

/* Exclusive access to the server's folder, held while it is changed. */
struct exclusive {
	int64_t deadline;
	struct pg_user user;
	int lock;
	int log;
	char *bin;
};

/* Returns the folder as a host name, or its descriptor's path when libpq would take the name for a list of
 * hosts or the name is too long for the address of a socket. */
static char *host_of(const char *folder, int fd) {
	size_t room = sizeof((struct sockaddr_un *)NULL)->sun_path;

	if (strchr(folder, ',') == NULL && strlen(folder) + sizeof "/" CLUSTER_SOCKET <= room) {
		return mem_text(folder);
	}
	return mem_print("/proc/self/fd/%d", fd);
}

static void found(struct server *s, int fd) {
	s->fd = fd;
	s->host = host_of(s->folder, fd);
	s->values[0] = s->host;
	s->values[1] = CLUSTER_PORT;
	s->values[2] = OWNER;
	s->values[3] = DATABASE;
}

bool server_open(const char *folder, struct server **server, struct err *err) {
	struct server *s = mem_new(1, sizeof *s);
	int fd = -1;

	(void)unsetenv("PGHOSTADDR");
	(void)unsetenv("PGSERVICE");
	s->fd = -1;
	s->deadline = TIME_NONE;
	s->folder = server_dir_path(folder, err);
	if (s->folder == NULL || !server_dir_open(s->folder, &fd, err)) {
		server_close(s);
		return false;
	}
	if (fd >= 0) {
		found(s, fd);
	}
	*server = s;
	return true;
}

void server_close(struct server *s) {
	if (s == NULL) {
		return;
	}
	if (s->fd >= 0) {
		(void)close(s->fd);
	}
	free(s->host);
	free(s->folder);
	free(s);
}

const char *server_path(const struct server *s) {
	return s->folder;
}

const char *const *server_keywords(void) {
	static const char *const keywords[] = {"host", "port", "user", "dbname", NULL};

	return keywords;
}

const char *const *server_values(const struct server *s) {
	return s->values;
}

void server_set_deadline(struct server *s, int64_t deadline) {
	s->deadline = deadline;
}

void server_set_temporary(struct server *s) {
	s->temporary = true;
}

bool server_exists(const struct server *s) {
	return s->fd >= 0 && postmaster_version(s->fd) != 0;
}

/* Returns true when it listens but accepts no connections: it is recovering (also after the crash of one of
 * its processes, which its files do not show) or stopping. */
static bool rejects(const struct server *s) {
	const char *const keywords[] = {"host", "port", "user", "dbname", "connect_timeout", NULL};
	const char *const values[] = {s->values[0], s->values[1], s->values[2], s->values[3], "2", NULL};

	return PQpingParams(keywords, values, 0) == PQPING_REJECT;
}

enum server_state server_state(const struct server *s) {
	enum server_state state = s->fd < 0 ? SERVER_STOPPED : postmaster_state(s->fd);

	return state == SERVER_RUNNING && rejects(s) ? SERVER_WAITING : state;
}

const char *server_state_name(enum server_state state) {
	static const char *const names[] = {
	    [SERVER_STOPPED] = "stopped", [SERVER_WAITING] = "waiting", [SERVER_RUNNING] = "running"};

	return names[state];
}

int64_t server_pid(const struct server *s) {
	return s->fd < 0 || postmaster_state(s->fd) == SERVER_STOPPED ? 0 : postmaster_pid(s->fd);
}

static void exclusive_end(struct exclusive *exclusive) {
	if (exclusive->log >= 0) {
		(void)close(exclusive->log);
	}
	if (exclusive->lock >= 0) {
		(void)close(exclusive->lock);
	}
	free(exclusive->bin);
}

static bool open_log(const struct server *s, struct exclusive *exclusive, struct err *err) {
	exclusive->log = openat(s->fd, "log", O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (exclusive->log < 0 ||
	    (exclusive->user.drop && fchown(exclusive->log, exclusive->user.uid, exclusive->user.gid) != 0)) {
		return err_set(
		    err, ERR_UNAVAILABLE, "log of the private server in %s: %s", s->folder, strerror(errno));
	}
	return true;
}

static bool exclusive_begin(const struct server *s, struct exclusive *exclusive, struct err *err) {
	*exclusive = (struct exclusive){
	    .deadline = clock_sooner(s->deadline, clock_steady() + PATIENCE), .lock = -1, .log = -1};
	if (!server_dir_take(s->folder, s->fd, &exclusive->user, err) ||
	    !server_dir_lock(s->folder, s->fd, exclusive->deadline, &exclusive->lock, err) ||
	    !open_log(s, exclusive, err)) {
		exclusive_end(exclusive);
		return false;
	}
	exclusive->bin = pg_install_find(postmaster_version(s->fd), err);
	if (exclusive->bin == NULL) {
		exclusive_end(exclusive);
		return false;
	}
	return true;
}

static bool run(
    const struct server *s, const struct exclusive *exclusive, struct pg_program program, struct err *err) {
	program.user = exclusive->user;
	program.folder = s->fd;
	program.log = exclusive->log;
	if (!pg_program_run(&program, exclusive->deadline, err)) {
		return err_hint(err, "more in %s/log", s->folder);
	}
	return true;
}

/* Creates the cluster and its database, under another name until both are complete. The programs keep the
 * lock, so that no one removes their work when we die. */
static bool create(const struct server *s, const struct exclusive *exclusive, struct err *err) {
	static const char *const clear[] = {"rm", "-rf", UNFINISHED, NULL};
	const char *const cluster[] = {"initdb", "-D", UNFINISHED, "--username=" OWNER, "--auth=trust",
	    "--encoding=UTF8", "--locale=C", "--data-checksums", "--no-instructions",
	    s->temporary ? "--no-sync" : NULL, NULL};
	const char *const database[] = {"postgres", "--single", "-c", s->temporary ? "fsync=off" : "fsync=on",
	    "-D", UNFINISHED, "template1", NULL};

	if (!run(s, exclusive, (struct pg_program){.argv = clear, .lock = exclusive->lock}, err) ||
	    !run(s, exclusive,
		(struct pg_program){.bin = exclusive->bin, .argv = cluster, .lock = exclusive->lock}, err) ||
	    !run(s, exclusive,
		(struct pg_program){.bin = exclusive->bin,
		    .argv = database,
		    .lock = exclusive->lock,
		    .input = "CREATE DATABASE " DATABASE ";\n"},
		err)) {
		return false;
	}
	if (renameat(s->fd, "data.new", s->fd, "data") != 0 || fsync(s->fd) != 0) {
		return err_set(
		    err, ERR_UNAVAILABLE, "folder %s of the private server: %s", s->folder, strerror(errno));
	}
	return true;
}

/* Starts the server. It keeps no lock, and does not log failed statements. */
static bool start(const struct server *s, const struct exclusive *exclusive, struct err *err) {
	const char *const argv[] = {"pg_ctl", "start", "-D", CLUSTER, "-l", PG_PROGRAM_FOLDER "/log", "-w",
	    "-t", PATIENCE_TEXT, "-o", s->temporary ? SETTINGS UNSYNCED : SETTINGS, NULL};

	return run(s, exclusive, (struct pg_program){.bin = exclusive->bin, .argv = argv, .lock = -1}, err);
}

static bool stop(const struct server *s, const struct exclusive *exclusive, struct err *err) {
	static const char *const argv[] = {
	    "pg_ctl", "stop", "-D", CLUSTER, "-m", "fast", "-w", "-t", PATIENCE_TEXT, NULL};

	return server_state(s) == SERVER_STOPPED ||
	       run(s, exclusive, (struct pg_program){.bin = exclusive->bin, .argv = argv, .lock = -1}, err);
}

/* Returns true when the log says after that offset that processes of a killed server still use its memory.
 * They end when their statements do. */
static bool was_in_use(const struct exclusive *exclusive, off_t since) {
	char text[8192];
	ssize_t n = pread(exclusive->log, text, sizeof text - 1, since);

	text[n > 0 ? n : 0] = '\0';
	return strstr(text, "still in use") != NULL;
}

/* Starts it. When the start takes longer than pg_ctl waits, it continues, and the caller waits for it. */
static bool start_or_let_start(const struct server *s, const struct exclusive *exclusive, struct err *err) {
	off_t since = lseek(exclusive->log, 0, SEEK_END);

	while (!start(s, exclusive, err)) {
		if (server_state(s) != SERVER_STOPPED) {
			err_release(err);
			return true;
		}
		if (!was_in_use(exclusive, since) || clock_passed(exclusive->deadline)) {
			return false;
		}
		err_release(err);
		since = lseek(exclusive->log, 0, SEEK_END);
		(void)poll(NULL, 0, POLL_MS);
	}
	return true;
}

static bool start_stopped(struct server *s, struct err *err) {
	struct exclusive exclusive;
	int fd = -1;
	bool ok;

	if (s->fd < 0) {
		if (!server_dir_make(s->folder, &fd, err)) {
			return false;
		}
		found(s, fd);
	}
	if (!exclusive_begin(s, &exclusive, err)) {
		return false;
	}
	/* Another process may have started it before we got the lock. */
	ok = server_state(s) != SERVER_STOPPED ||
	     ((postmaster_version(s->fd) != 0 || create(s, &exclusive, err)) &&
		 start_or_let_start(s, &exclusive, err));
	exclusive_end(&exclusive);
	return ok;
}

bool server_start(struct server *s, struct err *err) {
	int64_t limit = clock_sooner(s->deadline, clock_steady() + RECOVERY);

	for (enum server_state state; (state = server_state(s)) != SERVER_RUNNING;) {
		if (state == SERVER_STOPPED && !start_stopped(s, err)) {
			return false;
		}
		if (clock_passed(limit)) {
			err_set(err, ERR_TIMEOUT, "the private server in %s is still starting or recovering",
			    s->folder);
			return err_hint(err, "more in %s/log", s->folder);
		}
		if (state == SERVER_WAITING) {
			(void)poll(NULL, 0, POLL_MS);
		}
	}
	return true;
}

bool server_stop(struct server *s, struct err *err) {
	struct exclusive exclusive;
	bool ok;

	if (s->fd < 0 || !server_dir_is_taken(s->fd)) {
		return true;
	}
	if (!exclusive_begin(s, &exclusive, err)) {
		return false;
	}
	ok = stop(s, &exclusive, err);
	exclusive_end(&exclusive);
	return ok;
}

bool server_remove(struct server *s, struct err *err) {
	static const char *const argv[] = {"rm", "-rf", CLUSTER, UNFINISHED, PG_PROGRAM_FOLDER "/log",
	    PG_PROGRAM_FOLDER "/" CLUSTER_SOCKET, PG_PROGRAM_FOLDER "/" CLUSTER_SOCKET ".lock",
	    PG_PROGRAM_FOLDER "/lock", NULL};
	struct exclusive exclusive;
	bool ok;

	if (s->fd < 0) {
		return true;
	}
	if (!exclusive_begin(s, &exclusive, err)) {
		return false;
	}
	ok = stop(s, &exclusive, err) &&
	     run(s, &exclusive, (struct pg_program){.argv = argv, .lock = -1}, err);
	exclusive_end(&exclusive);
	if (ok && rmdir(s->folder) != 0 && errno != ENOENT) {
		return err_set(
		    err, ERR_IN_USE, "folder %s of the private server: %s", s->folder, strerror(errno));
	}
	return ok;
}
