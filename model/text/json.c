#include "model/text/json.h"

#include <assert.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db/base/buf.h"

/* Puts a comma if needed; called before each value and key. */
static void next(struct json *j) {
	if (j->comma) {
		buf_char(j->out, ',');
	}
	j->comma = true;
}

static void open(struct json *j, char bracket) {
	next(j);
	buf_char(j->out, bracket);
	j->comma = false;
	j->depth++;
}

static void shut(struct json *j, char bracket) {
	assert(j->depth > 0);
	buf_char(j->out, bracket);
	j->comma = true;
	j->depth--;
}

void json_open_object(struct json *j) {
	open(j, '{');
}

void json_close_object(struct json *j) {
	shut(j, '}');
}

void json_open_array(struct json *j) {
	open(j, '[');
}

void json_close_array(struct json *j) {
	shut(j, ']');
}

static void escaped(struct buf *out, unsigned char c) {
	static const char letters[0x20] = {
	    ['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n', ['\f'] = 'f', ['\r'] = 'r'};

	if (c >= 0x20) {
		buf_printf(out, "\\%c", c);
	} else if (letters[c] != 0) {
		buf_printf(out, "\\%c", letters[c]);
	} else {
		buf_printf(out, "\\u%04x", c);
	}
}

static bool plain(unsigned char c) {
	return c >= 0x20 && c != '"' && c != '\\';
}

static void quoted(struct buf *out, const char *text) {
	buf_char(out, '"');
	while (*text != '\0') {
		size_t n = 0;

		while (text[n] != '\0' && plain((unsigned char)text[n])) {
			n++;
		}
		buf_add(out, text, n);
		text += n;
		if (*text != '\0') {
			escaped(out, (unsigned char)*text++);
		}
	}
	buf_char(out, '"');
}

void json_put_key(struct json *j, const char *key) {
	next(j);
	quoted(j->out, key);
	buf_char(j->out, ':');
	j->comma = false;
}

void json_put_raw(struct json *j, const char *text) {
	next(j);
	buf_puts(j->out, text == NULL || text[0] == '\0' ? "null" : text);
}

void json_put_null(struct json *j) {
	json_put_raw(j, NULL);
}

void json_put_text(struct json *j, const char *text) {
	if (text == NULL) {
		json_put_null(j);
		return;
	}
	next(j);
	quoted(j->out, text);
}

void json_put_int(struct json *j, int64_t number) {
	next(j);
	buf_printf(j->out, "%lld", (long long)number);
}

/* Writes the fewest digits that read back as the same number; exact integers without an exponent. */
static void shortest(double number, char *text, size_t size) {
	if (fabs(number) < 1e15 && floor(number) >= number) {
		(void)snprintf(text, size, "%.0f", number);
		return;
	}
	for (int digits = 1; digits <= 17; digits++) {
		(void)snprintf(text, size, "%.*g", digits, number);
		double back = strtod(text, NULL);

		if (back >= number && back <= number) {
			return;
		}
	}
}

void json_real_text(double number, struct buf *out) {
	const char *point = localeconv()->decimal_point;
	char text[40];

	shortest(number, text, sizeof text);
	const char *at = strstr(text, point);

	if (at == NULL) {
		buf_puts(out, text);
	} else {
		buf_printf(out, "%.*s.%s", (int)(at - text), text, at + strlen(point));
	}
}

void json_put_count(struct json *j, struct count count) {
	json_put_raw(j, count.digits);
}

void json_put_bool(struct json *j, bool flag) {
	json_put_raw(j, flag ? "true" : "false");
}

void json_put_id(struct json *j, struct id id) {
	char text[ID_TEXT];

	json_put_text(j, id_is_nil(id) ? NULL : id_text(id, text));
}
