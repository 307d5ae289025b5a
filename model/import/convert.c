#include "model/import/layout.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "db/base/num.h"
#include "model/syntax/value.h"

#define VLAN_LAST 4094

/* Returns whether the text after the slash is the length of a prefix. */
static bool is_mask(const char *text, enum kind kind) {
	int64_t length;

	return int_parse(text, 0, kind == KIND_IPV4 ? 32 : 128, &length);
}

bool convert_address(const char *text, struct buf *out, struct err *err) {
	const char *slash = strchr(text, '/');
	enum kind kind;

	if (slash != NULL &&
	    (!value_guess_kind(text, &kind) || kind == KIND_HOST || !is_mask(slash + 1, kind))) {
		return err_set(
		    err, ERR_INVALID_INPUT, "\"%s\" is not an address with the length of a prefix", text);
	}
	buf_add(out, text, slash == NULL ? strlen(text) : (size_t)(slash - text));
	return true;
}

bool convert_prefix(const char *text, struct buf *out, struct err *err) {
	if (strchr(text, '/') == NULL) {
		return err_set(err, ERR_INVALID_INPUT, "\"%s\" lacks the length of its prefix", text);
	}
	buf_puts(out, text);
	return true;
}

bool convert_vlan(const char *text, struct buf *out, struct err *err) {
	int64_t number;

	if (text[0] == '0' || !int_parse(text, 1, VLAN_LAST, &number)) {
		return err_set(
		    err, ERR_INVALID_INPUT, "\"%s\" is not the number of a VLAN, 1 to %d", text, VLAN_LAST);
	}
	buf_puts(out, text);
	return true;
}

/* The entities that occur in names of Latin script; others stand as numbers. */
static const struct {
	const char *name;
	const char *text;
} entities[] = {
    {"amp", "&"},
    {"lt", "<"},
    {"gt", ">"},
    {"quot", "\""},
    {"apos", "'"},
    {"nbsp", "\u00a0"},
    {"auml", "ä"},
    {"ouml", "ö"},
    {"uuml", "ü"},
    {"Auml", "Ä"},
    {"Ouml", "Ö"},
    {"Uuml", "Ü"},
    {"szlig", "ß"},
    {"aring", "å"},
    {"Aring", "Å"},
    {"aelig", "æ"},
    {"AElig", "Æ"},
    {"oslash", "ø"},
    {"Oslash", "Ø"},
    {"eacute", "é"},
    {"Eacute", "É"},
    {"egrave", "è"},
    {"ecirc", "ê"},
    {"agrave", "à"},
    {"acirc", "â"},
    {"aacute", "á"},
    {"iacute", "í"},
    {"icirc", "î"},
    {"oacute", "ó"},
    {"ocirc", "ô"},
    {"uacute", "ú"},
    {"ucirc", "û"},
    {"ntilde", "ñ"},
    {"Ntilde", "Ñ"},
    {"ccedil", "ç"},
    {"Ccedil", "Ç"},
    {"euro", "€"},
    {"ndash", "–"},
    {"mdash", "—"},
    {"hellip", "…"},
    {"copy", "©"},
    {"reg", "®"},
    {"deg", "°"},
    {"sect", "§"},
    {"micro", "µ"},
};

static void put_code(unsigned long code, struct buf *out) {
	if (code < 0x80) {
		buf_char(out, (char)code);
	} else if (code < 0x800) {
		buf_char(out, (char)(0xc0 | code >> 6));
		buf_char(out, (char)(0x80 | (code & 0x3f)));
	} else {
		if (code >= 0x10000) {
			buf_char(out, (char)(0xf0 | code >> 18));
			buf_char(out, (char)(0x80 | (code >> 12 & 0x3f)));
		} else {
			buf_char(out, (char)(0xe0 | code >> 12));
		}
		buf_char(out, (char)(0x80 | (code >> 6 & 0x3f)));
		buf_char(out, (char)(0x80 | (code & 0x3f)));
	}
}

/* Decodes n bytes between "&" and ";"; false: they are no entity. */
static bool put_entity(const char *name, size_t n, struct buf *out) {
	if (n > 1 && name[0] == '#') {
		bool hex = name[1] == 'x' || name[1] == 'X';
		char *end;
		unsigned long code = strtoul(name + (hex ? 2 : 1), &end, hex ? 16 : 10);

		if (end != name + n || code == 0 || code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) {
			return false;
		}
		put_code(code, out);
		return true;
	}
	for (size_t i = 0; i < sizeof entities / sizeof *entities; i++) {
		if (strlen(entities[i].name) == n && memcmp(entities[i].name, name, n) == 0) {
			buf_puts(out, entities[i].text);
			return true;
		}
	}
	return false;
}

bool convert_html(const char *text, struct buf *out, struct err *err) {
	(void)err;
	while (*text != '\0') {
		size_t n = *text == '&' ? strcspn(text, ";") : 0;

		if (n > 1 && n < 12 && text[n] == ';' && put_entity(text + 1, n - 1, out)) {
			text += n + 1;
		} else {
			buf_char(out, *text++);
		}
	}
	return true;
}

void layout_name_pool(struct import_row *row) {
	const char *space = row_cell(row, CELL_SPACE);
	struct buf name = {0};

	if (row_cell(row, CELL_POOL)[0] != '\0') {
		return;
	}
	row->is_named = true;
	if (space[0] != '\0' && strcmp(space, "global") != 0) {
		buf_printf(&name, "%s-", space);
	}
	/* A name cannot begin as "::1" does. */
	if (name.len == 0 && row_cell(row, CELL_RANGE)[0] == ':') {
		buf_char(&name, '0');
	}
	for (const char *p = row_cell(row, CELL_RANGE); *p != '\0'; p++) {
		bool fits = isalnum((unsigned char)*p) != 0 || *p == '.' || *p == '-';

		buf_char(&name, *p == '/' ? '-' : fits ? *p : '_');
	}
	row_put(row, CELL_POOL, buf_text(&name), name.len);
	buf_release(&name);
}

void layout_name_vlans(struct import_row *row, enum import_what what) {
	static const char none[] = "vlans";

	if (row_cell(row, CELL_POOL)[0] == '\0') {
		row_put(row, CELL_POOL, none, strlen(none));
	}
	if (what == IMPORT_RANGES) {
		struct buf pool = {0};

		buf_puts(&pool, row_cell(row, CELL_POOL));
		row_put(row, CELL_SPACE, buf_text(&pool), pool.len);
		row->titles[CELL_SPACE] = row->titles[CELL_POOL];
		buf_release(&pool);
	}
}
