#include "ui/text/row_json.h"

#include <stdlib.h>

#include "model/text/json.h"
#include "model/project.h"
#include "ui/text/field.h"
#include "ui/text/shapes.h"

/* What no command answers with: its fields, of those types that such rows have. */
static void fields_json(const struct row_type *type, const void *row, struct json *j) {
	json_open_object(j);
	for (size_t i = 0; i < type->count; i++) {
		const void *member = (const char *)row + type->fields[i].offset;

		json_put_key(j, type->fields[i].name);
		switch (type->fields[i].type) {
		case FIELD_BOOL:
			json_put_bool(j, *(const bool *)member);
			break;
		case FIELD_INT:
			json_put_int(j, *(const int64_t *)member);
			break;
		case FIELD_TEXT:
			json_put_text(j, *(const char *const *)member);
			break;
		case FIELD_JSON:
			json_put_raw(j, *(const char *const *)member);
			break;
		case FIELD_ID:
			json_put_id(j, *(const struct id *)member);
			break;
		default:
			json_put_null(j);
			break;
		}
	}
	json_close_object(j);
}

/* Of a project as a page has it: leases beyond what is counted are not told as if they were all. */
static const void *counted(const struct row_type *type, const void *row, struct project *project) {
	if (type != &row_project) {
		return row;
	}
	*project = *(const struct project *)row;
	if (project->max_leases == NO_LIMIT && project->leases > PROJECT_COUNTED) {
		project->leases = NO_LIMIT;
	}
	return project;
}

void row_json(const struct row_type *type, const void *row, struct buf *out) {
	static const struct shape *const shapes[] = {
	    &pool_shape, &lease_shape, &command_shape, &resource_shape, &project_shape, NULL};

	struct json j = {.out = out};
	struct project project;

	row = counted(type, row, &project);
	for (size_t i = 0; shapes[i] != NULL; i++) {
		if (shapes[i]->type == type) {
			size_t n;
			struct cell *cells = cells_new(shapes[i], &n);

			cells_json(cells, n, row, &j);
			free(cells);
			return;
		}
	}
	fields_json(type, row, &j);
}
