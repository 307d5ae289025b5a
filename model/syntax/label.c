#include "model/syntax/label.h"

#include <stdlib.h>
#include <string.h>

#include "db/base/err.h"
#include "db/base/mem.h"
#include "model/text/json.h"

enum { NAME_MAX_BYTES = 63, PREFIX_MAX_BYTES = 253, LABELS_MAX = 50 };

static bool is_alnum(char c) {
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* Returns true for 1 to max letters, digits and, except at the ends, characters of `more`. */
static bool is_word(const char *s, size_t n, size_t max, const char *more) {
	if (n == 0 || n > max || !is_alnum(s[0]) || !is_alnum(s[n - 1])) {
		return false;
	}
	for (size_t i = 0; i < n; i++) {
		if (!is_alnum(s[i]) && (s[i] == '\0' || strchr(more, s[i]) == NULL)) {
			return false;
		}
	}
	return true;
}

static bool is_prefix(const char *s, size_t n) {
	size_t start = 0;

	if (n > PREFIX_MAX_BYTES) {
		return false;
	}
	for (size_t i = 0; i <= n; i++) {
		if (i == n || s[i] == '.') {
			if (!is_word(s + start, i - start, NAME_MAX_BYTES, "-")) {
				return false;
			}
			start = i + 1;
		}
	}
	return true;
}

bool label_key_check(const char *key, size_t n, struct err *err) {
	const char *slash = memchr(key, '/', n);
	size_t prefix = slash == NULL ? 0 : (size_t)(slash - key);
	const char *name = slash == NULL ? key : slash + 1;
	size_t name_len = n - (size_t)(name - key);

	if (slash != NULL && !is_prefix(key, prefix)) {
		return err_set(err, ERR_INVALID_INPUT,
		    "label key \"%.*s\": the prefix must be a DNS name of at most 253 characters", (int)n,
		    key);
	}
	if (!is_word(name, name_len, NAME_MAX_BYTES, "._-")) {
		return err_set(err, ERR_INVALID_INPUT,
		    "label key \"%.*s\": the name must be 1 to 63 letters, digits, '-', '_', '.', with a "
		    "letter or digit at both ends",
		    (int)n, key);
	}
	return true;
}

bool label_value_check(const char *value, size_t n, struct err *err) {
	if (n == 0 || is_word(value, n, NAME_MAX_BYTES, "._-")) {
		return true;
	}
	return err_set(err, ERR_INVALID_INPUT,
	    "label value \"%.*s\": it must be empty or at most 63 letters, digits, '-', '_', '.', with a "
	    "letter or digit at both ends",
	    (int)n, value);
}

/* Returns true when the key of the pair has occurred earlier in the text. */
static bool is_repeated(const char *text, const char *pair, size_t key_len) {
	for (const char *p = text; p < pair; p += strcspn(p, ";") + 1) {
		if (strcspn(p, "=") == key_len && memcmp(p, pair, key_len) == 0) {
			return true;
		}
	}
	return false;
}

static bool pair_json(const char *text, const char *pair, size_t n, struct json *out, struct err *err) {
	const char *equals = memchr(pair, '=', n);
	size_t key_len = equals == NULL ? 0 : (size_t)(equals - pair);
	char *copy;

	if (equals == NULL) {
		return err_set(err, ERR_INVALID_INPUT, "label \"%.*s\": expected KEY=VALUE", (int)n, pair);
	}
	if (!label_key_check(pair, key_len, err) || !label_value_check(equals + 1, n - key_len - 1, err)) {
		return false;
	}
	if (is_repeated(text, pair, key_len)) {
		return err_set(err, ERR_INVALID_INPUT, "label key \"%.*s\" occurs twice", (int)key_len, pair);
	}
	copy = mem_print("%.*s", (int)key_len, pair);
	json_put_key(out, copy);
	free(copy);
	copy = mem_print("%.*s", (int)(n - key_len - 1), equals + 1);
	json_put_text(out, copy);
	free(copy);
	return true;
}

bool label_list_json(const char *text, struct json *out, struct err *err) {
	size_t count = 0;

	for (const char *p = text; *p != '\0';) {
		size_t n = strcspn(p, ";");

		if (!pair_json(text, p, n, out, err)) {
			return false;
		}
		if (++count > LABELS_MAX) {
			return err_set(err, ERR_LIMIT_EXCEEDED, "more than %d labels", LABELS_MAX);
		}
		p += n + (p[n] == ';' ? 1 : 0);
	}
	return true;
}
