/*
 * The layout of a table: no text is cut while another column has room that it does not need.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "db/base/buf.h"
#include "db/base/clock.h"
#include "tests/lib/golden.h"
#include "ui/console/list/table.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define ROUNDS 2000

/* Returns a number below a limit. */
static unsigned pick(uint64_t *random, unsigned below) {
	*random = *random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (unsigned)(*random >> 33) % below;
}

/* Returns a text of up to `most` letters. */
static const char *text_of(uint64_t *random, unsigned most, char *out) {
	unsigned n = pick(random, most + 1);

	memset(out, 'x', n);
	out[n] = '\0';
	return out;
}

static void random_leases(uint64_t *random, struct lease *leases, size_t count, char texts[][3][64]) {
	for (size_t i = 0; i < count; i++) {
		leases[i] = (struct lease){.id = golden_id((unsigned)i + 1),
		    .pool = text_of(random, 24, texts[i][0]),
		    .holder = text_of(random, 60, texts[i][1]),
		    .project = text_of(random, 30, texts[i][2]),
		    .host = "",
		    .held = true,
		    .kind = KIND_NUMBER,
		    .value = pick(random, 100000),
		    .until = TIME_NONE,
		    .acquired = GOLDEN_NOW,
		    .state = LEASE_ACTIVE,
		    .created_by = "mira",
		    .labels = "{}"};
	}
}

/* The columns that the texts of a column need; 0 for one that is drawn. */
static int need_of(const struct table *t, size_t column, const struct lease *leases, size_t count) {
	const struct view_column *c = &t->view->columns[column];
	int most = 0;

	for (size_t i = 0; i < count; i++) {
		struct buf text = {0};
		int width;

		view_cell(t->view, column, &leases[i], &t->context, &text);
		width = grid_width(buf_text(&text), false) + (c->badge != NULL && c->text == NULL ? 2 : 0);
		most = width > most ? width : most;
		buf_release(&text);
	}
	return most;
}

static int least_of(const struct table *t, size_t column) {
	int title = (int)strlen(view_title(t->view, column));

	return t->view->columns[column].width > title ? t->view->columns[column].width : title;
}

static void check(const struct table *t, const struct lease *leases, size_t count) {
	int end = t->area.column;
	bool cut = false;
	bool spare = false;

	for (size_t i = 0; i < t->view->column_count; i++) {
		int width = t->end[i] - t->start[i];
		int need = need_of(t, i, leases, count);

		if (width == 0) {
			continue;
		}
		assert_true(t->start[i] >= end);
		end = t->end[i];
		cut |= need > width;
		spare |= width > need && width > least_of(t, i);
	}
	assert_true(end <= t->area.column + t->area.columns);
	if (cut) {
		assert_false(spare);
		assert_int_equal(end, t->area.column + t->area.columns);
	}
}

static void test_room(void **state) {
	struct context context = {.now = GOLDEN_NOW};
	char texts[5][3][64];
	uint64_t random = 12;

	(void)state;
	for (int round = 0; round < ROUNDS; round++) {
		struct lease leases[5];
		int widths[TABLE_COLUMNS] = {0};
		struct table table;

		random_leases(&random, leases, COUNT(leases), texts);
		table_init(
		    &table, &view_leases, &context, (struct rect){0, 0, 5, 60 + (int)pick(&random, 160)});
		for (size_t i = 0; i < COUNT(leases); i++) {
			table_fit(&table, &leases[i], widths);
		}
		table_widen(&table, widths);
		check(&table, leases, COUNT(leases));
	}
}

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
