#include "db/encoding.h"

#include <stdlib.h>
#include <string.h>

#include "db/buf.h"
#include "db/mem.h"
#include "db/step.h"

enum { SHOWN = 200 /* bytes of a value that are shown; of a longer one only the character is */ };

/* The bytes that a message tells as "0xe2 0x82 0xac". */
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

/* The argument that has these bytes; NULL for none. */
static const struct param *find_param(const struct step *step, const struct buf *bytes) {
	for (size_t i = 0; step != NULL && bytes->len > 0 && i < step->count; i++) {
		const struct param *param = &step->params[i];

		if (!param->null && memmem(buf_text(&step->bytes) + param->start, param->len, bytes->text,
					bytes->len) != NULL) {
			return param;
		}
	}
	return NULL;
}

void cause_encoding(const char *state, const struct step *step, const PGconn *pg, struct err *err) {
	const char *encoding = pg == NULL ? NULL : PQparameterStatus(pg, "server_encoding");
	const struct param *param;
	struct buf bytes = {0};
	char *message;

	if (strcmp(state, "22021") != 0 && strcmp(state, "22P05") != 0) {
		return;
	}
	bytes_of(err->message, &bytes);
	param = find_param(step, &bytes);
	if (param == NULL) {
		message = mem_print("the database's encoding is %s: %s",
		    encoding == NULL ? "unknown" : encoding, err->message);
	} else {
		const char *value = buf_text(&step->bytes) + param->start;
		bool whole = param->len <= SHOWN && memchr(value, '\0', param->len) == NULL;

		message = mem_print("the database's encoding, %s, cannot hold '%.*s'",
		    encoding == NULL ? "unknown" : encoding, (int)(whole ? param->len : bytes.len),
		    whole ? value : buf_text(&bytes));
	}
	free(err->message);
	err->message = message;
	buf_release(&bytes);
}
