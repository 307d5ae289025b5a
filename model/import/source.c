#include "model/import/source.h"

#include <stdlib.h>
#include <string.h>

#include "db/base/err.h"
#include "db/base/mem.h"
#include "model/import.h"
#include "model/import/map.h"

#define ABSENT ((size_t)-1)
#define HEADER_ROWS 10 /* an export of phpIPAM has titles above its header */

/* The lease file of dhcpd has columns of no layout, see dhcpd.h. */
static const struct layout *const no_layouts[] = {NULL};

static const struct layout *const *const formats[] = {
    [IMPORT_NETBOX] = netbox_layouts,
    [IMPORT_PHPIPAM] = phpipam_layouts,
    [IMPORT_KEA] = kea_layouts,
    [IMPORT_DHCPD] = no_layouts,
    [IMPORT_NIPAP] = nipap_layouts,
    [IMPORT_OWN] = own_layouts,
};

void source_release(struct source *s) {
	csv_release(&s->csv);
	dhcpd_release(&s->dhcpd);
	for (size_t i = 0; s->titles != NULL && i < s->count; i++) {
		free(s->titles[i]);
	}
	free(s->titles);
	free(s->places);
	free(s->columns);
	free(s->map);
	*s = (struct source){0};
}

/* Returns the place of a title, which occurs at most once. */
static size_t find_title(const struct csv_row *row, const char *title) {
	for (size_t i = 0; i < row->count; i++) {
		if (strcmp(row->fields[i], title) == 0) {
			return i;
		}
	}
	return ABSENT;
}

static size_t find_column(const struct csv_row *row, const struct layout_column *column) {
	for (size_t i = 0; i < LAYOUT_TITLES && column->titles[i] != NULL; i++) {
		size_t at = find_title(row, column->titles[i]);

		if (at != ABSENT) {
			return at;
		}
	}
	return ABSENT;
}

/* Returns the needed column that a header lacks, or NULL. */
static const struct layout_column *missing(const struct layout_column *columns, const struct csv_row *row) {
	for (; columns->titles[0] != NULL; columns++) {
		if (columns->needed && find_column(row, columns) == ABSENT) {
			return columns;
		}
	}
	return NULL;
}

static bool fits(const struct layout *layout, const struct csv_row *row) {
	return missing(layout->columns, row) == NULL &&
	       (layout->unless == NULL || find_title(row, layout->unless) == ABSENT);
}

/* Returns the layout of a header, one of `what` if there are several. */
static const struct layout *choose(
    const struct layout *const *layouts, const struct csv_row *row, enum import_what what) {
	const struct layout *found = NULL;

	for (; *layouts != NULL; layouts++) {
		if (fits(*layouts, row) && (found == NULL || (*layouts)->what == what)) {
			found = *layouts;
		}
	}
	return found;
}

static const char *verb_of(enum import_what what) {
	return what == IMPORT_LEASES ? "lease import" : "pool import";
}

/* Appends the titles by which the layouts of a format are known. */
static void put_titles(const struct source *s, struct buf *out) {
	for (const struct layout *const *l = formats[s->ask->from]; *l != NULL; l++) {
		if ((*l)->what == s->ask->what) {
			buf_printf(out, "%s\"%s\"", out->len > 0 ? " or " : "", (*l)->columns->titles[0]);
		}
	}
}

static bool refuse_header(const struct source *s, const char *first, struct err *err) {
	struct buf titles = {0};

	put_titles(s, &titles);
	if (titles.len == 0) {
		err_set(err, ERR_INVALID_INPUT, "%s has no ranges: berth lease import reads its files",
		    import_format_names[s->ask->from]);
	} else {
		err_set(err, ERR_INVALID_INPUT,
		    "no line at the start of the file has the columns of %s, such as %s: "
		    "it begins with \"%s\"",
		    import_format_names[s->ask->from], buf_text(&titles), first);
		err_hint(err, "--map reads a file with other columns");
	}
	buf_release(&titles);
	return false;
}

/* Puts the columns of --map before those of the layout. */
static bool place_columns(
    struct source *s, const struct layout_column *columns, const struct csv_row *row, struct err *err) {
	const bool headless = row->fields == NULL;
	struct layout_column *mapped = NULL;
	size_t count = 0;

	if (s->ask->map != NULL && !map_read(s->ask, &s->map, &mapped, &count, err)) {
		return false;
	}
	for (; columns->titles[0] != NULL; columns++) {
		mapped = mem_grow(mapped, count + 1, sizeof *mapped);
		mapped[count++] = *columns;
	}
	s->columns = mapped;
	s->count = count;
	s->places = mem_new(count, sizeof *s->places);
	s->titles = mem_new(count, sizeof *s->titles);
	s->width = row->count;
	for (size_t i = 0; i < count; i++) {
		s->places[i] = headless ? i : find_column(row, &mapped[i]);
		if (s->places[i] == ABSENT && mapped[i].needed) {
			return err_set(
			    err, ERR_INVALID_INPUT, "the header has no column \"%s\"", mapped[i].titles[0]);
		}
		s->titles[i] = mem_text(
		    s->places[i] == ABSENT || headless ? mapped[i].titles[0] : row->fields[s->places[i]]);
	}
	return true;
}

static bool is_known(const struct layout *layout, const char *title) {
	for (const struct layout_column *c = layout->columns; c->titles[0] != NULL; c++) {
		for (size_t i = 0; i < LAYOUT_TITLES && c->titles[i] != NULL; i++) {
			if (strcmp(c->titles[i], title) == 0) {
				return true;
			}
		}
	}
	for (const char *const *name = layout->ignored; *name != NULL; name++) {
		if (strcmp(*name, title) == 0) {
			return true;
		}
	}
	return false;
}

static const char *own_header(enum import_what what) {
	return what == IMPORT_LEASES
		   ? "pool,value and may have holder, project, until, labels, id and created"
		   : "pool,kind,range and may have space, labels and exclude";
}

/* Checks the header of berth's own format: no column is unknown. */
static bool check_own(const struct source *s, const struct csv_row *row, struct err *err) {
	const struct layout_column *lacking = missing(s->layout->columns, row);

	for (size_t i = 0; i < row->count; i++) {
		const char *title = row->fields[i];

		if (find_title(row, title) != i) {
			return err_set(
			    err, ERR_INVALID_INPUT, "column \"%s\" occurs twice in the header", title);
		}
		if (!is_known(s->layout, title)) {
			err_set(err, ERR_INVALID_INPUT, "unknown column \"%s\" in the header", title);
			return err_hint(err, "the header is %s", own_header(s->ask->what));
		}
	}
	if (lacking != NULL || (find_title(row, "pool") == ABSENT && find_title(row, "space") == ABSENT)) {
		err_set(err, ERR_INVALID_INPUT, "the header has no column %s",
		    lacking == NULL ? "pool" : lacking->titles[0]);
		return err_hint(err, "the header is %s", own_header(s->ask->what));
	}
	return true;
}

/* Reads the header of berth's own format, or of a file whose columns --map names. */
static bool open_own(struct source *s, struct err *err) {
	static const struct layout_column none[] = {{0}};
	struct csv_row row;

	if (!csv_next(&s->csv, &row, err)) {
		return false;
	}
	if (row.count == 0) {
		return err_set(err, ERR_INVALID_INPUT, "the file is empty: it begins with the header %s",
		    s->ask->what == IMPORT_LEASES ? "pool,value" : "pool,kind,range");
	}
	s->layout = own_layouts[s->ask->what];
	s->is_plain = s->ask->what == IMPORT_RANGES && s->ask->map == NULL;
	return s->ask->map != NULL
		   ? place_columns(s, none, &row, err)
		   : check_own(s, &row, err) && place_columns(s, s->layout->columns, &row, err);
}

/* Finds the header of a foreign file, and with it the layout. */
static bool open_foreign(struct source *s, struct err *err) {
	const struct layout *const *layouts = formats[s->ask->from];
	struct buf first = {0};
	struct csv_row row = {0};
	bool ok = true;

	for (int n = 0; n < HEADER_ROWS && s->layout == NULL && (ok = csv_next(&s->csv, &row, err)); n++) {
		if (row.count == 0) {
			break;
		}
		if (n == 0) {
			buf_puts(&first, row.fields[0]);
		}
		s->layout = choose(layouts, &row, s->ask->what);
	}
	if (ok && s->layout == NULL) {
		ok = refuse_header(s, buf_text(&first), err);
	} else if (ok && s->layout->what != s->ask->what) {
		ok = err_set(
		    err, ERR_INVALID_INPUT, "the file is one that berth %s reads", verb_of(s->layout->what));
	}
	buf_release(&first);
	return ok && place_columns(s, s->layout->columns, &row, err);
}

static bool open_headless(struct source *s, struct err *err) {
	struct csv_row row = {0};

	for (const struct layout *const *l = formats[s->ask->from]; *l != NULL; l++) {
		s->layout = (*l)->what == s->ask->what ? *l : s->layout;
	}
	for (const struct layout_column *c = s->layout->columns; c->titles[0] != NULL; c++) {
		row.count++;
	}
	return place_columns(s, s->layout->columns, &row, err);
}

static bool open_text(struct source *s, const char *text, size_t n, struct err *err) {
	const struct layout *first = formats[s->ask->from][0];

	csv_init(&s->csv, text, n);
	s->csv.bare = first->bare;
	s->csv.delimiter = s->ask->delimiter != '\0' ? s->ask->delimiter
			   : first->bare             ? ','
						     : csv_guess_delimiter(text, n);
	if (s->ask->from == IMPORT_OWN) {
		return open_own(s, err);
	}
	return first->headless ? open_headless(s, err) : open_foreign(s, err);
}

bool source_open(
    struct source *s, const struct import_ask *ask, const char *text, size_t n, struct err *err) {
	static const char xls[] = "\xd0\xcf\x11\xe0";
	bool ok;

	*s = (struct source){.ask = ask, .is_dhcpd = ask->from == IMPORT_DHCPD};
	if (n >= strlen(xls) && memcmp(text, xls, strlen(xls)) == 0) {
		err_set(err, ERR_INVALID_INPUT, "the file is XLS but must be CSV");
		err_hint(err, "a spreadsheet saves it as CSV, in UTF-8");
		ok = false;
	} else if (s->is_dhcpd && ask->what == IMPORT_RANGES) {
		ok = refuse_header(s, "", err);
	} else {
		ok = s->is_dhcpd ? dhcpd_init(&s->dhcpd, text, n, err) : open_text(s, text, n, err);
	}
	if (!ok && err->line == 0) {
		err->line = 1;
	}
	return ok;
}

/* Cuts blanks off both ends; berth's own files have none that do not belong there. */
static const char *strip(const struct source *s, const char *text, size_t *n) {
	*n = strlen(text);
	if (s->ask->from != IMPORT_OWN || s->ask->map != NULL) {
		size_t before = strspn(text, " \t\r\n");

		text += before;
		*n -= before;
		while (*n > 0 && strchr(" \t\r\n", text[*n - 1]) != NULL) {
			--*n;
		}
	}
	return text;
}

/* Fills a cell from its column, unless an earlier column has filled it. */
static bool fill(const struct source *s, size_t i, const char *text, struct import_row *row) {
	const struct layout_column *column = &s->columns[i];
	struct buf cut = {0}, converted = {0};
	size_t n;
	bool ok = true;

	text = strip(s, text, &n);
	if (row_cell(row, column->cell)[0] != '\0' || (n == 0 && row->titles[column->cell] != NULL)) {
		return true;
	}
	row->titles[column->cell] = s->is_plain ? NULL : s->titles[i];
	if (n == 0) {
		return true;
	}
	row_put(row, column->cell, text, n);
	if (column->convert != NULL) {
		buf_add(&cut, text, n);
		ok = column->convert(buf_text(&cut), &converted, &row->wrong) ||
		     row_blame(row, column->cell, &row->wrong);
		if (ok) {
			row_put(row, column->cell, buf_text(&converted), converted.len);
		}
	}
	buf_release(&cut);
	buf_release(&converted);
	return ok;
}

static bool is_blank(const struct csv_row *row) {
	for (size_t i = 0; i < row->count; i++) {
		if (row->fields[i][strspn(row->fields[i], " \t\r\n")] != '\0') {
			return false;
		}
	}
	return true;
}

static void read_row(const struct source *s, const struct csv_row *from, struct import_row *row) {
	size_t most = s->layout->most > s->width ? s->layout->most : s->width;
	bool whole = from->count >= s->width && from->count <= most;
	bool ok = true;

	row_begin(row, from->line);
	for (size_t i = 0; i < s->count; i++) {
		if (s->places[i] != ABSENT && s->places[i] < from->count) {
			ok = fill(s, i, from->fields[s->places[i]], row) && ok;
		}
	}
	if (!whole) {
		err_set(&row->wrong, ERR_INVALID_INPUT, "%zu fields where the header has %zu", from->count,
		    s->width);
	} else if (ok && s->layout->finish != NULL) {
		(void)s->layout->finish(row);
	}
}

bool source_next(struct source *s, struct import_row *row, struct err *err) {
	struct csv_row next;

	if (s->is_dhcpd) {
		dhcpd_next(&s->dhcpd, row);
		return true;
	}
	do {
		if (!csv_next(&s->csv, &next, err)) {
			return false;
		}
	} while (next.count > 1 && s->ask->from != IMPORT_OWN && is_blank(&next));
	if (next.count == 0) {
		row_begin(row, 0);
	} else {
		read_row(s, &next, row);
	}
	return true;
}
