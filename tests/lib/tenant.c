#include "tests/lib/tenant.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "db/batch/batch.h"
#include "db/conn/conn.h"
#include "db/base/err.h"
#include "model/pool.h"
#include "model/project.h"
#include "model/syntax/range.h"
#include "tests/lib/place.h"
#include "tests/lib/client.h"

void tenant_project_add(
    struct batch *b, const char *name, int64_t limit, const char *pool, const char *text) {
	struct range range = {0};
	struct err err = {0};

	assert_true(range_parse(text, KIND_NUMBER, &range, &err));
	const struct project_pool pools[] = {{pool, KIND_NUMBER, &range, 1}};
	const struct project_new project = {
	    .id = id_new(),
	    .generated = true,
	    .name = name,
	    .max_leases = limit,
	    .space = pool,
	    .pools = pools,
	    .count = 1,
	    .warn = POOL_WARN,
	    .crit = POOL_CRIT,
	};

	project_create_add(b, &project, "{}");
}

void tenant_project(struct conn *c, const char *name, int64_t limit, const char *pool, const char *text) {
	struct batch *b = batch_new(BATCH_WRITE);

	tenant_project_add(b, name, limit, pool, text);
	client_run(c, b);
	batch_free(b);
}

int tenant_open(void **state) {
	struct place *p = place_new();
	struct batch *b = batch_new(BATCH_WRITE);

	org_create_add(b, id_new(), "acme", NO_LIMIT, "{}");
	client_run(p->conn, b);
	batch_free(b);
	tenant_project(p->conn, "acme/web", NO_LIMIT, "own", "1-30");
	client_pool(p->conn, "all", KIND_NUMBER, "1-60");
	*state = p;
	return 0;
}
