#include "model/text/script.h"

#include <ctype.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "db/batch/batch.h"
#include "db/base/buf.h"
#include "db/base/err.h"
#include "db/base/mem.h"
#include "gen/queries.h"
#include "model/text/line.h"

/* The characters that a backslash quotes inside double quotes. */
static const char escaped[] = "\\\"$`";

void script_init(struct script *s, const char *text, size_t n) {
	*s = (struct script){.at = text + line_mark(text, n), .end = text + n};
}

void script_line_release(struct script_line *line) {
	if (line->argv != NULL) {
		free(line->argv[0]);
	}
	free(line->argv);
	*line = (struct script_line){0};
}

static bool not_closed(char quote, struct err *err) {
	return err_set(err, ERR_INVALID_INPUT, "the quote %c is not closed on this line", quote);
}

/* Reads from the opening quote to the closing one. */
static bool read_single(const char **at, struct buf *out, struct err *err) {
	size_t n = strcspn(*at, "'");

	buf_add(out, *at, n);
	*at += n;
	return *(*at)++ == '\'' || not_closed('\'', err);
}

static bool read_double(const char **at, struct buf *out, struct err *err) {
	const char *p = *at;

	for (; *p != '"'; p++) {
		if (*p == '\\' && p[1] != '\0' && strchr(escaped, p[1]) != NULL) {
			p++;
		}
		if (*p == '\0') {
			return not_closed('"', err);
		}
		buf_char(out, *p);
	}
	*at = p + 1;
	return true;
}

static bool read_escaped(const char **at, struct buf *out, struct err *err) {
	if (**at == '\0') {
		return err_set(
		    err, ERR_INVALID_INPUT, "a backslash at the end of the line: a line cannot be continued");
	}
	buf_char(out, *(*at)++);
	return true;
}

/* Reads one word and adds a NUL. */
static bool read_word(const char **at, struct buf *out, struct err *err) {
	bool ok = true;

	while (ok && strchr(" \t", **at) == NULL) {
		char c = *(*at)++;

		if (c == '\'') {
			ok = read_single(at, out, err);
		} else if (c == '"') {
			ok = read_double(at, out, err);
		} else if (c == '\\') {
			ok = read_escaped(at, out, err);
		} else if (c == '\r') {
			ok = line_lone_return(0, err);
		} else {
			buf_char(out, c);
		}
	}
	buf_char(out, '\0');
	return ok;
}

/* Reads all words of a line, each ended by NUL. A carriage return in a comment is refused: in a file whose
 * lines end with one, the comment would hide the rest of the file. */
static bool read_words(const char *at, struct buf *out, int *count, struct err *err) {
	for (;;) {
		at += strspn(at, " \t");
		if (*at == '\0' || *at == '#') {
			return strchr(at, '\r') == NULL || line_lone_return(0, err);
		}
		if (*count == INT_MAX - 2) {
			return err_set(err, ERR_INVALID_INPUT, "too many words");
		}
		if (!read_word(&at, out, err)) {
			return false;
		}
		(*count)++;
	}
}

size_t script_word_at(const char *line, int word) {
	const char *at = line;
	struct buf ignored = {0};
	struct err err = {0};
	bool ok = true;

	for (int i = 1; ok; i++) {
		at += strspn(at, " \t");
		if (i == word || *at == '\0') {
			break;
		}
		ok = read_word(&at, &ignored, &err);
	}
	buf_release(&ignored);
	err_release(&err);
	return (size_t)(at - line);
}

static char **point_at(char *words, int count) {
	char **argv = mem_new((size_t)count + 1, sizeof *argv);

	for (int i = 0; i < count; i++) {
		argv[i] = words;
		words += strlen(words) + 1;
	}
	return argv;
}

/* Reads a line that ends with NUL. */
static bool read_line(const char *text, struct script_line *line, struct err *err) {
	struct buf words = {0};
	int count = 0;
	bool ok;

	buf_char(&words, '\0');
	ok = read_words(text, &words, &count, err);
	if (ok && count > 0) {
		line->argc = count + 1;
		line->argv = point_at(buf_take(&words), line->argc);
	}
	buf_release(&words);
	return ok;
}

bool script_next(struct script *s, struct script_line *line, struct err *err) {
	bool ok = true;

	*line = (struct script_line){0};
	while (ok && line->argc == 0 && s->at < s->end) {
		size_t n = 0, whole = 0;
		char *text;

		ok = line_take(s->at, s->end, ++s->line, &n, &whole, err);
		text = mem_new(n + 1, 1);
		memcpy(text, s->at, n);
		ok = ok && read_line(text, line, err);
		line->number = s->line;
		s->at += whole;
		free(text);
	}
	if (!ok) {
		err->line = s->line;
	}
	return ok;
}

struct id script_digest(struct id before, const struct script_line *line) {
	struct buf words = {0};
	struct id digest;

	for (int i = 1; i < line->argc; i++) {
		buf_printf(&words, "%zu:%s", strlen(line->argv[i]), line->argv[i]);
	}
	digest = id_digest(before, buf_text(&words), words.len);
	buf_release(&words);
	return digest;
}

void script_place_put(struct script_places *places, int64_t line, struct buf *text) {
	int64_t shift = line - ++places->place;

	if (shift != places->shift) {
		buf_printf(text, "%s%" PRId64 "+%" PRId64, text->len == 0 ? "" : ",", places->place, shift);
		places->shift = shift;
	}
}

/* Reads a number from 0 to 32 bits, which no file has as many lines as, and the character `end` after it, or
 * the end of the text. */
static bool read_number(const char **text, char end, int64_t *number) {
	char *behind = NULL;

	*number = isdigit((unsigned char)**text) ? strtoll(*text, &behind, 10) : -1;
	if (*number < 0 || *number > UINT32_MAX || (*behind != end && *behind != '\0')) {
		return false;
	}
	*text = behind + (*behind == '\0' ? 0 : 1);
	return true;
}

bool script_place_next(struct script_places *places, const char **text, int64_t *line) {
	const char *behind = *text;
	int64_t place = INT64_MAX;
	int64_t shift = 0;

	places->place++;
	if (**text != '\0' && !(read_number(&behind, '+', &place) && read_number(&behind, ',', &shift))) {
		return false;
	}
	if (place == places->place) {
		places->shift = shift;
		*text = behind;
	}
	*line = places->place + places->shift;
	return place >= places->place;
}

size_t script_begin_add(struct batch *b, struct id id, struct id digest, const char *places) {
	char text[ID_TEXT];

	return batch_name(b, query_batch_begin_add(b, id, id_text(digest, text), places), "batch");
}

void script_quote(const char *text, struct buf *out) {
	buf_char(out, '\'');
	for (; *text != '\0'; text++) {
		if (*text == '\'') {
			buf_puts(out, "'\\''");
		} else {
			buf_char(out, *text);
		}
	}
	buf_char(out, '\'');
}
