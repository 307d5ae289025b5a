#include "ui/worker/requests.h"

#include <stdlib.h>
#include <string.h>

#include "db/batch/batch.h"
#include "db/base/clock.h"
#include "db/conn/conn.h"
#include "db/base/mem.h"
#include "ui/worker/heartbeat.h"
#include "ui/worker/hook_batch.h"

enum {
	ANSWER_TIME = 60000000, /* microseconds for a batch */
	PAUSE = 1000000         /* after a failure */
};

static const struct worker_self *self_of(const struct loop *l) {
	return &l->options->self;
}

static int64_t total_of(const struct batch *b) {
	const struct total *total = batch_row(b, 0, 0);

	return total->total;
}

static void join_add(struct loop *l, struct batch *b) {
	(void)worker_start_add(b, self_of(l));
	if (conn_is_direct(l->conn)) {
		(void)worker_listen_add(b);
	}
}

static void report_joined(struct loop *l) {
	if (!l->joined_ever) {
		loop_report(l, REPORT_NOTE, "worker %s: at work on %s of %s", self_of(l)->name,
		    conn_database(l->conn), conn_server(l->conn));
		systemd_send(&l->notify, "READY=1");
	} else if (l->cut) {
		loop_report(l, REPORT_NOTE, "worker %s: connected again", self_of(l)->name);
	}
	systemd_status(&l->notify, "at work on %s of %s", conn_database(l->conn), conn_server(l->conn));
	l->cut = false;
	l->next_try = TIME_NONE;
}

static struct clock_reading clock_read(const struct loop *l, int64_t shown) {
	return (struct clock_reading){.asked = l->asked, .answered = clock_steady(), .shown = shown};
}

static void join_done(struct loop *l, const struct batch *b) {
	const struct worker *row = batch_row(b, 0, 0);
	struct clock_reading reading = clock_read(l, row->heartbeat);

	server_clock_start(&l->clock, &reading);
	report_joined(l);
	l->joined = true;
	l->joined_ever = true;
	l->beat = reading.answered + self_of(l)->heartbeat;
	scheduler_want_all(&l->scheduler);
}

static void leave_add(struct loop *l, struct batch *b) {
	(void)worker_stop_add(b, self_of(l));
}

static void leave_done(struct loop *l, const struct batch *b) {
	(void)b;
	loop_enter(l, PHASE_GONE);
}

/* A clock that was set is accepted after three heartbeats: by then every live worker has a heartbeat by it.
 */
static int64_t take_tended(struct loop *l, const struct batch *b) {
	const struct maintained *maintained = batch_row(b, 0, 0);
	struct clock_reading reading = clock_read(l, maintained->present);

	if (server_clock_leaps(&l->clock, &reading, 3 * self_of(l)->heartbeat)) {
		loop_report(l, REPORT_WARNING,
		    "worker %s: the server's clock has jumped; nothing ends until it has settled",
		    self_of(l)->name);
	}
	if (maintained->next != TIME_NONE) {
		scheduler_round_by(
		    &l->scheduler, l->asked + maintained->next - maintained->present, reading.answered);
	}
	return maintained->done;
}

static void duty_add(struct loop *l, struct batch *b) {
	switch (l->duty) {
	case DUTY_APPLY:
		(void)worker_apply_add(b, self_of(l));
		break;
	case DUTY_FAN_OUT:
		(void)worker_fan_out_add(b, self_of(l));
		break;
	case DUTY_CLAIM:
		(void)worker_claim_add(b, self_of(l), (int64_t)hooks_free(&l->hooks));
		break;
	case DUTY_MAINTAIN:
	case DUTIES:
		(void)worker_maintain_at_add(b, self_of(l), server_clock_at(&l->clock, l->asked));
		break;
	}
}

static void duty_done(struct loop *l, const struct batch *b) {
	int64_t amount;

	if (l->duty == DUTY_CLAIM) {
		amount = hook_batch_take(l, b);
	} else if (l->duty == DUTY_MAINTAIN) {
		amount = take_tended(l, b);
	} else {
		amount = total_of(b);
	}
	scheduler_did(&l->scheduler, l->duty, amount, clock_steady());
}

static const struct {
	void (*add)(struct loop *l, struct batch *b);
	void (*done)(struct loop *l, const struct batch *b);
} requests[] = {
    [WORKER_JOIN] = {join_add, join_done},
    [WORKER_REPORT] = {hook_batch_report_add, hook_batch_report_done},
    [WORKER_BEAT] = {heartbeat_add, heartbeat_done},
    [WORKER_DUTY] = {duty_add, duty_done},
    [WORKER_LEAVE] = {leave_add, leave_done},
};

/* Returns true for an error that trying again does not fix. */
static bool is_final(const struct loop *l, enum err_code code) {
	switch (code) {
	case ERR_NOT_ALLOWED:
	case ERR_SCHEMA_MISMATCH:
		return true;
	case ERR_CONFLICT:
		return l->request == WORKER_JOIN;
	case ERR_READ_ONLY: /* another server may accept changes, unless --read-only was given */
		return l->options->read_only;
	case ERR_INTERNAL:
		return l->options->until_idle;
	default:
		return false;
	}
}

/* Handles a failure while the worker ends: requests are repeated only over a new connection. */
static void give_up(struct loop *l, bool lost) {
	if (l->request == WORKER_LEAVE) {
		loop_enter(l, PHASE_GONE);
	} else if (l->request == WORKER_REPORT && !lost) {
		hooks_drop(&l->hooks, l->subject);
	}
	l->beat = clock_steady() + PAUSE;
}

/* Postpones the failed request; once the worker has joined, the others continue. */
static void pause_request(struct loop *l) {
	int64_t now = clock_steady();

	systemd_delay_watchdog(&l->notify, PAUSE);
	switch (l->request) {
	case WORKER_REPORT:
		hooks_refused(&l->hooks, l->subject, now);
		break;
	case WORKER_BEAT:
		l->beat = now + PAUSE;
		break;
	case WORKER_DUTY:
		scheduler_failed(&l->scheduler, l->duty);
		break;
	default:
		l->resume = now + PAUSE;
		break;
	}
}

static void failed(struct loop *l, struct err *why) {
	bool lost = conn_state(l->conn) == CONN_DOWN;

	if (l->request == WORKER_REPORT && why->code == ERR_OUTCOME_UNKNOWN) {
		l->subject->reported = true;
	}
	if (l->phase != PHASE_WORKS) {
		give_up(l, lost);
	} else if (is_final(l, why->code)) {
		loop_fail(l, why);
	} else if (!lost) {
		(void)loop_report_trouble(l, why->message);
		pause_request(l);
	}
}

void requests_hear(struct loop *l) {
	struct batch *b = l->batch;
	struct err err = {0};

	if (b == NULL || !conn_done(l->conn)) {
		return;
	}
	l->batch = NULL;
	if (conn_take(l->conn, &err)) {
		requests[l->request].done(l, b);
		systemd_feed_watchdog(&l->notify);
	} else {
		failed(l, &err);
	}
	err_release(&err);
	batch_free(b);
}

static enum worker_request choose_last(struct loop *l, int64_t now) {
	if (l->hooks.count == 0) {
		return WORKER_LEAVE;
	}
	return l->joined && (now >= l->beat || clock_passed(l->notify.life)) ? WORKER_BEAT : WORKER_IDLE;
}

static enum worker_request choose(struct loop *l) {
	int64_t now = clock_steady();

	if (l->resume != TIME_NONE && now < l->resume) {
		return WORKER_IDLE;
	}
	l->resume = TIME_NONE;
	if (l->phase == PHASE_WORKS && !l->joined) {
		return WORKER_JOIN;
	}
	l->subject = hooks_next_report(&l->hooks, now);
	if (l->subject != NULL) {
		return WORKER_REPORT;
	}
	if (l->phase != PHASE_WORKS) {
		return choose_last(l, now);
	}
	if (now >= l->beat || clock_passed(l->notify.life)) {
		return WORKER_BEAT;
	}
	l->duty = scheduler_next(&l->scheduler, hooks_free(&l->hooks) > 0, now);
	return l->duty == DUTIES ? WORKER_IDLE : WORKER_DUTY;
}

void requests_next(struct loop *l) {
	if (l->batch != NULL || l->phase == PHASE_GONE || conn_state(l->conn) != CONN_READY) {
		return;
	}
	l->request = choose(l);
	if (l->request != WORKER_IDLE) {
		l->batch = batch_new(BATCH_WRITE);
		l->asked = clock_steady();
		requests[l->request].add(l, l->batch);
		conn_submit(l->conn, l->batch, l->asked + ANSWER_TIME);
	}
}

int64_t requests_time(const struct loop *l) {
	if (l->batch != NULL || conn_state(l->conn) != CONN_READY) {
		return TIME_NONE;
	}
	if (l->resume != TIME_NONE) {
		return l->resume;
	}
	if (!l->joined) {
		return TIME_NONE;
	}
	return clock_sooner(l->notify.life,
	    l->phase == PHASE_WORKS ? clock_sooner(l->beat, scheduler_time(&l->scheduler)) : l->beat);
}
