#include "db/conn/encoding.h"

#include <stdlib.h>
#include <string.h>

#include "db/base/buf.h"
#include "db/base/mem.h"
#include "db/batch/step.h"

enum { SHOWN = 200 /* bytes; for a longer value only the character is shown */ };

/* Decodes the bytes that a message lists as "0xe2 0x82 0xac". */
static void bytes_of(const char *message, struct buf *bytes) {
	const char *p = strstr(message, "0x");

	while (p != NULL && strncmp(p, "0x", 2) == 0) {
		char *end;
		unsigned long byte = strtoul(p + 2, &end, 16);

		if (end != p + 4 || byte > 0xff) {
			return;
		}
		buf_char(bytes, (char)byte);
		p = *end == ' ' ? end + 1 : end;
	}
}

/* A part of a text. */
struct part {
	const char *text;
	size_t n;
};

/* Returns the part's position in the whole, or NULL. */
static const char *find(struct part whole, struct part part) {
	return memmem(whole.text, whole.n, part.text, part.n);
}

static struct part value_of(const struct step *step, const struct param *param) {
	return (struct part){buf_text(&step->bytes) + param->start, param->len};
}

/* Returns the argument that contains the bytes, or NULL. */
static const struct param *find_param(const struct step *step, struct part bytes) {
	for (size_t i = 0; step != NULL && bytes.n > 0 && i < step->count; i++) {
		const struct param *param = &step->params[i];

		if (!param->null && find(value_of(step, param), bytes) != NULL) {
			return param;
		}
	}
	return NULL;
}

/* Returns true for what separates values: quotes in JSON, lengths in a binary array. */
static bool is_bound(char c) {
	return c == '"' || ((unsigned char)c < ' ' && c != '\n' && c != '\t');
}

/* Returns the value that contains the bytes: the whole argument, or one text of an array or JSON. */
static struct part narrow(struct part whole, struct part bytes) {
	const char *from = find(whole, bytes);
	const char *end = from + bytes.n;
	bool composed = false;

	for (size_t i = 0; i < whole.n; i++) {
		composed = composed || ((unsigned char)whole.text[i] < ' ' && is_bound(whole.text[i]));
	}
	if (!composed) {
		return whole;
	}
	while (from > whole.text && !is_bound(from[-1])) {
		from--;
	}
	while (end < whole.text + whole.n && !is_bound(*end)) {
		end++;
	}
	return (struct part){from, (size_t)(end - from)};
}

void encoding_explain(const char *state, const struct step *step, const PGconn *pg, struct err *err) {
	const char *encoding = pg == NULL ? NULL : PQparameterStatus(pg, "server_encoding");
	struct buf text = {0};
	struct part bytes;
	const struct param *param;
	char *message;

	if (strcmp(state, "22021") != 0 && strcmp(state, "22P05") != 0) {
		return;
	}
	bytes_of(err->message, &text);
	bytes = (struct part){buf_text(&text), text.len};
	param = find_param(step, bytes);
	if (param == NULL) {
		message = mem_print("the database's encoding is %s: %s",
		    encoding == NULL ? "unknown" : encoding, err->message);
	} else {
		struct part value = narrow(value_of(step, param), bytes);

		value = value.n <= SHOWN ? value : bytes;
		message = mem_print("the database's encoding, %s, cannot hold '%.*s'",
		    encoding == NULL ? "unknown" : encoding, (int)value.n, value.text);
	}
	free(err->message);
	err->message = message;
	buf_release(&text);
}
