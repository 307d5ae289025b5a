#include "model/import/layout.h"

#include <string.h>

#include "db/base/num.h"

/* The lease files of Kea are logs without quotes: a comma and an ampersand in a text are "&#x2c" and "&#x26".
 */

#define FOREVER INT64_C(4294967295) /* a lifetime without end */

static int hex_digit(char c) {
	return c >= '0' && c <= '9' ? c - '0' : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : -1;
}

static bool convert_text(const char *text, struct buf *out, struct err *err) {
	while (*text != '\0') {
		if (strncmp(text, "&#x", 3) == 0 && hex_digit(text[3]) >= 0 && hex_digit(text[4]) >= 0 &&
		    (text[3] != '0' || text[4] != '0')) {
			buf_char(out, (char)(hex_digit(text[3]) << 4 | hex_digit(text[4])));
			text += 5;
		} else {
			buf_char(out, *text++);
		}
	}
	(void)err;
	return true;
}

/* Clears the identifier of a declined address. */
static bool convert_duid(const char *text, struct buf *out, struct err *err) {
	(void)err;
	buf_puts(out, strcmp(text, "00:00:00") == 0 ? "" : text);
	return true;
}

/* Checks groups of one or two hexadecimal digits with colons between them. */
static bool convert_mac(const char *text, struct buf *out, struct err *err) {
	int digits = 0;
	bool ok = true;

	for (const char *p = text; ok && *p != '\0'; p++) {
		bool colon = *p == ':';

		digits = colon ? 0 : digits + 1;
		ok = colon ? p > text && p[-1] != ':' && p[1] != '\0' : hex_digit(*p) >= 0 && digits <= 2;
	}
	if (!ok) {
		return err_set(err, ERR_INVALID_INPUT, "\"%s\" is not a hardware address", text);
	}
	buf_puts(out, text);
	return true;
}

static const struct layout_column v4_columns[] = {
    {CELL_VALUE, true, {"address"}, NULL},
    {CELL_LIFETIME, true, {"valid_lifetime"}, NULL},
    {CELL_UNTIL, true, {"expire"}, NULL},
    {CELL_STATE, false, {"state"}, NULL},
    {CELL_HOLDER, true, {"hostname"}, convert_text},
    {CELL_CLIENT, true, {"client_id"}, NULL},
    {CELL_HARDWARE, true, {"hwaddr"}, convert_mac},
    {0},
};

static const struct layout_column v6_columns[] = {
    {CELL_VALUE, true, {"address"}, NULL},
    {CELL_LIFETIME, true, {"valid_lifetime"}, NULL},
    {CELL_UNTIL, true, {"expire"}, NULL},
    {CELL_STATE, false, {"state"}, NULL},
    {CELL_TYPE, true, {"lease_type"}, NULL},
    {CELL_HOLDER, false, {"hostname"}, convert_text},
    {CELL_CLIENT, true, {"duid"}, convert_duid},
    {0},
};

/* Reads the state of a lease, whose number is its place here. */
static bool read_state(struct import_row *row) {
	static const char *const states[] = {NULL, "declined", "reclaimed", "released", NULL};
	const char *state = row_cell(row, CELL_STATE);
	int64_t number = 0;

	if (state[0] != '\0' && !int_parse(state, 0, sizeof states / sizeof *states - 1, &number)) {
		return row_refuse(row, CELL_STATE, "is no state of a lease");
	}
	row->skip = states[number];
	return true;
}

/* Names the holder: the host, else the client, else its hardware. */
static void name_holder(struct import_row *row) {
	static const enum import_cell others[] = {CELL_CLIENT, CELL_HARDWARE};
	struct buf name = {0};

	for (size_t i = 0; i < sizeof others / sizeof *others && row_cell(row, CELL_HOLDER)[0] == '\0'; i++) {
		buf_cut(&name, 0);
		buf_puts(&name, row_cell(row, others[i]));
		row_put(row, CELL_HOLDER, buf_text(&name), name.len);
	}
	buf_release(&name);
}

static bool finish(struct import_row *row, bool v6) {
	int64_t lifetime, expire;

	if ((strchr(row_cell(row, CELL_VALUE), ':') != NULL) != v6) {
		return row_refuse(row, CELL_VALUE, v6 ? "is not an IPv6 address" : "is not an IPv4 address");
	}
	if (!row_seconds(row, CELL_LIFETIME, &lifetime) || !row_seconds(row, CELL_UNTIL, &expire) ||
	    !read_state(row)) {
		return false;
	}
	if (lifetime == 0) {
		row->skip = "deleted";
	} else if (row->skip == NULL && row_cell(row, CELL_CLIENT)[0] == '\0' &&
		   row_cell(row, CELL_HARDWARE)[0] == '\0') {
		return row_refuse(row, CELL_CLIENT, "names no client");
	}
	name_holder(row);
	row_put(row, CELL_UNTIL, "", 0);
	if (row->skip == NULL && lifetime != FOREVER) {
		row_put_end(row, expire);
	}
	return true;
}

static bool finish_v4(struct import_row *row) {
	return finish(row, false);
}

/* A delegated prefix is no single value. */
static bool finish_v6(struct import_row *row) {
	int64_t type;

	if (!int_parse(row_cell(row, CELL_TYPE), 0, 2, &type)) {
		return row_refuse(row, CELL_TYPE, "is no type of a lease");
	}
	return finish(row, true) &&
	       (type != 2 || row->skip != NULL ||
		   row_refuse(row, CELL_TYPE, "is a delegated prefix, which no pool of addresses gives"));
}

static const struct layout v4 = {
    .what = IMPORT_LEASES, .columns = v4_columns, .bare = true, .most = 12, .log = true, .finish = finish_v4};
static const struct layout v6 = {
    .what = IMPORT_LEASES, .columns = v6_columns, .bare = true, .most = 18, .log = true, .finish = finish_v6};

const struct layout *const kea_layouts[] = {&v4, &v6, NULL};
