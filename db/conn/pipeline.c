#include "db/conn/pipeline.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "db/base/clock.h"
#include "db/base/mem.h"
#include "db/batch/query.h"
#include "db/batch/step.h"

/* What fits into any socket's buffer leaves in one piece, together with its Sync. */
enum { SHORT_STEPS = 4, SHORT_BYTES = 4096 };

void pipeline_release(struct pipeline *x) {
	batch_free(x->settings);
	batch_free(x->dry);
	x->settings = NULL;
	x->dry = NULL;
	err_release(&x->err);
}

static bool is_short(const struct batch *b) {
	size_t bytes = 0;

	for (size_t i = 0; i < b->count && b->count <= SHORT_STEPS; i++) {
		bytes += b->steps[i].bytes.len;
	}
	return b->count <= SHORT_STEPS && bytes <= SHORT_BYTES;
}

static bool send_all(const struct batch *b, PGconn *pg) {
	for (size_t i = 0; b != NULL && i < b->count; i++) {
		if (!step_send(&b->steps[i], pg)) {
			return false;
		}
	}
	return true;
}

/* Sends what waits, and the Sync when it is its turn. False: the connection is lost. */
static bool push(struct pipeline *x, PGconn *pg, bool at_once) {
	int left = at_once ? 0 : PQflush(pg);

	if (left == 0 && !x->closed) {
		if (PQpipelineSync(pg) != 1) {
			return false;
		}
		x->closed = true;
		left = PQflush(pg);
	}
	x->flushed = left == 0;
	return left >= 0;
}

/* Any statement that looks something up by its name needs the safe path. */
static bool is_all_calls(const struct batch *b) {
	for (size_t i = 0; i < b->count; i++) {
		if (!statements[b->steps[i].query].is_call) {
			return false;
		}
	}
	return true;
}

/* What holds for this transaction alone. */
static struct batch *settings_of(const struct pipeline *x, bool read_only, bool confirm) {
	struct batch *settings = batch_new(BATCH_READ);

	if (read_only || x->batch->mode == BATCH_READ) {
		batch_add(settings, NULL, QUERY_READ_ONLY, NULL, 0, NULL);
	} else if ((confirm && x->writes) || !is_all_calls(x->batch)) {
		batch_add(settings, NULL, QUERY_SAFE_PATH, NULL, 0, NULL);
	}
	if (confirm && x->writes) {
		batch_add(settings, NULL, QUERY_CONFIRM, NULL, 0, NULL);
	}
	return settings;
}

bool pipeline_start(struct pipeline *x, PGconn *pg, struct batch *b, bool read_only, bool confirm) {
	*x = (struct pipeline){.batch = b, .began = clock_steady(), .server_minus = x->server_minus};
	for (size_t i = 0; i < b->count; i++) {
		step_reset(&b->steps[i]);
	}
	x->writes = !read_only && (b->mode == BATCH_WRITE || b->mode == BATCH_ALONE);
	x->settings = settings_of(x, read_only, confirm);
	if (b->mode == BATCH_DRY) {
		x->dry = batch_new(BATCH_DRY);
		batch_add(x->dry, NULL, QUERY_DRY_RUN, NULL, 0, NULL);
	}
	if (send_all(x->settings, pg) && send_all(b, pg) && send_all(x->dry, pg) &&
	    push(x, pg, is_short(b))) {
		return true;
	}
	pipeline_release(x);
	return false;
}

/* The step that the next answer belongs to; NULL once all have answered. */
static struct step *next_step(const struct pipeline *x) {
	const struct batch *parts[] = {x->settings, x->batch, x->dry};
	size_t at = x->answered;

	/* Its errors are those of the step that gave it. */
	if (x->alone) {
		return x->answered == 0 ? x->batch->steps : NULL;
	}

	for (size_t i = 0; i < 3; i++) {
		size_t count = parts[i] == NULL ? 0 : parts[i]->count;
		if (at < count) {
			return &parts[i]->steps[at];
		}
		at -= count;
	}
	return NULL;
}

/* Without a SQLSTATE it is libpq itself that tells of the connection's end. */
static void fail(struct pipeline *x, const PGconn *pg, const struct step *step, const PGresult *result) {
	const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);

	if (x->dry != NULL && step == x->dry->steps && state != NULL && strcmp(state, "BERTD") == 0) {
		x->undone = true;
	} else if ((x->err.code == ERR_NONE || x->unread) &&
		   (state != NULL || PQstatus(pg) != CONNECTION_BAD)) {
		step_failed(step, result, pg, &x->err);
		x->unread = false;
		x->failed = step != NULL && state != NULL;
		x->retry = step_may_retry(result);
	}
}

/* Rows, to be read unless something has failed before. Takes them. */
static void hear_rows(struct pipeline *x, struct step *step, PGresult *result) {
	if (step == NULL || step->result != NULL) {
		x->broken = true;
		PQclear(result);
	} else if (x->err.code != ERR_NONE) {
		PQclear(result);
	} else if (!step_answer(step, result, &x->err)) {
		x->unread = true;
	}
}

/* The server says that it has answered all: whatever has no answer by now gets none. */
static bool is_complete(const struct pipeline *x) {
	const struct batch *parts[] = {x->settings, x->batch};

	if (x->err.code != ERR_NONE) {
		return true;
	}
	for (size_t part = 0; part < 2; part++) {
		for (size_t i = 0; parts[part] != NULL && i < parts[part]->count; i++) {
			if (parts[part]->steps[i].result == NULL) {
				return false;
			}
		}
	}
	return true;
}

/* A copy, or whatever else was not asked for, is not waited out: libpq would tell of it for ever. */
static void hear(struct pipeline *x, const PGconn *pg, PGresult *result) {
	struct step *step = next_step(x);

	switch (PQresultStatus(result)) {
	case PGRES_TUPLES_OK:
		hear_rows(x, step, result);
		return;
	case PGRES_PIPELINE_SYNC:
		x->synced = true;
		x->broken = x->broken || !x->closed || !is_complete(x);
		break;
	case PGRES_COMMAND_OK: /* of a statement by itself */
		x->broken = x->broken || !x->alone;
		break;
	case PGRES_PIPELINE_ABORTED:
		break;
	case PGRES_FATAL_ERROR:
		fail(x, pg, step, result);
		break;
	default:
		x->broken = true;
		break;
	}
	PQclear(result);
}

/* The server had no reason to roll back, and what it did counts. */
static void tell_applied(struct pipeline *x) {
	char *message = mem_print("%s, but all of it was applied", x->err.message);

	free(x->err.message);
	x->err.message = message;
}

/* The server reads it when the question has come: one way earlier than its answer is here. */
static void compare_clocks(struct pipeline *x) {
	if (x->err.code == ERR_NONE && x->settings->count > 0 &&
	    x->settings->steps[0].query == QUERY_READ_ONLY) {
		const struct present *row = batch_row(x->settings, 0, 0);
		x->server_minus = row->present - x->began;
	}
}

static enum pipeline_state finish(struct pipeline *x, struct err *err) {
	compare_clocks(x);
	if (x->dry != NULL && !x->undone && x->err.code == ERR_NONE) {
		err_set(&x->err, ERR_INTERNAL, "a dry run was not rolled back");
	}
	if (x->unread && x->writes) {
		tell_applied(x);
	}
	if (x->err.code != ERR_NONE) {
		err_move(err, &x->err);
	}
	pipeline_release(x);
	return PIPELINE_DONE;
}

/* What the server has composed, by itself. False: there is nothing more to send, or the connection is lost.
 */
static bool send_alone(struct pipeline *x, PGconn *pg) {
	const struct dedupe_statement *row;

	if (x->batch->mode != BATCH_ALONE || x->alone || x->err.code != ERR_NONE) {
		return false;
	}
	row = batch_row(x->batch, 0, 0);
	if (row->sql == NULL) {
		return false;
	}
	x->alone = true;
	x->answered = 0;
	x->synced = false;
	x->closed = false;
	return PQsendQueryParams(pg, row->sql, 0, NULL, NULL, NULL, NULL, 0) == 1 && push(x, pg, true);
}

static enum pipeline_state lost(struct pipeline *x, struct err *err) {
	if (x->broken) {
		err_set(err, ERR_UNAVAILABLE, "what the server answers is not what was asked for");
	} else if (x->err.code != ERR_NONE) {
		err_move(err, &x->err);
	}
	pipeline_release(x);
	return PIPELINE_LOST;
}

short pipeline_events(const struct pipeline *x) {
	return (short)(POLLIN | (x->flushed ? 0 : POLLOUT));
}

int64_t pipeline_now(const struct pipeline *x) {
	return x->server_minus == TIME_NONE ? clock_now() : x->server_minus + clock_steady();
}

bool pipeline_may_commit(const struct pipeline *x) {
	return x->closed && !x->failed;
}

enum pipeline_state pipeline_step(struct pipeline *x, PGconn *pg, struct err *err) {
	bool alive = PQconsumeInput(pg) == 1 && (x->flushed || push(x, pg, false));

	while (!x->broken && (!x->synced || send_alone(x, pg)) && !PQisBusy(pg)) {
		PGresult *result = PQgetResult(pg);

		if (result != NULL) {
			hear(x, pg, result);
		} else if (next_step(x) != NULL && PQstatus(pg) != CONNECTION_BAD) {
			x->answered++;
		} else {
			break;
		}
	}
	if (x->broken) {
		return lost(x, err);
	}
	if (x->synced) {
		return finish(x, err);
	}
	if (!alive || PQstatus(pg) == CONNECTION_BAD || (x->alone && !x->closed)) {
		return lost(x, err);
	}
	return PIPELINE_GOES_ON;
}
