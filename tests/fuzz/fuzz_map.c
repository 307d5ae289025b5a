/* The columns that --map names, on the first line, and a file with such columns. */
#include <stdlib.h>

#include "model/import.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/imported.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
	static const char delimiters[] = {'\0', ',', ';', '\t', '|'};
	char *map = fuzz_line(&data, &n);

	for (size_t i = 0; i < sizeof delimiters; i++) {
		struct import_ask ask = {.what = IMPORT_LEASES,
		    .from = IMPORT_OWN,
		    .map = map,
		    .delimiter = delimiters[i],
		    .skip = true};

		imported_check(data, n, &ask);
		ask.what = IMPORT_RANGES;
		imported_check(data, n, &ask);
	}
	free(map);
	return 0;
}
