/* Lease files of ISC dhcpd. */
#include "db/base/clock.h"
#include "model/import.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/imported.h"

/* 2026-12-01. */
#define NOW (INT64_C(1796083200) * TIME_SECOND)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
	imported_check(data, n,
	    &(struct import_ask){.what = IMPORT_LEASES, .from = IMPORT_DHCPD, .skip = true, .now = NOW});
	return 0;
}
