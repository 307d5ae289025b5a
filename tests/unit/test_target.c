#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "db/base/buf.h"
#include "db/base/err.h"
#include "model/syntax/target.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
#define ID "11111111-1111-4111-8111-111111111111"
#define JSON_ID "\"id\":\"" ID "\""

/* Targets as written, and as sent to the server. */
static void good_targets(void **state) {
	static const struct {
		const char *text;
		enum target_kind expected;
		const char *json;
	} rows[] = {
	    {"lease/" ID, TARGET_ANY, "[{\"kind\":\"lease\"," JSON_ID "}]"},
	    {"lease/" ID, TARGET_LEASE, "[{\"kind\":\"lease\"," JSON_ID "}]"},
	    {ID, TARGET_LEASE, "[{\"kind\":\"lease\"," JSON_ID "}]"},
	    {ID, TARGET_COMMAND, "[{\"kind\":\"command\"," JSON_ID "}]"},
	    {"command/" ID, TARGET_ANY, "[{\"kind\":\"command\"," JSON_ID "}]"},
	    {"pool/web", TARGET_ANY, "[{\"kind\":\"pool\",\"name\":\"web\"}]"},
	    {"web", TARGET_POOL, "[{\"kind\":\"pool\",\"name\":\"web\"}]"},
	    {"pool", TARGET_POOL, "[{\"kind\":\"pool\",\"name\":\"pool\"}]"},
	    {"org/acme", TARGET_ANY, "[{\"kind\":\"org\",\"name\":\"acme\"}]"},
	    {"project/acme/web", TARGET_ANY, "[{\"kind\":\"project\",\"name\":\"acme/web\"}]"},
	    {"acme/web", TARGET_PROJECT, "[{\"kind\":\"project\",\"name\":\"acme/web\"}]"},
	    {"resource/" ID, TARGET_ANY, "[{\"kind\":\"resource\"," JSON_ID "}]"},
	    {ID, TARGET_RESOURCE, "[{\"kind\":\"resource\"," JSON_ID "}]"},
	    {"web/10.0.0.0/30", TARGET_RESOURCE,
		"[{\"kind\":\"resource\",\"pool\":\"web\",\"type\":\"ipv4\",\"host\":\"\",\"first\":"
		"167772160,"
		"\"last\":167772163,\"range\":\"10.0.0.0/30\"}]"},
	    {"resource/web/10.0.0.0-10.0.0.3", TARGET_ANY,
		"[{\"kind\":\"resource\",\"pool\":\"web\",\"type\":\"ipv4\",\"host\":\"\",\"first\":"
		"167772160,"
		"\"last\":167772163,\"range\":\"10.0.0.0/30\"}]"},
	    {"pool/vlan/7", TARGET_ANY, NULL},
	    {"vlan/7", TARGET_RESOURCE,
		"[{\"kind\":\"resource\",\"pool\":\"vlan\",\"type\":\"number\",\"host\":\"\",\"first\":7,"
		"\"last\":7,"
		"\"range\":\"7\"}]"},
	    {"six/::/0", TARGET_RESOURCE,
		"[{\"kind\":\"resource\",\"pool\":\"six\",\"type\":\"ipv6\",\"host\":\"\",\"first\":0,"
		"\"last\":340282366920938463463374607431768211455,\"range\":\"::/0\"}]"},
	    {"rack/host1", TARGET_RESOURCE,
		"[{\"kind\":\"resource\",\"pool\":\"rack\",\"type\":\"host\",\"host\":\"host1\",\"range\":"
		"\"host1\"}]"},
	    {"rack/host1:4", TARGET_RESOURCE,
		"[{\"kind\":\"resource\",\"pool\":\"rack\",\"type\":\"host\",\"host\":\"host1\",\"first\":1,"
		"\"last\":4,"
		"\"range\":\"host1:4\"}]"},
	    {"resource/pool/host1", TARGET_RESOURCE,
		"[{\"kind\":\"resource\",\"pool\":\"pool\",\"type\":\"host\",\"host\":\"host1\",\"range\":"
		"\"host1\"}]"},
	};
	(void)state;

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct target target;
		struct buf json = {0};
		struct err err = {0};

		if (rows[i].json == NULL) {
			assert_false(target_parse(rows[i].text, rows[i].expected, &target, &err));
			err_release(&err);
			continue;
		}
		if (!target_parse(rows[i].text, rows[i].expected, &target, &err)) {
			fail_msg("%s: %s", rows[i].text, err.message);
		}
		targets_json(&target, 1, &json);
		assert_string_equal(buf_text(&json), rows[i].json);
		buf_release(&json);
	}
}

static void bad_targets(void **state) {
	static const struct {
		const char *text;
		enum target_kind expected;
		const char *words;
	} rows[] = {
	    {"", TARGET_ANY, "target \"\": expected pool/NAME"},
	    {"web", TARGET_ANY, "target \"web\": expected"},
	    {ID, TARGET_ANY, "expected pool/NAME"},
	    {"pools/web", TARGET_ANY, "expected pool/NAME"},
	    {"Lease/" ID, TARGET_ANY, "expected pool/NAME"},
	    {"lease/", TARGET_ANY, "lease \"\": not a UUID"},
	    {"lease/x", TARGET_ANY, "lease \"x\": not a UUID"},
	    {"x", TARGET_LEASE, "lease \"x\": not a UUID"},
	    {"", TARGET_LEASE, "lease \"\": not a UUID"},
	    {"00000000-0000-0000-0000-000000000000", TARGET_LEASE, "nil is not an id"},
	    {"lease/lease/" ID, TARGET_LEASE, "not a UUID"},
	    {"pool/web", TARGET_LEASE, "pool/web: expected lease/ID"},
	    {"lease/" ID, TARGET_POOL, "expected pool/NAME"},
	    {"pool/host1", TARGET_RESOURCE, "expected resource/ID, resource/POOL/RANGE"},
	    {"lease/10.0.0.0/30", TARGET_RESOURCE, "expected resource/ID"},
	    {"command/" ID, TARGET_LEASE, "expected lease/ID"},
	    {"pool/", TARGET_ANY, "pool: a name must not be empty"},
	    {"pool/a/b", TARGET_ANY, "pool \"a/b\""},
	    {"pool/..", TARGET_ANY, "pool \"..\""},
	    {"resource/web", TARGET_ANY, "resource \"web\": expected an id, or POOL/RANGE, or POOL/HOST"},
	    {"/10.0.0.0/30", TARGET_RESOURCE, "pool: a name must not be empty"},
	    {"we b/10.0.0.0/30", TARGET_RESOURCE, "pool \"we b\""},
	    {"web/", TARGET_RESOURCE, "\"\""},
	    {"web/10.0.0.1/24", TARGET_RESOURCE, "host bits are set after the prefix"},
	    {"web/host1:0", TARGET_RESOURCE, "host1:0"},
	    {"acme", TARGET_PROJECT, "project \"acme\": expected ORG/NAME"},
	    {"acme/", TARGET_PROJECT, "project: a name must not be empty"},
	    {"/web", TARGET_PROJECT, "organization: a name must not be empty"},
	    {"acme/web/x", TARGET_PROJECT, "project \"web/x\""},
	};
	(void)state;

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct target target = {.generation = 77};
		struct err err = {0};

		assert_false(target_parse(rows[i].text, rows[i].expected, &target, &err));
		assert_int_equal(err.code, ERR_INVALID_INPUT);
		if (strstr(err.message, rows[i].words) == NULL) {
			fail_msg("%s: \"%s\" does not say \"%s\"", rows[i].text, err.message, rows[i].words);
		}
		assert_int_equal(target.generation, 77);
		err_release(&err);
	}
}

static void long_names_are_refused(void **state) {
	char text[300];
	struct target target;
	(void)state;

	for (size_t n = 64; n < sizeof text - 20; n++) {
		struct err err = {0};

		memset(text, 'a', n);
		memcpy(text + n, "/7", 3);
		assert_false(target_parse(text, TARGET_RESOURCE, &target, &err));
		assert_int_equal(err.code, ERR_INVALID_INPUT);
		err_release(&err);
	}
}

static void selections(void **state) {
	struct target targets[] = {
	    {.kind = TARGET_LEASES, .name = "web", .states = 1U << LEASE_PENDING | 1U << LEASE_BROKEN},
	    {.kind = TARGET_LEASES},
	    {.kind = TARGET_LEASE, .generation = 4},
	};
	struct buf json = {0};
	(void)state;

	assert_true(id_parse(ID, &targets[2].id));
	targets_json(targets, COUNT(targets), &json);
	assert_string_equal(buf_text(&json), "[{\"kind\":\"leases\",\"pool\":\"web\",\"states\":[\"pending\","
					     "\"broken\"]},{\"kind\":\"leases\"},"
					     "{\"kind\":\"lease\"," JSON_ID ",\"generation\":4}]");
	buf_release(&json);
}

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(good_targets),
	    cmocka_unit_test(bad_targets),
	    cmocka_unit_test(long_names_are_refused),
	    cmocka_unit_test(selections),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
