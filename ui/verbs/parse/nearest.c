#include "ui/verbs/parse/nearest.h"

#include <string.h>

#include "db/base/err.h"

enum { LONGEST = 48, CUT_FROM = 3 /* characters from which a beginning of a word is near to it */ };

static size_t least(size_t a, size_t b) {
	return a < b ? a : b;
}

/* Returns the number of characters to change, add, drop or swap with their neighbour. */
static size_t distance(const char *a, size_t n, const char *b, size_t m) {
	size_t rows[3][LONGEST + 1];

	for (size_t j = 0; j <= m; j++) {
		rows[0][j] = j;
	}
	for (size_t i = 1; i <= n; i++) {
		size_t *row = rows[i % 3];
		const size_t *last = rows[(i + 2) % 3];
		const size_t *before = rows[(i + 1) % 3];

		row[0] = i;
		for (size_t j = 1; j <= m; j++) {
			row[j] = least(
			    last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1), least(last[j], row[j - 1]) + 1);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
				row[j] = least(row[j], before[j - 2] + 1);
			}
		}
	}
	return rows[n % 3][m];
}

void nearest_offer(struct nearest *n, const char *candidate) {
	size_t typed = strlen(n->typed);
	size_t length = strlen(candidate);
	size_t far;

	if (typed > LONGEST || length > LONGEST) {
		return;
	}
	far = distance(n->typed, typed, candidate, length);
	if (typed >= CUT_FROM && typed < length && memcmp(n->typed, candidate, typed) == 0) {
		far = least(far, 2);
	}
	if (far <= 2 && far * 3 <= length && (n->best == NULL || far < n->distance)) {
		n->best = candidate;
		n->distance = far;
	}
}

bool nearest_hint(
    const struct nearest *n, const char *before, const char *after, const char *otherwise, struct err *err) {
	if (n->best != NULL) {
		return err_hint(err, "did you mean %s%s%s?", before, n->best, after);
	}
	return otherwise != NULL && err_hint(err, "%s", otherwise);
}
