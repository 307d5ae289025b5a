#include "tests/chaos/nemesis.h"

#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/types.h>

#include "db/base/clock.h"
#include "db/base/mem.h"
#include "tests/chaos/clients.h"
#include "tests/chaos/cluster.h"
#include "tests/chaos/final.h"
#include "tests/chaos/history.h"
#include "tests/chaos/workers.h"
#include "tests/lib/proxy.h"

#define HOUR (3600 * TIME_SECOND)
#define FORGOTTEN (20 * 24 * HOUR) /* the server may forget history after a longer jump */
#define SETTLED (10 * TIME_SECOND) /* what began before a jump has ended after this time */
enum { LOOK_MS = 20, CUT_BYTES = 6000 };

const char *const fault_names[FAULTS] = {
    [FAULT_KILL_WORKER] = "workers killed",
    [FAULT_PAUSE_WORKER] = "workers stopped for a while",
    [FAULT_KILL_CLIENT] = "clients killed",
    [FAULT_END_SESSIONS] = "sessions ended by the server",
    [FAULT_KILL_SESSION] = "sessions killed",
    [FAULT_CRASH] = "servers crashed",
    [FAULT_CUT] = "connections cut at a byte",
    [FAULT_SEVER] = "networks severed",
    [FAULT_HOLD] = "networks held up",
    [FAULT_PROMOTE] = "standbys promoted",
    [FAULT_STANDBY] = "standbys stopped for a while",
    [FAULT_AHEAD] = "jumps of the clock ahead",
    [FAULT_BACK] = "jumps of the clock back",
    [FAULT_FULL] = "disks full",
};

static const unsigned weights[FAULTS] = {
    [FAULT_KILL_WORKER] = 14,
    [FAULT_PAUSE_WORKER] = 12,
    [FAULT_KILL_CLIENT] = 16,
    [FAULT_END_SESSIONS] = 10,
    [FAULT_KILL_SESSION] = 3,
    [FAULT_CRASH] = 4,
    [FAULT_CUT] = 16,
    [FAULT_SEVER] = 4,
    [FAULT_HOLD] = 4,
    [FAULT_PROMOTE] = 4,
    [FAULT_STANDBY] = 3,
    [FAULT_AHEAD] = 2,
    [FAULT_BACK] = 2,
    [FAULT_FULL] = 2,
};

/* --- faults that end later --- */

static bool is_under_way(const struct nemesis *n, enum fault fault) {
	for (size_t i = 0; i < sizeof n->later / sizeof *n->later; i++) {
		if (n->later[i].at != 0 && n->later[i].fault == fault) {
			return true;
		}
	}
	return false;
}

static void end_later(struct nemesis *n, enum fault fault, size_t which, int64_t after) {
	for (size_t i = 0; i < sizeof n->later / sizeof *n->later; i++) {
		if (n->later[i].at == 0) {
			n->later[i] = (struct later){clock_steady() + after, fault, which};
			return;
		}
	}
	abort();
}

static struct node *node_at(struct nemesis *n, size_t which) {
	return &n->cluster->servers[which];
}

/* --- the clock --- */

static int64_t event_number(struct nemesis *n) {
	char *text = node_ask(cluster_primary(n->cluster), "select last_value from berth.event_seq");
	int64_t number = text == NULL ? 0 : strtoll(text, NULL, 10);

	free(text);
	return number;
}

/* Begins the interval of events that may be on either side of the jump; it ends when everything running has
 * ended. */
static void set_clock(struct nemesis *n, int64_t offset) {
	struct final *f = n->final;

	f->jumps = mem_grow(f->jumps, f->jump_count + 1, sizeof *f->jumps);
	f->jumps[f->jump_count] = (struct stretch_of_seq){event_number(n), INT64_MAX};
	f->jump_count++;
	f->first_jump = f->first_jump == TIME_NONE ? clock_steady() : f->first_jump;
	f->forgets = f->forgets || offset > FORGOTTEN;
	*(volatile int64_t *)n->cluster->site.offset = offset;
	end_later(n, FAULT_BACK, f->jump_count - 1, SETTLED);
	history_note(
	    n->history, "fault: the clock is %" PRId64 " s from the right time", offset / TIME_SECOND);
}

static void end_stretch(struct nemesis *n, size_t which) {
	int64_t number = event_number(n);

	if (number > 0) {
		n->final->jumps[which].to = number;
	} else {
		end_later(n, FAULT_BACK, which, TIME_SECOND);
	}
}

/* --- ending faults --- */

static void finish(struct nemesis *n, const struct later *l) {
	history_note(n->history, "fault ends: %s (%zu)", fault_names[l->fault], l->which);
	switch (l->fault) {
	case FAULT_PAUSE_WORKER:
		(void)workers_resume(n->workers, l->which);
		break;
	case FAULT_HOLD:
		proxy_hold(node_at(n, l->which)->proxy, false);
		break;
	case FAULT_STANDBY:
		n->broken = !cluster_return_standby(n->cluster) || n->broken;
		break;
	case FAULT_AHEAD:
		set_clock(n, 0);
		break;
	case FAULT_BACK:
		end_stretch(n, l->which);
		break;
	case FAULT_FULL:
		node_drain(node_at(n, l->which));
		n->broken = !node_up(node_at(n, l->which)) || n->broken;
		break;
	default:
		break;
	}
}

static void finish_due(struct nemesis *n, bool all) {
	for (size_t i = 0; i < sizeof n->later / sizeof *n->later; i++) {
		struct later l = n->later[i];

		/* At the end the intervals of jumps stay open: what began before them may still run. */
		if (l.at != 0 && (all ? l.fault != FAULT_BACK : clock_passed(l.at))) {
			n->later[i].at = 0;
			finish(n, &l);
		}
	}
}

/* --- the faults: each returns true when it was done --- */

static bool pause_worker(struct nemesis *n) {
	size_t which = dice_below(&n->dice, workers_count(n->workers));

	if (!workers_pause(n->workers, which)) {
		return false;
	}
	end_later(n, FAULT_PAUSE_WORKER, which, dice_between(&n->dice, TIME_SECOND / 10, 6 * TIME_SECOND));
	return true;
}

static bool end_sessions(struct nemesis *n) {
	char *sql = mem_print(
	    "select count(pg_terminate_backend(pid)) from (select pid from pg_stat_activity"
	    " where backend_type = 'client backend' and pid <> pg_backend_pid() order by pid %s limit %d) s",
	    dice_percent(&n->dice, 50) ? "desc" : "asc", (int)dice_between(&n->dice, 1, 6));
	char *done = node_ask(cluster_primary(n->cluster), sql);
	bool ok = done != NULL;

	free(sql);
	free(done);
	return ok;
}

/* Kills a session with SIGKILL, after which the server restarts and recovers. */
static bool kill_session(struct nemesis *n) {
	char *pid = node_ask(cluster_primary(n->cluster),
	    "select pid from pg_stat_activity where backend_type ="
	    " 'client backend' and pid <> pg_backend_pid() order by xact_start limit 1");
	bool ok = pid != NULL && pid[0] != '\0' && kill((pid_t)strtol(pid, NULL, 10), SIGKILL) == 0;

	free(pid);
	return ok;
}

static bool crash(struct nemesis *n) {
	node_down(cluster_primary(n->cluster), dice_percent(&n->dice, 80) ? SIGQUIT : SIGINT);
	(void)poll(NULL, 0, (int)dice_below(&n->dice, 2000));
	n->broken = !node_up(cluster_primary(n->cluster)) || n->broken;
	return true;
}

static bool cut(struct nemesis *n) {
	enum proxy_way way = dice_percent(&n->dice, 50) ? PROXY_TO_SERVER : PROXY_TO_CLIENT;

	proxy_cut(cluster_primary(n->cluster)->proxy, way, dice_below(&n->dice, CUT_BYTES));
	return true;
}

static bool hold(struct nemesis *n) {
	if (is_under_way(n, FAULT_HOLD)) {
		return false;
	}
	proxy_hold(cluster_primary(n->cluster)->proxy, true);
	end_later(
	    n, FAULT_HOLD, n->cluster->primary, dice_between(&n->dice, TIME_SECOND / 10, 5 * TIME_SECOND));
	return true;
}

static bool promote(struct nemesis *n) {
	bool rewind = dice_percent(&n->dice, 70);

	if (is_under_way(n, FAULT_FULL) || is_under_way(n, FAULT_STANDBY)) {
		return false;
	}
	if (!cluster_promote(n->cluster, rewind)) {
		n->broken = !cluster_mend(n->cluster) || n->broken;
		return false;
	}
	return true;
}

static bool drop_standby(struct nemesis *n) {
	if (is_under_way(n, FAULT_STANDBY) || !n->cluster->follows) {
		return false;
	}
	cluster_drop_standby(n->cluster);
	end_later(n, FAULT_STANDBY, 0, dice_between(&n->dice, TIME_SECOND / 2, 6 * TIME_SECOND));
	return true;
}

/* Moves the clock. One of eight jumps ahead is so long that history is forgotten. All jumps ahead are
 * corrected, and those back by hours. */
static bool jump(struct nemesis *n, bool ahead) {
	int64_t hours = ahead ? dice_between(&n->dice, 1, 300) : -dice_between(&n->dice, 1, 12);

	if (is_under_way(n, FAULT_AHEAD)) {
		return false;
	}
	if (ahead && dice_percent(&n->dice, 12)) {
		hours = dice_between(&n->dice, 40 * 24, 200 * 24);
	}
	set_clock(n, hours * HOUR);
	end_later(n, FAULT_AHEAD, 0, dice_between(&n->dice, TIME_SECOND, 12 * TIME_SECOND));
	return true;
}

static bool fill(struct nemesis *n) {
	if (is_under_way(n, FAULT_FULL) || !node_fill(cluster_primary(n->cluster))) {
		return false;
	}
	end_later(n, FAULT_FULL, n->cluster->primary, dice_between(&n->dice, TIME_SECOND, 5 * TIME_SECOND));
	return true;
}

static bool strike(struct nemesis *n, enum fault fault) {
	switch (fault) {
	case FAULT_KILL_WORKER:
		return workers_kill(n->workers, dice_below(&n->dice, workers_count(n->workers)));
	case FAULT_PAUSE_WORKER:
		return pause_worker(n);
	case FAULT_KILL_CLIENT:
		return clients_kill(n->clients, &n->dice);
	case FAULT_END_SESSIONS:
		return end_sessions(n);
	case FAULT_KILL_SESSION:
		return kill_session(n);
	case FAULT_CRASH:
		return !is_under_way(n, FAULT_FULL) && crash(n);
	case FAULT_CUT:
		return cut(n);
	case FAULT_SEVER:
		proxy_sever(cluster_primary(n->cluster)->proxy);
		return true;
	case FAULT_HOLD:
		return hold(n);
	case FAULT_PROMOTE:
		return promote(n);
	case FAULT_STANDBY:
		return drop_standby(n);
	case FAULT_AHEAD:
	case FAULT_BACK:
		return jump(n, fault == FAULT_AHEAD);
	case FAULT_FULL:
		return fill(n);
	default:
		return false;
	}
}

/* SIGINT and SIGTERM are blocked. */
static bool is_told_to_end(void) {
	const struct timespec now = {0};
	sigset_t set;

	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGINT);
	(void)sigaddset(&set, SIGTERM);
	return sigtimedwait(&set, NULL, &now) > 0;
}

void nemesis_run(struct nemesis *n, int64_t until) {
	while (!clock_passed(until) && !n->broken && !n->told) {
		int64_t next = clock_steady() + dice_between(&n->dice, TIME_SECOND / 20, 3 * TIME_SECOND / 2);
		enum fault fault = (enum fault)dice_weighted(&n->dice, weights, FAULTS);

		history_note(n->history, "fault: %s", fault_names[fault]);
		if (strike(n, fault)) {
			n->counts[fault]++;
		} else {
			history_note(n->history, "... not done: %s", fault_names[fault]);
		}
		while (!clock_passed(next) && !n->told) {
			n->told = is_told_to_end();
			finish_due(n, false);
			(void)poll(NULL, 0, LOOK_MS);
		}
	}
}

bool nemesis_end(struct nemesis *n) {
	finish_due(n, true);
	for (size_t i = 0; i < SERVERS; i++) {
		proxy_hold(node_at(n, i)->proxy, false);
		(void)proxy_spare(node_at(n, i)->proxy);
	}
	for (size_t i = 0; i < workers_count(n->workers); i++) {
		(void)workers_resume(n->workers, i);
	}
	n->broken = !cluster_mend(n->cluster) || n->broken;
	return !n->broken;
}
