#include "ui/worker/worker.h"

#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "db/base/buf.h"
#include "db/base/clock.h"
#include "db/conn/conn.h"
#include "db/base/mem.h"
#include "ui/worker/requests.h"

enum {
	WAIT_TIME = 10000000,               /* microseconds for hooks to end by themselves */
	END_TIME = PROCESS_GRACE + 2000000, /* and then to be stopped and reported */
	POLL_CONN = 0,
	POLL_SIGNALS,
	POLL_HOOKS
};

/* Signals come through a descriptor; `before` is the previous mask. */
struct signals {
	int fd;
	sigset_t before;
};

static void signals_take(struct signals *s) {
	sigset_t set;

	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGTERM);
	(void)sigaddset(&set, SIGINT);
	(void)sigprocmask(SIG_BLOCK, &set, &s->before);
	s->fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

static void signals_give(struct signals *s) {
	(void)close(s->fd);
	(void)sigprocmask(SIG_SETMASK, &s->before, NULL);
}

void loop_enter(struct loop *l, enum phase phase) {
	if (phase <= l->phase) {
		return;
	}
	if (l->phase == PHASE_WORKS) {
		systemd_send(&l->notify, "STOPPING=1");
	}
	l->phase = phase;
	l->limit = clock_steady() + (phase == PHASE_WAITS ? WAIT_TIME : END_TIME);
	if (phase == PHASE_ENDS) {
		hooks_stop(&l->hooks);
	}
}

void loop_fail(struct loop *l, struct err *why) {
	if (l->failure.code == ERR_NONE) {
		err_move(&l->failure, why);
	}
	loop_enter(l, PHASE_ENDS);
}

void loop_report(const struct loop *l, enum report_level level, const char *format, ...) {
	struct buf text = {0};
	va_list args;

	if (l->options->report == NULL) {
		return;
	}
	va_start(args, format);
	buf_vprintf(&text, format, args);
	va_end(args);
	l->options->report(l->options->context, level, buf_text(&text));
	buf_release(&text);
}

static void report_waiting(const struct loop *l) {
	size_t n = hooks_running(&l->hooks);

	if (n > 0) {
		loop_report(l, REPORT_NOTE,
		    "worker %s: ending; %zu hook%s still run%s; another signal stops %s",
		    l->options->self.name, n, n == 1 ? "" : "s", n == 1 ? "s" : "", n == 1 ? "it" : "them");
	}
}

static void read_signals(struct loop *l, int fd) {
	struct signalfd_siginfo info;

	while (read(fd, &info, sizeof info) == (ssize_t)sizeof info) {
		if (l->phase == PHASE_WORKS) {
			report_waiting(l);
		}
		loop_enter(l, l->phase == PHASE_WORKS ? PHASE_WAITS : PHASE_ENDS);
	}
}

bool loop_report_trouble(struct loop *l, const char *text) {
	size_t times = troubles_count(&l->troubles, text, clock_steady());

	if (times == 1) {
		loop_report(l, REPORT_WARNING, "worker %s: %s; trying again", l->options->self.name, text);
	} else if (times > 1) {
		loop_report(l, REPORT_WARNING, "worker %s: %s; %zu times since the last report; trying again",
		    l->options->self.name, text, times);
	}
	return times > 0;
}

/* Counts and reports each failed try once. */
static void report_trouble(struct loop *l, const struct err *trouble) {
	if (l->next_try == conn_deadline(l->conn)) {
		return;
	}
	l->next_try = conn_deadline(l->conn);
	l->cut = loop_report_trouble(l, trouble->message) || l->cut;
	systemd_status(&l->notify, "not connected: %s", trouble->message);
}

static void check_connection(struct loop *l) {
	const struct err *trouble = conn_trouble(l->conn);
	enum conn_state state = conn_state(l->conn);

	if (state == CONN_READY || state == CONN_BUSY) {
		return;
	}
	l->joined = false;
	if (state == CONN_CONNECTING || trouble->code == ERR_NONE || l->phase != PHASE_WORKS) {
		return;
	}
	if (trouble->code == ERR_NOT_ALLOWED || trouble->code == ERR_SCHEMA_MISMATCH) {
		struct err why = {0};

		err_copy(&why, trouble);
		loop_fail(l, &why);
	} else {
		report_trouble(l, trouble);
	}
}

/* Takes a notification only while no request is in flight: it may be about work that this request did not
 * see.
 */
static void check_notify(struct loop *l) {
	if (l->batch == NULL && conn_notified(l->conn)) {
		scheduler_want_all(&l->scheduler);
	}
}

static bool is_idle(const struct loop *l) {
	return l->joined && l->batch == NULL && l->hooks.count == 0 && scheduler_idle(&l->scheduler);
}

/* Enters the next phase when its time has come. */
static void check_time(struct loop *l) {
	struct err err = {0};

	if (l->phase == PHASE_WORKS && clock_passed(l->options->deadline)) {
		err_set(&err, ERR_TIMEOUT, "worker %s: timed out", l->options->self.name);
		err_move(&l->failure, &err);
		loop_enter(l, PHASE_WAITS);
	}
	if (l->phase == PHASE_WORKS && l->options->until_idle && is_idle(l)) {
		loop_enter(l, PHASE_WAITS);
	}
	if (l->phase != PHASE_WORKS && clock_passed(l->limit)) {
		loop_enter(l, l->phase + 1);
	}
	/* Nothing is left to report, and there is no server to sign off from. */
	if (l->phase != PHASE_WORKS && l->hooks.count == 0 && l->batch == NULL &&
	    conn_state(l->conn) != CONN_READY) {
		loop_enter(l, PHASE_GONE);
	}
}

static int64_t next_time(const struct loop *l) {
	int64_t times[] = {conn_deadline(l->conn), requests_time(l), hooks_deadline(&l->hooks), l->limit,
	    l->phase == PHASE_WORKS ? l->options->deadline : TIME_NONE};
	int64_t soonest = TIME_NONE;

	for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
		soonest = clock_sooner(soonest, times[i]);
	}
	return soonest;
}

static void turn(struct loop *l, struct pollfd *fds, int signals) {
	nfds_t n;

	fds[POLL_CONN] = (struct pollfd){.fd = conn_fd(l->conn), .events = conn_events(l->conn)};
	fds[POLL_SIGNALS] = (struct pollfd){.fd = signals, .events = POLLIN};
	n = POLL_HOOKS + hooks_poll(&l->hooks, fds + POLL_HOOKS);
	if (poll(fds, n, clock_poll(next_time(l))) < 0) {
		for (nfds_t i = 0; i < n; i++) {
			fds[i].revents = 0;
		}
	}
	conn_step(l->conn, fds[POLL_CONN].revents);
	hooks_step(&l->hooks, fds + POLL_HOOKS);
	read_signals(l, signals);
	requests_hear(l);
	check_notify(l);
	check_connection(l);
	check_time(l);
	requests_next(l);
}

static void loop_init(struct loop *l, const struct worker_options *options) {
	int64_t now = clock_steady();

	*l = (struct loop){.conn = options->conn,
	    .options = options,
	    .limit = TIME_NONE,
	    .resume = TIME_NONE,
	    .next_try = TIME_NONE};
	(void)conn_require_writable(l->conn, !options->read_only);
	systemd_init(&l->notify);
	hooks_init(&l->hooks, options->hooks, options->jobs, options->self.deadline);
	scheduler_init(&l->scheduler, options->hooks != NULL, (unsigned)(getpid() ^ clock_now()), now);
}

static void loop_release(struct loop *l) {
	hooks_release(&l->hooks);
	systemd_release(&l->notify);
	troubles_release(&l->troubles);
}

bool worker_run(const struct worker_options *options, struct err *err) {
	struct signals signals;
	struct loop loop;
	struct pollfd *fds;
	bool ok;

	loop_init(&loop, options);
	fds = mem_new(POLL_HOOKS + hooks_polls(&loop.hooks), sizeof *fds);
	signals_take(&signals);
	while (loop.phase != PHASE_GONE) {
		turn(&loop, fds, signals.fd);
	}
	signals_give(&signals);
	ok = loop.failure.code == ERR_NONE;
	if (!ok) {
		err_move(err, &loop.failure);
	}
	loop_release(&loop);
	free(fds);
	return ok;
}
