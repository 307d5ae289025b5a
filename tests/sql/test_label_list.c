/*
 * Lists of labels: keys, values and targets, in windows of any size, in both
 * directions, with targets of every kind; only live ones count.
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
#include "db/base/err.h"
#include "db/base/mem.h"
#include "db/base/buf.h"
#include "model/syntax/filter.h"
#include "model/syntax/label_list.h"
#include "model/lease.h"
#include "tests/lib/database.h"
#include "tests/lib/place.h"
#include "tests/lib/client.h"
#include "tests/lib/stage.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static struct id give(struct place *place, const char *holder, const char *labels) {
	struct batch *b = batch_new(BATCH_WRITE);
	struct allocate ask = client_ask("a", id_new());

	ask.holder = holder;
	ask.labels = labels;
	lease_allocate_add(b, &ask);
	client_run(place->conn, b);
	batch_free(b);
	return ask.id;
}

static int open_labels(void **state) {
	struct place *place = place_new();

	*state = place;
	client_pool(place->conn, "a", KIND_NUMBER, "1-5000");
	(void)give(place, "ann", "{\"env\": \"prod\", \"x.y/owner\": \"Net\"}");
	(void)give(place, "bob", "{\"env\": \"prod\"}");
	(void)give(place, "cat", "{\"env\": \"\", \"Env\": \"1\"}");
	stage_release(place->database, give(place, "dan", "{\"env\": \"prod\", \"past\": \"p\"}"));
	database_run(place->database,
	    "insert into berth.label (kind, target, prefix, name, value)"
	    " select 'pool', id, '', 'env', 'prod' from berth.pool union all"
	    " select 'resource', id, '', 'env', 'test' from berth.resource union all"
	    " select 'resource', id, 'a', 'rack', 'r1' from berth.resource");
	return 0;
}

static void say_group(const struct label_group *group, struct buf *out) {
	buf_printf(out, "%s:", group->value == NULL ? group->key : group->value);
	if (group->value == NULL) {
		buf_printf(out, "%lld values,", (long long)group->values);
	}
	buf_printf(out, "%lld=%lld+%lld+%lld", (long long)group->targets, (long long)group->leases,
	    (long long)group->resources, (long long)group->pools);
	if (group->projects + group->organizations > 0) {
		buf_printf(out, "+%lld+%lld", (long long)group->projects, (long long)group->organizations);
	}
	buf_printf(out, "%s%s ", *group->more == '\0' ? "" : " more ", group->more);
}

static void groups(struct place *place, const char *key, struct label_ask ask, struct buf *out) {
	struct batch *b = batch_new(BATCH_READ);

	if (key == NULL) {
		label_keys_add(b, &ask);
	} else {
		label_values_add(b, key, &ask);
	}
	client_run(place->conn, b);
	for (size_t i = 0; i < batch_count(b, 0); i++) {
		say_group(batch_row(b, 0, i), out);
	}
	batch_free(b);
}

static void groups_are(struct place *place, const char *key, struct label_ask ask, const char *expected) {
	struct buf text = {0};

	groups(place, key, ask, &text);
	assert_string_equal(buf_text(&text), expected);
	buf_release(&text);
}

static struct row_filter read_filter(const char *text, enum filter_rows rows) {
	struct row_filter filter = {0};
	struct err err = {0};

	if (!row_filter_parse(text, rows, &filter, &err)) {
		fail_msg("%s: %s", text, err.message);
	}
	return filter;
}

/* Checks the keys, or the values of a key, that match a filter. */
static void groups_match(
    struct place *place, const char *key, const char *text, struct label_ask ask, const char *expected) {
	struct row_filter filter = read_filter(text, key == NULL ? FILTER_LABEL_KEYS : FILTER_LABEL_VALUES);

	ask.filter = &filter;
	groups_are(place, key, ask, expected);
	row_filter_release(&filter);
}

#define ENV_1 "Env:1 values,1=1+0+0 "
#define ENV "env:3 values,5=3+1+1 "
#define PAST "past:1 values,0=0+0+0 "
#define RACK "a/rack:1 values,1=0+1+0 "
#define OWNER "x.y/owner:1 values,1=1+0+0 "

static void keys(void **state) {
	struct place *place = *state;

	groups_are(place, NULL, (struct label_ask){.limit = 9}, ENV_1 ENV PAST RACK OWNER);
	groups_are(place, NULL, (struct label_ask){.limit = 2}, ENV_1 ENV);
	groups_are(place, NULL, (struct label_ask){.limit = 2, .backwards = true}, RACK OWNER);
	groups_are(place, NULL, (struct label_ask){.edge = "env", .limit = 2}, PAST RACK);
	groups_are(place, NULL, (struct label_ask){.edge = "env", .with_edge = true, .limit = 2}, ENV PAST);
	groups_are(
	    place, NULL, (struct label_ask){.edge = "a/rack", .backwards = true, .limit = 2}, ENV PAST);
	groups_are(place, NULL, (struct label_ask){.edge = "gone", .with_edge = true, .limit = 1}, PAST);
	groups_match(place, NULL, "ENV", (struct label_ask){.limit = 9}, ENV_1 ENV);
	groups_match(place, NULL, "y/o", (struct label_ask){.limit = 9}, OWNER);
	groups_match(place, NULL, "!env", (struct label_ask){.limit = 9}, PAST RACK OWNER);
}

static void values(void **state) {
	struct place *place = *state;

	groups_are(place, "env", (struct label_ask){.limit = 9}, ":1=1+0+0 prod:3=2+0+1 test:1=0+1+0 ");
	groups_are(place, "env", (struct label_ask){.edge = "", .limit = 1}, "prod:3=2+0+1 ");
	groups_are(place, "env", (struct label_ask){.edge = "", .with_edge = true, .limit = 1}, ":1=1+0+0 ");
	groups_are(place, "env", (struct label_ask){.backwards = true, .limit = 1}, "test:1=0+1+0 ");
	groups_are(place, "env", (struct label_ask){.edge = "test", .backwards = true, .limit = 9},
	    ":1=1+0+0 prod:3=2+0+1 ");
	groups_match(place, "env", "RO", (struct label_ask){.limit = 9}, "prod:3=2+0+1 ");
	groups_are(place, "x.y/owner", (struct label_ask){.limit = 9}, "Net:1=1+0+0 ");
	groups_are(place, "owner", (struct label_ask){.limit = 9}, "");
	groups_are(place, "past", (struct label_ask){.limit = 9}, "p:0=0+0+0 ");
}

/* Each field of keys and of values. A count that has not been finished is more than any number. */
static void fields(void **state) {
	static const struct {
		const char *key;
		const char *filter;
		const char *expected;
	} cases[] = {
	    {NULL, "key=env", ENV},
	    {NULL, "key in (env,past)", ENV PAST},
	    {NULL, "key<b", ENV_1 RACK},
	    {NULL, "values>1", ENV},
	    {NULL, "targets=0", PAST},
	    {NULL, "!targets=0 leases>0", ENV_1 ENV PAST RACK OWNER},
	    {NULL, "leases=0 resources=1", RACK},
	    {NULL, "pools>0 projects=0 orgs=0", ENV},
	    {NULL, "key=env values<2", ""},
	    {"env", "value=prod", "prod:3=2+0+1 "},
	    {"env", "value=", ":1=1+0+0 "},
	    {"env", "value>p targets<3", "test:1=0+1+0 "},
	    {"env", "r pools=1", "prod:3=2+0+1 "},
	    {"env", "leases>5", ""},
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		groups_match(
		    *state, cases[i].key, cases[i].filter, (struct label_ask){.limit = 9}, cases[i].expected);
	}
}

/* Checks the names of targets, from the first on. */
static void targets(struct place *place, const char *value, struct label_ask ask, const char *expected) {
	struct batch *b = batch_new(BATCH_READ);
	struct buf text = {0};

	label_targets_add(b, "env", value, &ask);
	client_run(place->conn, b);
	for (size_t i = 0; i < batch_count(b, 0); i++) {
		const struct label_target *target = batch_row(b, 0, i);

		buf_printf(&text, "%s %s %s; ", target->kind,
		    *target->holder == '\0' ? target->target : target->holder, target->pool);
	}
	assert_string_equal(buf_text(&text), expected);
	buf_release(&text);
	batch_free(b);
}

/* The same with a filter. */
static void targets_match(
    struct place *place, const char *value, const char *text, struct label_ask ask, const char *expected) {
	struct row_filter filter = read_filter(text, FILTER_LABEL_TARGETS);

	ask.filter = &filter;
	targets(place, value, ask, expected);
	row_filter_release(&filter);
}

static void things(void **state) {
	struct place *place = *state;

	targets(place, "prod", (struct label_ask){.limit = 9}, "pool a a; lease bob a; lease ann a; ");
	targets(place, "prod", (struct label_ask){.limit = 2}, "pool a a; lease bob a; ");
	targets(place, "prod", (struct label_ask){.after = -1, .backwards = true, .limit = 2},
	    "lease bob a; lease ann a; ");
	targets(place, "prod", (struct label_ask){.after = INT64_C(1) << 62, .limit = 9},
	    "lease bob a; lease ann a; ");
	targets(place, "prod", (struct label_ask){.after = INT64_C(1) << 61, .backwards = true, .limit = 9},
	    "pool a a; ");
	targets_match(place, "prod", "AN", (struct label_ask){.limit = 9}, "lease ann a; ");
	targets_match(place, "prod", "!ann", (struct label_ask){.limit = 9}, "pool a a; lease bob a; ");
	targets_match(place, "prod", "kind=lease holder>=b", (struct label_ask){.limit = 9}, "lease bob a; ");
	targets_match(place, "prod", "kind in (pool,org)", (struct label_ask){.limit = 9}, "pool a a; ");
	targets_match(place, "prod", "target=1 pool=a", (struct label_ask){.limit = 9}, "lease ann a; ");
	targets_match(
	    place, "prod", "state=active x.y/owner=Net", (struct label_ask){.limit = 9}, "lease ann a; ");
	targets_match(place, "prod", "state=broken", (struct label_ask){.limit = 9}, "");
	targets(place, "test", (struct label_ask){.limit = 9}, "resource 1-5000 a; ");
	targets(place, "", (struct label_ask){.limit = 9}, "lease cat a; ");
	targets(place, "nothing", (struct label_ask){.limit = 9}, "");
}

/* So many that not all are counted or read one by one. */
static void many(void **state) {
	struct place *place = *state;
	struct batch *b = batch_new(BATCH_WRITE);
	struct allocate ask = client_ask("a", id_new());
	char text[64];

	ask.count = LABEL_COUNTED + 1;
	ask.labels = "{\"big\": \"b\"}";
	lease_allocate_add(b, &ask);
	client_run(place->conn, b);
	batch_free(b);
	database_run(place->database, "update berth.label set value = 'v' || seq where name = 'big'");
	database_run(place->database,
	    "insert into berth.label (kind, target, prefix, name, value, seq)"
	    " select kind, target, prefix, 'same', 's', seq from berth.label where name = 'big'");
	(void)snprintf(text, sizeof text, "big:%d values,%d=%d+0+0 more lease ", LABEL_COUNTED_VALUES + 1,
	    LABEL_COUNTED, LABEL_COUNTED);
	groups_match(place, NULL, "big", (struct label_ask){.limit = 9}, text);
	groups_match(
	    place, NULL, "values>9999 leases>9999 targets>9999", (struct label_ask){.limit = 9}, text);
	groups_match(place, NULL, "key=big leases<9999", (struct label_ask){.limit = 9}, "");
	(void)snprintf(text, sizeof text, "s:%d=%d+0+0 more lease ", LABEL_COUNTED, LABEL_COUNTED);
	groups_are(place, "same", (struct label_ask){.limit = 9}, text);
	database_run(place->database, "update berth.label set value = 'zoo' where name = 'big' and value = "
				      "(select max(value) from berth.label"
				      " where name = 'big')");
	groups_match(
	    place, "big", "ZO", (struct label_ask){.limit = 9}, "zoo:1=1+0+0 "); /* the last of many */
	groups_match(place, "big", "!v", (struct label_ask){.limit = 9}, "zoo:1=1+0+0 ");
	database_run(place->database, "update berth.label set value = 'a0' where value = 'zoo'");
	groups_match(place, "big", "a0", (struct label_ask){.backwards = true, .limit = 9}, "a0:1=1+0+0 ");
}

/* A search stops after its patience, tells the text after which it goes on, and finds everything by going on,
 * both ways. */
static void a_search_goes_on(void **state) {
	struct place *place = *state;
	struct row_filter filter = read_filter("value!=w leases>0", FILTER_LABEL_VALUES);

	database_run(place->database, "insert into berth.label (kind, target, prefix, name, value, seq)"
				      " select 'lease', id, '', 'serial', 's' || seq, seq from berth.lease");
	for (int way = 0; way < 2; way++) {
		struct label_ask ask = {.filter = &filter,
		    .patience = 1,
		    .backwards = way == 1,
		    .upwards = way == 1,
		    .limit = 100000};
		size_t found = 0, stops = 0;
		char *edge = NULL;

		do {
			struct batch *b = batch_new(BATCH_READ);
			const struct label_search *search;

			ask.edge = edge;
			label_values_add(b, "serial", &ask);
			label_search_add(b, &ask);
			client_run(place->conn, b);
			search = batch_row(b, 1, 0);
			found += batch_count(b, 0);
			assert_true(search->looked > 0);
			assert_true(edge == NULL || search->edge == NULL ||
				    (strcmp(search->edge, edge) > 0) == (way == 0));
			free(edge);
			edge = mem_text(search->edge);
			stops += edge == NULL ? 0 : 1;
			batch_free(b);
		} while (edge != NULL);
		assert_int_equal(
		    found, strtoul(database_ask(place->database, "select count(*) from berth.lease where"
								 " state <> 'destroyed'"),
			       NULL, 10));
		assert_true(stops > 1);
	}
	row_filter_release(&filter);
	database_run(place->database, "delete from berth.label where name = 'serial'");
}

/* Projects and organizations are counted as well; the kinds of which there are more than are counted are
 * named. */
static void tenants(void **state) {
	struct place *place = *state;

	database_run(place->database,
	    "insert into berth.organization (id, name) values (gen_random_uuid(), 'acme');"
	    "insert into berth.label (kind, target, prefix, name, value)"
	    " select 'project', gen_random_uuid(), '', 'owner', 'net' from generate_series(1, 3)"
	    " union all select 'org', id, '', 'owner', 'net' from berth.organization"
	    " union all select 'pool', id, '', 'owner', 'net' from berth.pool");
	groups_match(
	    place, NULL, "owner", (struct label_ask){.edge = "a", .limit = 1}, "owner:1 values,5=0+0+1+3+1 ");
	groups_are(place, "owner", (struct label_ask){.limit = 9}, "net:5=0+0+1+3+1 ");
	database_run(place->database,
	    "insert into berth.label (kind, target, prefix, name, value)"
	    " select 'project', gen_random_uuid(), '', 'owner', 'net' from generate_series(1, 1000)");
	groups_are(place, "owner", (struct label_ask){.limit = 9}, "net:1002=0+0+1+1000+1 more project ");
}

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(keys),
	    cmocka_unit_test(values),
	    cmocka_unit_test(fields),
	    cmocka_unit_test(things),
	    cmocka_unit_test(many),
	    cmocka_unit_test(a_search_goes_on),
	    cmocka_unit_test(tenants),
	};

	return cmocka_run_group_tests_name("label_list", tests, open_labels, place_close);
}
