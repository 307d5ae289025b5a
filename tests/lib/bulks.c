#include "tests/lib/bulks.h"

#include "db/batch/batch.h"
#include "model/lease.h"
#include "tests/lib/place.h"
#include "tests/lib/client.h"
#include "tests/lib/work.h"

void bulks_take(struct place *p, const char *pool, int64_t count) {
	struct allocate ask = client_ask(pool, id_new());
	struct batch *b = batch_new(BATCH_WRITE);

	ask.count = count;
	lease_allocate_add(b, &ask);
	client_run(p->conn, b);
	batch_free(b);
}

int bulks_open(void **state) {
	struct place *p = place_new();

	client_pool(p->conn, "a", KIND_NUMBER, "1-20");
	session_add_range(p->conn, "a", KIND_NUMBER, "101-120");
	client_pool(p->conn, "b", KIND_NUMBER, "1-100");
	bulks_take(p, "a", 25);
	bulks_take(p, "b", 10);
	*state = p;
	return 0;
}

struct worker_self bulks_worker(struct place *p) {
	struct worker_self w = work_start(p->conn, "w");

	w.chunk = 4;
	return w;
}

void bulks_live_are(struct place *p, const char *expected) {
	work_asks(p->database,
	    "select coalesce(string_agg(n, ' ' order by n), '') from (select p.name || count(*) as n from "
	    "berth.lease l"
	    " join berth.pool p on p.id = l.pool where l.state <> 'destroyed' group by p.name) live",
	    expected);
}
