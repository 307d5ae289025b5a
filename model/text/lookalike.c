#include "model/text/lookalike.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "db/base/buf.h"
#include "db/base/mem.h"
#include "model/syntax/name.h"

enum { ALIGN_MOST = 512 /* longest text that is aligned, in characters */ };

/* Characters drawn like `letter` in most fonts. */
static const struct {
	uint32_t code;
	char letter;
} letters[] = {
    {'0', 'o'},
    {'1', 'l'},
    {'|', 'l'},
    {0x131, 'i'}, /* dotless i */
    {0x251, 'a'}, /* Latin alpha, script g */
    {0x261, 'g'},
    {0x2010, '-'}, /* hyphen to horizontal bar, minus sign */
    {0x2011, '-'},
    {0x2012, '-'},
    {0x2013, '-'},
    {0x2014, '-'},
    {0x2015, '-'},
    {0x2212, '-'},
    /* Greek */
    {0x391, 'A'},
    {0x392, 'B'},
    {0x395, 'E'},
    {0x396, 'Z'},
    {0x397, 'H'},
    {0x399, 'I'},
    {0x39a, 'K'},
    {0x39c, 'M'},
    {0x39d, 'N'},
    {0x39f, 'O'},
    {0x3a1, 'P'},
    {0x3a4, 'T'},
    {0x3a5, 'Y'},
    {0x3a7, 'X'},
    {0x3b1, 'a'},
    {0x3b2, 'b'},
    {0x3b5, 'e'},
    {0x3b6, 'z'},
    {0x3b7, 'h'},
    {0x3b9, 'i'},
    {0x3ba, 'k'},
    {0x3bc, 'm'},
    {0x3bd, 'v'},
    {0x3bf, 'o'},
    {0x3c1, 'p'},
    {0x3c4, 't'},
    {0x3c5, 'y'},
    {0x3c7, 'x'},
    {0x3f2, 'c'},
    {0x3f3, 'j'},
    {0x3f9, 'C'},
    /* Cyrillic */
    {0x405, 'S'},
    {0x406, 'I'},
    {0x408, 'J'},
    {0x410, 'A'},
    {0x412, 'B'},
    {0x415, 'E'},
    {0x41a, 'K'},
    {0x41c, 'M'},
    {0x41d, 'H'},
    {0x41e, 'O'},
    {0x420, 'P'},
    {0x421, 'C'},
    {0x422, 'T'},
    {0x423, 'Y'},
    {0x425, 'X'},
    {0x430, 'a'},
    {0x432, 'b'},
    {0x435, 'e'},
    {0x43a, 'k'},
    {0x43c, 'm'},
    {0x43d, 'h'},
    {0x43e, 'o'},
    {0x440, 'p'},
    {0x441, 'c'},
    {0x442, 't'},
    {0x443, 'y'},
    {0x445, 'x'},
    {0x455, 's'},
    {0x456, 'i'},
    {0x458, 'j'},
    {0x475, 'v'},
    {0x4ba, 'H'},
    {0x4bb, 'h'},
    {0x4c0, 'l'},
    {0x4cf, 'l'},
    {0x501, 'd'},
    {0x51a, 'Q'},
    {0x51b, 'q'},
    {0x51c, 'W'},
    {0x51d, 'w'},
};

static bool is_space(uint32_t code) {
	utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)code);

	return (code >= '\t' && code <= '\r') || code == 0x85 || code == 0x2800 ||
	       category == UTF8PROC_CATEGORY_ZS || category == UTF8PROC_CATEGORY_ZL ||
	       category == UTF8PROC_CATEGORY_ZP;
}

static bool is_hidden(uint32_t code) {
	utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)code);

	return category == UTF8PROC_CATEGORY_CC || category == UTF8PROC_CATEGORY_CF ||
	       utf8proc_get_property((utf8proc_int32_t)code)->ignorable;
}

/* Removes hidden characters and folds white space, which Unicode's folding does not. */
static void drop(const char *text, unsigned folds, struct buf *out) {
	const char *end = text + strlen(text);
	size_t start = out->len;
	bool blank = false;

	while (text < end) {
		const char *at = text;
		uint32_t code = 0;
		bool valid = utf8_next(&text, end, &code);

		if (valid && (folds & ALIKE_SPACE) != 0 && is_space(code)) {
			blank = out->len > start;
			continue;
		}
		if (valid && (folds & ALIKE_HIDDEN) != 0 && !is_space(code) && is_hidden(code)) {
			continue;
		}
		if (blank) {
			buf_char(out, ' ');
			blank = false;
		}
		buf_add(out, at, (size_t)(text - at));
	}
}

static void put_letters(const char *text, struct buf *out) {
	const char *end = text + strlen(text);

	while (text < end) {
		const char *at = text;
		uint32_t code = 0;
		bool valid = utf8_next(&text, end, &code);
		size_t i = 0;

		while (valid && i < sizeof letters / sizeof letters[0] && letters[i].code != code) {
			i++;
		}
		if (valid && i < sizeof letters / sizeof letters[0]) {
			buf_char(out, letters[i].letter);
		} else {
			buf_add(out, at, (size_t)(text - at));
		}
	}
}

void alike_fold(const char *text, unsigned folds, struct buf *out) {
	unsigned options = UTF8PROC_STABLE | ((folds & ALIKE_CASE) != 0 ? UTF8PROC_CASEFOLD : 0) |
			   ((folds & ALIKE_LETTERS) != 0 ? UTF8PROC_COMPAT | UTF8PROC_DECOMPOSE : 0);
	struct buf rest = {0};
	utf8proc_uint8_t *folded = NULL;
	const char *result;

	drop(text, folds, &rest);
	if (utf8proc_map((const utf8proc_uint8_t *)buf_text(&rest), (utf8proc_ssize_t)rest.len, &folded,
		(utf8proc_option_t)options) < 0) {
		folded = NULL; /* not UTF-8 */
	}
	result = folded == NULL ? buf_text(&rest) : (const char *)folded;
	if ((folds & ALIKE_LETTERS) != 0) {
		put_letters(result, out);
	} else {
		buf_puts(out, result);
	}
	free(folded);
	buf_release(&rest);
}

/* Two texts differ in a fold when they differ after all other folds. */
unsigned alike_differences(const char *a, const char *b) {
	unsigned why = 0;

	for (unsigned one = ALIKE_CASE; one <= ALIKE_LETTERS; one <<= 1) {
		struct buf first = {0};
		struct buf second = {0};

		alike_fold(a, ALIKE_ALL & ~one, &first);
		alike_fold(b, ALIKE_ALL & ~one, &second);
		why |= strcmp(buf_text(&first), buf_text(&second)) != 0 ? one : 0;
		buf_release(&first);
		buf_release(&second);
	}
	/* Case folding expands ligatures too. */
	return why == 0 && strcmp(a, b) != 0 ? ALIKE_LETTERS : why;
}

void alike_describe(unsigned why, struct buf *out) {
	static const char *const words[] = {
	    "case", "white space", "hidden characters", "letters that look alike"};
	const char *between = "";

	for (unsigned i = 0; i < 4; i++) {
		if ((why & 1U << i) != 0) {
			buf_puts(out, between);
			buf_puts(out, words[i]);
			between = ", ";
		}
	}
}

/* Offsets of the characters of a text, followed by its length. */
struct places {
	size_t *at;
	size_t count;
};

static struct places places_of(const char *text) {
	size_t n = strlen(text);
	struct places p = {.at = mem_new(n + 1, sizeof *p.at)};

	for (size_t i = 0; i < n; i++) {
		if (i == 0 || ((unsigned char)text[i] & 0xc0) != 0x80) {
			p.at[p.count++] = i;
		}
	}
	p.at[p.count] = n;
	return p;
}

static bool same(
    const char *a, const struct places *pa, size_t i, const char *b, const struct places *pb, size_t k) {
	size_t n = pa->at[i + 1] - pa->at[i];

	return n == pb->at[k + 1] - pb->at[k] && memcmp(a + pa->at[i], b + pb->at[k], n) == 0;
}

/* Returns a table: common[i * width + k] is the length of the longest common subsequence of a from i and b
 * from k.
 */
static uint16_t *align(const char *a, const struct places *pa, const char *b, const struct places *pb) {
	size_t width = pb->count + 1;
	uint16_t *common = mem_new((pa->count + 1) * width, sizeof *common);

	for (size_t i = pa->count; i-- > 0;) {
		for (size_t k = pb->count; k-- > 0;) {
			uint16_t right = common[i * width + k + 1];
			uint16_t below = common[(i + 1) * width + k];

			common[i * width + k] = same(a, pa, i, b, pb, k)
						    ? (uint16_t)(common[(i + 1) * width + k + 1] + 1)
						: right > below ? right
								: below;
		}
	}
	return common;
}

static size_t put_span(struct alike_span *spans, size_t count, size_t most, size_t from, size_t to) {
	if (count > 0 && (spans[count - 1].to >= from || count == most)) {
		spans[count - 1].to = to > spans[count - 1].to ? to : spans[count - 1].to;
		return count;
	}
	spans[count] = (struct alike_span){from, to};
	return count + 1;
}

static size_t walk(const char *a, const struct places *pa, const char *b, const struct places *pb,
    struct alike_span *spans, size_t most) {
	size_t width = pb->count + 1;
	uint16_t *common = align(a, pa, b, pb);
	size_t i = 0;
	size_t k = 0;
	size_t count = 0;

	while (i < pa->count || k < pb->count) {
		if (i < pa->count && k < pb->count && same(a, pa, i, b, pb, k)) {
			i++;
			k++;
		} else if (k == pb->count ||
			   (i < pa->count && common[(i + 1) * width + k] >= common[i * width + k + 1])) {
			count = put_span(spans, count, most, pa->at[i], pa->at[i + 1]);
			i++;
		} else {
			count = put_span(spans, count, most, pa->at[i], pa->at[i]);
			k++;
		}
	}
	free(common);
	return count;
}

size_t alike_spans(const char *a, const char *b, struct alike_span *spans, size_t most) {
	struct places pa = places_of(a);
	struct places pb = places_of(b);
	size_t count;

	if (pa.count > ALIGN_MOST || pb.count > ALIGN_MOST) {
		count = strcmp(a, b) == 0 ? 0 : put_span(spans, 0, most, 0, strlen(a));
	} else {
		count = walk(a, &pa, b, &pb, spans, most);
	}
	free(pa.at);
	free(pb.at);
	return count;
}
