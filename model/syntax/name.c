#include "model/syntax/name.h"

#include <string.h>
#include <utf8proc.h>

#include "db/base/err.h"

#define ALNUM "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

bool name_check(const char *what, const char *text, struct err *err) {
	size_t n = strspn(text, ALNUM "._-");

	if (text[0] == '\0') {
		return err_set(err, ERR_INVALID_INPUT, "%s: a name must not be empty", what);
	}
	if (text[n] != '\0' || strspn(text, ALNUM) == 0) {
		return err_set(err, ERR_INVALID_INPUT,
		    "%s \"%.100s\": a name is letters, digits, \".\", \"_\" and \"-\", and begins with a "
		    "letter "
		    "or digit",
		    what, text);
	}
	if (n > NAME_MAX_CHARS) {
		return err_set(err, ERR_INVALID_INPUT,
		    "%s \"%.100s\": a name has at most %d characters, this one has %zu", what, text,
		    NAME_MAX_CHARS, n);
	}
	return true;
}

bool text_check(const char *what, const char *text, size_t max_chars, struct err *err) {
	const char *end = text + strlen(text);
	size_t chars = 0;

	for (const char *p = text; p < end; chars++) {
		const char *at = p;
		uint32_t code = 0;

		if (!utf8_next(&p, end, &code)) {
			return err_set(err, ERR_INVALID_INPUT,
			    "%s: not valid UTF-8: byte 0x%02X at offset %zu", what,
			    (unsigned)(unsigned char)*at, (size_t)(at - text));
		}
	}
	if (chars > max_chars) {
		return err_set(err, ERR_INVALID_INPUT, "%s: %zu characters, at most %zu are allowed", what,
		    chars, max_chars);
	}
	return true;
}

bool utf8_next(const char **p, const char *end, uint32_t *code) {
	utf8proc_int32_t decoded = 0;
	utf8proc_ssize_t n = utf8proc_iterate((const utf8proc_uint8_t *)*p, end - *p, &decoded);

	if (n <= 0) {
		*p += 1;
		return false;
	}
	*p += n;
	*code = (uint32_t)decoded;
	return true;
}
