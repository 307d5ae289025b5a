#include "model/project_pools.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "db/base/err.h"
#include "db/base/mem.h"
#include "model/syntax/name.h"
#include "model/project.h"
#include "model/syntax/range.h"

struct project_pools_own {
	char *name;
	struct range *ranges;
	size_t count;
	enum kind kind;
};

static void own_release(struct project_pools_own *own) {
	free(own->name);
	free(own->ranges);
}

static bool check_kind(const struct project_pools_own *own, const char *first, const char *text,
    enum kind kind, struct err *err) {
	return own->count == 0 || kind == own->kind ||
	       err_set(err, ERR_INVALID_INPUT,
		   "pool %s: a pool is of one kind, and \"%s\" is %s, \"%s\" is %s", own->name, first,
		   kind_names[own->kind], text, kind_names[kind]);
}

/* Adds a range. `first` is the text of the first one, which tells the kind. */
static bool add_range(struct project_pools_own *own, const char *first, const char *text, struct err *err) {
	enum kind kind;

	if (!value_guess_kind(text, &kind)) {
		return err_set(err, ERR_INVALID_INPUT,
		    "pool %s: range \"%s\": not an address, number or host", own->name, text);
	}
	if (!check_kind(own, first, text, kind, err)) {
		return false;
	}
	own->kind = kind;
	own->ranges = mem_grow(own->ranges, own->count + 1, sizeof *own->ranges);
	return range_parse(text, kind, &own->ranges[own->count++], err);
}

/* Reads the list, and cuts it at its commas. */
static bool read_ranges(struct project_pools_own *own, char *list, struct err *err) {
	const char *first = list;
	char *next = list;

	while (next != NULL) {
		char *text = next;

		next = strchr(text, ',');
		if (next != NULL) {
			*next++ = '\0';
		}
		if (!add_range(own, first, text, err)) {
			return false;
		}
	}
	return true;
}

static bool read_pool(struct project_pools_own *own, const char *text, struct err *err) {
	const char *equals = strchr(text, '=');

	if (equals == NULL) {
		return err_set(err, ERR_INVALID_INPUT, "\"%s\": expected NAME=RANGE[,RANGE…]", text);
	}
	own->name = mem_print("%.*s", (int)(equals - text), text);
	if (!name_check("pool", own->name, err)) {
		return false;
	}
	char *list = mem_text(equals + 1);
	bool ok = read_ranges(own, list, err);

	free(list);
	return ok;
}

static bool check_new(
    const struct project_pools *pools, const struct project_pools_own *own, struct err *err) {
	assert(own->name != NULL);
	for (size_t i = 0; i < pools->count; i++) {
		if (strcmp(pools->own[i].name, own->name) == 0) {
			return err_set(err, ERR_INVALID_INPUT, "pool %s occurs twice", own->name);
		}
	}
	return true;
}

bool project_pools_add(struct project_pools *pools, const char *text, struct err *err) {
	struct project_pools_own own = {0};

	if (!read_pool(&own, text, err) || !check_new(pools, &own, err)) {
		own_release(&own);
		return false;
	}
	pools->own = mem_grow(pools->own, pools->count + 1, sizeof *pools->own);
	pools->own[pools->count] = own;
	pools->pools = mem_grow(pools->pools, pools->count + 1, sizeof *pools->pools);
	pools->pools[pools->count++] = (struct project_pool){own.name, own.kind, own.ranges, own.count};
	return true;
}

void project_pools_release(struct project_pools *pools) {
	for (size_t i = 0; i < pools->count; i++) {
		own_release(&pools->own[i]);
	}
	free(pools->own);
	free(pools->pools);
	*pools = (struct project_pools){0};
}
