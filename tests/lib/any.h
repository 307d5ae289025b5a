/*
 * A row type with a member of each type, for tests of the binary format.
 */
#ifndef TESTS_LIB_ANY_H
#define TESTS_LIB_ANY_H

#include <stdbool.h>
#include <stdint.h>

#include "db/batch/rows.h"

struct any {
	bool flag;
	int64_t number; /* FIELD_INT and FIELD_TIME */
	double real;
	const char *text; /* FIELD_TEXT and FIELD_JSON */
	struct id id;
	struct count count;
	u128 value;
	int word; /* 0 is "ipv4", 1 is "ipv6" */
};

/* Indexed by type. */
extern const struct field any_fields[FIELD_ENUM + 1];

#endif
