#include "model/import/map.h"

#include <stdlib.h>
#include <string.h>

#include "db/base/err.h"
#include "db/base/mem.h"
#include "model/import.h"
#include "model/import/layout.h"

static const struct {
	const char *name;
	enum import_cell cell;
	unsigned what; /* bits 1 << enum import_what */
} words[] = {
    {"pool", CELL_POOL, 1U << IMPORT_RANGES | 1U << IMPORT_LEASES},
    {"kind", CELL_KIND, 1U << IMPORT_RANGES},
    {"range", CELL_RANGE, 1U << IMPORT_RANGES},
    {"value", CELL_VALUE, 1U << IMPORT_LEASES},
    {"space", CELL_SPACE, 1U << IMPORT_RANGES | 1U << IMPORT_LEASES},
    {"holder", CELL_HOLDER, 1U << IMPORT_LEASES},
    {"project", CELL_PROJECT, 1U << IMPORT_LEASES},
    {"until", CELL_UNTIL, 1U << IMPORT_LEASES},
    {"created", CELL_CREATED, 1U << IMPORT_LEASES},
    {"labels", CELL_LABELS, 1U << IMPORT_RANGES | 1U << IMPORT_LEASES},
    {"exclude", CELL_EXCLUDE, 1U << IMPORT_RANGES},
    {"id", CELL_ID, 1U << IMPORT_LEASES},
};

static bool read_word(enum import_what what, const char *name, enum import_cell *cell, struct err *err) {
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		if (strcmp(words[i].name, name) == 0 && (words[i].what & 1U << what) != 0) {
			*cell = words[i].cell;
			return true;
		}
	}
	err_set(err, ERR_INVALID_INPUT, "--map: \"%s\" is no column of berth", name);
	return err_hint(err, "%s",
	    what == IMPORT_LEASES
		? "the columns are pool, value, space, holder, project, until, created, labels and id"
		: "the columns are pool, kind, range, space, labels and exclude");
}

static bool has(const struct layout_column *columns, size_t count, enum import_cell cell) {
	for (size_t i = 0; i < count; i++) {
		if (columns[i].cell == cell) {
			return true;
		}
	}
	return false;
}

/* Checks that the columns of a file without a preset say enough. */
static bool check_enough(
    const struct import_ask *ask, const struct layout_column *columns, size_t count, struct err *err) {
	enum import_cell value = ask->what == IMPORT_LEASES ? CELL_VALUE : CELL_RANGE;

	if (ask->from != IMPORT_OWN) {
		return true;
	}
	if (!has(columns, count, value)) {
		return err_set(err, ERR_INVALID_INPUT, "--map: it must name the column of the %s",
		    ask->what == IMPORT_LEASES ? "value" : "range");
	}
	return ask->what == IMPORT_LEASES || has(columns, count, CELL_POOL) ||
	       err_set(err, ERR_INVALID_INPUT, "--map: it must name the column of the pool");
}

bool map_read(const struct import_ask *ask, char **text, struct layout_column **columns, size_t *count,
    struct err *err) {
	struct layout_column *read = NULL;
	size_t n = 0;
	bool ok = true;
	char *rest = *text = mem_text(ask->map);

	while (ok && rest != NULL) {
		char *pair = strsep(&rest, ",");
		char *column = strchr(pair, '=');
		enum import_cell cell = CELL_POOL;

		if (column == NULL || column[1] == '\0') {
			ok = err_set(err, ERR_INVALID_INPUT, "--map: \"%s\" is not BERTH=COLUMN", pair);
		} else {
			*column = '\0';
			ok = read_word(ask->what, pair, &cell, err);
		}
		if (ok && has(read, n, cell)) {
			ok = err_set(err, ERR_INVALID_INPUT, "--map: \"%s\" is named twice", pair);
		}
		if (ok) {
			read = mem_grow(read, n + 1, sizeof *read);
			read[n++] =
			    (struct layout_column){.cell = cell, .needed = true, .titles = {column + 1}};
		}
	}
	if (!ok || !check_enough(ask, read, n, err)) {
		free(read);
		return false;
	}
	*columns = read;
	*count = n;
	return true;
}
