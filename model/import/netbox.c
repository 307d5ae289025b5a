#include "model/import/layout.h"

#include <string.h>

/* NetBox exports titles ("IP Address") and labels ("Active"), and imports field names and slugs; both are
 * read. */

/* Reads a VRF, "NAME (RD)" with entities of HTML; "Global" is none. */
static bool convert_vrf(const char *text, struct buf *out, struct err *err) {
	const char *rd = strrchr(text, '(');
	size_t n = strlen(text);
	struct buf name = {0};
	bool ok;

	if (rd != NULL && rd > text + 1 && rd[-1] == ' ' && text[n - 1] == ')') {
		n = (size_t)(rd - text) - 1;
	}
	buf_add(&name, text, n);
	ok = strcmp(buf_text(&name), "Global") == 0 || convert_html(buf_text(&name), out, err);
	buf_release(&name);
	return ok;
}

static const struct layout_column address_columns[] = {
    {CELL_VALUE, true, {"IP Address", "address"}, convert_address},
    {CELL_SPACE, false, {"VRF", "vrf"}, convert_vrf},
    {CELL_STATE, false, {"Status", "status"}, NULL},
    {CELL_HOLDER, false, {"DNS name", "DNS Name", "dns_name"}, NULL},
    {CELL_HOLDER, false, {"Description", "description"}, NULL},
    {0},
};

static const struct layout_column prefix_columns[] = {
    {CELL_RANGE, true, {"Prefix", "prefix"}, convert_prefix},
    {CELL_SPACE, false, {"VRF", "vrf"}, convert_vrf},
    {CELL_STATE, false, {"Status", "status"}, NULL},
    {0},
};

/* A prefix can be what a pool of prefixes gives. */
static const struct layout_column prefix_lease_columns[] = {
    {CELL_VALUE, true, {"Prefix", "prefix"}, convert_prefix},
    {CELL_SPACE, false, {"VRF", "vrf"}, convert_vrf},
    {CELL_STATE, false, {"Status", "status"}, NULL},
    {CELL_HOLDER, false, {"Description", "description"}, NULL},
    {CELL_HOLDER, false, {"Tenant", "tenant"}, NULL},
    {0},
};

static const struct layout_column range_columns[] = {
    {CELL_RANGE, true, {"Start address", "start_address"}, convert_address},
    {CELL_LAST, true, {"End address", "end_address"}, convert_address},
    {CELL_SPACE, false, {"VRF", "vrf"}, convert_vrf},
    {CELL_STATE, false, {"Status", "status"}, NULL},
    {0},
};

static const struct layout_column vlan_lease_columns[] = {
    {CELL_VALUE, true, {"VID", "vid"}, convert_vlan},
    {CELL_POOL, false, {"Group", "group"}, NULL},
    {CELL_POOL, false, {"Site", "site"}, NULL},
    {CELL_STATE, false, {"Status", "status"}, NULL},
    {CELL_HOLDER, false, {"Name", "name"}, NULL},
    {0},
};

static const struct layout_column vlan_range_columns[] = {
    {CELL_RANGE, true, {"VID", "vid"}, convert_vlan},
    {CELL_POOL, false, {"Group", "group"}, NULL},
    {CELL_POOL, false, {"Site", "site"}, NULL},
    {CELL_STATE, false, {"Status", "status"}, NULL},
    {0},
};

/* Reads the status: one of `known`, of which `skipped` are not brought in. Case does not matter; blank is
 * active. */
static bool read_status(struct import_row *row, const char *const *known, const char *const *skipped) {
	const char *status = row_cell(row, CELL_STATE);

	for (; *skipped != NULL; skipped++) {
		if (strcasecmp(status, *skipped) == 0) {
			row->skip = *skipped;
			return true;
		}
	}
	for (; *known != NULL; known++) {
		if (strcasecmp(status, *known) == 0) {
			return true;
		}
	}
	return status[0] == '\0' || row_refuse(row, CELL_STATE, "is no status that NetBox has by itself");
}

static const char *const held[] = {"active", "reserved", "deprecated", NULL};

static bool finish_address(struct import_row *row) {
	static const char *const dynamic[] = {"dhcp", "slaac", NULL};

	return read_status(row, held, dynamic);
}

static bool finish_prefix_lease(struct import_row *row) {
	static const char *const container[] = {"container", NULL};

	return read_status(row, held, container);
}

static bool finish_prefix(struct import_row *row) {
	layout_name_pool(row);
	return finish_prefix_lease(row);
}

static bool finish_range(struct import_row *row) {
	static const char *const none[] = {NULL};
	struct buf range = {0};

	buf_printf(&range, "%s-%s", row_cell(row, CELL_RANGE), row_cell(row, CELL_LAST));
	row_put(row, CELL_RANGE, buf_text(&range), range.len);
	buf_release(&range);
	layout_name_pool(row);
	return read_status(row, held, none);
}

static bool finish_vlan(struct import_row *row, enum import_what what) {
	static const char *const none[] = {NULL};

	layout_name_vlans(row, what);
	return read_status(row, held, none);
}

static bool finish_vlan_lease(struct import_row *row) {
	return finish_vlan(row, IMPORT_LEASES);
}

static bool finish_vlan_range(struct import_row *row) {
	return finish_vlan(row, IMPORT_RANGES);
}

static const struct layout addresses = {
    .what = IMPORT_LEASES, .columns = address_columns, .finish = finish_address};
static const struct layout prefixes = {
    .what = IMPORT_RANGES, .columns = prefix_columns, .nested = true, .finish = finish_prefix};
static const struct layout prefix_leases = {
    .what = IMPORT_LEASES, .columns = prefix_lease_columns, .finish = finish_prefix_lease};
static const struct layout ranges = {.what = IMPORT_RANGES, .columns = range_columns, .finish = finish_range};
static const struct layout vlan_leases = {
    .what = IMPORT_LEASES, .columns = vlan_lease_columns, .finish = finish_vlan_lease};
static const struct layout vlan_ranges = {
    .what = IMPORT_RANGES, .columns = vlan_range_columns, .finish = finish_vlan_range};

const struct layout *const netbox_layouts[] = {
    &addresses, &prefix_leases, &prefixes, &ranges, &vlan_leases, &vlan_ranges, NULL};
