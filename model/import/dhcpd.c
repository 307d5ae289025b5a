#include "model/import/dhcpd.h"

#include <stdlib.h>
#include <string.h>

#include "db/base/clock.h"
#include "db/base/err.h"
#include "db/base/num.h"
#include "model/import/row.h"
#include "model/syntax/instant.h"
#include "model/syntax/name.h"
#include "model/text/line.h"

bool dhcpd_init(struct dhcpd *d, const char *text, size_t n, struct err *err) {
	const char *end = text + n;
	size_t length, whole;
	int64_t line = 1;

	*d = (struct dhcpd){.p = text + line_mark(text, n), .end = end, .line = 1};
	for (const char *p = text; p < end; p += whole, line++) {
		if (!line_take(p, end, line, &length, &whole, err)) {
			return false;
		}
	}
	return true;
}

void dhcpd_release(struct dhcpd *d) {
	buf_release(&d->word);
}

static char take(struct dhcpd *d) {
	char c = *d->p++;

	d->line += c == '\n' ? 1 : 0;
	return c;
}

static bool is_blank(char c) {
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static void pass_blanks(struct dhcpd *d) {
	while (d->p < d->end && (is_blank(*d->p) || *d->p == '#')) {
		bool comment = take(d) == '#';

		while (comment && d->p < d->end && *d->p != '\n') {
			d->p++;
		}
	}
}

static bool is_octal(const char *p, const char *end) {
	for (int i = 0; i < 3; i++) {
		if (p + i >= end || p[i] < '0' || p[i] > '7') {
			return false;
		}
	}
	return true;
}

/* Reads the rest of a string. A byte that is no text of its own becomes two hexadecimal digits. */
static bool take_text(struct dhcpd *d) {
	while (d->p < d->end) {
		char c = take(d);

		if (c == '"') {
			return true;
		}
		if (c == '\\' && is_octal(d->p, d->end)) {
			unsigned code =
			    (unsigned)((d->p[0] - '0') << 6 | (d->p[1] - '0') << 3 | (d->p[2] - '0'));

			buf_printf(&d->word, "%02x", code & 0xff);
			d->p += 3;
		} else if (c == '\\' && d->p < d->end) {
			buf_char(&d->word, take(d));
		} else {
			buf_char(&d->word, c);
		}
	}
	return false;
}

/* Reads the next word into d->word: a brace, a semicolon, a string or anything else between blanks. False at
 * the end, also in the middle of a string. */
static bool next_word(struct dhcpd *d) {
	static const char ends[] = "{};\"#";

	buf_cut(&d->word, 0);
	pass_blanks(d);
	if (d->p == d->end) {
		return false;
	}
	d->is_text = *d->p == '"';
	buf_char(&d->word, take(d));
	if (d->is_text) {
		buf_cut(&d->word, 0);
		return take_text(d);
	}
	while (strchr(ends, d->word.text[0]) == NULL && d->p < d->end && !is_blank(*d->p) &&
	       strchr(ends, *d->p) == NULL) {
		buf_char(&d->word, *d->p++);
	}
	return true;
}

static bool is_word(const struct dhcpd *d, const char *text) {
	return !d->is_text && strcmp(buf_text(&d->word), text) == 0;
}

/* A statement: its first words, and the last one, which is its value. */
struct statement {
	size_t count;
	char words[4][32];
	struct buf last;
	bool has_block;
};

static void statement_begin(struct statement *s) {
	s->count = 0;
	s->has_block = false;
	buf_cut(&s->last, 0);
	for (size_t i = 0; i < 4; i++) {
		s->words[i][0] = '\0';
	}
}

static void statement_add(struct statement *s, const struct buf *word) {
	if (s->count < 4 && word->len < sizeof s->words[0]) {
		memcpy(s->words[s->count], buf_text(word), word->len + 1);
	}
	s->count++;
	buf_cut(&s->last, 0);
	buf_puts(&s->last, buf_text(word));
}

/* Reads one statement of an entry, blocks in it included. *over: it was the end of the entry. False at the
 * end of the file. */
static bool take_statement(struct dhcpd *d, struct statement *s, bool *over) {
	int depth = 0;

	statement_begin(s);
	while (next_word(d)) {
		if (depth == 0 && is_word(d, "}")) {
			*over = true;
			return true;
		}
		if (is_word(d, "{") || is_word(d, "}")) {
			s->has_block = true;
			depth += is_word(d, "{") ? 1 : -1;
			if (depth == 0) {
				return true;
			}
		} else if (depth == 0 && is_word(d, ";")) {
			return true;
		} else if (depth == 0) {
			statement_add(s, &d->word);
		}
	}
	return false;
}

/* The part of an entry that is read. */
struct entry {
	bool has_end;
	int64_t end; /* seconds, INT64_MAX for never */
	char state[32];
	struct buf name;   /* client-hostname */
	struct buf client; /* uid */
	struct buf mac;    /* hardware */
};

static void keep(struct buf *to, const struct statement *s) {
	buf_cut(to, 0);
	buf_puts(to, buf_text(&s->last));
}

/* Reads `ends never`, `ends epoch N` or `ends WEEKDAY YYYY/MM/DD HH:MM:SS`, in UTC. */
static bool read_end(const struct statement *s, int64_t *end) {
	struct err ignored = {0};
	char text[80];
	int64_t us;
	size_t n = 0;
	bool ok;

	if (strcmp(s->words[1], "never") == 0) {
		*end = INT64_MAX;
		return true;
	}
	if (strcmp(s->words[1], "epoch") == 0) {
		return int_parse(s->words[2], 0, INT64_C(253402300799), end);
	}
	for (const char *p = s->words[2]; *p != '\0'; p++) {
		text[n++] = *p == '/' ? '-' : *p;
	}
	text[n++] = 'T';
	for (const char *p = s->words[3]; *p != '\0'; p++) {
		text[n++] = *p;
	}
	text[n++] = 'Z';
	text[n] = '\0';
	ok = instant_parse(text, &us, &ignored);
	err_release(&ignored);
	if (ok) {
		*end = us / TIME_SECOND;
	}
	return ok;
}

static bool read_statement(struct entry *e, const struct statement *s, struct import_row *row) {
	if (s->has_block) {
		return true;
	}
	if (strcmp(s->words[0], "ends") == 0) {
		e->has_end = true;
		if (!read_end(s, &e->end)) {
			return err_set(&row->wrong, ERR_INVALID_INPUT, "\"%s %s %s %s\" is not a time",
			    s->words[0], s->words[1], s->words[2], s->words[3]);
		}
	} else if (strcmp(s->words[0], "binding") == 0 && strcmp(s->words[1], "state") == 0) {
		memcpy(e->state, s->words[2], sizeof e->state);
	} else if (strcmp(s->words[0], "client-hostname") == 0) {
		keep(&e->name, s);
	} else if (strcmp(s->words[0], "uid") == 0) {
		keep(&e->client, s);
	} else if (strcmp(s->words[0], "hardware") == 0) {
		keep(&e->mac, s);
	}
	return true;
}

/* Returns the word for a state in which nobody holds the address; NULL for a held one. */
static const char *not_held(const struct entry *e, const struct import_row *row) {
	static const char *const states[] = {
	    "free", "expired", "released", "abandoned", "reset", "backup", NULL};

	if (e->state[0] == '\0') {
		/* An old entry: without an end nobody knows. */
		return e->has_end && e->end > row->now / TIME_SECOND ? NULL : "free";
	}
	for (size_t i = 0; states[i] != NULL; i++) {
		if (strcmp(e->state, states[i]) == 0) {
			return states[i];
		}
	}
	return NULL;
}

static void finish(const struct entry *e, struct import_row *row) {
	const struct buf *holder = e->name.len > 0 ? &e->name : e->client.len > 0 ? &e->client : &e->mac;

	row_put(row, CELL_HOLDER, buf_text(holder), holder->len);
	row->skip = not_held(e, row);
	if (row->skip == NULL && e->state[0] != '\0' && strcmp(e->state, "active") != 0) {
		row_put(row, CELL_STATE, e->state, strlen(e->state));
		(void)row_refuse(row, CELL_STATE, "is no state of a lease");
	}
	if (row->skip == NULL && e->has_end && e->end != INT64_MAX) {
		row_put_end(row, e->end);
	}
}

/* Reads the statements of a lease, after its brace. */
static void take_entry(struct dhcpd *d, struct import_row *row) {
	struct entry e = {0};
	struct statement s = {0};
	bool over = false, whole = true, ok = true;

	while (!over && (whole = take_statement(d, &s, &over))) {
		ok = ok && (over || read_statement(&e, &s, row));
	}
	if (!whole) {
		err_set(&row->wrong, ERR_INVALID_INPUT, "lease \"%s\" is cut off by the end of the file",
		    row_cell(row, CELL_VALUE));
	} else if (ok) {
		finish(&e, row);
	}
	buf_release(&s.last);
	buf_release(&e.name);
	buf_release(&e.client);
	buf_release(&e.mac);
}

/* Passes over an entry of another sort. */
static void pass_entry(struct dhcpd *d) {
	struct statement s = {0};
	bool over = false;

	(void)(is_word(d, ";") || take_statement(d, &s, &over));
	buf_release(&s.last);
}

void dhcpd_next(struct dhcpd *d, struct import_row *row) {
	while (next_word(d)) {
		if (is_word(d, "lease")) {
			row_begin(row, d->line);
			if (next_word(d)) {
				row_put(row, CELL_VALUE, buf_text(&d->word), d->word.len);
			}
			if (next_word(d) && is_word(d, "{")) {
				take_entry(d, row);
				return;
			}
		}
		pass_entry(d);
	}
	row_begin(row, 0);
}
