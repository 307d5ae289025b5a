#include "tests/chaos/workers.h"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "db/base/clock.h"
#include "db/base/mem.h"
#include "db/server/pg_program.h"
#include "tests/chaos/checker.h"
#include "tests/chaos/cluster.h"
#include "tests/chaos/spawn.h"

enum { LOOK_MS = 20, ARGV = 32, ENDS = 200 };
#define PAUSE (TIME_SECOND / 4) /* before an ended worker is started again */
#define PATIENCE (30 * TIME_SECOND)

struct worker {
	char *argv[ARGV];
	size_t argc;
	int log;
	pid_t pid;
	bool killed;
	bool paused;
	int64_t again; /* steady time of its next start */
};

struct workers {
	pthread_t thread;
	pthread_mutex_t lock; /* for the rest */
	atomic_bool ends;
	/* Wait statuses of workers that were not killed. */
	struct end {
		size_t worker;
		int status;
	} ended[ENDS];
	size_t ended_count;
	size_t count;
	struct worker list[];
};

static void add_word(struct worker *w, char *word) {
	w->argv[w->argc++] = word;
}

static void launch(struct worker *w) {
	const struct pg_user self = {0};

	w->killed = false;
	w->paused = false;
	w->pid = spawn_launch(
	    (const char *const *)w->argv, (const char *const *)(uintptr_t)environ, &self, w->log, SIGTERM);
}

static void bury(struct workers *all, size_t i, int status) {
	struct worker *w = &all->list[i];

	/* A worker that was told to end before it handled signals has died of that. */
	bool told = atomic_load(&all->ends) && WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM;

	if (!w->killed && !told && all->ended_count < ENDS) {
		all->ended[all->ended_count++] = (struct end){i, status};
	}
	w->pid = 0;
	w->again = clock_steady() + PAUSE;
}

static void look(struct workers *all, size_t i) {
	struct worker *w = &all->list[i];
	int status;

	(void)pthread_mutex_lock(&all->lock);
	if (w->pid > 0 && waitpid(w->pid, &status, WNOHANG) == w->pid) {
		bury(all, i, status);
	}
	if (w->pid <= 0 && clock_passed(w->again)) {
		launch(w);
	}
	(void)pthread_mutex_unlock(&all->lock);
}

static void *supervise(void *data) {
	struct workers *all = data;

	while (!atomic_load(&all->ends)) {
		for (size_t i = 0; i < all->count; i++) {
			look(all, i);
		}
		(void)poll(NULL, 0, LOOK_MS);
	}
	return NULL;
}

/* Every second worker keeps its name; the others have a new one each time. */
static void prepare(struct worker *w, size_t i, const char *berth, const struct cluster *c,
    const char *folder, const char *hooks) {
	static const char *const options[] = {"--json", "--heartbeat=1s", "--hook-deadline=3s",
	    "--retry-base=1s", "--attempts=2", "--chunk=20", "--jobs=4"};
	char *log = mem_print("%s/worker-%zu.log", folder, i);

	w->log = open(log, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	free(log);
	add_word(w, mem_text(berth));
	add_word(w, mem_text("-d"));
	add_word(w, cluster_address(c, i % 3 == 1 ? ANY_SERVER : i % 2 == 0 ? BY_PROXY : 0));
	add_word(w, mem_text("worker"));
	for (size_t n = 0; n < sizeof options / sizeof *options; n++) {
		add_word(w, mem_text(options[n]));
	}
	add_word(w, mem_print("--hooks=%s", hooks));
	if (i % 2 == 0) {
		add_word(w, mem_print("--name=worker-%zu", i));
	}
	w->again = TIME_NONE + 1;
}

struct workers *workers_start(
    size_t count, const char *berth, const struct cluster *cluster, const char *folder, const char *hooks) {
	struct workers *all = mem_new(1, sizeof *all + count * sizeof *all->list);

	all->count = count;
	(void)pthread_mutex_init(&all->lock, NULL);
	for (size_t i = 0; i < count; i++) {
		prepare(&all->list[i], i, berth, cluster, folder, hooks);
	}
	if (pthread_create(&all->thread, NULL, supervise, all) != 0) {
		abort();
	}
	return all;
}

size_t workers_count(const struct workers *w) {
	return w->count;
}

static bool send_signal(struct workers *all, size_t which, int number) {
	struct worker *w = &all->list[which];
	bool sent;

	(void)pthread_mutex_lock(&all->lock);
	sent = w->pid > 0 && (number != SIGSTOP || !w->paused) && (number != SIGCONT || w->paused) &&
	       kill(w->pid, number) == 0;
	if (sent) {
		w->killed = w->killed || number == SIGKILL;
		w->paused = number == SIGSTOP;
	}
	(void)pthread_mutex_unlock(&all->lock);
	return sent;
}

bool workers_kill(struct workers *w, size_t which) {
	return send_signal(w, which, SIGKILL);
}

bool workers_pause(struct workers *w, size_t which) {
	return send_signal(w, which, SIGSTOP);
}

bool workers_resume(struct workers *w, size_t which) {
	return send_signal(w, which, SIGCONT);
}

static void judge(const struct workers *w, struct verdict *v) {
	for (size_t i = 0; i < w->ended_count; i++) {
		int status = w->ended[i].status;
		int code = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);

		/* It may end with 3 without a server, and with 5 while its name is still alive. */
		verdict_add(v, CHECK_ENDS, code == 0 || code == 3 || code == 5, NO_ID, NO_ID,
		    "worker %zu ended with %d: see worker-%zu.log", w->ended[i].worker, code,
		    w->ended[i].worker);
	}
}

void workers_stop(struct workers *w, struct verdict *v) {
	atomic_store(&w->ends, true);
	(void)pthread_join(w->thread, NULL);
	for (size_t i = 0; i < w->count; i++) {
		struct worker *one = &w->list[i];
		int status;

		if (one->pid > 0) {
			(void)kill(one->pid, SIGCONT);
			(void)kill(one->pid, SIGTERM);
			if (!spawn_await(one->pid, PATIENCE, &status)) {
				(void)kill(one->pid, SIGKILL);
				(void)waitpid(one->pid, &status, 0);
			}
			bury(w, i, status);
		}
		for (size_t n = 0; n < one->argc; n++) {
			free(one->argv[n]);
		}
		(void)close(one->log);
	}
	judge(w, v);
	(void)pthread_mutex_destroy(&w->lock);
	free(w);
}
