/*
 * A connection that is cut or silent: the message is true, and the repeated
 * request always leaves exactly one lease. test_cut_program.c cuts at each
 * byte.
 */
#include "db/conn/conn.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <inttypes.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "db/batch/batch.h"
#include "db/base/clock.h"
#include "db/base/mem.h"
#include "model/pool.h"
#include "tests/lib/cuts.h"
#include "tests/lib/database.h"
#include "tests/lib/client.h"

static int open_place(void **state) {
	struct cuts *p = cuts_new();

	session_let_holders_be_long(p->database);
	*state = p;
	return 0;
}

static int close_place(void **state) {
	cuts_free(*state);
	return 0;
}

static int leases(struct cuts *p, struct id id) {
	char text[ID_TEXT];
	char *sql = mem_print("select count(*) from berth.lease where id = '%s'", id_text(id, text));
	int n = strcmp(database_ask(p->database, sql), "1") == 0 ? 1 : 0;

	free(sql);
	return n;
}

static struct batch *request(const struct allocate *ask, enum batch_mode mode) {
	struct batch *b = batch_new(mode);

	lease_allocate_add(b, ask);
	return b;
}

/* The claim about the request is true, now and later; then the request is repeated. */
static void judge(
    struct cuts *p, const struct allocate *ask, bool ok, enum err_code code, struct server_process process) {
	u128 value;

	assert_true(!ok || leases(p, ask->id) == 1);
	assert_true(code != ERR_UNAVAILABLE || leases(p, ask->id) == 0);
	cuts_await_end(p, process);
	assert_true(code != ERR_UNAVAILABLE || leases(p, ask->id) == 0);
	value = client_allocate(p->direct, ask);
	assert_true(client_allocate(p->direct, ask) == value);
	assert_int_equal(leases(p, ask->id), 1);
}

/* Sends one request, with a second step that makes it long, cut after so many bytes. False: it needs no more
 * than that. */
static bool is_cut(struct cuts *p, size_t after, const char *name, size_t *counts) {
	struct allocate ask = client_ask("a", id_new());
	struct server_process process;
	struct batch *b;
	struct err err = {0};
	bool ok, cut;

	b = request(&ask, BATCH_WRITE);
	(void)pool_show_add(b, name);
	ok = cuts_send(p, b, PROXY_TO_SERVER, after, &cut, &process, &err);
	counts[err.code]++;
	judge(p, &ask, ok, err.code, process);
	err_release(&err);
	batch_free(b);
	return cut;
}

/* Before its last byte is sent it is certain that nothing was applied. */
static void a_long_request_that_is_cut_is_not_applied(void **state) {
	enum { BYTES = 2000000 };
	struct cuts *p = *state;
	char *name = mem_new(BYTES + 1, 1);
	size_t counts[ERR_CODES] = {0};
	size_t after = 0;

	memset(name, 'x', BYTES);
	while (is_cut(p, after, name, counts)) {
		after += BYTES / 20 + 1;
	}
	assert_true(counts[ERR_UNAVAILABLE] >= 10);
	free(name);
}

/* Runs beside the request: cuts the connection while the request waits in the server, and lets it continue
 * there when the client asks whether it still runs. */
static void *cut_off_and_let_go(void *arg) {
	struct cuts *p = arg;
	int64_t limit = client_patience();

	while (strcmp(database_ask(p->database, "select count(*) from pg_locks where locktype = 'advisory'"
						" and not granted and database = (select oid from pg_database"
						" where datname = current_database())"),
		   "1") != 0 &&
	       clock_steady() < limit) {
	}
	proxy_sever(p->proxy);
	while (strcmp(database_ask(p->database,
			  "select count(*) from pg_stat_activity where datname = current_database()"
			  " and pid <> pg_backend_pid() and query like '%pg_stat_get_activity($1%'"),
		   "1") != 0) {
		if (clock_steady() > limit) {
			return NULL;
		}
	}
	database_run(p->database, "select pg_advisory_unlock(7)");
	return p;
}

/* Nothing is sent again while the process with the request lives. */
static void what_still_runs_is_waited_for(void **state) {
	struct cuts *p = *state;
	struct allocate ask = client_ask("a", id_new());
	struct conn *c = cuts_connect(p);
	struct batch *b;
	pthread_t thread;
	void *let_go = NULL;

	session_let_holders_do(p->database);
	ask.holder = "do select pg_advisory_xact_lock_shared(7)";
	b = request(&ask, BATCH_WRITE);
	database_run(p->database, "select pg_advisory_lock(7)");
	assert_int_equal(pthread_create(&thread, NULL, cut_off_and_let_go, p), 0);
	client_run(c, b);
	assert_int_equal(pthread_join(thread, &let_go), 0);
	assert_non_null(let_go);
	assert_true(((const struct lease *)batch_row(b, 0, 0))->replayed);
	assert_int_equal(leases(p, ask.id), 1);
	batch_free(b);
	conn_free(c);
}

/* A read is never in doubt. */
static void a_lost_dry_run_is_no_question(void **state) {
	struct cuts *p = *state;
	bool cut = true;

	for (size_t after = 0; cut; after += 97) {
		struct allocate ask = client_ask("a", id_new());
		struct conn *c = cuts_connect(p);
		struct batch *b = request(&ask, BATCH_DRY);
		struct err err = {0};

		proxy_cut(p->proxy, PROXY_TO_CLIENT, after);
		conn_submit(c, b, TIME_NONE);
		assert_true(client_finish(c, &err) || err.code == ERR_UNAVAILABLE);
		cut = !proxy_spare(p->proxy);
		assert_int_equal(leases(p, ask.id), 0);
		err_release(&err);
		batch_free(b);
		conn_free(c);
	}
}

/* The connection is silent, and not closed. */
static void a_silent_server_is_left_at_the_deadline(void **state) {
	static const struct {
		enum batch_mode mode;
		enum err_code code;
	} rows[] = {{BATCH_WRITE, ERR_OUTCOME_UNKNOWN}, {BATCH_DRY, ERR_TIMEOUT}};
	struct cuts *p = *state;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct allocate ask = client_ask("a", id_new());
		struct conn *c = cuts_connect(p);
		struct batch *b = request(&ask, rows[i].mode);
		struct err err = {0};

		proxy_hold(p->proxy, true);
		assert_false(conn_run(c, b, clock_steady() + TIME_SECOND / 20, &err));
		assert_int_equal(err.code, rows[i].code);
		assert_int_equal(conn_state(c), CONN_DOWN);
		proxy_hold(p->proxy, false);
		conn_free(c);
		err_release(&err);
		batch_free(b);
		(void)client_allocate(p->direct, &ask);
		assert_int_equal(leases(p, ask.id), 1);
	}
	session_is_sound(p->direct);
}

/* A server that accepts connections and sends nothing. */
static void silence_at_the_start_is_unavailable(void **state) {
	struct cuts *p = *state;
	const char *const *values = database_values(p->database);
	const char *const through[] = {proxy_folder(p->proxy), values[1], values[2], NULL};
	struct allocate ask = client_ask("a", id_new());
	struct conn *c = client_new(through);
	struct batch *b = request(&ask, BATCH_WRITE);
	struct err err = {0};

	proxy_hold(p->proxy, true);
	assert_false(conn_run(c, b, clock_steady() + TIME_SECOND / 20, &err));
	assert_int_equal(err.code, ERR_UNAVAILABLE);
	proxy_hold(p->proxy, false);
	client_run(c, b);
	conn_free(c);
	err_release(&err);
	batch_free(b);
}

/* Returns a connection with a timeout for each host. */
static struct conn *connect_with(struct cuts *p, const char *hosts, const char *seconds) {
	static const char *const keywords[] = {"host", "user", "dbname", "connect_timeout", NULL};
	const char *const *values = database_values(p->database);
	const char *const list[] = {hosts, values[1], values[2], seconds, NULL};
	struct conn_options options = {.keywords = keywords, .values = list};

	return conn_new(&options);
}

/* The first of two hosts accepts the connection and stays silent. */
static void a_silent_host_hides_no_other(void **state) {
	struct cuts *p = *state;
	const char *direct = database_values(p->database)[0];
	char *hosts = mem_print("%s,%s", proxy_folder(p->proxy), direct);
	struct conn *c = connect_with(p, hosts, "2");

	proxy_hold(p->proxy, true);
	while (conn_state(c) != CONN_READY) {
		client_step(&c, 1, 1000);
		assert_int_equal(conn_trouble(c)->code, ERR_NONE);
	}
	assert_string_equal(conn_server(c), direct);
	proxy_hold(p->proxy, false);
	conn_free(c);
	free(hosts);
}

/* A single silent host has the given time. */
static void a_host_has_the_time_it_is_given(void **state) {
	static const struct {
		const char *seconds;
		int64_t least;
		int64_t most;
	} rows[] = {{"40", 35, 40}, {"", 1, 5}, {"1", 1, 2}};
	struct cuts *p = *state;

	proxy_hold(p->proxy, true);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct conn *c = connect_with(p, proxy_folder(p->proxy), rows[i].seconds);
		int64_t left;

		conn_step(c, 0);
		left = conn_deadline(c) - clock_steady();
		assert_int_equal(conn_state(c), CONN_CONNECTING);
		assert_true(left > rows[i].least * TIME_SECOND && left <= rows[i].most * TIME_SECOND);
		conn_free(c);
	}
	struct conn *c = connect_with(p, proxy_folder(p->proxy), "0");

	conn_step(c, 0);
	assert_true(conn_deadline(c) == TIME_NONE);
	proxy_hold(p->proxy, false);
	while (conn_state(c) != CONN_READY) {
		client_step(&c, 1, 1000);
		assert_int_equal(conn_trouble(c)->code, ERR_NONE);
	}
	conn_free(c);
}

/* A read-only server is better than none where no server accepts changes. */
static void hosts_that_take_no_changes_are_read(void **state) {
	struct cuts *p = *state;
	struct database *d = database_new();
	const char *const *values = database_values(d);
	char *hosts = mem_print("%s,%s", proxy_folder(p->proxy), values[0]);
	const char *const both[] = {hosts, values[1], values[2], NULL};
	char *sql =
	    mem_print("alter database \"%s\" set default_transaction_read_only = on", database_name(d));
	struct conn *c = client_new(both);

	database_run(d, sql);
	while (conn_state(c) != CONN_READY) {
		client_step(&c, 1, 1000);
		assert_int_equal(conn_trouble(c)->code, ERR_NONE);
	}
	free(sql);
	free(hosts);
	conn_free(c);
	database_drop(d);
}

/* The end of the lease cannot be decoded: it is later than any time. */
static void an_answer_that_cannot_be_read_is_no_refusal(void **state) {
	struct cuts *p = *state;
	struct allocate ask = client_ask("a", id_new());
	struct err err = {0};

	database_run(p->database,
	    "create function public.far() returns trigger language plpgsql as"
	    " $$ begin new.until = '294276-12-31'; return new; end $$;"
	    "create trigger far before insert on berth.lease for each row execute function public.far()");
	assert_int_equal(session_allocate_fails(p->direct, &ask, &err), ERR_INTERNAL);
	assert_non_null(strstr(err.message, "everything was applied"));
	assert_int_equal(leases(p, ask.id), 1);
	err_release(&err);
	ask = client_ask("a", id_new());

	struct batch *b = request(&ask, BATCH_DRY);

	client_refused(p->direct, b, ERR_INTERNAL, &err);
	assert_null(strstr(err.message, "applied"));
	assert_int_equal(leases(p, ask.id), 0);
	batch_free(b);

	/* A later failure rolls it back, and is reported instead. */
	b = request(&ask, BATCH_WRITE);
	ask.pool = "nope";
	ask.id = id_new();
	lease_allocate_add(b, &ask);
	client_refused(p->direct, b, ERR_NOT_FOUND, &err);
	err_release(&err);
	batch_free(b);
}

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_long_request_that_is_cut_is_not_applied),
	    cmocka_unit_test(what_still_runs_is_waited_for),
	    cmocka_unit_test(a_lost_dry_run_is_no_question),
	    cmocka_unit_test(a_silent_server_is_left_at_the_deadline),
	    cmocka_unit_test(silence_at_the_start_is_unavailable),
	    cmocka_unit_test(a_silent_host_hides_no_other),
	    cmocka_unit_test(a_host_has_the_time_it_is_given),
	    cmocka_unit_test(hosts_that_take_no_changes_are_read),
	    cmocka_unit_test(an_answer_that_cannot_be_read_is_no_refusal),
	};

	return cmocka_run_group_tests_name("faults", tests, open_place, close_place);
}
