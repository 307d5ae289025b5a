#include "model/dedupe.h"

#include <stdlib.h>
#include <string.h>

#include "db/base/err.h"
#include "db/base/num.h"
#include "model/text/json.h"
#include "model/syntax/name.h"

enum { IDENTIFIER_BYTES = 63, TRIM_MOST = 10485760 };

const char *const dedupe_survivor_names[] = {"newest", "oldest", "lowest", "highest", "abort", NULL};

const struct dedupe_words dedupe_own[] = {
    {.table = "berth.annotation", .key = "target,prefix,name"},
    {.table = "berth.label", .key = "target,prefix,name"},
    {.table = NULL},
};

/* The characters that end an identifier in a list. */
static const char stops[] = ".,:\"";

/* Reads one identifier and moves p after it. */
static bool read_name(const char *what, const char **p, struct buf *name, struct err *err) {
	const char *s = *p;

	if (*s == '"') {
		for (s++; *s != '\0' && (*s != '"' || s[1] == '"'); s++) {
			buf_char(name, *s);
			s += *s == '"' ? 1 : 0;
		}
		if (*s != '"') {
			return err_set(err, ERR_INVALID_INPUT, "%s: a double quote is not closed", what);
		}
		s++;
	} else {
		size_t n = strcspn(s, stops);

		buf_add(name, s, n);
		s += n;
	}
	if (name->len == 0) {
		return err_set(err, ERR_INVALID_INPUT, "%s: a name must not be empty", what);
	}
	if (name->len > IDENTIFIER_BYTES) {
		return err_set(err, ERR_INVALID_INPUT, "%s: a name of the database has at most %d bytes",
		    what, IDENTIFIER_BYTES);
	}
	*p = s;
	return text_check(what, buf_text(name), IDENTIFIER_BYTES, err);
}

static bool read_end(const char *what, const char *p, struct err *err) {
	if (*p == '\0') {
		return true;
	}
	err_set(err, ERR_INVALID_INPUT, "%s: unexpected '%s' after a name", what, p);
	return err_hint(err, "write such a name in double quotes");
}

static bool put_name(const char *what, const char *text, struct json *j, struct err *err) {
	struct buf name = {0};
	bool ok = text == NULL || (read_name(what, &text, &name, err) && read_end(what, text, err));

	if (ok) {
		json_put_text(j, text == NULL ? NULL : buf_text(&name));
	}
	buf_release(&name);
	return ok;
}

static bool put_table(const char *text, struct json *j, struct err *err) {
	struct buf first = {0}, second = {0};
	bool ok = read_name("table", &text, &first, err);
	bool two = ok && *text == '.';

	if (two) {
		text++;
		ok = read_name("table", &text, &second, err);
	}
	ok = ok && read_end("table", text, err);
	if (ok) {
		json_put_key(j, "schema");
		json_put_text(j, two ? buf_text(&first) : NULL);
		json_put_key(j, "table");
		json_put_text(j, buf_text(two ? &second : &first));
	}
	buf_release(&first);
	buf_release(&second);
	return ok;
}

/* Returns whether the list has this string of JSON, and not only one that ends with it after a quote. */
static bool is_in(const char *list, const char *quoted) {
	for (const char *at = strstr(list, quoted); at != NULL; at = strstr(at + 1, quoted)) {
		if (at > list && (at[-1] == '[' || at[-1] == ',')) {
			return true;
		}
	}
	return false;
}

/* Adds the name to the list, which begins at `start`; refuses a name that the list has already. */
static bool put_new(const char *what, const struct buf *name, struct json *j, size_t start, struct err *err) {
	struct buf quoted = {0};
	struct json one = {.out = &quoted};
	bool again;

	json_put_text(&one, buf_text(name));
	again = is_in(buf_text(j->out) + start, buf_text(&quoted));
	if (!again) {
		json_put_text(j, buf_text(name));
	}
	buf_release(&quoted);
	return !again ||
	       err_set(err, ERR_INVALID_INPUT, "%s: column \"%s\" occurs twice", what, buf_text(name));
}

static bool put_names(const char *what, const char *text, struct json *j, struct err *err) {
	size_t start = j->out->len;
	bool ok = true;

	json_open_array(j);
	while (ok && text != NULL) {
		struct buf name = {0};

		ok = read_name(what, &text, &name, err) && put_new(what, &name, j, start, err);
		buf_release(&name);
		if (ok && *text != ',') {
			ok = read_end(what, text, err);
			break;
		}
		text += ok ? 1 : 0;
	}
	json_close_array(j);
	return ok;
}

/* Reads "a:63,b:10". */
static bool put_trims(const char *text, struct json *j, struct err *err) {
	bool ok = true;

	json_open_object(j);
	while (ok && text != NULL && *text != '\0') {
		struct buf name = {0};
		int64_t most = 0;
		char *number;
		size_t n;

		ok = read_name("trim", &text, &name, err) &&
		     (*text == ':' || err_set(err, ERR_INVALID_INPUT, "trim: expected COLUMN:CHARACTERS"));
		if (ok) {
			n = strcspn(++text, ",");
			number = strndup(text, n);
			ok = number != NULL && int_parse(number, 1, TRIM_MOST, &most);
			if (!ok) {
				err_set(err, ERR_INVALID_INPUT, "trim: '%s' is not a number of characters",
				    number);
			}
			free(number);
			json_put_key(j, buf_text(&name));
			json_put_int(j, most);
			text += n + (text[n] == ',' ? 1 : 0);
		}
		buf_release(&name);
	}
	json_close_object(j);
	return ok;
}

static bool put_lists(const struct dedupe_words *words, struct json *j, struct err *err) {
	const struct {
		const char *key, *what, *text;
	} lists[] = {
	    {"key", "key", words->key},
	    {"values", "value", words->values},
	    {"null_as_empty", "null-as-empty", words->null_as_empty},
	    {"fold", "fold", words->fold},
	    {"row_id", "row-id", words->row_id},
	};
	bool ok = true;

	for (size_t i = 0; ok && i < sizeof lists / sizeof *lists; i++) {
		json_put_key(j, lists[i].key);
		ok = put_names(lists[i].what, lists[i].text, j, err);
	}
	return ok;
}

static bool put_single(const struct dedupe_words *words, struct json *j, struct err *err) {
	const struct {
		const char *key, *text;
	} names[] = {{"order", words->order}, {"live", words->live}, {"constraint", words->constraint}};
	bool ok = true;

	for (size_t i = 0; ok && i < sizeof names / sizeof *names; i++) {
		json_put_key(j, names[i].key);
		ok = put_name(names[i].key, names[i].text, j, err);
	}
	return ok;
}

bool dedupe_ask(const struct dedupe_words *words, struct buf *ask, struct err *err) {
	struct json j = {.out = ask};

	json_open_object(&j);
	if (!put_table(words->table, &j, err) || !put_lists(words, &j, err)) {
		return false;
	}
	json_put_key(&j, "trim");
	if (!put_trims(words->trim, &j, err) || !put_single(words, &j, err)) {
		return false;
	}
	json_put_key(&j, "survivor");
	json_put_text(&j, dedupe_survivor_names[words->survivor]);
	json_put_key(&j, "repoint");
	json_put_bool(&j, words->repoint);
	json_close_object(&j);
	return true;
}
