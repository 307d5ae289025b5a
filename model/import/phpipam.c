#include "model/import/layout.h"

#include <string.h>

/* phpIPAM exports XLS, which people save as CSV. All but the export of one subnet have entities of HTML. */

static bool convert_vrf(const char *text, struct buf *out, struct err *err) {
	return strcmp(text, "default") == 0 || convert_html(text, out, err);
}

static const struct layout_column address_columns[] = {
    {CELL_VALUE, true, {"IP Address"}, NULL},
    {CELL_SPACE, false, {"VRF"}, convert_vrf},
    {CELL_STATE, false, {"Tag"}, NULL},
    {CELL_HOLDER, false, {"Hostname"}, convert_html},
    {CELL_HOLDER, false, {"Description"}, convert_html},
    {0},
};

static const struct layout_column one_subnet_columns[] = {
    {CELL_VALUE, true, {"ip address"}, NULL},
    {CELL_STATE, false, {"tag", "ip state"}, NULL},
    {CELL_HOLDER, false, {"hostname"}, NULL},
    {CELL_HOLDER, false, {"description"}, NULL},
    {0},
};

static const struct layout_column subnet_columns[] = {
    {CELL_RANGE, true, {"Subnet"}, NULL},
    {CELL_SPACE, false, {"VRF"}, convert_vrf},
    {0},
};

/* A subnet can be what a pool of prefixes gives. */
static const struct layout_column subnet_lease_columns[] = {
    {CELL_VALUE, true, {"Subnet"}, NULL},
    {CELL_SPACE, false, {"VRF"}, convert_vrf},
    {CELL_HOLDER, false, {"Description"}, convert_html},
    {0},
};

static const struct layout_column vlan_lease_columns[] = {
    {CELL_VALUE, true, {"Number"}, convert_vlan},
    {CELL_POOL, false, {"Domain"}, convert_html},
    {CELL_HOLDER, false, {"Name"}, convert_html},
    {0},
};

static const struct layout_column vlan_range_columns[] = {
    {CELL_RANGE, true, {"Number"}, convert_vlan},
    {CELL_POOL, false, {"Domain"}, convert_html},
    {0},
};

/* The DHCP server knows who holds such an address. */
static bool finish_address(struct import_row *row) {
	row->skip = strcmp(row_cell(row, CELL_STATE), "DHCP") == 0 ? "dhcp" : NULL;
	return true;
}

/* Skips a folder, whose name stands where a subnet has its range. */
static void skip_folder(struct import_row *row, enum import_cell cell) {
	static const char folder[] = " (folder)";
	const char *text = row_cell(row, cell);
	size_t n = strlen(text);

	if (n >= strlen(folder) && strcmp(text + n - strlen(folder), folder) == 0) {
		row->skip = "folder";
		row_put(row, cell, "", 0);
	}
}

static bool finish_subnet(struct import_row *row) {
	skip_folder(row, CELL_RANGE);
	if (row->skip == NULL) {
		layout_name_pool(row);
	}
	return true;
}

static bool finish_subnet_lease(struct import_row *row) {
	skip_folder(row, CELL_VALUE);
	return true;
}

static bool finish_vlan_lease(struct import_row *row) {
	layout_name_vlans(row, IMPORT_LEASES);
	return true;
}

static bool finish_vlan_range(struct import_row *row) {
	layout_name_vlans(row, IMPORT_RANGES);
	return true;
}

static const struct layout addresses = {
    .what = IMPORT_LEASES, .columns = address_columns, .finish = finish_address};
static const struct layout one_subnet = {
    .what = IMPORT_LEASES, .columns = one_subnet_columns, .finish = finish_address};
static const struct layout subnets = {.what = IMPORT_RANGES,
    .columns = subnet_columns,
    .unless = "IP Address",
    .nested = true,
    .finish = finish_subnet};
static const struct layout subnet_leases = {.what = IMPORT_LEASES,
    .columns = subnet_lease_columns,
    .unless = "IP Address",
    .finish = finish_subnet_lease};
static const struct layout vlan_leases = {
    .what = IMPORT_LEASES, .columns = vlan_lease_columns, .finish = finish_vlan_lease};
static const struct layout vlan_ranges = {
    .what = IMPORT_RANGES, .columns = vlan_range_columns, .finish = finish_vlan_range};

const struct layout *const phpipam_layouts[] = {
    &addresses, &one_subnet, &subnets, &subnet_leases, &vlan_leases, &vlan_ranges, NULL};
