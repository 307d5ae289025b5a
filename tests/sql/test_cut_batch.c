/*
 * A batch of several commands, cut off at any byte: all of it is there or
 * nothing, what is said of it is true, and the same batch again ends with exactly
 * one of everything.
 */
#include "db/batch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "db/clock.h"
#include "db/mem.h"
#include "model/metadata.h"
#include "model/queue.h"
#include "tests/lib/cuts.h"
#include "tests/lib/database.h"
#include "tests/lib/session.h"

static int open_place(void **state) {
	*state = cuts_new();
	return 0;
}

static int close_place(void **state) {
	cuts_free(*state);
	return 0;
}

/* Lines as of a file: a lease, its label, and if there are three its release; of one id and those that are
 * derived from it. */
static struct batch *lines_of(struct id id, int count) {
	static const char *const labels[] = {"a=1"};
	struct target lease = {.kind = TARGET_LEASE, .id = id};
	struct allocate ask = session_ask("a", id);
	struct wish wish = {.id = id_derive(id, 3),
	    .action = QUEUE_RELEASE,
	    .targets = &lease,
	    .count = 1,
	    .reason = "",
	    .grace = 3600 * TIME_SECOND,
	    .until = TIME_NONE,
	    .detail = "{}"};
	struct metadata_edit edit = {0};
	struct batch *b = batch_new(BATCH_WRITE);
	struct err err = {0};

	assert_true(metadata_parse(METADATA_LABEL, labels, 1, &edit, &err));
	batch_line(b, 1);
	lease_allocate_add(b, &ask);
	batch_line(b, 2);
	metadata_edit_add(b, METADATA_LABEL, id_derive(id, 2), &lease, &edit, "{}");
	if (count == 3) {
		batch_line(b, 3);
		queue_add(b, &wish);
	}
	metadata_release(&edit);
	return b;
}

/* "LEASES LABELS EVENTS COMMANDS" of those ids. */
static void is_there(struct cuts *p, struct id id, const char *expected) {
	char lease[ID_TEXT], command[ID_TEXT];
	char *sql = mem_print("select concat_ws(' ', (select count(*) from berth.lease where id = '%s'),"
			      " (select count(*) from berth.label where target = '%s'),"
			      " (select count(*) from berth.event where target = '%s'),"
			      " (select count(*) from berth.command where id = '%s'))",
	    id_text(id, lease), lease, lease, id_text(id_derive(id, 3), command));

	assert_string_equal(database_ask(p->database, sql), expected);
	free(sql);
}

static void repeat(struct cuts *p, struct id id, int count) {
	struct batch *b = lines_of(id, count);

	session_run(p->direct, b);
	assert_true(id_equal(((const struct lease *)batch_row(b, 0, 0))->id, id));
	batch_free(b);
}

/* False: it needs no more than so many bytes. */
static bool is_cut(struct cuts *p, int count, enum proxy_way way, size_t after, size_t *counts) {
	const char *all = count == 3 ? "1 1 1 1" : "1 1 1 0";
	struct id id = id_new();
	struct batch *b = lines_of(id, count);
	struct server_process process;
	struct err err = {0};
	bool cut;
	bool ok = cuts_send(p, b, way, after, &cut, &process, &err);

	if (!ok) {
		cuts_await_end(p, process);
	}
	if (ok || err.code == ERR_UNAVAILABLE) {
		is_there(p, id, ok ? all : "0 0 0 0");
	}
	counts[err.code]++;
	repeat(p, id, count);
	is_there(p, id, all);
	err_release(&err);
	batch_free(b);
	return cut;
}

static void a_batch_is_cut_at_every_byte(void **state) {
	struct cuts *p = *state;
	size_t counts[ERR_CODES] = {0};
	size_t after = 0;

	while (is_cut(p, 3, PROXY_TO_SERVER, after, counts)) {
		after++;
	}
	assert_true(after > 600);
	assert_int_equal(counts[ERR_NONE], 1);
	session_is_sound(p->direct);
}

static void its_answer_is_cut_at_every_byte(void **state) {
	struct cuts *p = *state;
	size_t counts[ERR_CODES] = {0};
	size_t after = 0;

	while (is_cut(p, 2, PROXY_TO_CLIENT, after, counts)) {
		after++;
	}
	assert_true(after > 600);
	assert_int_equal(counts[ERR_NONE], 1);
	session_is_sound(p->direct);
}

/* conn_run() finds out what came of it: here it can always be asked. */
static void what_is_lost_is_resolved(void **state) {
	static const size_t strides[] = {[PROXY_TO_SERVER] = 53, [PROXY_TO_CLIENT] = 173};
	struct cuts *p = *state;

	for (int way = 0; way < 2; way++) {
		bool cut = true;

		for (size_t after = 0; cut; after += strides[way]) {
			struct id id = id_new();
			struct conn *c = cuts_connect(p);
			struct batch *b = lines_of(id, 3);
			struct err err = {0};
			bool ok;

			proxy_cut(p->proxy, (enum proxy_way)way, after);
			ok = conn_run(c, b, session_patience(), &err);
			cut = !proxy_spare(p->proxy);
			assert_true(ok || err.code == ERR_UNAVAILABLE);
			is_there(p, id, ok ? "1 1 1 1" : "0 0 0 0");
			conn_free(c);
			err_release(&err);
			batch_free(b);
		}
	}
	session_is_sound(p->direct);
}

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_batch_is_cut_at_every_byte),
	    cmocka_unit_test(its_answer_is_cut_at_every_byte),
	    cmocka_unit_test(what_is_lost_is_resolved),
	};

	return cmocka_run_group_tests_name("cut batch", tests, open_place, close_place);
}
