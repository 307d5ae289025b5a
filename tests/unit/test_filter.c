/*
 * Text typed after `/` on each list: its fields and the words that it shows; filters of rows that are loaded.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "db/base/buf.h"
#include "db/base/clock.h"
#include "db/base/err.h"
#include "db/base/mem.h"
#include "db/batch/rows.h"
#include "ui/text/column.h"
#include "ui/console/list/filter.h"
#include "ui/console/list/view.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static struct row_filter read(const char *text, const struct view *view) {
	struct row_filter filter = {0};
	struct err err = {0};
	size_t wrong = 0;

	if (!filter_read(text, view, &filter, &wrong, &err)) {
		fail_msg("%s: %s", text, err.message);
	}
	return filter;
}

/* Every list has fields, help for them, and where the rows are loaded a member of each. */
static void test_all(void **state) {
	(void)state;
	for (size_t i = 0; views[i] != NULL; i++) {
		const struct view *view = views[i];

		assert_int_not_equal(view->fields, FILTER_NONE);
		assert_non_null(filter_help(view));
		for (const struct filter_field *f = filter_fields[view->fields]; f->name != NULL; f++) {
			const struct view_member *m = view->members;

			while (m != NULL && m->field != NULL && strcmp(m->field, f->name) != 0) {
				m++;
			}
			assert_true(
			    m == NULL || row_field(view->kind.shape->type, m->member)->type < FIELD_COUNT);
		}
	}
}

/* Each word that a column shows for the states of rows is one that the field takes, in any case. */
static void test_words(void **state) {
	static const struct {
		const struct view *view;
		const char *field;
		const char *words;
	} shown[] = {
	    {&view_leases, "state", "WAIT START HELD SOON LATE ENDING GONE BROKEN"},
	    {&view_pools, "status", "ok WARN CRIT FULL empty"},
	    {&view_queue, "state", "WAIT RETRY QUEUED RUN STUCK DONE ENDED NOOP REJECT FAILED CANCEL"},
	    {&view_resources, "state", "ACTIVE CORDON DRAIN BROKEN"},
	    {&view_projects, "state", "CLOSED unused ok WARN CRIT FULL OVER"},
	    {&view_alerts, "kind",
		"OVERDUE FULL STUCK LIMIT SOON DRAIN INDEX GUARD BROKEN DOUBLES \"NO|WORKER\""},
	    {&view_duplicate_rows, "values", "SAME DIFFER"},
	    {&view_dedupe_runs, "state", "running done undoing undone"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(shown); i++) {
		char *words = mem_text(shown[i].words);
		char *at = words;

		for (char *word; (word = strsep(&at, " ")) != NULL;) {
			char *text = mem_print("%s=%s", shown[i].field, word);
			struct row_filter filter;

			if (strchr(text, '|') != NULL) {
				*strchr(text, '|') = ' ';
			}
			filter = read(text, shown[i].view);
			row_filter_release(&filter);
			free(text);
		}
		free(words);
	}
}

/* Returns the places of the rows that match, as in "0 2". */
static void matching(const struct view *view, const char *text, const void *rows, size_t size, size_t count,
    const char *expected) {
	struct row_filter filter = read(text, view);
	struct question q = {.filter = &filter, .view = view, .now = 100 * TIME_SECOND};
	const void *some[8];
	struct buf found = {0};
	size_t kept;

	for (size_t i = 0; i < count; i++) {
		some[i] = (const char *)rows + i * size;
	}
	kept = loaded_filter(&q, some, count);
	for (size_t i = 0; i < kept; i++) {
		buf_printf(&found, "%s%zu", i == 0 ? "" : " ",
		    (size_t)((const char *)some[i] - (const char *)rows) / size);
	}
	if (strcmp(buf_text(&found), expected) != 0) {
		fail_msg("%s: %s, not %s", text, buf_text(&found), expected);
	}
	row_filter_release(&filter);
	buf_release(&found);
}

static void test_loaded(void **state) {
	static const struct dedupe_run runs[] = {{.table = "public.tags",
						     .state = "done",
						     .phase = "",
						     .started = 40 * TIME_SECOND,
						     .removed = 12,
						     .constraint = "tags_key"},
	    {.table = "public.Owners",
		.state = "undone",
		.phase = "",
		.started = 99 * TIME_SECOND,
		.removed = 3,
		.restored = 3},
	    {.table = "app.tags", .state = "running", .phase = "find", .started = TIME_NONE}};
	static const struct {
		const char *filter;
		const char *expected;
	} cases[] = {
	    {"", "0 1 2"},
	    {"tags", "0 2"},
	    {"!tags", "1"},
	    {"OWNERS", "1"},
	    {"tags find", "2"},
	    {"12", "0"},
	    {"state=done", "0"},
	    {"state in (done,UNDONE)", "0 1"},
	    {"state notin (done,undone)", "2"},
	    {"state!=done", "1 2"},
	    {"table=public", "0 1"},
	    {"table!=public", "2"},
	    {"removed>3", "0"},
	    {"removed>=3 removed<12", "1"},
	    {"removed=0", "2"},
	    {"removed=003", "1"},
	    {"removed<99999999999999999999999", "0 1 2"},
	    {"put-back=3", "1"},
	    {"started>30s", "0"},
	    {"started<=1m", "0 1"},
	    {"constraint=KEY", "0"},
	    {"constraint!=key", "1 2"},
	    {"!state=done removed>100", "0 1 2"},
	};
	static const struct duplicate groups[] = {{.table = "t",
						      .key = "{\"owner\": \"o1\"}",
						      .rows = 2,
						      .values = "[\"x\"]",
						      .survivor = "7",
						      .collides = "null"},
	    {.table = "t",
		.key = "{\"owner\": \"o2\"}",
		.rows = 4,
		.conflicting = true,
		.values = "[\"web\", \"Web\"]",
		.survivor = "8",
		.collides = "exact"}};
	static const struct dedupe_shown removed[] = {
	    {.removed = "{\"id\": 6, \"said\": \"Web\"}", .survivor = "7", .rule = "newest"},
	    {.removed = "{\"id\": 9, \"owner\": \"o2\"}", .survivor = "8", .rule = "identical"}};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		matching(
		    &view_dedupe_runs, cases[i].filter, runs, sizeof *runs, COUNT(runs), cases[i].expected);
	}
	matching(&view_duplicate_rows, "values=differ", groups, sizeof *groups, COUNT(groups), "1");
	matching(&view_duplicate_rows, "values!=DIFFER key=o1", groups, sizeof *groups, COUNT(groups), "0");
	matching(
	    &view_duplicate_rows, "equal=exact keeps=8 rows>2", groups, sizeof *groups, COUNT(groups), "1");
	matching(&view_duplicate_rows, "same", groups, sizeof *groups, COUNT(groups), "0");
	matching(&view_duplicate_rows, "Web", groups, sizeof *groups, COUNT(groups), "1");
	matching(&view_removed_rows, "kept=7", removed, sizeof *removed, COUNT(removed), "0");
	matching(&view_removed_rows, "rule!=newest", removed, sizeof *removed, COUNT(removed), "1");
	matching(&view_removed_rows, "removed=o2", removed, sizeof *removed, COUNT(removed), "1");
	matching(&view_removed_rows, "web", removed, sizeof *removed, COUNT(removed), "0");
}

/* Rows with fields have the whole language, labels included where they have any. */
static void test_fields(void **state) {
	static const struct {
		const struct view *view;
		const char *text;
	} good[] = {{&view_resources, "state=cordon free<20 used%>=90 kind in (ipv4,ipv6) env=prod"},
	    {&view_resources, "!pool=web 10.0.0.7"},
	    {&view_projects, "org=acme leases>100 used%>90 tier in (a,b)"},
	    {&view_projects, "state!=closed limit<=50"},
	    {&view_alerts, "kind=stuck severity=critical for>1h web"}, {&view_alerts, "!target=pool/web"},
	    {&view_holders, "leases>100 idle>7d pool=web ci"}, {&view_labels, "key=env values>1 targets>5"},
	    {&view_values, "value!=prod leases=0"},
	    {&view_targets, "kind=lease state=broken holder=ci env=prod"},
	    {&view_lookalikes, "n>2 where=holders differ=case"},
	    {&view_duplicate_rows, "values=differ rows>2 equal=trim"},
	    {&view_dedupe_runs, "state=done started<7d"},
	    {&view_removed_rows, "kept=7 rule=oldest removed=web"}};

	(void)state;
	for (size_t i = 0; i < COUNT(good); i++) {
		struct row_filter filter = {0};
		struct err err = {0};
		size_t wrong = 0;

		assert_true(filter_read(good[i].text, good[i].view, &filter, &wrong, &err));
		assert_non_null(filter.json);
		row_filter_release(&filter);
	}
}

/* Characters, not bytes; the `!` that inverts is one of them. */
static void test_wrong(void **state) {
	static const struct {
		const struct view *view;
		const char *text;
		size_t wrong;
	} bad[] = {{&view_projects, "tier in (", 9}, {&view_projects, "!tier in (", 10},
	    {&view_projects, "used%>x", 6}, {&view_resources, "state=late", 6}, {&view_alerts, "env=prod", 0},
	    {&view_alerts, "severity=low", 9}, {&view_holders, "leases>x", 7}, {&view_holders, "env=prod", 0},
	    {&view_labels, "web keys=3", 4}, {&view_values, "targets>x", 8}, {&view_targets, "kind=host", 5},
	    {&view_lookalikes, "n=many", 2}, {&view_duplicate_rows, "values=other", 7},
	    {&view_dedupe_runs, "removed>=", 9}, {&view_removed_rows, "rule=best", 5}};

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		struct row_filter filter = {0};
		struct err err = {0};
		size_t wrong = 99;

		assert_false(filter_read(bad[i].text, bad[i].view, &filter, &wrong, &err));
		assert_int_equal(err.code, ERR_INVALID_INPUT);
		assert_int_equal(wrong, bad[i].wrong);
		err_release(&err);
	}
}

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_all),
	    cmocka_unit_test(test_words),
	    cmocka_unit_test(test_loaded),
	    cmocka_unit_test(test_fields),
	    cmocka_unit_test(test_wrong),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
