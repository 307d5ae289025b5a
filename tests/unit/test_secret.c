/*
 * Possible passwords are not printed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

#include "db/conn/secret.h"

static const struct {
	const char *text;
	const char *told;
} cases[] = {
    {"", ""},
    {"pool web does not exist", "pool web does not exist"},
    {"could not translate host name \"postgres://u:s3cret@h/db\" to address",
	"could not translate host name \"postgres://...@h/db\" to address"},
    {"database \"postgresql://u:a b@s3c@h\" does not exist",
	"database \"postgresql://...@h\" does not exist"},
    {"'postgres://u:s3cret': no such command", "'postgres://...': no such command"},
    {"http://localhost:8080/x", "http://localhost:8080/x"},
    {"postgres://h:5432,i:5433/db", "postgres://h:5432,i:5433/db"},
    {"x password=s3cret", "x password=..."},
    {"\"host=h PASSWORD = 's3' cret\" is none", "\"host=h PASSWORD =...\" is none"},
    {"PGPASSWORD=s3cret and more", "PGPASSWORD=..."},
    {"postgres://h/db?sslpassword=s3cret", "postgres://h/db?sslpassword=..."},
    {"postgres://@h/db", "postgres://@h/db"},
    {"a://@ password=s3cret", "a://@ password=..."},
    {"password authentication failed for user \"u\"", "password authentication failed for user \"u\""},
};

static void passwords_are_hidden(void **state) {
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char *told = secret_hide(cases[i].text);

		assert_string_equal(told, cases[i].told);
		free(told);
	}
	assert_null(secret_hide(NULL));
}

static void quoted_pieces_are_hidden(void **state) {
	char *told = secret_hide_quoted("missing \"=\" after \"s3\"cret\" in it");

	(void)state;
	assert_string_equal(told, "missing \"=\" after ... in it");
	free(told);
	told = secret_hide_quoted("one \"quote");
	assert_string_equal(told, "one ...");
	free(told);
}

int main(void) {
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(passwords_are_hidden),
	    cmocka_unit_test(quoted_pieces_are_hidden),
	};

	return cmocka_run_group_tests_name("secret", tests, NULL, NULL);
}
