#include "ui/console/list/text_id.h"

#include <stddef.h>
#include <stdint.h>

struct id text_id(const char *place, const char *text) {
	static const struct id base = {.bytes = {0x5d, 0x11, 0xa1, 0x1c, 0xe5}};
	uint64_t hash = UINT64_C(14695981039346656037); /* FNV-1a */
	const char *const parts[] = {place, text};

	for (size_t i = 0; i < 2; i++) {
		for (const char *c = parts[i];; c++) {
			hash = (hash ^ (unsigned char)*c) * UINT64_C(1099511628211);
			if (*c == '\0') {
				break;
			}
		}
	}
	return id_derive(base, hash);
}
