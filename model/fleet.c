#include "model/fleet.h"

#include <assert.h>
#include <string.h>

#include "db/base/mem.h"

void *fleet_row(
    const struct row_type *type, const struct row_type *base, const void *row, const char *environment) {
	char *made = mem_new(1, type->size);

	assert(type->size > base->size);
	memcpy(made, row, base->size);
	memcpy(made + row_field(type, "environment")->offset, &environment, sizeof environment);
	return made;
}

struct id fleet_id(const char *environment, struct id id) {
	return id_digest(id, environment, strlen(environment));
}
