#include "tests/lib/riot.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <cmocka.h>

#include "db/batch/batch.h"
#include "db/base/err.h"
#include "model/pool.h"
#include "tests/lib/crowd.h"
#include "tests/lib/database.h"
#include "tests/lib/evidence.h"
#include "tests/lib/place.h"

void riot_open(struct riot *riot, struct place *p) {
	fleet_open(&riot->fleet, p,
	    "select 1 where not exists (select from berth.command where state in ('queued', 'running'))"
	    " and not exists (select from berth.lease where rest_until is not null"
	    " or (until is not null and state in ('pending', 'acquired', 'active')))");
}

static struct batch *next(void *data, size_t client) {
	struct riot *riot = data;
	struct batch *b;

	if (client < WORKERS) {
		return fleet_next(&riot->fleet, client);
	}
	if (client < WORKERS + riot->users) {
		b = riot->next(riot->data, client - WORKERS);
		riot->gone += b == NULL ? 1 : 0;
		riot->fleet.stays = riot->gone < riot->users;
		return b;
	}
	if (riot->fleet.ended) {
		return NULL;
	}
	b = batch_new(BATCH_READ);
	doctor_add(b);
	return b;
}

static void look(struct riot *riot, struct batch *b, const struct err *err) {
	assert_int_equal(err->code, ERR_NONE);
	for (size_t i = 0; i < batch_count(b, 0); i++) {
		const struct finding *finding = batch_row(b, 0, i);

		if (!finding->ok) {
			fail_msg("%s: %s", finding->name, finding->examples);
		}
	}
	riot->checks++;
}

static void answer(void *data, size_t client, struct batch *b, struct err *err) {
	struct riot *riot = data;

	if (client < WORKERS) {
		fleet_answer(&riot->fleet, client, b, err);
	} else if (client < WORKERS + riot->users) {
		riot->answer(riot->data, client - WORKERS, err);
	} else {
		look(riot, b, err);
	}
}

void riot_run(struct riot *riot) {
	struct crowd crowd = {next, answer, riot};

	riot->fleet.stays = riot->users > 0;
	crowd_run(database_values(riot->fleet.place->database), WORKERS + riot->users + 1, &crowd);
	evidence("checks of all invariants in a riot", riot->checks);
}
