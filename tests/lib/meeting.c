#include "tests/lib/meeting.h"

#include <stdlib.h>

#include "db/base/clock.h"
#include "db/base/mem.h"
#include "db/batch/batch.h"
#include "db/conn/conn.h"
#include "model/lease.h"
#include "model/pool.h"
#include "model/syntax/range.h"
#include "tests/lib/client.h"
#include "tests/lib/database.h"

struct meeting *meeting_new(const char *range) {
	struct meeting *m = mem_new(1, sizeof *m);

	m->database = database_new();
	session_let_holders_do(m->database);
	m->first = client_new(database_values(m->database));
	m->second = client_new(database_values(m->database));
	client_pool(m->first, "other", KIND_NUMBER, "1001-1010");
	client_pool(m->first, "a", KIND_NUMBER, range);
	session_is_sound(m->second);
	return m;
}

void meeting_free(struct meeting *m) {
	session_is_sound(m->first);
	conn_free(m->first);
	conn_free(m->second);
	database_drop(m->database);
	free(m);
}

struct batch *meeting_removal(int first, int last) {
	struct batch *b = batch_new(BATCH_WRITE);
	struct range range = {.kind = KIND_NUMBER, .first = (u128)first, .last = (u128)last};

	pool_remove_add(b, id_new(), "a", &range, "{}");
	return b;
}

struct batch *meeting_allocation(const char *value) {
	struct batch *b = batch_new(BATCH_WRITE);
	struct allocate ask =
	    value == NULL ? client_ask("a", id_new()) : session_ask_value("a", id_new(), KIND_NUMBER, value);

	lease_allocate_add(b, &ask);
	return b;
}

void meeting_gate(struct batch *b, const char *pool) {
	client_add(b, pool, "do select pg_advisory_xact_lock_shared(7)");
}

void meeting_await(struct conn *c, struct database *d, int waiting) {
	char *question = mem_print("select count(*) - %d + 1 from pg_stat_activity"
				   " where wait_event_type = 'Lock' and datname = current_database()",
	    waiting);

	session_step_until(c, d, question);
	free(question);
}

struct met meeting_run(
    const struct meeting *m, struct batch *first, struct batch *second, struct err *why, struct err *err) {
	struct met met;

	database_run(m->database, "select pg_advisory_lock(7)");
	conn_submit(m->first, first, TIME_NONE);
	meeting_await(m->first, m->database, 1);
	conn_submit(m->second, second, TIME_NONE);
	meeting_await(m->second, m->database, 2);
	database_run(m->database, "select pg_advisory_unlock(7)");
	met.first = client_finish(m->first, why);
	met.second = client_finish(m->second, err);
	return met;
}
