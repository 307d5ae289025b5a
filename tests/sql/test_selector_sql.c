/*
 * Selectors in the server: they mean what model/syntax/selector.h says, and windows of
 * leases hold the selected ones, in both directions.
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
#include "db/base/buf.h"
#include "db/base/mem.h"
#include "model/lease.h"
#include "model/syntax/filter.h"
#include "model/syntax/selector.h"
#include "tests/lib/database.h"
#include "tests/lib/place.h"
#include "tests/lib/client.h"
#include "tests/lib/matches.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

enum { LEASES = 1000, LABELS_MOST = 5, ROUNDS = 150, WINDOW = 20 };

static const char *const prefixes[] = {"", "", "x.y"};
static const char *const names[] = {"a", "b", "c"};
static const char *const values[] = {
    "", "1", "2", "007", "10", "9223372036854775807", "9223372036854775808", "z", "B", "1.0"};

struct thing {
	struct id id;
	struct selector_label labels[LABELS_MOST];
	size_t count;
};

struct world {
	struct place *place;
	struct thing *things; /* in the order of their birth */
	unsigned seed;
	bool invert; /* those that are not selected */
};

static const char *any(struct world *w, const char *const *texts, size_t count) {
	return texts[(size_t)rand_r(&w->seed) % count];
}

static bool has_key(const struct thing *t, const char *prefix, const char *name) {
	for (size_t i = 0; i < t->count; i++) {
		if (strcmp(t->labels[i].prefix, prefix) == 0 && strcmp(t->labels[i].name, name) == 0) {
			return true;
		}
	}
	return false;
}

/* Labels also come in stretches: the first half has other values of "b" than the second. */
static void give_labels(struct world *w, size_t place) {
	struct thing *t = &w->things[place];
	size_t wanted = (size_t)rand_r(&w->seed) % LABELS_MOST;

	for (size_t i = 0; i < wanted; i++) {
		const char *prefix = any(w, prefixes, COUNT(prefixes)), *name = any(w, names, COUNT(names));
		const char *value = any(w, values, COUNT(values));

		if (!has_key(t, prefix, name)) {
			if (strcmp(name, "b") == 0) {
				value = place < LEASES / 2 ? "old" : value;
			}
			t->labels[t->count++] = (struct selector_label){prefix, name, value};
		}
	}
}

static void insert_labels(struct world *w) {
	struct buf sql = {0};
	char id[ID_TEXT];
	bool any_yet = false;

	buf_puts(&sql, "insert into berth.label (kind, target, prefix, name, value, seq)"
		       " select 'lease', l.id, v.prefix, v.name, v.value, l.seq from (values ");
	for (size_t i = 0; i < LEASES; i++) {
		for (size_t k = 0; k < w->things[i].count; k++) {
			const struct selector_label *label = &w->things[i].labels[k];

			buf_printf(&sql, "%s('%s'::uuid, '%s', '%s', '%s')", any_yet ? "," : "",
			    id_text(w->things[i].id, id), label->prefix, label->name, label->value);
			any_yet = true;
		}
	}
	buf_puts(&sql, ") v (id, prefix, name, value) join berth.lease l using (id)");
	database_run(w->place->database, buf_text(&sql));
	database_run(w->place->database, "analyze berth.label");
	buf_release(&sql);
}

static int open_world(void **state) {
	struct world *w = mem_new(1, sizeof *w);
	struct allocate ask = client_ask("a", id_new());
	struct batch *b = batch_new(BATCH_WRITE);

	w->place = place_new();
	w->seed = 7;
	w->things = mem_new(LEASES, sizeof *w->things);
	client_pool(w->place->conn, "a", KIND_NUMBER, "1-1000");
	ask.count = LEASES;
	lease_allocate_add(b, &ask);
	client_run(w->place->conn, b);
	for (size_t i = 0; i < LEASES; i++) {
		w->things[i].id = ((const struct lease *)batch_row(b, 0, i))->id;
		give_labels(w, i);
	}
	batch_free(b);
	insert_labels(w);
	*state = w;
	return 0;
}

static int close_world(void **state) {
	struct world *w = *state;
	void *place = w->place;

	free(w->things);
	free(w);
	return place_close(&place);
}

/* --- random selectors --- */

static void put_key(struct world *w, struct buf *out) {
	const char *prefix = any(w, prefixes, COUNT(prefixes));

	buf_printf(out, "%s%s%s", prefix, prefix[0] == '\0' ? "" : "/", any(w, names, COUNT(names)));
}

static void put_set(struct world *w, struct buf *out) {
	int count = 1 + rand_r(&w->seed) % 4;

	buf_puts(out, rand_r(&w->seed) % 2 == 0 ? " in (" : " notin (");
	for (int i = 0; i < count; i++) {
		buf_printf(out, "%s%s", i == 0 ? "" : ",",
		    rand_r(&w->seed) % 5 == 0 ? "old" : any(w, values, COUNT(values)));
	}
	buf_char(out, ')');
}

static void put_requirement(struct world *w, struct buf *out) {
	int dice = rand_r(&w->seed) % 8;

	buf_puts(out, dice == 0 ? "!" : "");
	put_key(w, out);
	if (dice == 2 || dice == 3) {
		buf_printf(out, "=%s", rand_r(&w->seed) % 5 == 0 ? "old" : any(w, values, COUNT(values)));
	} else if (dice == 4) {
		buf_printf(out, "!=%s", any(w, values, COUNT(values)));
	} else if (dice == 5 || dice == 6) {
		put_set(w, out);
	} else if (dice == 7) {
		buf_printf(out, "%c%d", rand_r(&w->seed) % 2 == 0 ? '<' : '>', rand_r(&w->seed) % 12);
	}
}

static struct selector random_selector(struct world *w) {
	struct selector selector = {0};
	struct buf text = {0};
	struct err err = {0};
	int count = 1 + rand_r(&w->seed) % 4;

	for (int i = 0; i < count; i++) {
		buf_puts(&text, i == 0 ? "" : ",");
		put_requirement(w, &text);
	}
	if (!selector_parse(buf_text(&text), &selector, &err)) {
		fail_msg("%s: %s", buf_text(&text), err.message);
	}
	buf_release(&text);
	return selector;
}

static bool is_selected(const struct world *w, const struct selector *selector, size_t place) {
	return selector_matches(selector, w->things[place].labels, w->things[place].count) != w->invert;
}

/* --- the comparison --- */

/* Returns the filter of everything that the selector does not match. */
static struct row_filter inverted_filter(const struct selector *selector) {
	struct buf json = {0};

	buf_puts(&json, "{\"invert\": true, \"words\": [], \"terms\": [], \"labels\": ");
	selector_json(selector, &json);
	buf_char(&json, '}');
	return (struct row_filter){.json = buf_take(&json)};
}

/* Checks a whole list, newest first, in windows of this size. */
static void list_holds(struct world *w, const struct selector *selector, int64_t window) {
	struct row_filter inverted = inverted_filter(selector);
	struct lease_ask ask = {.selector = w->invert ? NULL : selector,
	    .filter = w->invert ? &inverted : NULL,
	    .pool = "a",
	    .limit = window};
	size_t place = LEASES;
	size_t got;

	do {
		struct batch *b = batch_new(BATCH_READ);

		lease_list_add(b, &ask);
		client_run(w->place->conn, b);
		got = batch_count(b, 0);
		for (size_t i = 0; i < got; i++) {
			const struct lease *lease = batch_row(b, 0, i);

			while (place > 0 && !is_selected(w, selector, place - 1)) {
				place--;
			}
			assert_true(place > 0);
			assert_true(id_equal(lease->id, w->things[--place].id));
			ask.after = lease->seq;
		}
		batch_free(b);
	} while ((int64_t)got == window);
	while (place > 0) {
		assert_false(is_selected(w, selector, --place));
	}
	row_filter_release(&inverted);
}

/* Checks the window before the oldest lease, which has the oldest matches. */
static void list_holds_backwards(struct world *w, const struct selector *selector) {
	struct row_filter inverted = inverted_filter(selector);
	struct lease_ask ask = {.selector = w->invert ? NULL : selector,
	    .filter = w->invert ? &inverted : NULL,
	    .limit = WINDOW,
	    .backwards = true,
	    .after = 1};
	struct batch *b = batch_new(BATCH_READ);
	size_t place = 0;

	lease_list_add(b, &ask);
	client_run(w->place->conn, b);
	for (size_t i = batch_count(b, 0); i > 0; i--) {
		while (place < LEASES && !is_selected(w, selector, place)) {
			place++;
		}
		assert_true(place < LEASES);
		assert_true(
		    id_equal(((const struct lease *)batch_row(b, 0, i - 1))->id, w->things[place++].id));
	}
	if (batch_count(b, 0) < WINDOW) {
		for (; place < LEASES; place++) {
			assert_false(is_selected(w, selector, place));
		}
	}
	row_filter_release(&inverted);
	batch_free(b);
}

static void server_and_program_agree(void **state) {
	struct world *w = *state;

	for (int round = 0; round < ROUNDS; round++) {
		struct selector selector = random_selector(w);

		w->invert = round % 3 == 2;
		list_holds(w, &selector, LEASES + 1);
		if (round % 8 == 0) {
			list_holds(w, &selector, 20 + rand_r(&w->seed) % 300);
		}
		list_holds_backwards(w, &selector);
		selector_release(&selector);
	}
	w->invert = false;
}

/* Tests the predicate itself on one target at a time. */
static void the_predicate_agrees(void **state) {
	struct world *w = *state;

	for (int round = 0; round < ROUNDS; round++) {
		struct selector selector = random_selector(w);
		size_t place = (size_t)rand_r(&w->seed) % LEASES;
		struct buf sql = {0};
		char id[ID_TEXT];

		buf_puts(&sql, "select not exists (select from berth.unmet_requirements($s$");
		selector_json(&selector, &sql);
		buf_printf(&sql, "$s$, '%s'))", id_text(w->things[place].id, id));
		assert_string_equal(database_ask(w->place->database, buf_text(&sql)),
		    is_selected(w, &selector, place) ? "t" : "f");
		buf_release(&sql);
		selector_release(&selector);
	}
}

/* A typing mistake in a user's own SQL releases nothing. */
static void what_is_not_understood_selects_nothing(void **state) {
	struct world *w = *state;

	assert_string_equal(
	    database_ask(w->place->database,
		"select count(*) from berth.lease where not exists (select from berth.unmet_requirements("
		"'[{\"op\": \"equal\", \"prefix\": \"\", \"name\": \"a\", \"values\": [\"1\"]}]', id))"),
	    "0");
}

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(server_and_program_agree),
	    cmocka_unit_test(the_predicate_agrees),
	    cmocka_unit_test(what_is_not_understood_selects_nothing),
	};

	return cmocka_run_group_tests_name("selector_sql", tests, open_world, close_world);
}
