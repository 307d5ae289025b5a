#include "ui/text/report.h"

#include <jansson.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "db/base/buf.h"
#include "db/base/err.h"
#include "db/base/mem.h"
#include "db/conn/secret.h"
#include "model/text/json.h"
#include "model/syntax/name.h"

/* Bytes of a message that are shown. A message quotes the input, which may be megabytes long. Both ends are
 * shown, since the end says what is wrong. */
enum { SHOWN_FIRST = 1200, SHOWN_LAST = 400, DETAIL_MOST = 16384 };

static bool continues_character(char c) {
	return ((unsigned char)c & 0xc0) == 0x80;
}

/* Returns the text without what may be a password, and not longer than a screen. Takes NULL. */
static char *fit_to_tell(const char *text) {
	char *hidden = secret_hide(text);
	size_t n = hidden == NULL ? 0 : strlen(hidden);
	size_t first = SHOWN_FIRST, last = n - SHOWN_LAST;
	char *cut;

	if (n <= SHOWN_FIRST + SHOWN_LAST) {
		return hidden;
	}
	for (; continues_character(hidden[first]); first--) {
	}
	for (; continues_character(hidden[last]); last++) {
	}
	cut = mem_print("%.*s ... %s", (int)first, hidden, hidden + last);
	free(hidden);
	return cut;
}

/* Returns the beginning of a line: its priority where the file is a stream to the journal, whose device and
 * inode JOURNAL_STREAM names (systemd.exec(5)). */
static const char *priority(FILE *file, enum report_level level) {
	static const char *const priorities[] = {
	    [REPORT_ERROR] = "<3>", [REPORT_WARNING] = "<4>", [REPORT_NOTE] = "<6>"};
	const char *journal = getenv("JOURNAL_STREAM");
	struct stat stat;
	char *name;
	bool same;

	if (journal == NULL || fileno(file) < 0 || fstat(fileno(file), &stat) != 0) {
		return "";
	}
	name = mem_print("%ju:%ju", (uintmax_t)stat.st_dev, (uintmax_t)stat.st_ino);
	same = strcmp(name, journal) == 0;
	free(name);
	return same ? priorities[level] : "";
}

/* Prints a line, made safe. */
static void print_line(
    FILE *file, enum safe_form form, enum report_level level, const char *prefix, const char *text) {
	char *told = fit_to_tell(text);
	struct buf safe = {0};

	safe_text(told, strlen(told), form, &safe);
	(void)fprintf(file, "%s%s%s\n", priority(file, level), prefix, buf_text(&safe));
	buf_release(&safe);
	free(told);
}

void report_note(FILE *file, enum safe_form form, enum report_level level, const char *format, ...) {
	struct buf text = {0};
	va_list args;

	va_start(args, format);
	buf_vprintf(&text, format, args);
	va_end(args);
	print_line(file, form, level, "berth: ", buf_text(&text));
	buf_release(&text);
}

/* Returns the bytes of the first n characters of a text. */
static size_t bytes_of(const char *text, json_int_t n) {
	const char *at = text;
	const char *end = text + strlen(text);
	uint32_t code = 0;

	while (n-- > 0 && at < end && utf8_next(&at, end, &code)) {
	}
	return (size_t)(at - text);
}

/* Prints the selector with a caret. The position counts characters, but the caret is placed by columns: the
 * text before it may be wide, or be shown as something longer. */
static void print_caret(FILE *file, enum safe_form form, const char *selector, json_int_t position) {
	struct buf upto = {0};
	struct buf before = {0};

	buf_add(&upto, selector, bytes_of(selector, position));
	buf_char(&upto, '^'); /* a blank at the end would be shown as a mark */
	safe_text(buf_text(&upto), upto.len, form, &before);
	buf_cut(&before, before.len - 1);
	buf_release(&upto);
	print_line(file, form, REPORT_ERROR, "  ", selector);
	(void)fprintf(file, "%s  %*s^\n", priority(file, REPORT_ERROR),
	    (int)safe_width(buf_text(&before), before.len), "");
	buf_release(&before);
}

static void point(FILE *file, enum safe_form form, const char *detail) {
	json_t *root = detail == NULL ? NULL : json_loads(detail, 0, NULL);
	json_t *selector = json_object_get(root, "selector");
	json_t *position = json_object_get(root, "position");

	if (json_is_string(selector) && json_is_integer(position) &&
	    json_string_length(selector) <= SHOWN_FIRST) {
		print_caret(file, form, json_string_value(selector), json_integer_value(position));
	}
	json_decref(root);
}

static void member(struct json *j, const char *key, const char *text) {
	char *told = fit_to_tell(text);

	json_put_key(j, key);
	json_put_text(j, told);
	free(told);
}

/* Puts the detail, the text of an object. A server function may raise another text, which becomes the
 * object's only member. */
static void put_detail(struct json *j, const char *detail) {
	json_t *root =
	    detail == NULL ? NULL : json_loads(detail, JSON_DECODE_INT_AS_REAL | JSON_ALLOW_NUL, NULL);

	json_put_key(j, "detail");
	if (detail == NULL || detail[0] == '\0' || (json_is_object(root) && strlen(detail) <= DETAIL_MOST)) {
		json_put_raw(j, detail);
	} else {
		json_open_object(j);
		member(j, "text", detail);
		json_close_object(j);
	}
	json_decref(root);
}

void report_json(const struct err *err, struct buf *out) {
	struct buf object = {0};
	struct json j = {.out = &object};

	json_open_object(&j);
	json_put_key(&j, "error");
	json_open_object(&j);
	member(&j, "code", err_name(err->code));
	member(&j, "message", err->message);
	member(&j, "step", err->step);
	json_put_key(&j, "line");
	if (err->line > 0) {
		json_put_int(&j, err->line);
	} else {
		json_put_null(&j);
	}
	member(&j, "sqlstate", err->sqlstate[0] == '\0' ? NULL : err->sqlstate);
	member(&j, "constraint", err->constraint);
	member(&j, "hint", err->hint);
	put_detail(&j, err->detail);
	json_close_object(&j);
	json_close_object(&j);
	safe_json(buf_text(&object), object.len, out);
	buf_release(&object);
}

static bool begins(const char *words, const char *with) {
	return strncmp(words, with, strlen(with)) == 0;
}

/* Appends the step before the message, without the part that the message begins with: "project create" for
 * "project create: pool web" and "pool web exists already". */
static void put_step(const char *step, const char *words, struct buf *out) {
	const char *inner = strstr(step, ": ");

	if (begins(words, step)) {
		return;
	}
	if (inner != NULL && begins(words, inner + 2)) {
		buf_add(out, step, (size_t)(inner - step));
	} else {
		buf_puts(out, step);
	}
	buf_puts(out, ": ");
}

static void print_words(FILE *file, enum safe_form form, const struct err *err) {
	const char *words = err->message == NULL ? err_name(err->code) : err->message;
	struct buf text = {0};

	if (err->line > 0) {
		buf_printf(&text, "line %lld: ", (long long)err->line);
	}
	if (err->step != NULL) {
		put_step(err->step, words, &text);
	}
	buf_puts(&text, words);
	print_line(file, form, REPORT_ERROR, "berth: ", buf_text(&text));
	buf_release(&text);
	point(file, form, err->detail);
	if (err->hint != NULL) {
		print_line(file, form, REPORT_ERROR, "hint: ", err->hint);
	}
}

int report_error(FILE *file, enum safe_form form, bool json, const struct err *err) {
	print_words(file, form, err);
	if (json) {
		struct buf object = {0};

		report_json(err, &object);
		(void)fprintf(file, "%s%s\n", priority(file, REPORT_ERROR), buf_text(&object));
		buf_release(&object);
	}
	(void)fflush(file);
	return err_exit(err->code);
}
