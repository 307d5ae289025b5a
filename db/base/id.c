#include "db/base/id.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <uuid/uuid.h>

struct id id_new(void) {
	struct id id;

	uuid_generate_random(id.bytes);
	return id;
}

struct id id_derive(struct id base, uint64_t n) {
	char name[24];
	int len = snprintf(name, sizeof name, "%" PRIu64, n);
	struct id id;

	uuid_generate_sha1(id.bytes, base.bytes, name, (size_t)len);
	return id;
}

struct id id_digest(struct id before, const void *bytes, size_t n) {
	struct id id;

	uuid_generate_sha1(id.bytes, before.bytes, bytes, n);
	return id;
}

bool id_parse(const char *text, struct id *id) {
	struct id parsed;

	if (uuid_parse(text, parsed.bytes) != 0 || id_is_nil(parsed)) {
		return false;
	}
	*id = parsed;
	return true;
}

const char *id_text(struct id id, char out[ID_TEXT]) {
	uuid_unparse_lower(id.bytes, out);
	return out;
}

bool id_is_nil(struct id id) {
	return uuid_is_null(id.bytes) != 0;
}

bool id_equal(struct id a, struct id b) {
	return memcmp(a.bytes, b.bytes, sizeof a.bytes) == 0;
}
