#include "model/syntax/filter_value.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "db/base/buf.h"
#include "db/base/err.h"
#include "db/base/num.h"
#include "model/syntax/duration.h"
#include "model/syntax/instant.h"
#include "model/syntax/range.h"
#include "model/text/json.h"

#define DIGITS "0123456789"

enum {
	COUNT_DIGITS = 39,  /* most of a count */
	PERCENT_DIGITS = 6, /* most of a percentage, on either side of the point */
	INT_TEXT = 24
};

bool filter_has_op(enum filter_type type, const char *op) {
	bool equal = strcmp(op, "=") == 0 || strcmp(op, "!=") == 0;
	bool list = strcmp(op, "in") == 0 || strcmp(op, "notin") == 0;

	switch (type) {
	case FILTER_WORD:
		return equal || list;
	case FILTER_NAME:
		return true;
	case FILTER_PART:
		return equal;
	default:
		return !list;
	}
}

/* Returns the word of the list in any case, NULL when there is none; adds the list to `all`. */
static const char *find_word(const char *const *list, const char *text, struct buf *all) {
	for (; list != NULL && *list != NULL; list++) {
		if (strcasecmp(*list, text) == 0) {
			return *list;
		}
		buf_printf(all, "%s%s", all->len == 0 ? "" : ", ", *list);
	}
	return NULL;
}

static bool put_word(const struct filter_field *field, const char *text, struct json *out, struct err *err) {
	struct buf words = {0};
	const char *word = text;

	if (field->words != NULL) {
		word = find_word(field->words, text, &words);
		word = word == NULL ? find_word(field->shown, text, &words) : word;
	}
	if (word != NULL) {
		json_put_text(out, word);
		buf_release(&words);
		return true;
	}
	(void)err_set(err, ERR_INVALID_INPUT, "filter: %s is one of %s", field->name, buf_text(&words));
	buf_release(&words);
	return false;
}

static bool put_count(const struct filter_field *field, const char *text, struct json *out, struct err *err) {
	size_t n = strspn(text, DIGITS);

	if (n == 0 || n > COUNT_DIGITS || text[n] != '\0') {
		bool percent = strcmp(field->name, "used") == 0 && n > 0 && strcmp(text + n, "%") == 0;

		return err_set(err, ERR_INVALID_INPUT,
		    percent ? "filter: %s is a count; the percentage is used%%"
			    : "filter: %s is a whole number",
		    field->name);
	}
	json_put_text(out, text);
	return true;
}

static bool put_percent(const char *text, struct json *out, struct err *err) {
	size_t whole = strspn(text, DIGITS);
	size_t n = whole + (text[whole] == '.' ? 1 + strspn(text + whole + 1, DIGITS) : 0);
	char number[2 * PERCENT_DIGITS + 2];

	if (whole == 0 || whole > PERCENT_DIGITS || n > 2 * PERCENT_DIGITS || text[n - 1] == '.' ||
	    (text[n] != '\0' && strcmp(text + n, "%") != 0)) {
		return err_set(err, ERR_INVALID_INPUT, "filter: expected a percentage, as in 90 or 92.5");
	}
	(void)snprintf(number, sizeof number, "%.*s", (int)n, text);
	json_put_text(out, number);
	return true;
}

static void put_number(struct json *out, const char *prefix, int64_t number) {
	char text[INT_TEXT];

	(void)snprintf(text, sizeof text, "%s%" PRId64, prefix, number);
	json_put_text(out, text);
}

/* Returns the last argument of err_set() in place of an error of another parser. */
static bool replace(struct err *err, const char *field, const char *expected) {
	return err_set(err, ERR_INVALID_INPUT, "filter: %s is %s", field, expected);
}

static bool put_span(const struct filter_field *field, const char *text, struct json *out, struct err *err) {
	int64_t us = 0;

	if (!duration_parse(text, &us, err)) {
		return replace(err, field->name, "a duration: a whole number and a unit, as in 5m, 2h, 30d");
	}
	put_number(out, "", us);
	return true;
}

/* Writes "never", "+US" for a time from now, or "@US" for a time. */
static bool put_time(
    const struct filter_field *field, const char *op, const char *text, struct json *out, struct err *err) {
	int64_t us = 0;

	if (strcmp(text, "never") == 0) {
		if (strcmp(op, "=") != 0 && strcmp(op, "!=") != 0) {
			return err_set(err, ERR_INVALID_INPUT, "filter: never goes with = and !=");
		}
		json_put_text(out, text);
	} else if (duration_parse(text, &us, err)) {
		put_number(out, "+", us);
	} else if (instant_parse(text, &us, err)) {
		err_release(err);
		put_number(out, "@", us);
	} else {
		return replace(err, field->name,
		    "a duration from now, as in 1h or 30d, a time, as in 2026-01-31T12:00:00Z, or never");
	}
	return true;
}

static bool read_range(const char *text, struct range *r) {
	struct err err = {0};
	bool ok = range_guess(text, r, &err);

	err_release(&err);
	return ok;
}

static bool put_value(const char *op, const char *text, struct json *out, struct err *err) {
	char digits[U128_TEXT];
	struct range r;
	bool equal = op[0] == '!' || (op[0] == '=');

	if (!read_range(text, &r)) {
		return err_set(err, ERR_INVALID_INPUT,
		    "filter: value is an address, a number, a slot of a host, or a range of these");
	}
	if (!equal && (r.first != r.last || r.kind == KIND_HOST)) {
		return err_set(err, ERR_INVALID_INPUT,
		    "filter: a %s goes with = and !=", r.kind == KIND_HOST ? "host" : "range");
	}
	json_put_text(out, kind_names[r.kind]);
	json_put_text(out, u128_text(r.first, digits));
	json_put_text(out, u128_text(r.last, digits));
	json_put_text(out, r.host);
	return true;
}

bool filter_value_put(
    const struct filter_field *field, const char *op, const char *text, struct json *out, struct err *err) {
	switch (field->type) {
	case FILTER_WORD:
		return put_word(field, text, out, err);
	case FILTER_COUNT:
		return put_count(field, text, out, err);
	case FILTER_PERCENT:
		return put_percent(text, out, err);
	case FILTER_SPAN:
		return put_span(field, text, out, err);
	case FILTER_TIME:
		return put_time(field, op, text, out, err);
	case FILTER_VALUE:
		return put_value(op, text, out, err);
	default:
		json_put_text(out, text);
		return true;
	}
}

bool filter_range_put(const char *word, struct json *out) {
	char digits[U128_TEXT];
	struct range r;

	if (!read_range(word, &r)) {
		return false;
	}
	json_put_key(out, "kind");
	json_put_text(out, kind_names[r.kind]);
	json_put_key(out, "first");
	json_put_text(out, u128_text(r.first, digits));
	json_put_key(out, "last");
	json_put_text(out, u128_text(r.last, digits));
	json_put_key(out, "host");
	json_put_text(out, r.host);
	return true;
}
