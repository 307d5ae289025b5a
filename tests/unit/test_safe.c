#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "db/base/buf.h"
#include "model/syntax/name.h"
#include "model/text/safe.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
#define TEXT(literal) (literal), sizeof(literal) - 1
#define ACUTE "\u0301"
#define ACUTE_8 ACUTE ACUTE ACUTE ACUTE ACUTE ACUTE ACUTE ACUTE

/* Names that attack a terminal, or its reader. */
static void hostile_text_becomes_marks(void **state) {
	static const struct {
		const char *text;
		size_t n;
		const char *utf8, *ascii;
	} rows[] = {
	    {TEXT(""), "", ""},
	    {TEXT("plain text 123 ~!@#$%^&*()"), "plain text 123 ~!@#$%^&*()", "plain text 123 ~!@#$%^&*()"},
	    /* escapes, C0, DEL */
	    {TEXT("etl\x1b[31mx"), "etl‹1B›[31mx", "etl<1B>[31mx"},
	    {TEXT("\x1b]52;c;aGk=\x07"), "‹1B›]52;c;aGk=‹07›", "<1B>]52;c;aGk=<07>"},
	    {TEXT("\x1b]0;unterminated"), "‹1B›]0;unterminated", "<1B>]0;unterminated"},
	    {TEXT("good\rbad"), "good‹0D›bad", "good<0D>bad"},
	    {TEXT("a\nb\tc"), "a‹0A›b‹09›c", "a<0A>b<09>c"},
	    {TEXT("a\0b"), "a‹00›b", "a<00>b"},
	    {TEXT("\x7f"), "‹7F›", "<7F>"},
	    /* C1, as character and as byte */
	    {TEXT("\xc2\x9b"
		  "31m"),
		"‹9B›31m", "<9B>31m"},
	    {TEXT("\x9b"
		  "31m"),
		"‹9B›31m", "<9B>31m"},
	    {TEXT("\xc2\x85"), "‹85›", "<85>"},
	    /* bytes that are not UTF-8, one by one */
	    {TEXT("\xff"), "‹FF›", "<FF>"},
	    {TEXT("\xc0\xaf"), "‹C0›‹AF›", "<C0><AF>"},
	    {TEXT("\xe2\x82"), "‹E2›‹82›", "<E2><82>"},
	    {TEXT("\xe2\x82x"), "‹E2›‹82›x", "<E2><82>x"},
	    {TEXT("\xed\xa0\x80"), "‹ED›‹A0›‹80›", "<ED><A0><80>"},
	    {TEXT("\xf4\x90\x80\x80"), "‹F4›‹90›‹80›‹80›", "<F4><90><80><80>"},
	    {TEXT("caf\xe9"), "caf‹E9›", "caf<E9>"},
	    /* bidi, zero width, tags, other formats */
	    {TEXT("a\u202eb"), "a‹202E›b", "a<202E>b"},
	    {TEXT("a\u2066b\u2069"), "a‹2066›b‹2069›", "a<2066>b<2069>"},
	    {TEXT("a\u061c\u200e\u200f"), "a‹61C›‹200E›‹200F›", "a<61C><200E><200F>"},
	    {TEXT("etl\u200b-x"), "etl‹200B›-x", "etl<200B>-x"},
	    {TEXT("a\u200c\u200d\u2060\ufeff"), "a‹200C›‹200D›‹2060›‹FEFF›", "a<200C><200D><2060><FEFF>"},
	    {TEXT("a\u00adb"), "a‹AD›b", "a<AD>b"},
	    {TEXT("a\U000e0041"), "a‹E0041›", "a<E0041>"},
	    {TEXT("a\u2028\u2029"), "a‹2028›‹2029›", "a<2028><2029>"},
	    {TEXT("a\ufff9"), "a‹FFF9›", "a<FFF9>"},
	    /* private use, unassigned, no characters at all */
	    {TEXT("\ue000\U0010fffd"), "‹E000›‹10FFFD›", "<E000><10FFFD>"},
	    {TEXT("\u0378\uffff\U0010ffff"), "‹378›‹FFFF›‹10FFFF›", "<378><FFFF><10FFFF>"},
	    /* characters that look blank */
	    {TEXT("a\u00a0b"), "a‹A0›b", "a<A0>b"},
	    {TEXT("a\u3000b\u2003c\u202fd"), "a‹3000›b‹2003›c‹202F›d", "a<3000>b<2003>c<202F>d"},
	    {TEXT("\u115f\u1160\u3164\uffa0\u2800"), "‹115F›‹1160›‹3164›‹FFA0›‹2800›",
		"<115F><1160><3164><FFA0><2800>"},
	    {TEXT("a\u034f\ufe0f\u180b\U000e0100\u17b4"), "a‹34F›‹FE0F›‹180B›‹E0100›‹17B4›",
		"a<34F><FE0F><180B><E0100><17B4>"},
	    {TEXT("\U0001d159\U00016fe4\U00013441"), "‹1D159›‹16FE4›‹13441›", "<1D159><16FE4><13441>"},
	    {TEXT(" "), "‹20›", "<20>"},
	    {TEXT("   "), "‹20›‹20›‹20›", "<20><20><20>"},
	    {TEXT(" a  b "), "‹20›a  b‹20›", "<20>a  b<20>"},
	    {TEXT("a \n"), "a ‹0A›", "a <0A>"},
	    /* characters whose width differs between terminals */
	    {TEXT("\u1112\u1161\u11ab"), "\u1112‹1161›‹11AB›", "<1112><1161><11AB>"},
	    {TEXT("\u4dc0\u3248"), "‹4DC0›‹3248›", "<4DC0><3248>"},
	    {TEXT("\U0001f44d\U0001f3fd"), "\U0001f44d‹1F3FD›", "<1F44D><1F3FD>"},
	    {TEXT("\U0001f1e9\U0001f1ea"), "‹1F1E9›‹1F1EA›", "<1F1E9><1F1EA>"},
	    {TEXT("\U0001f469\u200d\U0001f467"), "\U0001f469‹200D›\U0001f467", "<1F469><200D><1F467>"},
	    /* combining marks: two a cell, none without a base */
	    {TEXT("e" ACUTE), "e" ACUTE, "e<301>"},
	    {TEXT("e" ACUTE ACUTE "f"), "e" ACUTE ACUTE "f", "e<301><301>f"},
	    {TEXT("e" ACUTE_8 "f"), "e" ACUTE ACUTE "‹+6›f", "e<301><301><+6>f"},
	    {TEXT("e" ACUTE_8 ACUTE_8 ACUTE_8 ACUTE_8 ACUTE_8), "e" ACUTE ACUTE "‹+38›", "e<301><301><+38>"},
	    {TEXT("e" ACUTE_8 "\x1b" ACUTE), "e" ACUTE ACUTE "‹+6›‹1B›‹301›", "e<301><301><+6><1B><301>"},
	    {TEXT(ACUTE "e"), "‹301›e", "<301>e"},
	    {TEXT(" " ACUTE "e"), "‹20›‹301›e", "<20><301>e"},
	    {TEXT("a " ACUTE "e"), "a " ACUTE "e", "a <301>e"},
	    {TEXT("a\u20dd\u0488"), "a\u20dd\u0488", "a<20DD><488>"},
	    /* marks cannot be forged */
	    {TEXT("a‹1B›b"), "a‹2039›1B›b", "a<2039>1B<203A>b"},
	    {TEXT("a<1B>b"), "a<1B>b", "a<3C>1B>b"},
	    {TEXT("‹+38›"), "‹2039›+38›", "<2039>+38<203A>"},
	    {TEXT("<+38>"), "<+38>", "<3C>+38>"},
	    {TEXT("‹‹10FFFF›"), "‹‹2039›10FFFF›", "<2039><2039>10FFFF<203A>"},
	    {TEXT("‹mot› ‹A› ‹1b› ‹1234567› ‹1B"), "‹mot› ‹A› ‹1b› ‹1234567› ‹1B",
		"<2039>mot<203A> <2039>A<203A> <2039>1b<203A> <2039>1234567<203A> <2039>1B"},
	    {TEXT("if a<b, <i>c</i> <B> <+> <1B"), "if a<b, <i>c</i> <B> <+> <1B",
		"if a<b, <i>c</i> <B> <+> <1B"},
	    /* text that needs no mark */
	    {TEXT("Grüße, \u65e5\u672c\u8a9e, \u05e9\u05dc\u05d5\u05dd, \U0001f600"),
		"Grüße, \u65e5\u672c\u8a9e, \u05e9\u05dc\u05d5\u05dd, \U0001f600",
		"Gr<FC><DF>e, <65E5><672C><8A9E>, <5E9><5DC><5D5><5DD>, <1F600>"},
	    {TEXT("\u0915\u093f"), "\u0915\u093f", "<915><93F>"},
	};
	(void)state;

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct buf utf8 = {0};
		struct buf ascii = {0};

		safe_text(rows[i].text, rows[i].n, SAFE_UTF8, &utf8);
		assert_string_equal(buf_text(&utf8), rows[i].utf8);
		safe_text(rows[i].text, rows[i].n, SAFE_ASCII, &ascii);
		assert_string_equal(buf_text(&ascii), rows[i].ascii);
		buf_release(&utf8);
		buf_release(&ascii);
	}
}

static size_t encode(uint32_t code, char out[4]) {
	if (code < 0x80) {
		out[0] = (char)code;
		return 1;
	}
	size_t n = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
	for (size_t i = n - 1; i > 0; i--) {
		out[i] = (char)(0x80 | (code & 0x3f));
		code >>= 6;
	}
	out[0] = (char)(0xf00U >> n | code);
	return n;
}

/* These are always marked, whatever the library's tables say. */
static void never_passed(uint32_t code, bool passed) {
	static const struct {
		uint32_t first, last;
	} denied[] = {
	    {0, 0x1f},
	    {0x7f, 0xa0},
	    {0xad, 0xad},
	    {0x61c, 0x61c},
	    {0x115f, 0x1160},
	    {0x180b, 0x180f},
	    {0x2000, 0x200f},
	    {0x2028, 0x202f},
	    {0x205f, 0x206f},
	    {0x3000, 0x3000},
	    {0x3164, 0x3164},
	    {0xd800, 0xf8ff},
	    {0xfe00, 0xfe0f},
	    {0xfeff, 0xfeff},
	    {0xfff0, 0xfffb},
	    {0xe0000, 0x10ffff},
	};

	for (size_t i = 0; i < COUNT(denied); i++) {
		assert_false(passed && code >= denied[i].first && code <= denied[i].last);
	}
}

static void every_character_passes_or_is_marked(void **state) {
	struct buf out = {0};
	size_t passed = 0;
	(void)state;

	for (uint32_t code = 0; code < 0x110000; code++) {
		char text[6] = "x";
		char mark[16];
		size_t n = encode(code, text + 1) + 1;

		text[n++] = 'x';
		if (code >= 0xd800 && code < 0xe000) {
			continue;
		}
		(void)snprintf(mark, sizeof mark, "x‹%02X›x", code);
		buf_cut(&out, 0);
		safe_text(text, n, SAFE_UTF8, &out);
		bool same = out.len == n && memcmp(out.text, text, n) == 0;
		assert_true(same || strcmp(buf_text(&out), mark) == 0);
		never_passed(code, same);
		passed += same ? 1 : 0;
		buf_cut(&out, 0);
		safe_text(text, n, SAFE_ASCII, &out);
		(void)snprintf(
		    mark, sizeof mark, code >= 0x20 && code < 0x7f ? "x%cx" : "x<%02X>x", (int)code);
		assert_string_equal(buf_text(&out), mark);
	}
	assert_in_range(passed, 140000, 150000);
	buf_release(&out);
}

static void cells_have_widths(void **state) {
	static const struct {
		const char *text;
		const char *cells; /* width of each */
		const char *bytes; /* and its bytes */
	} rows[] = {
	    {"", "", ""},
	    {"ab", "11", "11"},
	    {"\u65e5x\U0001f600", "212", "314"},
	    {"e" ACUTE ACUTE "f", "11", "51"},
	    {"\u65e5" ACUTE, "2", "5"},
	    {"\u0915\u093f", "11", "33"},
	    {"‹1B›", "1111", "3113"},
	    {"…", "1", "3"},
	    {"│", "1", "3"},
	    {"█", "1", "3"},
	};
	(void)state;

	for (size_t i = 0; i < COUNT(rows); i++) {
		const char *p = rows[i].text;
		const char *end = p + strlen(p);
		struct safe_cell cell;
		size_t columns = 0;
		size_t cells = 0;

		for (; safe_next(&p, end, &cell); cells++) {
			assert_int_equal(cell.width, rows[i].cells[cells] - '0');
			assert_int_equal(cell.n, rows[i].bytes[cells] - '0');
			assert_ptr_equal(cell.bytes + cell.n, p);
			columns += (size_t)cell.width;
		}
		assert_int_equal(cells, strlen(rows[i].cells));
		assert_int_equal(safe_width(rows[i].text, strlen(rows[i].text)), columns);
	}
}

static void marks_are_found(void **state) {
	static const struct {
		const char *text;
		enum safe_form form;
		size_t n;
	} rows[] = {
	    {"‹1B›x", SAFE_UTF8, 8},
	    {"‹10FFFF›", SAFE_UTF8, 12},
	    {"‹+6›", SAFE_UTF8, 8},
	    {"‹1B", SAFE_UTF8, 0},
	    {"‹›", SAFE_UTF8, 0},
	    {"‹+›", SAFE_UTF8, 0},
	    {"x‹1B›", SAFE_UTF8, 0},
	    {"<1B>", SAFE_UTF8, 0},
	    {"<1B>", SAFE_ASCII, 4},
	    {"<+12>", SAFE_ASCII, 5},
	    {"<1B", SAFE_ASCII, 0},
	    {"<", SAFE_ASCII, 0},
	    {"", SAFE_ASCII, 0},
	};
	(void)state;

	for (size_t i = 0; i < COUNT(rows); i++) {
		assert_int_equal(
		    safe_mark(rows[i].text, rows[i].text + strlen(rows[i].text), rows[i].form), rows[i].n);
	}
}

static void text_is_cut_to_fit(void **state) {
	static const struct {
		const char *text;
		size_t columns;
		enum safe_cut cut;
		enum safe_form form;
		const char *fitted;
	} rows[] = {
	    {"", 0, SAFE_CUT_END, SAFE_UTF8, ""}, {"abc", 3, SAFE_CUT_END, SAFE_UTF8, "abc"},
	    {"abc", 9, SAFE_CUT_MIDDLE, SAFE_UTF8, "abc"}, {"abcdef", 4, SAFE_CUT_END, SAFE_UTF8, "abc…"},
	    {"abcdef", 4, SAFE_CUT_END, SAFE_ASCII, "ab.."}, {"abcdef", 1, SAFE_CUT_END, SAFE_UTF8, "…"},
	    {"abcdef", 2, SAFE_CUT_END, SAFE_ASCII, ".."}, {"abcdef", 1, SAFE_CUT_END, SAFE_ASCII, "."},
	    {"abcdef", 0, SAFE_CUT_END, SAFE_UTF8, ""}, {"abcdef", 0, SAFE_CUT_MIDDLE, SAFE_ASCII, ""},
	    {"abcdefgh", 5, SAFE_CUT_MIDDLE, SAFE_UTF8, "ab…gh"},
	    {"abcdefgh", 6, SAFE_CUT_MIDDLE, SAFE_UTF8, "abc…gh"},
	    {"abcdefgh", 6, SAFE_CUT_MIDDLE, SAFE_ASCII, "ab..gh"},
	    {"abcdefgh", 1, SAFE_CUT_MIDDLE, SAFE_UTF8, "…"},
	    {"\u65e5\u672c\u8a9e", 6, SAFE_CUT_END, SAFE_UTF8, "\u65e5\u672c\u8a9e"},
	    {"\u65e5\u672c\u8a9e", 5, SAFE_CUT_END, SAFE_UTF8, "\u65e5\u672c…"},
	    {"\u65e5\u672c\u8a9e", 4, SAFE_CUT_END, SAFE_UTF8, "\u65e5… "},
	    {"\u65e5\u672c\u8a9e", 2, SAFE_CUT_END, SAFE_UTF8, "… "},
	    {"\u65e5\u672c\u8a9e\u65e5", 6, SAFE_CUT_MIDDLE, SAFE_UTF8, "\u65e5…\u65e5 "},
	    {"ae" ACUTE "bcd", 3, SAFE_CUT_END, SAFE_UTF8, "ae" ACUTE "…"},
	    {"abce" ACUTE, 3, SAFE_CUT_MIDDLE, SAFE_UTF8, "a…e" ACUTE},
	    {"a‹202E›bcd", 8, SAFE_CUT_END, SAFE_UTF8, "a‹202E›…"},
	    {"a‹202E›bcd", 7, SAFE_CUT_END, SAFE_UTF8, "a…     "},
	    {"a‹202E›bcd‹1B›", 8, SAFE_CUT_MIDDLE, SAFE_UTF8, "a…cd‹1B›"},
	    {"ab<202E>", 6, SAFE_CUT_END, SAFE_ASCII, "ab..  "},
	    {"ab<2O2E>", 6, SAFE_CUT_END, SAFE_ASCII, "ab<2.."}, /* no mark */
	};
	(void)state;

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct buf out = {0};

		safe_fit(rows[i].text, rows[i].columns, rows[i].cut, rows[i].form, &out);
		assert_string_equal(buf_text(&out), rows[i].fitted);
		assert_true(safe_width(buf_text(&out), out.len) <= rows[i].columns);
		buf_release(&out);
	}
}

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(hostile_text_becomes_marks),
	    cmocka_unit_test(every_character_passes_or_is_marked),
	    cmocka_unit_test(cells_have_widths),
	    cmocka_unit_test(marks_are_found),
	    cmocka_unit_test(text_is_cut_to_fit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
