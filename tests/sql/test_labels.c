/*
 * Labels and annotations: merged by concurrent writers, counted exactly,
 * recorded in events, and set when a lease is created.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db/batch/batch.h"
#include "db/base/mem.h"
#include "model/lease.h"
#include "model/metadata.h"
#include "tests/lib/crowd.h"
#include "tests/lib/database.h"
#include "tests/lib/place.h"
#include "tests/lib/client.h"
#include "tests/lib/work.h"

static int open_place(void **state) {
	struct place *p = place_new();

	client_pool(p->conn, "a", KIND_NUMBER, "1-100");
	*state = p;
	return 0;
}

/* "k=v l-" as one write; the words are separated by single blanks. */
static size_t add_edit(
    struct batch *b, enum metadata what, struct id id, const struct target *target, const char *words) {
	struct metadata_edit edit = {0};
	const char *all[256];
	char *copy = mem_text(words);
	size_t count = 0;
	struct err err = {0};
	size_t step;

	for (char *word = copy, *next; word != NULL && word[0] != '\0'; word = next) {
		next = strchr(word, ' ');
		if (next != NULL) {
			*next++ = '\0';
		}
		all[count++] = word;
	}
	if (!metadata_parse(what, all, count, &edit, &err)) {
		fail_msg("%s", err.message);
	}
	step = metadata_edit_add(b, what, id, target, &edit, "{}");
	metadata_release(&edit);
	free(copy);
	return step;
}

/* Checks the labels after a write. */
static void becomes_as(struct place *p, enum metadata what, struct id id, const struct target *target,
    const char *words, const char *expected) {
	struct batch *b = batch_new(BATCH_WRITE);
	const struct document *document;

	add_edit(b, what, id, target, words);
	client_run(p->conn, b);
	document = batch_row(b, 0, 0);
	assert_string_equal(document->document, expected);
	batch_free(b);
}

static void becomes(struct place *p, const struct target *target, const char *words, const char *expected) {
	becomes_as(p, METADATA_LABEL, id_new(), target, words, expected);
}

static void is_refused(struct place *p, enum metadata what, struct id id, const struct target *target,
    const char *words, enum err_code code, const char *part) {
	struct batch *b = batch_new(BATCH_WRITE);
	struct err err = {0};

	add_edit(b, what, id, target, words);
	client_refused(p->conn, b, code, &err);
	if (strstr(err.message, part) == NULL) {
		fail_msg("%s", err.message);
	}
	err_release(&err);
	batch_free(b);
}

/* --- one writer --- */

static void a_write_is_a_merge(void **state) {
	struct place *p = *state;
	struct target pool = work_on_pool("a");

	becomes(p, &pool, "", "{}");
	becomes(p, &pool, "b=1 a=2", "{ \"a\" : \"2\", \"b\" : \"1\" }");
	becomes(p, &pool, "c.d/a=3", "{ \"a\" : \"2\", \"b\" : \"1\", \"c.d/a\" : \"3\" }");
	becomes(p, &pool, "a- b= none-", "{ \"b\" : \"\", \"c.d/a\" : \"3\" }");
	becomes_as(p, METADATA_ANNOTATION, id_new(), &pool, "b=x", "{ \"b\" : \"x\" }");
	becomes(p, &pool, "b- c.d/a-", "{}");
	assert_string_equal(database_ask(p->database, "select count(*) from berth.label"), "0");
	assert_string_equal(database_ask(p->database, "select count(*) from berth.annotation"), "1");
}

static void what_changes_is_told(void **state) {
	static const char told[] = "select string_agg(concat_ws(' ', action, kind, before, after), '; ' "
				   "order by seq) from berth.event "
				   "where target = ";
	struct place *p = *state;
	struct id lease = work_lease(p->conn, "a");
	struct target target = work_on(TARGET_LEASE, lease);

	becomes(p, &target, "a=1 b=2", "{ \"a\" : \"1\", \"b\" : \"2\" }");
	becomes(p, &target, "a=1 c-", "{ \"a\" : \"1\", \"b\" : \"2\" }");
	becomes(p, &target, "a=3 b-", "{ \"a\" : \"3\" }");
	work_says(p->database, told, lease,
	    "set lease {\"state\": \"active\", \"labels\": {}, \"generation\": 1}"
	    " {\"state\": \"active\", \"labels\": {\"a\": \"1\", \"b\": \"2\"}, \"generation\": 1}; "
	    "set lease {\"state\": \"active\", \"labels\": {\"a\": \"1\"}, \"generation\": 1}"
	    " {\"state\": \"active\", \"labels\": {\"a\": \"3\"}, \"generation\": 1}; "
	    "remove lease {\"state\": \"active\", \"labels\": {\"b\": \"2\"}, \"generation\": 1}"
	    " {\"state\": \"active\", \"labels\": {}, \"generation\": 1}");
	work_says(p->database, "select generation from berth.lease where id = ", lease, "1");
}

static void a_request_is_done_once(void **state) {
	struct place *p = *state;
	struct target pool = work_on_pool("a");
	struct id id = id_new();

	becomes_as(p, METADATA_LABEL, id, &pool, "a=1", "{ \"a\" : \"1\" }");
	becomes(p, &pool, "a=2", "{ \"a\" : \"2\" }");
	becomes_as(p, METADATA_LABEL, id, &pool, "a=1", "{ \"a\" : \"2\" }");
	is_refused(p, METADATA_LABEL, id, &pool, "a=3", ERR_ID_CONFLICT, "with other content");
	is_refused(p, METADATA_ANNOTATION, id, &pool, "a=1", ERR_ID_CONFLICT, "was used for label pool/a");
	database_run(p->database, "update berth.pool set destroyed = now() where name = 'a'");
	becomes_as(p, METADATA_LABEL, id, &pool, "a=1", "{ \"a\" : \"2\" }");
	is_refused(p, METADATA_LABEL, id_new(), &pool, "a=1", ERR_NOT_FOUND, "pool a does not exist");
	database_run(p->database, "update berth.pool set destroyed = null where name = 'a'");
}

static void what_is_destroyed_stays_as_it_is(void **state) {
	struct place *p = *state;
	struct target lease = work_on(TARGET_LEASE, work_lease(p->conn, "a"));
	struct target nobody = work_on(TARGET_LEASE, id_new());
	struct worker_self w = work_start(p->conn, "w");

	becomes(p, &lease, "a=1", "{ \"a\" : \"1\" }");
	work_release(p->conn, lease.id);
	work_all(p->conn, &w);
	work_lease_is(p->database, lease.id, "destroyed");
	is_refused(p, METADATA_LABEL, id_new(), &lease, "a=2", ERR_PRECONDITION_FAILED, "is destroyed");
	is_refused(p, METADATA_ANNOTATION, id_new(), &lease, "a-", ERR_PRECONDITION_FAILED, "is destroyed");
	is_refused(p, METADATA_LABEL, id_new(), &nobody, "a=2", ERR_NOT_FOUND, "does not exist");
	work_says(p->database, "select value from berth.label where target = ", lease.id, "1");
}

/* A command that names an earlier generation is told of the last change of the target, not of its labels. */
static void labels_explain_no_staleness(void **state) {
	struct place *p = *state;
	struct target resource = work_on_place("a/1-100");
	struct worker_self w = work_start(p->conn, "w");
	struct queue_request request;

	work_send_on(p->conn, QUEUE_CORDON, resource);
	work_all(p->conn, &w);
	becomes(p, &resource, "a=1", "{ \"a\" : \"1\" }");
	becomes(p, &resource, "a-", "{}");
	request = work_request(QUEUE_UNCORDON, &resource);
	request.generation = 1;
	work_send(p->conn, &request);
	work_all(p->conn, &w);
	work_command_is(p->database, request.id, "done rejected");
	work_explains(p->database, request.id, "generation 2 now, you saw 1: cordon by w");
}

/* Old labels are forgotten with their target, which keeps its own time. */
static void labels_end_with_their_thing(void **state) {
	struct place *p = *state;
	struct target lease = work_on(TARGET_LEASE, work_lease(p->conn, "a"));
	struct target resource = work_on_place("a/200-300");
	struct worker_self w = work_start(p->conn, "w");
	struct id id;

	session_add_range(p->conn, "a", KIND_NUMBER, "200-300");
	assert_true(
	    id_parse(database_ask(p->database, "select id from berth.resource where name = '200-300'"), &id));
	becomes(p, &resource, "a=1", "{ \"a\" : \"1\" }");
	becomes(p, &resource, "a=2 b=3", "{ \"a\" : \"2\", \"b\" : \"3\" }");
	becomes(p, &resource, "b-", "{ \"a\" : \"2\" }");
	becomes_as(p, METADATA_ANNOTATION, id_new(), &lease, "a=1", "{ \"a\" : \"1\" }");
	database_run(p->database, "update berth.event set at = at - interval '31 days'");
	work_send_on(p->conn, QUEUE_RECLAIM, resource);
	work_release(p->conn, lease.id);
	work_all(p->conn, &w);
	work_says(p->database, "select state from berth.resource where id = ", id, "destroyed");
	work_says(p->database, "select value from berth.label where target = ", id, "2");
	database_run(p->database, "update berth.event set at = at - interval '31 days'");
	work_all(p->conn, &w);
	work_asks(p->database,
	    "select (select count(*) from berth.label) + (select count(*) from berth.annotation)", "0");
	work_says(p->database, "select count(*) from berth.resource where id = ", id, "0");
}

/* --- many writers --- */

struct writers {
	enum metadata what;
	struct target target;
	const char *const *words; /* by turns; NULL: a key of each client's own */
	size_t turns[16];
	size_t rounds; /* of each client */
	size_t counts[ERR_CODES];
};

static struct batch *write_next(void *data, size_t client) {
	struct writers *w = data;
	struct batch *b;
	char own[32];

	if (w->turns[client] == w->rounds) {
		return NULL;
	}
	w->turns[client]++;
	(void)snprintf(own, sizeof own, "own%zu=1", client);
	b = batch_new(BATCH_WRITE);
	add_edit(b, w->what, id_new(), &w->target,
	    w->words == NULL ? own : w->words[(client + w->turns[client]) % 2]);
	return b;
}

static void count_answer(void *data, size_t client, struct batch *b, struct err *err) {
	struct writers *w = data;
	(void)client;
	(void)b;

	if (err->code != ERR_NONE && err->code != ERR_LIMIT_EXCEEDED) {
		fail_msg("%s: %s %s", err_name(err->code), err->message, err->sqlstate);
	}
	w->counts[err->code]++;
}

static void write_together(struct place *p, struct writers *w, size_t clients) {
	struct crowd crowd = {write_next, count_answer, w};

	crowd_run(database_values(p->database), clients, &crowd);
}

static void sixteen_set_one_new_key(void **state) {
	static const char *const words[] = {"new=1", "new=2"};
	struct place *p = *state;
	struct writers w = {METADATA_LABEL, work_on_pool("a"), words, .rounds = 1};

	write_together(p, &w, 16);
	assert_int_equal(w.counts[ERR_NONE], 16);
	work_asks(p->database, "select count(*) || min(name) from berth.label", "1new");
	w = (struct writers){
	    METADATA_ANNOTATION, work_on(TARGET_LEASE, work_lease(p->conn, "a")), words, .rounds = 1};
	write_together(p, &w, 16);
	assert_int_equal(w.counts[ERR_NONE], 16);
	work_asks(p->database, "select count(*) || min(name) from berth.annotation", "1new");
}

static void two_orders_do_not_deadlock(void **state) {
	static const char *const words[] = {"a=1 b=1", "b=2 a=2"};
	struct place *p = *state;
	struct writers w = {
	    METADATA_LABEL, work_on(TARGET_LEASE, work_lease(p->conn, "a")), words, .rounds = 500};

	write_together(p, &w, 2);
	assert_int_equal(w.counts[ERR_NONE], 1000);
	work_asks(
	    p->database, "select count(*) || (min(value) = max(value))::text from berth.label", "2true");
	work_asks(
	    p->database, "select deadlocks from pg_stat_database where datname = current_database()", "0");
}

static void one_of_two_gets_the_last_place(void **state) {
	struct place *p = *state;

	for (int round = 0; round < 20; round++) {
		struct writers w = {
		    METADATA_LABEL, work_on(TARGET_LEASE, work_lease(p->conn, "a")), NULL, .rounds = 1};
		char *fill =
		    mem_print("insert into berth.label (kind, target, prefix, name, value, seq) select"
			      " 'lease', l.id, '', 'k' || n, '', l.seq from berth.lease l, "
			      "generate_series(1, 49) n where l.value = %d",
			round + 1);

		database_run(p->database, fill);
		free(fill);
		write_together(p, &w, 2);
		assert_int_equal(w.counts[ERR_NONE], 1);
		assert_int_equal(w.counts[ERR_LIMIT_EXCEEDED], 1);
		work_says(p->database, "select count(*) from berth.label where target = ", w.target.id, "50");
	}
}

static void only_growing_meets_the_limit(void **state) {
	struct place *p = *state;
	struct target pool = work_on_pool("a");

	database_run(p->database,
	    "insert into berth.annotation (kind, target, prefix, name, value)"
	    " select 'pool', p.id, '', 'k' || n, '' from berth.pool p, generate_series(1, 201) n");
	is_refused(p, METADATA_ANNOTATION, id_new(), &pool, "new=1 k1=2", ERR_LIMIT_EXCEEDED,
	    "pool/a would have 202 annotations, and has 201: the limit is 200");
	is_refused(p, METADATA_ANNOTATION, id_new(), &pool, "new=1 other=1 k1-", ERR_LIMIT_EXCEEDED, "202");
	struct batch *b = batch_new(BATCH_WRITE);

	add_edit(b, METADATA_ANNOTATION, id_new(), &pool, "new=1 k1- k2=3");
	add_edit(b, METADATA_ANNOTATION, id_new(), &pool, "k2- k3-");
	add_edit(b, METADATA_ANNOTATION, id_new(), &pool, "k2=1");
	client_run(p->conn, b);
	batch_free(b);
	work_asks(p->database, "select count(*) from berth.annotation", "200");
}

/* --- at creation --- */

static struct allocate labelled(const char *labels) {
	struct allocate ask = client_ask("a", id_new());

	ask.labels = labels;
	return ask;
}

/* They are in the answer and in the table, stored beside the lease. */
static void is_born_with(struct place *p, const struct allocate *ask, const char *labels) {
	struct batch *b = batch_new(BATCH_WRITE);
	size_t step = lease_allocate_add(b, ask);
	char *expected = mem_print("%strue", labels);

	client_run(p->conn, b);
	for (size_t i = 0; i < batch_count(b, step); i++) {
		const struct lease *lease = batch_row(b, step, i);

		assert_string_equal(lease->labels, labels);
		work_says(p->database,
		    "select jsonb_object_agg(berth.key_text(b.prefix, b.name), b.value)::text || "
		    "bool_and(b.seq = "
		    "l.seq) from berth.label b join berth.lease l on l.id = b.target where l.id = ",
		    lease->id, expected);
	}
	free(expected);
	batch_free(b);
}

static void leases_are_born_with_labels(void **state) {
	static const char labels[] = "{\"a\": \"1\", \"x.y/b\": \"\"}";
	struct place *p = *state;
	struct allocate one = labelled(labels), many = one, value = one, again = one, waits;
	struct batch *b = batch_new(BATCH_WRITE);

	is_born_with(p, &one, labels);
	value = session_ask_value("a", id_new(), KIND_NUMBER, "50");
	value.labels = labels;
	is_born_with(p, &value, labels);
	many.id = id_new();
	many.count = 5;
	is_born_with(p, &many, labels);
	client_pool(p->conn, "full", KIND_NUMBER, "1");
	waits = client_ask("full", id_new());
	client_allocate(p->conn, &waits);
	waits.id = id_new();
	waits.wait = true;
	waits.labels = labels;
	is_born_with(p, &waits, labels);
	/* A replay returns the existing labels, whatever it requests. */
	again.labels = "{\"c\": \"3\"}";
	lease_allocate_add(b, &again);
	client_run(p->conn, b);
	assert_string_equal(((const struct lease *)batch_row(b, 0, 0))->labels, labels);
	assert_true(((const struct lease *)batch_row(b, 0, 0))->replayed);
	batch_free(b);
	work_asks(p->database, "select count(*) from berth.label", "16");
}

static void the_limit_holds_at_birth(void **state) {
	struct place *p = *state;
	char *most = mem_text(
	    database_ask(p->database, "select jsonb_object_agg('k' || n, '') from generate_series(1, 50) n"));
	char *more = mem_text(
	    database_ask(p->database, "select jsonb_object_agg('k' || n, '') from generate_series(1, 51) n"));
	struct allocate asks[] = {
	    labelled(more), labelled(more), session_ask_value("a", id_new(), KIND_NUMBER, "7")};
	struct allocate good = labelled(most);
	struct err err = {0};

	asks[1].count = 3;
	asks[2].labels = more;
	for (size_t i = 0; i < sizeof asks / sizeof *asks; i++) {
		assert_int_equal(session_allocate_fails(p->conn, &asks[i], &err), ERR_LIMIT_EXCEEDED);
		err_release(&err);
	}
	work_asks(p->database,
	    "select (select count(*) from berth.lease) + (select count(*) from berth.label)", "0");
	is_born_with(p, &good, most);
	good.labels = more;
	assert_int_equal(client_allocate(p->conn, &good), 1);
	free(most);
	free(more);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_place, place_close)

int main(void) {
	const struct CMUnitTest tests[] = {
	    TEST(a_write_is_a_merge),
	    TEST(what_changes_is_told),
	    TEST(a_request_is_done_once),
	    TEST(what_is_destroyed_stays_as_it_is),
	    TEST(labels_explain_no_staleness),
	    TEST(labels_end_with_their_thing),
	    TEST(sixteen_set_one_new_key),
	    TEST(two_orders_do_not_deadlock),
	    TEST(one_of_two_gets_the_last_place),
	    TEST(only_growing_meets_the_limit),
	    TEST(leases_are_born_with_labels),
	    TEST(the_limit_holds_at_birth),
	};

	return cmocka_run_group_tests_name("labels", tests, NULL, NULL);
}
