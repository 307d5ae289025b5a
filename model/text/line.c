#include "model/text/line.h"

#include <string.h>

#include "db/base/err.h"
#include "model/syntax/name.h"

#define MARK "\xef\xbb\xbf"

/* Longer marks first: one begins with another. */
static const struct {
	const char *bytes;
	size_t n;
	const char *name;
} foreign[] = {
    {"\xff\xfe\0\0", 4, "UTF-32LE"},
    {"\0\0\xfe\xff", 4, "UTF-32BE"},
    {"\xff\xfe", 2, "UTF-16LE"},
    {"\xfe\xff", 2, "UTF-16BE"},
};

size_t line_mark(const char *text, size_t n) {
	return n >= strlen(MARK) && memcmp(text, MARK, strlen(MARK)) == 0 ? strlen(MARK) : 0;
}

/* Returns the name of the file's encoding when it is not UTF-8, else NULL. Without a mark it is recognized by
 * the NUL bytes next to the first character, which is ASCII in all our formats. */
static const char *foreign_name(const char *text, size_t n) {
	for (size_t i = 0; i < sizeof foreign / sizeof *foreign; i++) {
		if (n >= foreign[i].n && memcmp(text, foreign[i].bytes, foreign[i].n) == 0) {
			return foreign[i].name;
		}
	}
	if (n >= 4 && text[1] == '\0' && text[2] == '\0' && (text[0] == '\0') != (text[3] == '\0')) {
		return text[0] == '\0' ? "UTF-32BE" : "UTF-32LE";
	}
	if (n >= 2 && (text[0] == '\0') != (text[1] == '\0')) {
		return text[0] == '\0' ? "UTF-16BE" : "UTF-16LE";
	}
	return NULL;
}

static bool refuse_foreign(const char *name, struct err *err) {
	err_set(err, ERR_INVALID_INPUT, "the file is %s but must be UTF-8", name);
	err_hint(err, "iconv -f %s -t UTF-8 FILE converts it", name);
	err->line = 1;
	return false;
}

/* Names the encoding in which a single byte from 0x80 on, between others, is a letter. */
static bool hint_latin(const char *at, const char *end, struct err *err) {
	const char *name = (unsigned char)*at < 0xa0 ? "WINDOWS-1252" : "ISO-8859-1";

	if (at + 1 < end && (unsigned char)at[1] >= 0x80) {
		return false;
	}
	return err_hint(err, "it seems to be %s: iconv -f %s -t UTF-8 FILE converts it",
	    (unsigned char)*at < 0xa0 ? "Windows-1252" : "Latin-1", name);
}

static bool check_bytes(const char *text, size_t n, struct err *err) {
	const char *end = text + n;

	for (const char *p = text; p < end;) {
		const char *at = p;
		uint32_t code = 0;

		if (*at == '\0') {
			return err_set(err, ERR_INVALID_INPUT, "a NUL byte at offset %zu of the line",
			    (size_t)(at - text));
		}
		if (!utf8_next(&p, end, &code)) {
			err_set(err, ERR_INVALID_INPUT,
			    "the line is not valid UTF-8: byte 0x%02X at offset %zu",
			    (unsigned)(unsigned char)*at, (size_t)(at - text));
			return hint_latin(at, end, err);
		}
	}
	return true;
}

bool line_take(const char *at, const char *end, int64_t number, size_t *n, size_t *whole, struct err *err) {
	const char *stop = at == end ? NULL : memchr(at, '\n', (size_t)(end - at));
	size_t length = (size_t)((stop == NULL ? end : stop) - at);
	const char *name = number == 1 ? foreign_name(at, (size_t)(end - at)) : NULL;

	if (name != NULL) {
		return refuse_foreign(name, err);
	}
	if (!check_bytes(at, length, err)) {
		err->line = number;
		return false;
	}
	*whole = length + (stop == NULL ? 0 : 1);
	*n = length - (stop != NULL && length > 0 && at[length - 1] == '\r' ? 1 : 0);
	return true;
}

bool line_lone_return(int64_t number, struct err *err) {
	(void)err_set(err, ERR_INVALID_INPUT, "a carriage return without its line feed");
	err->line = number;
	return false;
}
