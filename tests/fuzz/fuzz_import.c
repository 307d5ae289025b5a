/* Files of tables that berth and other programs write, in each of their formats. */
#include "db/base/clock.h"
#include "model/import.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/imported.h"

/* 2026-12-01. */
#define NOW (INT64_C(1796083200) * TIME_SECOND)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
	static const enum import_format formats[] = {
	    IMPORT_OWN, IMPORT_NETBOX, IMPORT_PHPIPAM, IMPORT_KEA, IMPORT_NIPAP};

	for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
		struct import_ask ask = {.what = IMPORT_RANGES, .from = formats[i], .skip = true, .now = NOW};

		imported_check(data, n, &ask);
		ask.skip = false;
		imported_check(data, n, &ask);
		ask.what = IMPORT_LEASES;
		imported_check(data, n, &ask);
	}
	return 0;
}
