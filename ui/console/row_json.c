#include "ui/console/row_json.h"

#include <stdlib.h>

#include "model/json.h"
#include "ui/cli/cell.h"
#include "ui/cli/shapes.h"

void row_json(const struct row_type *type, const void *row, struct buf *out) {
	static const struct shape *const shapes[] = {
	    &pool_shape, &lease_shape, &command_shape, &resource_shape, NULL};

	for (size_t i = 0; shapes[i] != NULL; i++) {
		if (shapes[i]->type == type) {
			struct json j = {.out = out};
			size_t n;
			struct cell *cells = cells_new(shapes[i], &n);

			cells_json(cells, n, row, &j);
			free(cells);
		}
	}
}
