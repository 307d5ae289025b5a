#include "tests/lib/hooked.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/lib/place.h"
#include "tests/lib/work.h"

int hooked_open(void **state) {
	struct place *p = place_new();

	work_pool(p->conn, "up", "1-100", 0, "make", NULL);
	work_pool(p->conn, "down", "1-100", 0, NULL, "unmake");
	work_pool(p->conn, "both", "1-100", 0, "make", "unmake");
	*state = p;
	return 0;
}

struct worker_self hooked_strict(struct place *p) {
	struct worker_self w = work_start(p->conn, "w");

	w.tries = 1;
	return w;
}

void hooked_goes_wrong(struct place *p, const struct worker_self *w, const struct work_job *job) {
	assert_true(work_finish(p->conn, w, job, false));
}

void hooked_goes_well(struct place *p, const struct worker_self *w, const struct work_job *job) {
	assert_true(work_finish(p->conn, w, job, true));
}
