#include "ui/text/unit_columns.h"

#include "db/base/buf.h"
#include "db/batch/rows.h"
#include "model/lease.h"
#include "model/syntax/unit.h"

/* Appends the unit of a pool of blocks; NULL is none. */
static void put_unit(const char *unit, struct buf *out) {
	buf_puts(out, unit == NULL ? "" : unit);
}

void column_pool_unit(const void *row, struct buf *out) {
	put_unit(((const struct pool *)row)->unit, out);
}

void column_pool_kind(const void *row, struct buf *out) {
	const struct pool *pool = row;

	buf_puts(out, kind_names[pool->kind]);
	if (pool->unit != NULL) {
		buf_printf(out, " %s%s", pool->unit[0] == '/' ? "" : "by ", pool->unit);
	}
}

void column_resource_unit(const void *row, struct buf *out) {
	put_unit(((const struct resource *)row)->unit, out);
}

void column_lease_value(const void *row, struct buf *out) {
	lease_value(row, out);
}

void column_lease_first(const void *row, struct buf *out) {
	const struct lease *lease = row;

	if (lease->held) {
		value_text((enum kind)lease->kind, lease->value, lease->host, out);
	}
}

void column_lease_last(const void *row, struct buf *out) {
	const struct lease *lease = row;

	if (lease->held) {
		value_text((enum kind)lease->kind,
		    unit_last((enum kind)lease->kind, lease->value, lease->unit), lease->host, out);
	}
}
