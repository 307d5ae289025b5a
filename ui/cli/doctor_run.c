#include "ui/cli/doctor_run.h"

#include <stdio.h>
#include <unistd.h>

#include "db/base/buf.h"
#include "db/base/clock.h"
#include "db/batch/batch.h"
#include "db/conn/conn.h"
#include "model/doctor.h"
#include "ui/cli/patience.h"
#include "ui/cli/run.h"
#include "ui/text/humanize.h"

/* A piece is to take so long that its transaction does not count, and so short that it can be told often. */
enum {
	FIRST_ROWS = 5000,
	LEAST_ROWS = 1000,
	MOST_ROWS = 2000000,
	SHORT = 250000,
	LONG = 1000000 /* microseconds */
};

static int64_t adapt(int64_t rows, int64_t took) {
	if (took < SHORT) {
		return rows * 2 > MOST_ROWS ? MOST_ROWS : rows * 2;
	}
	return took > LONG && rows / 2 >= LEAST_ROWS ? rows / 2 : rows;
}

static bool is_told(const struct run *run) {
	return !run->quiet && isatty(fileno(run->err)) == 1;
}

/* Overwrites the line of the terminal. */
static void tell_progress(const struct run *run, const struct doctor *d, int64_t took) {
	struct buf left = {0};

	if (!is_told(run)) {
		return;
	}
	if (d->share > 0.01) {
		buf_puts(&left, ", about ");
		humanize_span((int64_t)((double)took * (1 - d->share) / d->share), &left);
		buf_puts(&left, " left");
	}
	(void)fprintf(run->err, "\r\033[Kberth: %.0f %% checked%s", 100 * d->share, buf_text(&left));
	(void)fflush(run->err);
	buf_release(&left);
}

static void tell_end(const struct run *run, int64_t took) {
	struct buf span = {0};

	if (is_told(run)) {
		humanize_span(took, &span);
		(void)fprintf(run->err, "\r\033[K");
		run_note(run, "everything was checked in %s", buf_text(&span));
		buf_release(&span);
	}
}

/* Sends a piece. The first one tells at once that there is no server. */
static bool send_piece(
    struct run *run, const struct doctor *d, struct patience *patience, struct batch *b, struct err *err) {
	while (!conn_run(run->conn, b, run->deadline, err)) {
		if (d->count == 0 || !patience_should_retry(patience, err)) {
			return false;
		}
	}
	patience_answered(patience);
	return true;
}

bool doctor_run(struct run *run, struct doctor *d, struct err *err) {
	bool writable = conn_require_writable(run->conn, false);
	struct patience patience = patience_new(run);
	int64_t start = clock_steady();
	int64_t rows = FIRST_ROWS;
	bool ok = true;

	/* A standby can be checked too. */
	(void)conn_require_writable(run->conn, writable);
	while (ok && !d->done) {
		int64_t sent = clock_steady();
		struct batch *b = batch_new(BATCH_READ);
		size_t step = doctor_piece_add(b, d, rows);

		ok = send_piece(run, d, &patience, b, err) && doctor_take(d, b, step, err);
		if (ok) {
			rows = adapt(rows, clock_steady() - sent);
			tell_progress(run, d, clock_steady() - start);
		}
		batch_free(b);
	}
	if (ok) {
		tell_end(run, clock_steady() - start);
	}
	return ok;
}
