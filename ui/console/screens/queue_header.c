#include "ui/console/screens/queue_header.h"

#include <inttypes.h>

#include "db/base/buf.h"
#include "db/base/clock.h"
#include "db/base/id.h"
#include "db/batch/rows.h"
#include "ui/console/widgets/pen.h"
#include "ui/console/terminal/style.h"
#include "ui/console/list/view.h"
#include "ui/text/humanize.h"

#define TARGET 1.0 /* seconds that the oldest due command may wait */

static void say_count(struct pen *p, enum style style, int64_t count, const char *what) {
	struct buf text = {0};

	humanize_number(count, &text);
	pen_print(p, style, "%s %s  ", buf_text(&text), what);
	buf_release(&text);
}

/* Prints the worker that served the queue last, when none is alive. */
static void say_last(struct pen *p, const struct rowset *workers, int64_t now) {
	const struct worker *last = workers->count > 0 ? workers->rows[0] : NULL;
	struct buf text = {0};

	for (size_t i = 1; i < workers->count; i++) {
		const struct worker *one = workers->rows[i];

		last = one->heartbeat > last->heartbeat ? one : last;
	}
	if (last != NULL) {
		humanize_span(now - last->heartbeat, &text);
		pen_print(p, STYLE_WARNING, "   worker last seen %s ago: ", buf_text(&text));
		pen_foreign(p, STYLE_NORMAL, last->name);
	}
	buf_release(&text);
}

static void say_lag(struct pen *p, double seconds) {
	struct buf text = {0};

	humanize_span((int64_t)(seconds * (double)TIME_SECOND), &text);
	if (seconds < TARGET) {
		pen_say(p, STYLE_NORMAL, "lag under its target of 1s");
	} else {
		pen_print(p, STYLE_WARNING, "%s lag %s, target 1s", glyph_text(GLYPH_OVER, p->grid->ascii),
		    buf_text(&text));
	}
	buf_release(&text);
}

static void say_totals(struct pen *p, const struct queue_stats *stats) {
	say_count(p, STYLE_BOLD, stats->queued, "queued");
	say_count(p, STYLE_NORMAL, stats->running, "running");
	say_count(p, stats->quarantined > 0 ? STYLE_DANGER : STYLE_DIM, stats->quarantined, "stuck");
	say_lag(p, stats->oldest_seconds);
}

static void say_rates(struct pen *p, const struct queue_stats *stats) {
	int64_t net = stats->arrived_last_minute - stats->consumed_last_minute;

	say_count(p, STYLE_NORMAL, stats->arrived_last_minute, "in");
	say_count(p, STYLE_NORMAL, stats->consumed_last_minute, "done in the last minute");
	pen_print(p, net > 0 ? STYLE_WARNING : STYLE_DIM, "%s",
	    net > 0   ? "growing"
	    : net < 0 ? "shrinking"
		      : "steady");
}

static void say_worker(struct pen *p, const struct worker *worker, int64_t now) {
	struct buf text = {0};
	char id[ID_TEXT];

	pen_foreign(p, STYLE_BOLD, worker->name);
	if (id_is_nil(worker->running)) {
		pen_say(p, STYLE_DIM, worker->hooks ? " idle" : " idle, without hooks");
	} else {
		humanize_span(now - worker->since, &text);
		/* The part of an id that is its time. */
		pen_print(
		    p, STYLE_ACCENT, " runs %.13s for %s", id_text(worker->running, id), buf_text(&text));
	}
	pen_say(p, STYLE_NORMAL, "   ");
	buf_release(&text);
}

void queue_head(struct pen *p, const struct queue_stats *stats, const struct rowset *workers, int64_t now) {
	bool wide = p->area.rows > 3;

	if (stats->workers_alive == 0) {
		pen_print(p, STYLE_ALARM,
		    "%s NO WORKER IS ALIVE: nothing is applied. Start one: berth worker",
		    glyph_text(GLYPH_FULL, p->grid->ascii));
		pen_break(p);
	}
	say_totals(p, stats);
	pen_break(p);
	say_rates(p, stats);
	if (stats->workers_alive == 0) {
		say_last(p, workers, now);
		return;
	}
	pen_break(p);
	say_count(
	    p, STYLE_NORMAL, stats->workers_alive, stats->workers_alive == 1 ? "worker: " : "workers: ");
	for (size_t i = 0; i < workers->count; i++) {
		const struct worker *worker = workers->rows[i];

		if (worker->alive) {
			say_worker(p, worker, now);
		}
		if (wide && worker->alive && pen_fits(p, 1)) {
			pen_break(p);
		}
	}
}
