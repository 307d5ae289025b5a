#include "tests/chaos/clients.h"

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "db/base/clock.h"
#include "db/conn/conn.h"
#include "db/base/err.h"
#include "db/base/mem.h"
#include "tests/chaos/answer.h"
#include "tests/chaos/choice.h"
#include "tests/chaos/cluster.h"
#include "tests/chaos/history.h"
#include "tests/chaos/spawn.h"
#include "tests/chaos/phrase.h"
#include "ui/verbs/parse/args.h"
#include "ui/verbs/verb.h"
#include "ui/text/report.h"
#include "ui/cli/perform.h"
#include "ui/cli/run.h"

struct client {
	struct clients *all;
	size_t number;
	pthread_t thread;
	struct chooser chooser;
	char *address;
	struct conn *conn; /* NULL: it starts processes */

	/* The running process; under the common lock. */
	pid_t pid;
	bool killed;
};

struct clients {
	const char *berth;
	struct history *history;
	struct world *world;
	pthread_mutex_t lock;
	atomic_bool ends;
	size_t count;
	struct client list[];
};

/* --- calls of a process --- */

static void set_pid(struct client *c, pid_t pid) {
	(void)pthread_mutex_lock(&c->all->lock);
	c->pid = pid;
	c->killed = pid > 0 ? false : c->killed;
	(void)pthread_mutex_unlock(&c->all->lock);
}

static void run_process(struct client *c, struct call *call, const struct phrase *w, const char *input) {
	struct spawn p = {0};
	char *out = NULL;
	char *said = NULL;
	siginfo_t ended;
	int status = -1;

	if (!spawn_start(&p, c->all->berth, (const char *const *)w->words, input)) {
		call->code = CODE_DIED;
		return;
	}
	set_pid(c, p.pid);
	/* No other process gets its number until it is reaped. */
	(void)waitid(P_PID, (id_t)p.pid, &ended, WEXITED | WNOWAIT);
	set_pid(c, 0);
	(void)waitpid(p.pid, &status, 0);
	call->code = spawn_take(&p, status, &out, &said);
	if (call->code < 0) {
		call->code = c->killed ? CODE_KILLED : CODE_DIED;
	}
	answer_read(call, out, said);
	free(out);
	free(said);
}

/* --- calls of the program's functions --- */

/* getopt_long() has state that threads share. */
static bool parse_words(struct client *c, const struct phrase *w, struct args *args, struct err *err) {
	bool ok;

	(void)pthread_mutex_lock(&c->all->lock);
	ok = args_parse((int)w->count, w->words, verbs, ARGS_PROGRAM, args, err);
	(void)pthread_mutex_unlock(&c->all->lock);
	return ok;
}

static int run_words(struct client *c, const struct phrase *w, FILE *out, FILE *said) {
	struct args args = {0};
	struct run run = {0};
	struct err err = {0};
	int code;
	bool ok = parse_words(c, w, &args, &err) &&
		  run_init(&run, &args, verbs, out, said, SAFE_UTF8, clock_steady(), &err);

	if (ok) {
		run.conn = c->conn;
		ok = perform(&run, &err);
	}
	code = ok ? run.exit : report_error(said, SAFE_UTF8, true, &err);
	args_release(&args);
	err_release(&err);
	return code;
}

static void run_here(struct client *c, struct call *call, const struct phrase *w) {
	char *texts[2] = {NULL, NULL};
	size_t sizes[2];
	FILE *out = open_memstream(&texts[0], &sizes[0]);
	FILE *said = open_memstream(&texts[1], &sizes[1]);

	if (out == NULL || said == NULL) {
		abort();
	}
	call->code = run_words(c, w, out, said);
	(void)fclose(out);
	(void)fclose(said);
	answer_read(call, texts[0], texts[1]);
	free(texts[0]);
	free(texts[1]);
}

/* --- the client's loop --- */

static void add_words(struct client *c, const struct call *call, struct phrase *w) {
	phrase_add(w, "berth");
	if (c->conn == NULL) {
		phrase_add(w, "-d");
		phrase_add(w, "%s", c->address);
	}
	phrase_add(w, "--json");
	phrase_add(w, "--timeout=%ds", (int[]){1, 4, 10}[dice_below(&c->chooser.dice, 3)]);
	if (id_is_nil(call->batch)) {
		phrase_deed(w, &call->deeds[0]);
	} else {
		char id[ID_TEXT];

		phrase_add(w, "batch");
		phrase_add(w, "-");
		phrase_add(w, "--id=%s", id_text(call->batch, id));
	}
}

static void one_call(struct client *c) {
	struct call plan = {.client = c->number, .program = c->conn == NULL};
	struct phrase w = {0};
	struct call *call;
	char *input = NULL;
	char *line;

	choose_call(&c->chooser, &plan);
	add_words(c, &plan, &w);
	line = phrase_line(&w);
	plan.line = line;
	if (!id_is_nil(plan.batch)) {
		input = phrase_batch(plan.deeds, plan.deed_count);
		plan.line = mem_print("%s <<END\n%sEND", line, input);
		free(line);
	}
	call = history_begin(c->all->history, &plan);
	free(plan.line);
	if (c->conn == NULL) {
		run_process(c, call, &w, input);
	} else {
		run_here(c, call, &w);
	}
	history_end(c->all->history, call);
	world_learn(c->all->world, call);
	/* Without a server it calls less often. */
	(void)poll(NULL, 0, call->code == 3 || call->code == 7 ? 100 : (int)dice_below(&c->chooser.dice, 10));
	phrase_release(&w);
	free(input);
}

static void *live(void *data) {
	struct client *c = data;

	while (!atomic_load(&c->all->ends)) {
		one_call(c);
	}
	return NULL;
}

static struct conn *connect_here(const char *address) {
	const char *const keywords[] = {"dbname", NULL};
	const char *const values[] = {address, NULL};
	const struct conn_options options = {.keywords = keywords, .values = values};

	return conn_new(&options);
}

/* Four of eight clients use the proxies, two do not require a server that accepts writes, and three start
 * processes, which takes longer. */
static const struct habit {
	unsigned address;
	bool process;
} habits[] = {
    {BY_PROXY, true},
    {0, false},
    {BY_PROXY, false},
    {0, true},
    {BY_PROXY, false},
    {ANY_SERVER, false},
    {BY_PROXY | ANY_SERVER | REVERSED, true},
    {0, false},
};

static void start(
    struct clients *all, size_t i, uint64_t seed, const struct cluster *cluster, struct id base) {
	const struct habit *habit = &habits[i % (sizeof habits / sizeof *habits)];
	struct client *c = &all->list[i];

	*c = (struct client){.all = all, .number = i};
	c->address = cluster_address(cluster, habit->address);
	c->conn = habit->process ? NULL : connect_here(c->address);
	c->chooser = (struct chooser){.dice = dice_of(seed, 100 + i),
	    .world = all->world,
	    .base = id_derive(base, i),
	    .batches = c->conn == NULL};
	if (pthread_create(&c->thread, NULL, live, c) != 0) {
		abort();
	}
}

struct clients *clients_start(size_t count, uint64_t seed, const char *berth, const struct cluster *cluster,
    struct world *world, struct history *history) {
	struct clients *all = mem_new(1, sizeof *all + count * sizeof *all->list);
	struct id base = {{0xbe}};

	all->berth = berth;
	all->world = world;
	all->history = history;
	all->count = count;
	(void)pthread_mutex_init(&all->lock, NULL);
	base = id_derive(base, seed);
	for (size_t i = 0; i < count; i++) {
		start(all, i, seed, cluster, base);
	}
	return all;
}

bool clients_kill(struct clients *c, struct dice *d) {
	size_t from = dice_below(d, c->count);
	bool killed = false;

	(void)pthread_mutex_lock(&c->lock);
	for (size_t i = 0; i < c->count && !killed; i++) {
		struct client *one = &c->list[(from + i) % c->count];

		if (one->pid > 0) {
			one->killed = true;
			killed = kill(one->pid, SIGKILL) == 0;
		}
	}
	(void)pthread_mutex_unlock(&c->lock);
	return killed;
}

void clients_stop(struct clients *c) {
	atomic_store(&c->ends, true);
	for (size_t i = 0; i < c->count; i++) {
		(void)pthread_join(c->list[i].thread, NULL);
		conn_free(c->list[i].conn);
		free(c->list[i].address);
	}
	(void)pthread_mutex_destroy(&c->lock);
	free(c);
}
