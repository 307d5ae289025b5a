#include "tests/chaos/node.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <libpq-fe.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "db/base/clock.h"
#include "db/base/mem.h"
#include "tests/chaos/disk.h"
#include "tests/chaos/spawn.h"
#include "tests/lib/proxy.h"

#define PATIENCE (120 * TIME_SECOND)
enum { LOOK_MS = 20 };

static bool give(const struct site *site, const char *path, mode_t mode) {
	return (!site->user.drop || chown(path, site->user.uid, site->user.gid) == 0) &&
	       chmod(path, mode) == 0;
}

bool node_make(struct node *s, const struct site *site, const char *name, struct err *err) {
	char *log;

	*s = (struct node){.site = site, .log = -1};
	s->folder = mem_print("%s/%s", site->folder, name);
	s->disk = mem_print("%s/disk", s->folder);
	s->data = mem_print("%s/data", s->disk);
	log = mem_print("%s/log", s->folder);
	if (mkdir(s->folder, 0700) == 0 && mkdir(s->disk, 0700) == 0 && give(site, s->folder, 0711)) {
		s->mounted = site->disk > 0 && disk_mount(s->disk, site->disk);
		s->log = open(log, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	}
	free(log);
	if (s->log < 0 || !give(site, s->disk, 0700)) {
		return err_set(err, ERR_UNAVAILABLE, "%s: %s", s->folder, strerror(errno));
	}
	s->proxy = proxy_new(s->folder);
	return true;
}

void node_remove(struct node *s) {
	if (s->pid > 0) {
		node_down(s, SIGQUIT);
	}
	proxy_free(s->proxy);
	if (s->mounted) {
		disk_unmount(s->disk);
	}
	if (s->log >= 0) {
		(void)close(s->log);
	}
	free(s->folder);
	free(s->disk);
	free(s->data);
	*s = (struct node){.log = -1};
}

bool node_tool(const struct node *s, const char *const *argv) {
	const char *words[24] = {NULL};
	char *path = mem_print("%s/%s", s->site->bin, argv[0]);
	bool ok;

	words[0] = path;
	for (size_t i = 1; argv[i] != NULL && i < sizeof words / sizeof *words - 1; i++) {
		words[i] = argv[i];
	}
	ok = spawn_run(words, &s->site->user, s->log, PATIENCE);
	free(path);
	return ok;
}

/* Creates the cluster, with small segments for a small disk. Its settings are appended to one file. */
bool node_init(struct node *s) {
	const char *const initdb[] = {"initdb", "-D", s->data, "-U", "postgres", "-A", "trust", "-E", "UTF8",
	    "--locale=C", "-k", "--wal-segsize=1", NULL};

	return node_tool(s, initdb);
}

static pid_t launch(const struct node *s) {
	char *program = mem_print("%s/postgres", s->site->bin);
	char *preload = mem_print("LD_PRELOAD=%s", s->site->shim);
	char *clock = mem_print("CHAOS_CLOCK=%s", s->site->clock);
	const char *const environment[] = {"PATH=/usr/bin:/bin", "LC_ALL=C", "HOME=/", preload, clock, NULL};
	const char *const argv[] = {program, "-D", s->data, "-k", s->folder, "-h", "", "-p", "5432", "-c",
	    "fsync=on", "-c", "max_connections=200", "-c", "shared_buffers=64MB", "-c", "wal_level=replica",
	    "-c", "wal_keep_size=64MB", "-c", "max_wal_size=64MB", "-c", "wal_retrieve_retry_interval=100ms",
	    "-c", "wal_receiver_status_interval=1s", "-c", "jit=off", "-c", "log_line_prefix=%m [%p] ", "-c",
	    "timezone=UTC", "-c", "log_timezone=UTC", NULL};
	pid_t pid = spawn_launch(argv, environment, &s->site->user, s->log, SIGQUIT);

	free(program);
	free(preload);
	free(clock);
	return pid;
}

bool node_runs(struct node *s) {
	int status;

	if (s->pid > 0 && waitpid(s->pid, &status, WNOHANG) == s->pid) {
		s->pid = 0;
	}
	return s->pid > 0;
}

bool node_up(struct node *s) {
	int64_t limit = clock_steady() + PATIENCE;

	if (!node_runs(s)) {
		s->pid = launch(s);
	}
	while (node_runs(s) && !clock_passed(limit)) {
		if (node_says(s, "select 1", "1")) {
			return true;
		}
		(void)poll(NULL, 0, LOOK_MS);
	}
	return false;
}

void node_down(struct node *s, int by) {
	int status;

	if (s->pid <= 0) {
		return;
	}
	(void)kill(s->pid, by);
	if (!spawn_await(s->pid, PATIENCE, &status)) {
		(void)kill(s->pid, SIGKILL);
		(void)waitpid(s->pid, &status, 0);
	}
	s->pid = 0;
}

struct pg_conn *node_connect(const struct node *s) {
	static const char *const keywords[] = {
	    "host", "user", "dbname", "connect_timeout", "options", "client_encoding", NULL};
	const char *const values[] = {
	    s->folder, "postgres", "postgres", "5", "-c statement_timeout=60s", "UTF8", NULL};
	PGconn *session = PQconnectdbParams(keywords, values, 0);

	if (PQstatus(session) == CONNECTION_OK) {
		return session;
	}
	PQfinish(session);
	return NULL;
}

char *node_ask(const struct node *s, const char *sql) {
	PGconn *session = node_connect(s);
	PGresult *answer = session == NULL ? NULL : PQexec(session, sql);
	ExecStatusType status = PQresultStatus(answer);
	char *text = NULL;

	if (status == PGRES_TUPLES_OK) {
		text = mem_text(PQntuples(answer) == 0 ? "" : PQgetvalue(answer, 0, 0));
	} else if (status == PGRES_COMMAND_OK) {
		text = mem_text("");
	}
	PQclear(answer);
	PQfinish(session);
	return text;
}

bool node_says(const struct node *s, const char *sql, const char *expected) {
	char *text = node_ask(s, sql);
	bool says = text != NULL && strcmp(text, expected) == 0;

	free(text);
	return says;
}

bool node_await(const struct node *s, const char *sql, const char *expected, int64_t patience) {
	int64_t limit = clock_steady() + patience;

	while (!node_says(s, sql, expected)) {
		if (clock_passed(limit)) {
			return false;
		}
		(void)poll(NULL, 0, LOOK_MS);
	}
	return true;
}

bool node_fill(struct node *s) {
	return s->mounted && disk_fill(s->disk);
}

void node_drain(struct node *s) {
	if (s->mounted) {
		disk_drain(s->disk);
	}
}
