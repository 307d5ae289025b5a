/*
 * The console's loop: polls terminal, database, signals and time. Nothing else in the console waits.
 */
#include "ui/console/console.h"

#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "db/batch/batch.h"
#include "db/base/clock.h"
#include "db/conn/conn.h"
#include "db/base/err.h"
#include "db/base/mem.h"
#include "ui/console/app/submit.h"
#include "ui/console/app/app.h"
#include "ui/console/app/fleet_mode.h"
#include "ui/console/app/refresh.h"
#include "ui/console/app/clipboard.h"
#include "ui/console/frame/draw.h"
#include "ui/console/terminal/grid.h"
#include "ui/console/dialogs/dedupe_runner.h"
#include "ui/console/customize.h"
#include "ui/console/destination.h"
#include "ui/console/upstream.h"
#include "ui/console/terminal/signals.h"
#include "ui/console/terminal/terminfo.h"
#include "ui/console/terminal/theme.h"
#include "ui/console/terminal/tty.h"

#define QUERY_TIME (10 * TIME_SECOND) /* for one refresh or submit */
#define LEAVE TIME_SECOND             /* for a running batch when the operator quits */
#define PATIENCE (TIME_SECOND / 4)    /* for a query whose answer is no longer needed */

struct loop {
	const struct console_options *options;
	struct app app;
	struct tty *tty;
	struct signals signals;
	struct upstream upstream; /* the connections; it borrows the one for changes, which is ours */
	struct destination to;    /* of :connect */
	struct batch *batch;      /* in flight, or NULL */
	struct in_flight in_flight;
	struct dedupe_runner runner;
	struct grid *grid;
	int status; /* exit code; -1: running */
	struct err *err;
	bool failed;
};

static struct moment moment_now(const struct loop *l) {
	return (struct moment){upstream_now(&l->upstream), clock_steady()};
}

static void update_link(struct loop *l) {
	l->failed |= !upstream_watch(&l->upstream, &l->app, l->err);
}

static void take_answer(struct loop *l) {
	struct err err = {0};

	if (l->batch == NULL || !upstream_done(&l->upstream)) {
		return;
	}
	if (upstream_take(&l->upstream, &err)) {
		refresh_answered(&l->app, &l->in_flight, l->batch);
	} else {
		refresh_failed(&l->app, &l->in_flight, &err);
		err_release(&err);
	}
	batch_free(l->batch);
	in_flight_release(&l->in_flight);
	l->batch = NULL;
	l->app.running = false;
}

/* Sends the next batch. Returns the steady time of the next call when there is none to send now. */
static int64_t send_next(struct loop *l) {
	int64_t when = TIME_NONE;

	if (l->batch != NULL) {
		bool outdated = refresh_outdated(&l->app, &l->in_flight) &&
				l->app.now.steady - l->in_flight.since > PATIENCE;

		if (!l->in_flight.cancelled && (l->app.requests.cancel || outdated)) {
			upstream_cancel(&l->upstream);
			l->in_flight.cancelled = true;
		}
		l->app.requests.cancel = false;
		return l->in_flight.cancelled ? TIME_NONE : l->app.now.steady + PATIENCE;
	}
	l->app.requests.cancel = false;
	if (upstream_is_fleet(&l->upstream) && submit_due(&l->app)) {
		fleet_mode_refuse(&l->app, l->options->detail);
	}
	if (submit_due(&l->app) && upstream_is_ready(&l->upstream, PAIR_LOOKS)) {
		l->batch = submit_start(&l->app, &l->in_flight, l->options->detail);
	} else if (!upstream_is_ready(&l->upstream, PAIR_READS)) {
		return TIME_NONE;
	} else if (refresh_due(&l->app, &when)) {
		l->batch = refresh_start(&l->app, &l->in_flight);
	} else if (export_mode_due(&l->app)) {
		l->batch = export_mode_start(&l->app, &l->in_flight);
	}
	if (l->batch != NULL) {
		l->app.running = true;
		upstream_submit(&l->upstream, l->batch, destination_use(l->in_flight.act),
		    l->app.now.steady + QUERY_TIME);
		return TIME_NONE;
	}
	return when;
}

/* Adapts to the size of the terminal. Call it before a refresh, which reads as many rows as fit. */
static void lay_out(struct loop *l) {
	int rows;
	int columns;

	tty_size(l->tty, &rows, &columns);
	if (l->grid == NULL || l->grid->rows != rows || l->grid->columns != columns) {
		grid_free(l->grid);
		l->grid = grid_new(rows, columns, l->app.ascii);
	}
	app_layout(&l->app, rows, columns);
}

static void paint(struct loop *l, bool anew) {
	lay_out(l);
	app_draw(&l->app, l->grid);
	tty_paint(l->tty, l->grid, anew);
}

static void suspend(struct loop *l, bool job) {
	tty_leave(l->tty);
	signals_suspend(job);
	tty_return(l->tty);
}

/* Connects to what the console shows next: a database, with that connection, or the fleet. */
static void open_upstream(struct loop *l, struct conn *conn) {
	if (destination_is_fleet(&l->to, l->options)) {
		upstream_open_fleet(&l->upstream, l->options->fleet);
		fleet_mode_show(&l->app,
		    (struct environments){l->upstream.names, l->upstream.troubles, l->upstream.many.count});
	} else {
		upstream_open(&l->upstream, conn, destination_reads(&l->to, l->options));
	}
}

/* Drops the connection and what it was asked, and begins with another server. */
static void change_server(struct loop *l, const struct destination *to) {
	conn_free(l->upstream.pair.primary);
	upstream_close(&l->upstream);
	batch_free(l->batch);
	in_flight_release(&l->in_flight);
	l->batch = NULL;
	l->runner.options = destination_change(&l->to, to, l->options, &l->app);
	open_upstream(l, l->runner.options == NULL ? NULL : conn_new(l->runner.options));
}

/* Carries out :connect, unless something is being changed on the server. */
static void connect_elsewhere(struct loop *l, const char *profile) {
	struct destination to = {0};
	struct jump then = l->app.requests.then;
	struct err err = {0};

	l->app.requests.then = (struct jump){0};
	if (l->runner.conn != NULL || (l->batch != NULL && l->in_flight.act != ACT_NONE)) {
		app_say(&l->app, STYLE_WARNING, "refused: this server has not answered the last change yet");
	} else if (destination_open(&to, profile, &err)) {
		change_server(l, &to);
		if (then.view != NULL && then.view != app_shown(&l->app)->view) {
			app_jump(&l->app, &then);
		}
	} else {
		app_tell(&l->app, STYLE_DANGER, &err);
	}
	jump_release(&then);
	err_release(&err);
}

static void carry_out(struct loop *l) {
	struct app_requests *requests = &l->app.requests;

	if (requests->flush) {
		tty_flush(l->tty);
	}
	if (requests->copy.len > 0) {
		struct buf sequence = {0};

		clipboard_sequence(buf_text(&requests->copy), requests->copy.len, &sequence);
		tty_send(l->tty, buf_text(&sequence), sequence.len);
		buf_release(&sequence);
		buf_cut(&requests->copy, 0);
	}
	customize(&l->app, l->tty);
	if (requests->connect != NULL) {
		char *profile = requests->connect;

		requests->connect = NULL;
		connect_elsewhere(l, profile);
		free(profile);
	}
	if (requests->suspend) {
		suspend(l, true);
	}
	if (requests->redraw || requests->suspend) {
		paint(l, true);
	}
	if (requests->quit) {
		l->status = 0;
	}
	requests->flush = requests->suspend = requests->redraw = false;
}

static void read_keys(struct loop *l) {
	struct key_event event;

	while (l->status < 0 && tty_read(l->tty, l->app.now.steady, &event)) {
		app_key(&l->app, &event);
		app_layout(&l->app, l->grid->rows, l->grid->columns);
		carry_out(l);
	}
}

static void read_signals(struct loop *l) {
	static const struct key_event interrupt = {.key = KEY_CODE_CTRL('c')};
	int number;

	while ((number = signals_read(&l->signals)) != 0) {
		switch (number) {
		case SIGTERM:
		case SIGHUP:
		case SIGQUIT:
			l->status = 128 + number;
			break;
		case SIGINT:
			app_key(&l->app, &interrupt);
			carry_out(l);
			break;
		case SIGTSTP:
			suspend(l, false);
			paint(l, true);
			break;
		case SIGCONT:
			tty_return(l->tty);
			paint(l, true);
			break;
		default:
			tty_resize(l->tty);
			break;
		}
	}
}

/* The places of what is polled beside the connections, which come last. */
enum { FD_TERMINAL, FD_SIGNALS, FD_RUNNER, FDS };

/* Waits until something happens; false when the terminal has hung up. */
static bool wait_for(struct loop *l, int64_t until) {
	const size_t count = FDS + upstream_fds(&l->upstream);
	struct pollfd *fds = mem_new(count, sizeof *fds);
	bool gone;

	fds[FD_TERMINAL] = (struct pollfd){.fd = tty_fd(l->tty), .events = POLLIN};
	fds[FD_SIGNALS] = (struct pollfd){.fd = l->signals.fd, .events = POLLIN};
	fds[FD_RUNNER] =
	    (struct pollfd){.fd = dedupe_runner_fd(&l->runner), .events = dedupe_runner_events(&l->runner)};
	upstream_poll(&l->upstream, fds + FDS);
	if (poll(fds, (nfds_t)count, clock_poll(until)) < 0) {
		for (size_t i = 0; i < count; i++) {
			fds[i].revents = 0;
		}
	}
	app_tick(&l->app, moment_now(l));
	gone = fds[FD_TERMINAL].revents != 0 && tty_gone(l->tty);
	/* Before a key can change the connections. */
	upstream_step(&l->upstream, fds + FDS);
	dedupe_runner_poll(&l->runner, fds[FD_RUNNER].revents);
	if (fds[FD_SIGNALS].revents != 0) {
		read_signals(l);
	}
	if (!gone && l->status < 0) {
		read_keys(l);
	}
	free(fds);
	return !gone;
}

static void turn(struct loop *l) {
	int64_t until;

	app_tick(&l->app, moment_now(l));
	update_link(l);
	if (l->failed) {
		return;
	}
	lay_out(l);
	take_answer(l);
	carry_out(l);
	if (dedupe_runner_step(&l->runner, &l->app.dedupe_plan, l->app.now.steady)) {
		l->app.requests.refresh = true;
		pair_changed(&l->upstream.pair);
	}
	until = clock_sooner(send_next(l), dedupe_runner_deadline(&l->runner));
	update_link(l);
	paint(l, false);
	until = clock_sooner(until, clock_sooner(app_next_tick(&l->app), upstream_deadline(&l->upstream)));
	if (!wait_for(l, until) && l->status < 0) {
		l->status = 128 + SIGHUP;
	}
}

/* Waits for a moment for a running batch, before the console ends. */
static void finish(struct loop *l) {
	int64_t until = clock_steady() + LEAVE;

	if (l->batch == NULL) {
		return;
	}
	if (l->in_flight.act == ACT_NONE) {
		upstream_cancel(&l->upstream);
	}
	while (!upstream_done(&l->upstream) && !clock_passed(until)) {
		upstream_wait(&l->upstream, until);
	}
	take_answer(l);
}

bool console_theme(const char *name, struct err *err) {
	struct theme theme;

	return theme_read(name, &theme, err);
}

const char *console_terminal(const char *type) {
	return terminfo_choose(type);
}

bool console_run(const struct console_options *options, struct conn **conn, int *status, struct err *err) {
	bool utf8 = tty_utf8();
	struct loop l = {.options = options,
	    .runner = {.options = options->conn, .detail = options->detail},
	    .status = -1,
	    .err = err};
	struct theme theme;

	if (!theme_read(options->theme == NULL ? "dark" : options->theme, &theme, err)) {
		return false;
	}
	if (!signals_start(&l.signals)) {
		return err_set(err, ERR_INTERNAL, "signals cannot be read");
	}
	l.tty = tty_start(options->terminal, &theme, options->mono, err);
	if (l.tty == NULL) {
		signals_stop(&l.signals);
		return false;
	}
	app_init(&l.app, options->environment, options->ascii || !utf8, options->read_only);
	destination_describe(&l.to, options, &l.app);
	open_upstream(&l, *conn);
	l.app.tour.on = options->tour;
	customize_start(&l.app);
	l.app.requests.mouse_on = options->mouse;
	if (!utf8 && !options->ascii) {
		app_say(&l.app, STYLE_NORMAL, "the locale is not UTF-8: drawn in ASCII");
	}
	while (l.status < 0 && !l.failed) {
		turn(&l);
	}
	tty_stop(l.tty);
	finish(&l);
	dedupe_runner_release(&l.runner);
	signals_stop(&l.signals);
	grid_free(l.grid);
	app_release(&l.app);
	in_flight_release(&l.in_flight);
	destination_release(&l.to);
	*conn = l.upstream.pair.primary;
	upstream_close(&l.upstream);
	if (!l.failed) {
		*status = l.status;
	}
	return !l.failed;
}
