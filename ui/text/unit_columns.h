/*
 * The columns that tell what leases hold: values, or the blocks of a pool's unit.
 *
 * Each is the text() or show() of a column (ui/text/column.h).
 */
#ifndef UI_TEXT_UNIT_COLUMNS_H
#define UI_TEXT_UNIT_COLUMNS_H

struct buf;

/* "/64", "64", or nothing. */
void column_pool_unit(const void *row, struct buf *out);
void column_resource_unit(const void *row, struct buf *out);

/* "ipv6 /64", "number by 64", "host". */
void column_pool_kind(const void *row, struct buf *out);

/* "10.0.64.0/26" and its first and last value; nothing when it holds none. */
void column_lease_value(const void *row, struct buf *out);
void column_lease_first(const void *row, struct buf *out);
void column_lease_last(const void *row, struct buf *out);

#endif
