/*
 * Changes as words, and what is foretold of a request.
 */
#include "ui/text/change.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "db/base/clock.h"
#include "db/batch/rows.h"
#include "model/metadata.h"
#include "model/queue.h"

#define NOW (INT64_C(1787407402) * TIME_SECOND) /* 2026-08-22 14:03:22 UTC */
#define HOUR (3600 * TIME_SECOND)

static void test_words(void **state) {
	static const struct {
		const char *before;
		const char *after;
		const char *words;
	} rows[] = {
	    {"{\"warn\":80,\"state\":\"active\"}", "{\"warn\":70,\"state\":\"active\"}", "warn 80 -> 70"},
	    {"{\"ttl\":0,\"reuse_delay\":3600000000}", "{\"ttl\":604800000000,\"reuse_delay\":0}",
		"ttl set to 7d, reuse_delay 1h -> none"},
	    {"{\"until\":null}", "{\"until\":\"2026-08-23T16:00:00Z\"}",
		"until never -> 2026-08-23 16:00 UTC"},
	    {"{\"until\":\"2026-08-23T16:00:30Z\"}", "{\"until\":null}",
		"until 2026-08-23 16:00 UTC -> never"},
	    {"{\"holder\":\"ci\"}", "{\"holder\":\"\"}", "holder ci -> nobody"},
	    {"{\"labels\":{}}", "{\"labels\":{\"a\":\"b c\",\"d\":\"e\"}}", "labels set to a=b c d=e"},
	    {"{\"cordoned\":false,\"generation\":1}", "{\"cordoned\":true,\"generation\":2}",
		"cordoned no -> yes"},
	    {NULL, "{\"name\":\"web\",\"project\":null,\"warn\":80}", "name web, warn 80"},
	    {"{\"name\":\"web\",\"project\":null}", NULL, "name web"},
	    {"{\"hook\":\"up\",\"labels\":{\"a\":\"b\"}}", "{\"hook\":null,\"labels\":{}}",
		"hook up -> none, labels a=b -> none"},
	    {"{\"hook\":null}", "{\"hook\":\"up\"}", "hook set to up"},
	    {"{\"warn\":80}", "{\"warn\":80}", ""},
	    {"{\"exclusions\":[]}",
		"{\"exclusions\":[{\"first\":\"1\",\"last\":\"3\",\"reason\":\"old\"},"
		"{\"first\":\"7\",\"last\":\"7\",\"reason\":\"\"}]}",
		"1-3 old, 7"},
	    {"{\"exclusions\":[{\"first\":\"9\",\"last\":\"9\",\"reason\":\"new\"}]}", "{\"exclusions\":[]}",
		"9 new"},
	    {NULL, NULL, ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct event event = {.before = rows[i].before, .after = rows[i].after};
		struct buf text = {0};

		change_words(&event, " -> ", ", ", false, &text);
		assert_string_equal(buf_text(&text), rows[i].words);
		buf_release(&text);
	}
}

static void test_exact(void **state) {
	const struct event event = {.before = "{\"until\":\"2026-08-23T16:00:30Z\"}",
	    .after = "{\"until\":\"2026-08-24T16:00:30Z\"}"};
	struct buf text = {0};

	(void)state;
	change_words(&event, " to ", ", ", true, &text);
	assert_string_equal(buf_text(&text), "until 2026-08-23T16:00:30Z to 2026-08-24T16:00:30Z");
	buf_release(&text);
}

/* Checks the words of what is foretold, and the target. */
static void foretells(const struct queue_request *request, const struct row_type *type, const void *row,
    const char *target, const char *words) {
	struct foretold foretold;
	struct buf text = {0};

	foretell(&foretold, request, type, row, NOW);
	change_words(&foretold.event, " -> ", ", ", false, &text);
	assert_string_equal(foretold.event.target, target);
	assert_string_equal(buf_text(&text), words);
	foretold_release(&foretold);
	buf_release(&text);
}

static void test_foretold(void **state) {
	const char *const words[] = {"env=prod", "old-"};
	struct metadata_edit edit = {0};
	struct err *none = NULL;
	const struct lease lease = {.holder = "ci", .until = NOW + HOUR, .labels = "{\"old\":\"1\"}"};
	const struct resource resource = {.labels = "{}"};
	const struct pool pool = {.name = "web", .labels = "{}"};
	const struct command command = {.state = COMMAND_QUARANTINED};
	const char *id = "lease/00000000-0000-0000-0000-000000000000";

	(void)state;
	assert_true(metadata_parse(METADATA_LABEL, words, 2, &edit, none));
	foretells(&(struct queue_request){.action = QUEUE_EXTEND, .until = TIME_NONE, .duration = 2 * HOUR},
	    &row_lease, &lease, id, "until 2026-08-22 15:03 UTC -> 2026-08-22 16:03 UTC");
	foretells(&(struct queue_request){.action = QUEUE_EXTEND, .until = TIME_NEVER}, &row_lease, &lease,
	    id, "until 2026-08-22 15:03 UTC -> never");
	foretells(&(struct queue_request){.action = QUEUE_TRANSFER, .holder = "vm"}, &row_lease, &lease, id,
	    "holder ci -> vm");
	foretells(&(struct queue_request){.action = QUEUE_LABEL, .labels = &edit}, &row_lease, &lease, id,
	    "labels old=1 -> env=prod");
	foretells(&(struct queue_request){.action = QUEUE_LABEL, .labels = &edit}, &row_pool, &pool,
	    "pool/web", "labels set to env=prod");
	foretells(&(struct queue_request){.action = QUEUE_CORDON}, &row_resource, &resource,
	    "resource/00000000-0000-0000-0000-000000000000", "cordoned no -> yes");
	foretells(&(struct queue_request){.action = QUEUE_UNCORDON}, &row_resource, &resource,
	    "resource/00000000-0000-0000-0000-000000000000", "");
	foretells(&(struct queue_request){.action = QUEUE_FORCE}, &row_command, &command,
	    "command/00000000-0000-0000-0000-000000000000", "state quarantined -> done");
	foretells(&(struct queue_request){.action = QUEUE_RELEASE}, &row_lease, &lease, id, "");
	metadata_release(&edit);
}

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_words),
	    cmocka_unit_test(test_exact),
	    cmocka_unit_test(test_foretold),
	};

	return cmocka_run_group_tests_name("change", tests, NULL, NULL);
}
