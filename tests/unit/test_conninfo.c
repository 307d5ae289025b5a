/*
 * Connection strings that are checked without a server, and lists of hosts.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <libpq-fe.h>
#include <stdlib.h>
#include <string.h>

#include "db/base/clock.h"
#include "db/conn/conninfo.h"
#include "db/base/err.h"

#define LENGTH(array) (sizeof(array) / sizeof(array)[0])

/* `why` is NULL for strings that libpq understands. */
static const struct {
	const char *text;
	const char *why;
} strings[] = {
    {"berth", NULL},
    {"bogus", NULL},
    {"", NULL},
    {"dbname=berth host=a,b", NULL},
    {"postgresql://host/db?connect_timeout=3", NULL},
    {"postgres://a,b/db", NULL},
    {"bogus=1", "invalid connection option ..."},
    {"dbname=x host", "missing \"=\" after ... in connection info string"},
    {"host='a", "unterminated"},
    {"postgresql://[::1/db", "matching \"]\""},
    {"postgres://h/db?bogus=1", "invalid URI query parameter: ..."},
    {"password=two s3cret", "missing \"=\" after ..."},
    {"password=two s3cret=x", "invalid connection option ..."},
    {"password='s3cret", "unterminated"},
    {"password=s3cret host='a", "unterminated"},
    {"postgres://u:s3cret@[::1/db", "matching \"]\""},
    {"postgres://u:s3%cret@h/db", "invalid percent-encoded token: ..."},
    {"postgres://u:pw@h/db?password=s3cret&x", "missing key/value separator \"=\""},
    {"postgres://u:pw@h/db?password=s3cret=x", "extra key/value separator \"=\""},
    {"postgres://u:two@s3cret@h/db", "the URI has an invalid host or port"},
    {"postgres://u:two/s3cret@h/db", "the URI has an invalid host or port"},
    {"postgres://u:2/s3cret@h/db", "the URI has an invalid host or port"},
    {"postgres://u:s3cret", "the URI has an invalid host or port"},
    {"postgres://u:%73%33cret@h:5432/db?host=a,b", NULL},
};

static void test_strings(void **state) {
	(void)state;
	for (size_t i = 0; i < LENGTH(strings); i++) {
		struct err err = {0};

		assert_int_equal(conninfo_check(strings[i].text, &err), strings[i].why == NULL);
		if (strings[i].why != NULL) {
			assert_int_equal(err.code, ERR_INVALID_INPUT);
			assert_non_null(strstr(err.message, strings[i].why));
			assert_null(strchr(err.message, '\n'));
			assert_null(strstr(err.message, "cret"));
			assert_null(strstr(err.hint, "cret"));
		}
		err_release(&err);
	}
}

/* No server listens at any of these, so that libpq ends at the last one. */
static const struct {
	const char *conninfo;
	size_t count;
	const char *names; /* once the last one is dropped */
	const char *addresses;
	const char *ports;
	int64_t timeout;
} places[] = {
    {"host=/no/a", 1, "/no/a", "", NULL, 7},
    {"host=/no/a,/no/b", 2, "/no/a", "", NULL, 7},
    {"host=/no/a,/no/b port=1,2", 2, "/no/a", "", "1", 7},
    {"host=/no/a,/no/b port=1", 2, "/no/a", "", "1", 7},
    {"host=/no/a,/no/a port=1,2 connect_timeout=30", 2, "/no/a", "", "1", 30 * TIME_SECOND},
    {"host=,/no/b,/no/c connect_timeout=1", 3, ",/no/b", "", NULL, 2 * TIME_SECOND},
    {"hostaddr=127.0.0.1,127.0.0.2 port=1 connect_timeout=0", 2, NULL, NULL, "1", 0},
    {"host=/no/a connect_timeout=-1", 1, "/no/a", "", NULL, 0},
};

static void test_places(void **state) {
	(void)state;
	for (size_t i = 0; i < LENGTH(places); i++) {
		PGconn *pg = PQconnectStart(places[i].conninfo);
		struct hosts hosts = {0};

		hosts_read(&hosts, pg);
		assert_int_equal(hosts.count, places[i].count);
		assert_true(conninfo_timeout(pg, 7) == places[i].timeout);
		assert_false(conninfo_is_choosy(pg));
		assert_int_equal(hosts_drop(&hosts, pg), places[i].count > 1);
		assert_true(
		    places[i].names == NULL || strcmp(hosts.lists[HOSTS_NAMES], places[i].names) == 0);
		assert_true(places[i].addresses == NULL ||
			    strcmp(hosts.lists[HOSTS_ADDRESSES], places[i].addresses) == 0);
		assert_true(
		    places[i].ports == NULL || strcmp(hosts.lists[HOSTS_PORTS], places[i].ports) == 0);
		for (size_t left = places[i].count; left > 2; left--) {
			assert_true(hosts_drop(&hosts, pg));
		}
		assert_false(hosts_drop(&hosts, pg));
		hosts_release(&hosts);
		PQfinish(pg);
	}
}

static void test_choosy(void **state) {
	static const struct {
		const char *conninfo;
		bool choosy;
	} rows[] = {
	    {"host=/no", false},
	    {"host=/no target_session_attrs=any", false},
	    {"host=/no target_session_attrs=standby", true},
	};
	(void)state;

	for (size_t i = 0; i < LENGTH(rows); i++) {
		PGconn *pg = PQconnectStart(rows[i].conninfo);

		assert_int_equal(conninfo_is_choosy(pg), rows[i].choosy);
		PQfinish(pg);
	}
}

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_strings),
	    cmocka_unit_test(test_places),
	    cmocka_unit_test(test_choosy),
	};

	return cmocka_run_group_tests_name("conninfo", tests, NULL, NULL);
}
