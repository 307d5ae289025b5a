#include "model/syntax/selector.h"

#include <stdlib.h>
#include <string.h>

#include "db/base/buf.h"
#include "db/base/err.h"
#include "db/base/mem.h"
#include "db/base/num.h"
#include "model/text/json.h"
#include "model/syntax/label.h"
#include "model/syntax/name.h"

#define BLANKS " \t\r\n"
#define SYMBOLS "=!(),><"

static const struct {
	const char *text;
	enum selector_op op;
} operators[] = {
    {"=", SELECTOR_EQUALS},
    {"==", SELECTOR_EQUALS},
    {"!=", SELECTOR_NOT_EQUALS},
    {"in", SELECTOR_IN},
    {"notin", SELECTOR_NOT_IN},
    {">", SELECTOR_GREATER},
    {"<", SELECTOR_LESS},
    {">=", SELECTOR_AT_LEAST},
    {"<=", SELECTOR_AT_MOST},
};

/* A parser with one token of lookahead. `words` and `values` have room for one byte and one value for each
 * byte of the text, plus one, which is always enough. */
struct parser {
	const char *text;  /* ends with the selector */
	const char *whole; /* the same text and what follows it, for errors */
	const char *at;    /* the next token */
	bool filter;       /* a term of a filter, which also has >= and <= */
	size_t n;          /* its bytes; 0 at the end */
	struct selector selector;
	char *words;         /* where the next word goes */
	const char **values; /* and the next value */
};

typedef bool label_check(const char *text, size_t n, struct err *err);

static size_t token_length(const char *at, bool filter) {
	if (strncmp(at, "==", 2) == 0 || strncmp(at, "!=", 2) == 0 ||
	    (filter && (strncmp(at, ">=", 2) == 0 || strncmp(at, "<=", 2) == 0))) {
		return 2;
	}
	return *at != '\0' && strchr(SYMBOLS, *at) != NULL ? 1 : strcspn(at, SYMBOLS BLANKS);
}

static void take(struct parser *p) {
	p->at += p->n;
	p->at += strspn(p->at, BLANKS);
	p->n = token_length(p->at, p->filter);
}

static bool is(const struct parser *p, const char *token) {
	return p->n == strlen(token) && memcmp(p->at, token, p->n) == 0;
}

static bool is_word(const struct parser *p) {
	return p->n > 0 && strchr(SYMBOLS, *p->at) == NULL;
}

bool selector_point(const char *text, size_t wrong, struct err *err) {
	struct buf detail = {0};
	struct json j = {.out = &detail};
	int64_t position = -1;

	for (const char *c = text; c <= text + wrong; c++) {
		position += ((unsigned char)*c & 0xc0) != 0x80 ? 1 : 0;
	}
	json_open_object(&j);
	json_put_key(&j, "selector");
	json_put_text(&j, text);
	json_put_key(&j, "position");
	json_put_int(&j, position);
	json_close_object(&j);
	free(err->detail);
	err->detail = buf_take(&detail);
	return false;
}

/* Adds the position to an error. */
static bool point(const struct parser *p, const char *at, struct err *err) {
	return selector_point(p->whole, (size_t)(at - p->text), err);
}

static bool refuse(const struct parser *p, const char *expected, struct err *err) {
	if (p->n == 0) {
		(void)err_set(err, ERR_INVALID_INPUT, "selector: expected %s, but it ends there", expected);
	} else {
		(void)err_set(err, ERR_INVALID_INPUT, "selector: expected %s, not \"%.*s\"", expected,
		    (int)p->n, p->at);
	}
	return point(p, p->at, err);
}

static bool passes(label_check *check, const char *text, size_t n, const char *tail) {
	struct buf all = {0};
	struct err err = {0};
	bool ok;

	buf_add(&all, text, n);
	buf_puts(&all, tail);
	ok = check(buf_text(&all), all.len, &err);
	err_release(&err);
	buf_release(&all);
	return ok;
}

/* Returns the index of the first character after which the text cannot become valid. The checks of labels
 * have no positions, so longer and longer prefixes are tried. `tail` is a letter, which a prefix may need at
 * its end, followed by what must follow. */
static size_t first_wrong(label_check *check, const char *text, size_t from, size_t to, const char *tail) {
	for (size_t n = from + 1; n <= to; n++) {
		if (!passes(check, text, n, tail + 1) && !passes(check, text, n, tail)) {
			return n - 1;
		}
	}
	return to > from ? to - 1 : from;
}

static size_t key_wrong(const char *key, size_t n) {
	const char *slash = memchr(key, '/', n);
	size_t prefix = slash == NULL ? 0 : (size_t)(slash - key);

	if (slash != NULL && !passes(label_key_check, key, prefix, "/a")) {
		return first_wrong(label_key_check, key, 0, prefix, "a/a");
	}
	return first_wrong(label_key_check, key, slash == NULL ? 0 : prefix + 1, n, "a");
}

static char *copy_word(struct parser *p) {
	char *word = p->words;

	memcpy(word, p->at, p->n); /* the block is zeroed, so a NUL follows */
	p->words += p->n + 1;
	take(p);
	return word;
}

static bool take_key(struct parser *p, struct requirement *r, struct err *err) {
	if (!is_word(p)) {
		return refuse(p, r->op == SELECTOR_ABSENT ? "a label key" : "a label key or \"!\"", err);
	}
	if (!label_key_check(p->at, p->n, err)) {
		return point(p, p->at + key_wrong(p->at, p->n), err);
	}
	char *key = copy_word(p);
	char *slash = strchr(key, '/');
	r->prefix = slash == NULL ? "" : key;
	r->name = slash == NULL ? key : slash + 1;
	if (slash != NULL) {
		*slash = '\0';
	}
	return true;
}

static void add_value(struct parser *p, struct requirement *r, const char *value) {
	*p->values++ = value;
	r->count++;
}

/* Takes the next value, or the empty one. */
static bool take_value(struct parser *p, struct requirement *r, struct err *err) {
	if (is_word(p) && !label_value_check(p->at, p->n, err)) {
		return point(p, p->at + first_wrong(label_value_check, p->at, 0, p->n, "a"), err);
	}
	add_value(p, r, is_word(p) ? copy_word(p) : "");
	return true;
}

static bool take_exact(struct parser *p, struct requirement *r, struct err *err) {
	if (!is_word(p) && p->n > 0 && !is(p, ",")) {
		return refuse(p, "a label value", err);
	}
	return take_value(p, r, err);
}

/* Checks for digits before the rules of labels, so that the error for "-5" asks for an integer. */
static bool take_integer(struct parser *p, struct requirement *r, struct err *err) {
	const struct parser here = *p;
	size_t digits = strspn(p->at, "0123456789");

	if (digits > 0 && digits == p->n) {
		if (!take_value(p, r, err)) {
			return false;
		}
		if (int_parse(r->values[0], 0, INT64_MAX, &r->number)) {
			return true;
		}
		digits = 0;
	}
	(void)refuse(&here, "an integer from 0 to 9223372036854775807", err);
	return is_word(&here) ? point(&here, here.at + digits, err) : false;
}

static int compare(const void *a, const void *b) {
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void sort_values(struct requirement *r) {
	size_t kept = 1;

	qsort(r->values, r->count, sizeof *r->values, compare);
	for (size_t i = 1; i < r->count; i++) {
		if (strcmp(r->values[i], r->values[kept - 1]) != 0) {
			r->values[kept++] = r->values[i];
		}
	}
	r->count = kept;
}

static bool take_list(struct parser *p, struct requirement *r, struct err *err) {
	bool empty;

	if (!is(p, "(")) {
		return refuse(p, "\"(\"", err);
	}
	do {
		take(p);
		empty = !is_word(p);
		if (!take_value(p, r, err)) {
			return false;
		}
	} while (is(p, ","));
	if (!is(p, ")")) {
		return refuse(p, empty ? "a label value, \",\" or \")\"" : "\",\" or \")\"", err);
	}
	take(p);
	sort_values(r);
	return true;
}

static bool take_operator(struct parser *p, struct requirement *r, struct err *err) {
	for (size_t i = 0; i < sizeof operators / sizeof operators[0]; i++) {
		if (is(p, operators[i].text)) {
			r->op = operators[i].op;
			take(p);
			return true;
		}
	}
	return refuse(p, "\",\" or one of = == != in notin > <", err);
}

static bool take_requirement(struct parser *p, struct requirement *r, struct err *err) {
	*r = (struct requirement){.values = p->values};
	if (is(p, "!")) {
		r->op = SELECTOR_ABSENT;
		take(p);
	}
	if (!take_key(p, r, err)) {
		return false;
	}
	if (p->n == 0 || is(p, ",")) {
		return true;
	}
	if (r->op == SELECTOR_ABSENT) {
		return refuse(p, "\",\" or the end", err);
	}
	if (!take_operator(p, r, err)) {
		return false;
	}
	switch (r->op) {
	case SELECTOR_IN:
	case SELECTOR_NOT_IN:
		return take_list(p, r, err);
	case SELECTOR_GREATER:
	case SELECTOR_LESS:
	case SELECTOR_AT_LEAST:
	case SELECTOR_AT_MOST:
		return take_integer(p, r, err);
	default:
		return take_exact(p, r, err);
	}
}

static bool take_all(struct parser *p, struct err *err) {
	struct selector *s = &p->selector;

	for (;;) {
		if (s->count == SELECTOR_MAX_REQUIREMENTS) {
			(void)err_set(err, ERR_INVALID_INPUT, "selector: at most %d requirements are allowed",
			    SELECTOR_MAX_REQUIREMENTS);
			return point(p, p->at, err);
		}
		s->requirements = mem_grow(s->requirements, s->count + 1, sizeof *s->requirements);
		if (!take_requirement(p, &s->requirements[s->count], err)) {
			return false;
		}
		s->count++;
		if (p->n == 0) {
			return true;
		}
		if (!is(p, ",")) {
			return refuse(p, "\",\" or the end", err);
		}
		take(p);
	}
}

static bool parse(struct parser *p, struct err *err) {
	size_t n = strlen(p->text);

	if (n > SELECTOR_MAX_BYTES) {
		(void)err_set(
		    err, ERR_INVALID_INPUT, "selector: at most %d bytes are allowed", SELECTOR_MAX_BYTES);
		return point(p, p->text + SELECTOR_MAX_BYTES, err);
	}
	p->words = p->selector.words = mem_new(n + 1, 1);
	p->values = p->selector.values = mem_new(n + 1, sizeof *p->values);
	take(p);
	return p->n == 0 || take_all(p, err);
}

/* Replaces bytes that are not UTF-8 by U+FFFD, which no selector may contain and an error may show. */
static void clean(const char *text, struct buf *out) {
	const char *end = text + strlen(text);

	while (text < end) {
		const char *from = text;
		uint32_t code = 0;

		if (utf8_next(&text, end, &code)) {
			buf_add(out, from, (size_t)(text - from));
		} else {
			buf_puts(out, "\xef\xbf\xbd");
		}
	}
}

static bool finish(struct parser *p, struct selector *out, struct err *err) {
	bool ok = parse(p, err);

	if (ok) {
		*out = p->selector;
	} else {
		selector_release(&p->selector);
	}
	return ok;
}

bool selector_parse(const char *text, struct selector *out, struct err *err) {
	struct buf copy = {0};
	struct parser p;
	bool ok;

	clean(text, &copy);
	p = (struct parser){.text = buf_text(&copy), .whole = buf_text(&copy), .at = buf_text(&copy)};
	ok = finish(&p, out, err);
	buf_release(&copy);
	return ok;
}

bool selector_parse_part(const char *text, size_t from, size_t to, struct selector *out, struct err *err) {
	struct buf copy = {0};
	struct parser p;
	bool ok;

	buf_add(&copy, text, to);
	p = (struct parser){
	    .text = buf_text(&copy), .whole = text, .at = buf_text(&copy) + from, .filter = true};
	ok = finish(&p, out, err);
	buf_release(&copy);
	return ok;
}
