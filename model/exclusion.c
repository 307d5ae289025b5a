#include "model/exclusion.h"

#include <stdlib.h>

#include "db/base/buf.h"
#include "db/base/mem.h"
#include "gen/queries.h"
#include "model/text/json.h"

void exclusions_put(struct exclusions *e, const struct range *range, const char *reason) {
	e->list = mem_grow(e->list, e->count + 1, sizeof *e->list);
	e->list[e->count++] = (struct exclude){.range = *range, .reason = reason};
}

void exclusions_release(struct exclusions *e) {
	free(e->list);
	*e = (struct exclusions){0};
}

static void put_address(struct exclusions *e, enum kind kind, u128 address, const char *reason) {
	exclusions_put(e, &(struct range){.kind = kind, .first = address, .last = address}, reason);
}

void exclusions_put_unusable(struct exclusions *e, const struct range *range) {
	const u128 mask = range->last - range->first; /* of a prefix all ones */

	if (mask < 3 || (mask & (mask + 1)) != 0 || (range->first & mask) != 0) {
		return;
	}
	if (range->kind == KIND_IPV4) {
		put_address(e, KIND_IPV4, range->first, "network address");
		put_address(e, KIND_IPV4, range->last, "broadcast address");
	} else if (range->kind == KIND_IPV6) {
		put_address(e, KIND_IPV6, range->first, "first address");
	}
}

static void put_exclude(const struct exclude *exclude, struct json *j) {
	json_open_object(j);
	range_members(&exclude->range, j);
	if (exclude->reason != NULL) {
		json_put_key(j, "reason");
		json_put_text(j, exclude->reason);
	}
	json_close_object(j);
}

void exclusions_json(const struct exclusions *e, struct buf *out) {
	struct json j = {.out = out};

	json_open_array(&j);
	for (size_t i = 0; e != NULL && i < e->count; i++) {
		put_exclude(&e->list[i], &j);
	}
	json_close_array(&j);
}

void exclusion_text(const struct exclusion *exclusion, struct buf *out) {
	struct range range = {
	    .kind = (enum kind)exclusion->kind, .first = exclusion->first, .last = exclusion->last};

	if (range.kind != KIND_HOST) {
		range_text(&range, out);
		return;
	}
	value_text(KIND_HOST, range.first, exclusion->host, out);
	if (range.last > range.first) {
		buf_char(out, '-');
		value_text(KIND_NUMBER, range.last, "", out);
	}
}

size_t pool_exclude_add(
    struct batch *b, struct id id, const char *pool, const struct exclusions *e, const char *detail) {
	struct buf ranges = {0};
	size_t step;

	exclusions_json(e, &ranges);
	step = query_pool_exclude_add(b, id, pool, e->list[0].range.kind, buf_text(&ranges), detail);
	buf_release(&ranges);
	return step;
}

size_t pool_include_add(
    struct batch *b, struct id id, const char *pool, const struct exclusions *e, const char *detail) {
	struct buf ranges = {0};
	size_t step;

	exclusions_json(e, &ranges);
	step = query_pool_include_add(b, id, pool, e->list[0].range.kind, buf_text(&ranges), detail);
	buf_release(&ranges);
	return step;
}

size_t pool_exclusions_add(struct batch *b, const char *pool, int64_t limit) {
	return query_pool_exclusions_add(b, pool, limit);
}
