#include "db/conn/secret.h"

#include <ctype.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

#include "db/base/buf.h"
#include "db/base/mem.h"

#define HIDDEN "..."

static const char scheme_end[] = "://";
static const char password[] = "password";

/* Returns the end of the possible credentials of a URI whose authority begins here, or NULL when there are
 * none: the last @, since a password may hold any character, or the end of a port that is not a number. */
static const char *credentials_end(const char *text) {
	const char *last = strrchr(text, '@');
	const char *colon = text + strcspn(text, ":/?#\"' \t");

	if (last != NULL) {
		return last > text ? last : NULL;
	}
	if (*colon != ':' || isdigit((unsigned char)colon[1]) || strchr("/,", colon[1]) != NULL) {
		return NULL;
	}
	return colon + strcspn(colon, "\"'");
}

/* Returns the value when "password = ..." begins here, else NULL. */
static const char *setting_value(const char *text) {
	if (strncasecmp(text, password, strlen(password)) != 0) {
		return NULL;
	}
	text += strlen(password);
	text += strspn(text, " \t");
	return *text == '=' ? text + 1 : NULL;
}

/* Returns the last quote after the value, since the value may hold quotes; else the end of the text. */
static const char *value_end(const char *value) {
	const char *end = value + strlen(value);

	for (const char *p = end; p > value; p--) {
		if (p[-1] == '"' || p[-1] == '\'') {
			return p - 1;
		}
	}
	return end;
}

static const char *hidden_to(const char *at, const char *text, size_t *shown) {
	const char *value = setting_value(at);

	*shown = 0;
	if (value != NULL) {
		*shown = (size_t)(value - at);
		return value_end(value);
	}
	if (at - text >= (ptrdiff_t)strlen(scheme_end) &&
	    strncmp(at - strlen(scheme_end), scheme_end, strlen(scheme_end)) == 0) {
		return credentials_end(at);
	}
	return NULL;
}

char *secret_hide(const char *text) {
	struct buf out = {0};
	const char *at = text;

	if (text == NULL) {
		return NULL;
	}
	while (*at != '\0') {
		size_t shown;
		const char *end = hidden_to(at, text, &shown);

		if (end == NULL) {
			buf_char(&out, *at++);
			continue;
		}
		buf_add(&out, at, shown);
		buf_puts(&out, HIDDEN);
		at = end;
	}
	return buf_take(&out);
}

/* Returns true for one quoted character of the syntax, such as "=". */
static bool is_sign(const char *quote) {
	return ispunct((unsigned char)quote[1]) && quote[1] != '"' && quote[2] == '"';
}

char *secret_hide_quoted(const char *text) {
	const char *last = strrchr(text, '"');
	struct buf out = {0};
	char *hidden;

	while (*text != '\0') {
		if (*text == '"' && is_sign(text)) {
			buf_add(&out, text, 3);
			text += 3;
		} else if (*text == '"') {
			buf_puts(&out, HIDDEN);
			text = last > text ? last + 1 : text + strlen(text);
		} else {
			buf_char(&out, *text++);
		}
	}
	hidden = secret_hide(buf_text(&out));
	buf_release(&out);
	return hidden;
}
