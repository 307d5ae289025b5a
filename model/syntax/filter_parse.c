#include "model/syntax/filter.h"

#include <stdlib.h>
#include <string.h>

#include "db/base/buf.h"
#include "db/base/err.h"
#include "db/base/mem.h"
#include "model/syntax/filter_lex.h"
#include "model/syntax/filter_value.h"
#include "model/syntax/name.h"
#include "model/syntax/selector.h"
#include "model/text/json.h"

#define COMPARE "=!<>"
#define LABEL "label:"

/* Each term goes to one of three lists of JSON. */
struct parser {
	const char *text;
	const char *at;
	enum filter_rows rows;
	bool labelled; /* they have labels */
	struct buf words, terms, labels;
	struct json word, term, label;
	size_t count;
	bool comma; /* a comma is before the term */
};

static bool point(const struct parser *p, const char *at, struct err *err) {
	return selector_point(p->text, (size_t)(at - p->text), err);
}

static bool refuse(const struct parser *p, const char *at, const char *expected, struct err *err) {
	(void)err_set(err, ERR_INVALID_INPUT,
	    *at == '\0' ? "filter: expected %s, but it ends there" : "filter: expected %s", expected);
	return point(p, at, err);
}

/* Reads a text in quotes and moves *at after it. */
static bool take_quoted(const struct parser *p, const char **at, struct buf *out, struct err *err) {
	const char *c = *at + 1;

	while (*c != '"' && *c != '\0') {
		c += *c == '\\' && c[1] != '\0' ? 1 : 0;
		buf_char(out, *c++);
	}
	if (*c == '\0') {
		return refuse(p, c, "a quote at the end of the text", err);
	}
	*at = c + 1;
	return true;
}

/* Reads the value of a field, up to one of these characters, and moves *at after it. */
static bool take_value(const struct parser *p, const struct filter_field *field, const char *op,
    const char **at, const char *stop, struct json *out, struct err *err) {
	struct buf text = {0};
	const char *from = *at;
	bool ok = true;

	if (*from == '"') {
		ok = take_quoted(p, at, &text, err);
	} else {
		size_t n = strcspn(from, stop);

		buf_add(&text, from, n);
		*at = from + n;
	}
	if (ok && !filter_value_put(field, op, buf_text(&text), out, err)) {
		ok = point(p, from, err);
	}
	buf_release(&text);
	return ok;
}

static bool take_values(
    struct parser *p, const struct filter_field *field, const char *op, const char *at, struct err *err) {
	do {
		at = filter_skip(at + 1); /* after the bracket or comma */
		if (!take_value(p, field, op, &at, FILTER_BLANKS ",()", &p->term, err)) {
			return false;
		}
		at = filter_skip(at);
	} while (*at == ',');
	if (*at != ')') {
		return refuse(p, at, "\",\" or \")\"", err);
	}
	p->at = at + 1;
	return true;
}

/* Takes the operator at `from` and the value after it. */
static bool take_field(
    struct parser *p, const struct filter_field *field, const char *op, const char *from, struct err *err) {
	const char *at = filter_skip(from + strlen(op));

	op = strcmp(op, "==") == 0 ? "=" : op;
	if (!filter_has_op(field->type, op)) {
		(void)err_set(err, ERR_INVALID_INPUT, "filter: %s has the operators = and !=%s", field->name,
		    field->type == FILTER_WORD   ? ", in and notin"
		    : field->type == FILTER_PART ? ""
						 : ", < > <= and >=");
		return point(p, from, err);
	}
	json_open_object(&p->term);
	json_put_key(&p->term, "field");
	json_put_text(&p->term, field->name);
	json_put_key(&p->term, "op");
	json_put_text(&p->term, op);
	json_put_key(&p->term, "values");
	json_open_array(&p->term);
	if (*at == '(' && (strcmp(op, "in") == 0 || strcmp(op, "notin") == 0)) {
		if (!take_values(p, field, op, at, err)) {
			return false;
		}
	} else if (take_value(p, field, op, &at, FILTER_BLANKS ",", &p->term, err)) {
		p->at = at;
	} else {
		return false;
	}
	json_close_array(&p->term);
	json_close_object(&p->term);
	return true;
}

/* Refuses a label where rows have none: it must have been meant as a field. */
static bool refuse_label(const struct parser *p, const char *from, struct err *err) {
	struct buf names = {0};

	for (const struct filter_field *field = filter_fields[p->rows]; field->name != NULL; field++) {
		buf_printf(&names, "%s%s", names.len == 0 ? "" : ", ", field->name);
	}
	(void)err_set(err, ERR_INVALID_INPUT, "filter: the fields are %s", buf_text(&names));
	buf_release(&names);
	return point(p, from, err);
}

/* Takes a requirement of a selector, or the key of a label that must be absent. */
static bool take_label(struct parser *p, const char *from, const char *to, bool absent, struct err *err) {
	struct selector selector = {0};
	struct buf one = {0};

	if (!p->labelled) {
		return refuse_label(p, from, err);
	}
	if (!selector_parse_part(p->text, (size_t)(from - p->text), (size_t)(to - p->text), &selector, err)) {
		return false;
	}
	for (size_t i = 0; i < selector.count; i++) {
		struct selector part = {.requirements = &selector.requirements[i], .count = 1};

		part.requirements->op = absent ? SELECTOR_ABSENT : part.requirements->op;
		buf_cut(&one, 0);
		selector_json(&part, &one);
		buf_cut(&one, one.len - 1);
		json_put_raw(&p->label, buf_text(&one) + 1);
	}
	buf_release(&one);
	selector_release(&selector);
	p->at = to;
	return true;
}

static void put_word(struct parser *p, const char *text, size_t n) {
	char *word = mem_print("%.*s", (int)n, text);

	json_open_object(&p->word);
	json_put_key(&p->word, "text");
	json_put_text(&p->word, word);
	(void)filter_range_put(word, &p->word);
	json_close_object(&p->word);
	free(word);
}

static bool take_quoted_word(struct parser *p, struct err *err) {
	struct buf text = {0};
	const char *from = p->at;
	bool ok = take_quoted(p, &p->at, &text, err);

	if (ok && text.len == 0) {
		ok = refuse(p, from, "a word", err);
	} else if (ok) {
		put_word(p, buf_text(&text), text.len);
	}
	buf_release(&text);
	return ok;
}

/* Takes a word or, beside a comma or named so, the key of a label. */
static bool take_bare(struct parser *p, struct err *err) {
	const char *from = p->at;
	const char *to = from + strcspn(from, FILTER_BLANKS "," COMPARE);

	if (!filter_ends(to)) {
		return refuse(p, to, "a name before the operator", err);
	}
	if (strncmp(from, LABEL, strlen(LABEL)) == 0) {
		return take_label(p, from + strlen(LABEL), to, false, err);
	}
	if (p->labelled && (p->comma || *filter_skip(to) == ',')) {
		return take_label(p, from, to, false, err);
	}
	p->at = to;
	put_word(p, from, (size_t)(to - from));
	return true;
}

static bool take_absent(struct parser *p, struct err *err) {
	const char *name = filter_skip(p->at + 1);
	const char *end = name + strcspn(name, FILTER_BLANKS ",");

	if (strncmp(name, LABEL, strlen(LABEL)) == 0 && name[filter_name(name)] == *end) {
		return take_label(p, name + strlen(LABEL), end, true, err);
	}
	return take_label(p, p->at, end, false, err);
}

static bool take_term(struct parser *p, struct err *err) {
	const char *name = p->at;
	size_t n = filter_name(name);
	const char *from;
	const char *op = filter_operator(name, name + n, &from);
	const struct filter_field *field = op == NULL ? NULL : filter_field_find(p->rows, name, n);

	if (*name == '"') {
		return take_quoted_word(p, err);
	}
	if (*name == '!' && name[1] != '=') {
		return take_absent(p, err);
	}
	if (op == NULL && (*name == ',' || (*from == '!' && from == name + n))) {
		return n > 0 ? refuse(p, from + 1, "\"=\"", err)
			     : refuse(p, name, "a word, a field or the key of a label", err);
	}
	if (op == NULL) {
		return take_bare(p, err);
	}
	if (field != NULL) {
		return take_field(p, field, op, from, err);
	}
	if (n > strlen(LABEL) && memcmp(name, LABEL, strlen(LABEL)) == 0) {
		name += strlen(LABEL);
	}
	return take_label(p, name, filter_label_end(op, from), false, err);
}

/* Takes the terms and what separates them. */
static bool take_all(struct parser *p, struct err *err) {
	while (*p->at != '\0') {
		if (p->count++ == FILTER_MAX_TERMS) {
			(void)err_set(
			    err, ERR_INVALID_INPUT, "filter: at most %d terms are allowed", FILTER_MAX_TERMS);
			return point(p, p->at, err);
		}
		if (!take_term(p, err)) {
			return false;
		}
		if (!filter_ends(p->at)) {
			return refuse(p, p->at, "a blank, \",\" or the end", err);
		}
		p->at = filter_skip(p->at);
		p->comma = *p->at == ',';
		if (p->comma) {
			p->at = filter_skip(p->at + 1);
		}
		if (p->comma && *p->at == '\0') {
			return refuse(p, p->at, "a word, a field or the key of a label", err);
		}
	}
	return true;
}

static char *finish(const struct parser *p, bool invert) {
	struct buf out = {0};
	struct json j = {.out = &out};

	json_open_object(&j);
	json_put_key(&j, "invert");
	json_put_bool(&j, invert);
	json_put_key(&j, "words");
	json_put_raw(&j, buf_text(&p->words));
	json_put_key(&j, "terms");
	json_put_raw(&j, buf_text(&p->terms));
	json_put_key(&j, "labels");
	json_put_raw(&j, buf_text(&p->labels));
	json_close_object(&j);
	return buf_take(&out);
}

/* Checks that the text is UTF-8 and not too long. */
static bool check(const char *text, struct err *err) {
	const char *end = text + strlen(text);
	const char *at = text;
	uint32_t code;

	if (end - text > FILTER_MAX_BYTES) {
		return err_set(
		    err, ERR_INVALID_INPUT, "filter: at most %d bytes are allowed", FILTER_MAX_BYTES);
	}
	while (at < end) {
		const char *from = at;

		if (!utf8_next(&at, end, &code)) {
			char *before = mem_print("%.*s\xef\xbf\xbd", (int)(from - text), text);

			(void)err_set(err, ERR_INVALID_INPUT, "filter: the text is not UTF-8");
			(void)selector_point(before, (size_t)(from - text), err);
			free(before);
			return false;
		}
	}
	return true;
}

static void begin(struct parser *p) {
	p->word = (struct json){.out = &p->words};
	p->term = (struct json){.out = &p->terms};
	p->label = (struct json){.out = &p->labels};
	json_open_array(&p->word);
	json_open_array(&p->term);
	json_open_array(&p->label);
}

static void end(struct parser *p) {
	json_close_array(&p->word);
	json_close_array(&p->term);
	json_close_array(&p->label);
}

static void release(struct parser *p) {
	buf_release(&p->words);
	buf_release(&p->terms);
	buf_release(&p->labels);
}

static bool parse(struct parser *p, struct row_filter *out, struct err *err) {
	bool invert = *p->text == '!';
	bool ok;

	p->at = filter_skip(p->text + (invert ? 1 : 0));
	begin(p);
	ok = take_all(p, err);
	if (ok) {
		end(p);
		*out = (struct row_filter){.json = p->count == 0 ? NULL : finish(p, invert)};
	}
	return ok;
}

struct row_filter row_filter_word(const char *word) {
	struct parser p = {.text = word, .at = word};
	struct row_filter out = {0};

	if (*word != '\0') {
		begin(&p);
		put_word(&p, word, strlen(word));
		end(&p);
		out.json = finish(&p, false);
		release(&p);
	}
	return out;
}

struct row_filter row_filter_name(const char *field, const char *text) {
	struct parser p = {.text = text, .at = text};
	struct row_filter out;

	begin(&p);
	json_open_object(&p.term);
	json_put_key(&p.term, "field");
	json_put_text(&p.term, field);
	json_put_key(&p.term, "op");
	json_put_text(&p.term, "=");
	json_put_key(&p.term, "values");
	json_open_array(&p.term);
	json_put_text(&p.term, text);
	json_close_array(&p.term);
	json_close_object(&p.term);
	end(&p);
	out = (struct row_filter){.json = finish(&p, false)};
	release(&p);
	return out;
}

bool row_filter_parse(const char *text, enum filter_rows rows, struct row_filter *out, struct err *err) {
	struct parser p = {.text = text, .rows = rows, .labelled = filter_has_labels(rows)};
	bool ok = check(text, err) && parse(&p, out, err);

	release(&p);
	return ok;
}
