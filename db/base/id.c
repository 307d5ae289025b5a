#include "db/base/id.h"

#include <inttypes.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <uuid/uuid.h>

#include "db/base/clock.h"

/* Returns the milliseconds since 1970 and their fraction in 12 bits, as one number of 60 bits that grows with
 * each call. What all ids of a process have in common is their order, so the last of them is kept here. */
static uint64_t next_tick(void) {
	static _Atomic uint64_t last;
	uint64_t now = (uint64_t)clock_now();
	uint64_t tick = now / 1000 << 12 | now % 1000 * 4096 / 1000;
	uint64_t before = atomic_load(&last);
	uint64_t next;

	do {
		next = tick > before ? tick : before + 1;
	} while (!atomic_compare_exchange_weak(&last, &before, next));
	return next;
}

struct id id_new(void) {
	uint64_t tick = next_tick();
	struct id id;

	uuid_generate_random(id.bytes);
	for (int i = 0; i < 6; i++) {
		id.bytes[i] = (unsigned char)(tick >> (52 - 8 * i) & 0xff);
	}
	id.bytes[6] = (unsigned char)(0x70 | (tick >> 8 & 0x0f));
	id.bytes[7] = (unsigned char)(tick & 0xff);
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
