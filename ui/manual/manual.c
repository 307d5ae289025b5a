#include "ui/manual/manual.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "db/base/buf.h"
#include "db/base/err.h"
#include "db/base/mem.h"

static const char mark[] = ".\\\" @";

static const struct place *find(const char *name, size_t n) {
	static const struct place *const tables[] = {verb_places, table_places, screen_places, NULL};

	for (size_t i = 0; tables[i] != NULL; i++) {
		for (const struct place *place = tables[i]; place->name != NULL; place++) {
			if (strlen(place->name) == n && memcmp(place->name, name, n) == 0) {
				return place;
			}
		}
	}
	return NULL;
}

/* Fills the place of a line of n bytes that begins after its mark. */
static bool fill_place(const char *line, size_t n, struct buf *out) {
	size_t name = strcspn(line, " \n");
	const struct place *place = find(line, name < n ? name : n);
	char *words = name < n ? mem_print("%.*s", (int)(n - name - 1), line + name + 1) : mem_text("");
	bool ok = place != NULL && place->put(words, out);

	free(words);
	return ok;
}

bool manual_fill(const char *page, size_t n, struct buf *out, struct err *err) {
	const size_t skip = sizeof mark - 1;
	int64_t number = 0;

	for (const char *line = page, *end = page + n, *next; line < end; line = next) {
		const char *newline = memchr(line, '\n', (size_t)(end - line));
		size_t len = newline == NULL ? (size_t)(end - line) : (size_t)(newline - line);

		next = newline == NULL ? end : newline + 1;
		number++;
		if (len <= skip || memcmp(line, mark, skip) != 0) {
			buf_add(out, line, (size_t)(next - line));
		} else if (!fill_place(line + skip, len - skip, out)) {
			return err_set(err, ERR_INVALID_INPUT, "line %jd: no such place: %.*s",
			    (intmax_t)number, (int)(len - skip), line + skip);
		}
	}
	return true;
}
