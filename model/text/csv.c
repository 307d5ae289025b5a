#include "model/text/csv.h"

#include <stdlib.h>
#include <string.h>

#include "db/base/err.h"
#include "db/base/mem.h"
#include "model/text/line.h"

void csv_init(struct csv *csv, const char *text, size_t n) {
	const char *begin = text + line_mark(text, n);

	*csv = (struct csv){.p = begin, .checked = begin, .end = text + n, .line = 1, .delimiter = ','};
}

void csv_release(struct csv *csv) {
	buf_release(&csv->text);
	free(csv->starts);
	free(csv->fields);
	*csv = (struct csv){0};
}

static bool refuse(struct csv *csv, int64_t line, const char *why, struct err *err) {
	csv->p = csv->end;
	(void)err_set(err, ERR_INVALID_INPUT, "%s", why);
	err->line = line;
	return false;
}

static bool at(const struct csv *csv, char c) {
	return csv->p < csv->end && *csv->p == c;
}

/* Checks the line that begins here, unless it has been checked. */
static bool check_line(struct csv *csv, struct err *err) {
	size_t n, whole;

	if (csv->p < csv->checked || csv->p == csv->end) {
		return true;
	}
	if (!line_take(csv->p, csv->end, csv->line, &n, &whole, err)) {
		csv->p = csv->checked = csv->end;
		return false;
	}
	csv->checked = csv->p + whole;
	return true;
}

/* Takes a line end, if there is one. */
static bool take_newline(struct csv *csv) {
	size_t n = at(csv, '\r') && csv->end - csv->p > 1 && csv->p[1] == '\n' ? 2 : at(csv, '\n') ? 1 : 0;

	csv->p += n;
	csv->line += n > 0 ? 1 : 0;
	return n > 0;
}

/* Reads the rest of a quoted field, after its opening quote. */
static bool take_quoted(struct csv *csv, struct err *err) {
	int64_t line = csv->line;

	for (; csv->p < csv->end; csv->p++) {
		char c = *csv->p;

		if (!check_line(csv, err)) {
			return false;
		}
		if (c == '"') {
			csv->p++;
			if (!at(csv, '"')) {
				return true;
			}
		}
		csv->line += c == '\n' ? 1 : 0;
		buf_char(&csv->text, c);
	}
	return refuse(csv, line, "a quoted field without its closing quote", err);
}

static bool is_bare(const struct csv *csv, char c) {
	return c != csv->delimiter && (c != '"' || csv->bare) && c != '\r' && c != '\n';
}

static bool take_bare(struct csv *csv, struct err *err) {
	const char *from = csv->p;

	while (csv->p < csv->end && is_bare(csv, *csv->p)) {
		csv->p++;
	}
	buf_add(&csv->text, from, (size_t)(csv->p - from));
	return !csv->bare && at(csv, '"')
		   ? refuse(csv, csv->line, "a quote inside a field that is not quoted", err)
		   : true;
}

static void begin_field(struct csv *csv, size_t count) {
	if (count == csv->room) {
		csv->room = csv->room == 0 ? 8 : 2 * csv->room;
		csv->starts = mem_grow(csv->starts, csv->room, sizeof *csv->starts);
		csv->fields = mem_grow(csv->fields, csv->room, sizeof *csv->fields);
	}
	csv->starts[count] = csv->text.len;
}

/* Reads one field and the delimiter or line end after it; *more: it was a delimiter. */
static bool take_field(struct csv *csv, bool *more, struct err *err) {
	bool quoted = !csv->bare && at(csv, '"');

	csv->p += quoted ? 1 : 0;
	if (!(quoted ? take_quoted(csv, err) : take_bare(csv, err))) {
		return false;
	}
	buf_char(&csv->text, '\0');
	*more = at(csv, csv->delimiter);
	csv->p += *more ? 1 : 0;
	if (*more || csv->p == csv->end || take_newline(csv)) {
		return true;
	}
	if (*csv->p == '\r') {
		csv->p = csv->end;
		return line_lone_return(csv->line, err);
	}
	return refuse(csv, csv->line, "text after the closing quote of a field", err);
}

/* Takes an empty or blank line, if there is one. */
static bool take_blank_line(struct csv *csv) {
	const char *from = csv->p;

	while (at(csv, ' ') || at(csv, '\t')) {
		csv->p++;
	}
	if (take_newline(csv) || (csv->p == csv->end && csv->p > from)) {
		return true;
	}
	csv->p = from;
	return false;
}

/* Skips blank lines. */
static bool begin_row(struct csv *csv, struct err *err) {
	do {
		if (!check_line(csv, err)) {
			return false;
		}
	} while (take_blank_line(csv));
	return true;
}

bool csv_next(struct csv *csv, struct csv_row *row, struct err *err) {
	bool more = true;
	struct csv_row next = {0};

	if (!begin_row(csv, err)) {
		return false;
	}
	next.line = csv->line;
	buf_cut(&csv->text, 0);
	while (more && (csv->p < csv->end || next.count > 0)) {
		begin_field(csv, next.count++);
		if (!take_field(csv, &more, err)) {
			return false;
		}
	}
	for (size_t i = 0; i < next.count; i++) {
		csv->fields[i] = csv->text.text + csv->starts[i];
	}
	next.fields = csv->fields;
	*row = next;
	return true;
}

char csv_guess_delimiter(const char *text, size_t n) {
	static const char known[] = ",;\t";
	size_t counts[sizeof known] = {0};
	size_t best = 0;
	bool quoted = false;

	for (size_t i = 0; i < n && text[i] != '\n'; i++) {
		const char *found = strchr(known, text[i]);

		quoted = quoted != (text[i] == '"');
		if (!quoted && text[i] != '\0' && found != NULL) {
			counts[found - known]++;
		}
	}
	for (size_t i = 1; known[i] != '\0'; i++) {
		best = counts[i] > counts[best] ? i : best;
	}
	return known[best];
}

void csv_field(struct buf *out, const char *text) {
	if (text[strcspn(text, ",\"\r\n")] == '\0') {
		buf_puts(out, text);
		return;
	}
	buf_char(out, '"');
	for (const char *p = text; *p != '\0'; p++) {
		if (*p == '"') {
			buf_char(out, '"');
		}
		buf_char(out, *p);
	}
	buf_char(out, '"');
}
