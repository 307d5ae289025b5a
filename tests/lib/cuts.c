#include "tests/lib/cuts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "db/base/clock.h"
#include "db/base/mem.h"
#include "tests/lib/database.h"
#include "tests/lib/client.h"

struct cuts *cuts_new(void) {
	struct cuts *p = mem_new(1, sizeof *p);

	p->database = database_new();
	p->direct = client_new(database_values(p->database));
	p->proxy = proxy_new(database_values(p->database)[0]);
	client_pool(p->direct, "a", KIND_NUMBER, "1-1000000");
	return p;
}

void cuts_free(struct cuts *p) {
	conn_free(p->direct);
	proxy_free(p->proxy);
	database_drop(p->database);
	free(p);
}

struct conn *cuts_connect(struct cuts *p) {
	const char *const *values = database_values(p->database);
	const char *const through[] = {proxy_folder(p->proxy), values[1], values[2], NULL};
	struct conn *c = client_new(through);

	while (conn_state(c) != CONN_READY) {
		assert_int_equal(conn_trouble(c)->code, ERR_NONE);
		client_step(&c, 1, 1000);
	}
	return c;
}

void cuts_await_end(struct cuts *p, struct server_process process) {
	char *sql = mem_print("select count(*) from pg_stat_activity where pid = %" PRId64, process.pid);
	int64_t limit = client_patience();

	while (strcmp(database_ask(p->database, sql), "0") != 0) {
		assert_true(clock_steady() < limit);
	}
	free(sql);
}

bool cuts_send(struct cuts *p, struct batch *b, enum proxy_way way, size_t after, bool *cut,
    struct server_process *process, struct err *err) {
	struct conn *c = cuts_connect(p);
	bool ok;

	*process = conn_process(c);
	proxy_cut(p->proxy, way, after);
	conn_submit(c, b, TIME_NONE);
	ok = client_finish(c, err);
	*cut = !proxy_spare(p->proxy);
	assert_true(*cut || ok);
	assert_true(ok || err->code == ERR_UNAVAILABLE || err->code == ERR_OUTCOME_UNKNOWN);
	assert_true(ok || conn_state(c) == CONN_DOWN);
	assert_true(ok || conn_trouble(c)->code == ERR_UNAVAILABLE);
	assert_true(ok || strpbrk(err->message, ";\n\t") == NULL);
	conn_free(c);
	return ok;
}
