#include "db/conn/pipeline.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "db/base/clock.h"
#include "db/base/mem.h"
#include "db/batch/query.h"
#include "db/batch/step.h"
#include "db/conn/prepared.h"

/* A batch of this size fits into any socket buffer: it is sent together with its Sync. */
enum { SHORT_STEPS = 4, SHORT_BYTES = 4096 };

void pipeline_release(struct pipeline *p) {
	batch_free(p->settings);
	batch_free(p->dry);
	p->settings = NULL;
	p->dry = NULL;
	err_release(&p->err);
}

static bool is_short(const struct batch *b) {
	size_t bytes = 0;

	for (size_t i = 0; i < b->count && b->count <= SHORT_STEPS; i++) {
		bytes += b->steps[i].bytes.len;
	}
	return b->count <= SHORT_STEPS && bytes <= SHORT_BYTES;
}

static bool send_step(const struct pipeline *p, PGconn *pg, struct step *step) {
	struct prepared_use use = {0};

	if (p->prepared != NULL) {
		use = prepared_use(p->prepared, step->query);
	}
	step->named = use.name != NULL;
	step->fresh = use.fresh;
	step->parsing = use.parse;
	return (!use.parse || step_prepare(step, pg, use.name)) && step_send(step, pg, use.name);
}

static bool send_all(const struct pipeline *p, PGconn *pg, const struct batch *b) {
	for (size_t i = 0; b != NULL && i < b->count; i++) {
		if (!send_step(p, pg, &b->steps[i])) {
			return false;
		}
	}
	return true;
}

/* Flushes the output, and queues the Sync when everything before it has left. False: the connection is lost.
 */
static bool flush(struct pipeline *p, PGconn *pg, bool at_once) {
	int left = at_once ? 0 : PQflush(pg);

	if (left == 0 && !p->closed) {
		if (PQpipelineSync(pg) != 1) {
			return false;
		}
		p->closed = true;
		left = PQflush(pg);
	}
	p->flushed = left == 0;
	return left >= 0;
}

/* Returns true when every step is a call of a function, which needs no safe search path. */
static bool is_all_calls(const struct batch *b) {
	for (size_t i = 0; i < b->count; i++) {
		if (!statements[b->steps[i].query].is_call) {
			return false;
		}
	}
	return true;
}

/* Returns the statements that set up the transaction. */
static struct batch *settings_of(const struct pipeline *p, bool read_only, bool confirm) {
	struct batch *settings = batch_new(BATCH_READ);

	if (read_only || p->batch->mode == BATCH_READ) {
		query_read_only_add(settings);
	} else if ((confirm && p->writes) || !is_all_calls(p->batch)) {
		query_safe_path_add(settings);
	}
	if (confirm && p->writes) {
		query_confirm_add(settings);
	}
	return settings;
}

bool pipeline_start(struct pipeline *p, PGconn *pg, struct prepared *prepared, struct batch *b,
    bool read_only, bool confirm) {
	*p = (struct pipeline){
	    .batch = b, .prepared = prepared, .began = clock_steady(), .clock_offset = p->clock_offset};
	for (size_t i = 0; i < b->count; i++) {
		step_reset(&b->steps[i]);
	}
	p->writes = !read_only && (b->mode == BATCH_WRITE || b->mode == BATCH_ALONE);
	p->settings = settings_of(p, read_only, confirm);
	if (b->mode == BATCH_DRY) {
		p->dry = batch_new(BATCH_DRY);
		query_dry_run_add(p->dry);
	}
	if (send_all(p, pg, p->settings) && send_all(p, pg, b) && send_all(p, pg, p->dry) &&
	    flush(p, pg, is_short(b))) {
		return true;
	}
	pipeline_release(p);
	return false;
}

/* Returns the step that the next answer belongs to; NULL after the last. */
static struct step *next_step(const struct pipeline *p) {
	const struct batch *parts[] = {p->settings, p->batch, p->dry};
	size_t at = p->answered;

	/* The second segment reports its errors as those of the first step. */
	if (p->alone) {
		return p->answered == 0 ? p->batch->steps : NULL;
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

/* Keeps the first error. A result without a SQLSTATE is libpq's report of a lost connection. */
static void fail(struct pipeline *p, const PGconn *pg, const struct step *step, const PGresult *result) {
	const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);

	if (p->dry != NULL && step == p->dry->steps && state != NULL && strcmp(state, "BERTD") == 0) {
		p->undone = true;
	} else if ((p->err.code == ERR_NONE || p->unread) &&
		   (state != NULL || PQstatus(pg) != CONNECTION_BAD)) {
		step_failed(step, result, pg, &p->err);
		/* A statement alone can build a unique index, and has no rules that say so. */
		if (p->alone && strcmp(p->err.sqlstate, "23505") == 0) {
			p->err.code = ERR_ALREADY_EXISTS;
		}
		p->unread = false;
		p->failed = step != NULL && state != NULL;
		p->stale = p->failed && step->named && prepared_failed(p->prepared, step->fresh, state);
		p->retry = p->stale || step_may_retry(result);
	}
}

/* Decodes rows, unless something has failed before. Takes ownership of the result. */
static void take_rows(struct pipeline *p, struct step *step, PGresult *result) {
	if (step == NULL || step->result != NULL) {
		p->broken = true;
		PQclear(result);
	} else if (p->err.code != ERR_NONE) {
		PQclear(result);
	} else if (!step_answer(step, result, &p->err)) {
		p->unread = true;
	}
}

/* Returns true at the Sync when every step has its answer, or the batch has failed. */
static bool is_complete(const struct pipeline *p) {
	const struct batch *parts[] = {p->settings, p->batch};

	if (p->err.code != ERR_NONE) {
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

/* Takes the result of a step that failed or was not reached. An unexpected one, such as a COPY, breaks the
 * connection: libpq would return it without end. */
static void take_failure(struct pipeline *p, const PGconn *pg, struct step *step, PGresult *result) {
	if (PQresultStatus(result) == PGRES_FATAL_ERROR) {
		fail(p, pg, step, result);
	} else {
		p->broken |= PQresultStatus(result) != PGRES_PIPELINE_ABORTED;
	}
}

/* Takes the answer to the parsing of a step's statement. A NULL follows it, as every other. */
static void take_parsed(struct pipeline *p, const PGconn *pg, struct step *step, PGresult *result) {
	p->parsed = true;
	if (PQresultStatus(result) == PGRES_COMMAND_OK) {
		prepared_done(p->prepared, step->query);
	} else {
		take_failure(p, pg, step, result);
	}
	PQclear(result);
}

static void take_result(struct pipeline *p, const PGconn *pg, PGresult *result) {
	struct step *step = next_step(p);

	if (step_was_parsing(step)) {
		take_parsed(p, pg, step, result);
		return;
	}
	switch (PQresultStatus(result)) {
	case PGRES_TUPLES_OK:
		take_rows(p, step, result);
		return;
	case PGRES_PIPELINE_SYNC:
		p->synced = true;
		p->broken = p->broken || !p->closed || !is_complete(p);
		break;
	case PGRES_COMMAND_OK: /* the second segment's statement */
		p->broken = p->broken || !p->alone;
		break;
	default:
		take_failure(p, pg, step, result);
		break;
	}
	PQclear(result);
}

/* Adds to the message of an unreadable answer that the server has committed. */
static void note_applied(struct pipeline *p) {
	char *message = mem_print("%s, but everything was applied", p->err.message);

	free(p->err.message);
	p->err.message = message;
}

/* Notes what the answer to a read tells about the server. It reads its clock when the query arrives: `began`
 * is closer to that than now. */
static void compare_clocks(struct pipeline *p) {
	if (p->err.code == ERR_NONE && p->settings->count > 0 &&
	    p->settings->steps[0].query == QUERY_READ_ONLY) {
		const struct freshness *row = batch_row(p->settings, 0, 0);
		p->clock_offset = row->present - p->began;
		p->place = row->place;
		p->behind = row->present - row->whole;
	}
}

static enum pipeline_state finish(struct pipeline *p, struct err *err) {
	if (p->prepared != NULL) {
		prepared_settle(p->prepared);
	}
	compare_clocks(p);
	if (p->dry != NULL && !p->undone && p->err.code == ERR_NONE) {
		err_set(&p->err, ERR_INTERNAL, "a dry run was not rolled back");
	}
	if (p->unread && p->writes) {
		note_applied(p);
	}
	if (p->err.code != ERR_NONE) {
		err_move(err, &p->err);
	}
	pipeline_release(p);
	return PIPELINE_DONE;
}

/* Sends the statement that the server has composed. False: there is none, or the connection is lost. */
static bool send_alone(struct pipeline *p, PGconn *pg) {
	const struct composed_statement *row;

	if (p->batch->mode != BATCH_ALONE || p->alone || p->err.code != ERR_NONE) {
		return false;
	}
	row = batch_row(p->batch, 0, 0);
	if (row->sql == NULL) {
		return false;
	}
	p->alone = true;
	p->answered = 0;
	p->synced = false;
	p->closed = false;
	return PQsendQueryParams(pg, row->sql, 0, NULL, NULL, NULL, NULL, 0) == 1 && flush(p, pg, true);
}

static enum pipeline_state lost(struct pipeline *p, struct err *err) {
	if (p->broken) {
		err_set(err, ERR_UNAVAILABLE, "the server sent an unexpected answer");
	} else if (p->err.code != ERR_NONE) {
		err_move(err, &p->err);
	}
	pipeline_release(p);
	return PIPELINE_LOST;
}

short pipeline_events(const struct pipeline *p) {
	return (short)(POLLIN | (p->flushed ? 0 : POLLOUT));
}

int64_t pipeline_now(const struct pipeline *p) {
	return p->clock_offset == TIME_NONE ? clock_now() : p->clock_offset + clock_steady();
}

bool pipeline_may_commit(const struct pipeline *p) {
	return p->closed && !p->failed;
}

enum pipeline_state pipeline_step(struct pipeline *p, PGconn *pg, struct err *err) {
	bool alive = PQconsumeInput(pg) == 1 && (p->flushed || flush(p, pg, false));

	while (!p->broken && (!p->synced || send_alone(p, pg)) && !PQisBusy(pg)) {
		PGresult *result = PQgetResult(pg);

		if (result != NULL) {
			take_result(p, pg, result);
		} else if (p->parsed) {
			p->parsed = false;
		} else if (next_step(p) != NULL && PQstatus(pg) != CONNECTION_BAD) {
			p->answered++;
		} else {
			break;
		}
	}
	if (p->broken) {
		return lost(p, err);
	}
	if (p->synced) {
		return finish(p, err);
	}
	if (!alive || PQstatus(pg) == CONNECTION_BAD || (p->alone && !p->closed)) {
		return lost(p, err);
	}
	return PIPELINE_GOES_ON;
}
