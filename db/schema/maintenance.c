#include "db/schema/maintenance.h"

#include <poll.h>
#include <stdlib.h>

#include "db/base/clock.h"
#include "db/batch/step.h"

/* Waits for input or output. False: the deadline has passed, or the connection is lost. */
static bool wait_for(struct maintenance *s) {
	int left = PQflush(s->pg);
	struct pollfd fd = {.fd = PQsocket(s->pg), .events = (short)(POLLIN | (left > 0 ? POLLOUT : 0))};

	s->late = clock_passed(s->deadline);
	if (left < 0 || s->late) {
		return false;
	}
	(void)poll(&fd, 1, clock_poll(s->deadline));
	return PQconsumeInput(s->pg) == 1;
}

static bool is_answer(const PGresult *result) {
	switch (PQresultStatus(result)) {
	case PGRES_COMMAND_OK:
	case PGRES_TUPLES_OK:
	case PGRES_FATAL_ERROR:
		return true;
	default:
		return false;
	}
}

/* Reads the next result, NULL after the last one. False: there is no answer. */
static bool next_result(struct maintenance *s, PGresult **result) {
	*result = NULL;
	s->late = clock_passed(s->deadline);
	while (!s->late && PQisBusy(s->pg)) {
		if (!wait_for(s)) {
			return false;
		}
	}
	*result = s->late ? NULL : PQgetResult(s->pg);
	if (*result != NULL && !is_answer(*result)) {
		s->broken = true;
		PQclear(*result);
		*result = NULL;
	}
	return !s->late && !s->broken && PQstatus(s->pg) == CONNECTION_OK;
}

PGresult *maintenance_run(struct maintenance *s, const char *sql) {
	PGresult *last = NULL, *result = NULL;
	bool ok = !s->late && !s->broken && PQsetnonblocking(s->pg, 1) == 0 && PQsendQuery(s->pg, sql) == 1;

	while (ok) {
		ok = next_result(s, &result);
		if (result == NULL) {
			break;
		}
		if (PQresultStatus(last) == PGRES_FATAL_ERROR && last != NULL) {
			PQclear(result);
		} else {
			PQclear(last);
			last = result;
		}
	}
	if (!ok && PQresultErrorField(last, PG_DIAG_SQLSTATE) == NULL) {
		PQclear(last);
		last = NULL;
	}
	return last;
}

bool maintenance_lost(const struct maintenance *s, const PGresult *result) {
	return result == NULL ||
	       (PQresultErrorField(result, PG_DIAG_SQLSTATE) == NULL && PQstatus(s->pg) == CONNECTION_BAD);
}

bool maintenance_failed(const struct maintenance *s, const PGresult *result, struct err *err) {
	char *why;

	if (!maintenance_lost(s, result)) {
		step_failed(NULL, result, s->pg, err);
		return false;
	}
	if (s->late) {
		return err_set(err, ERR_TIMEOUT, "the server did not answer in time");
	}
	if (s->broken) {
		return err_set(err, ERR_UNAVAILABLE, "the server sent an unexpected answer");
	}
	why = step_lost(s->pg);
	err_set(err, ERR_UNAVAILABLE, "%s", why);
	free(why);
	return false;
}
