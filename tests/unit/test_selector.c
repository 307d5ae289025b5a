#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <jansson.h>
#include <string.h>

#include "db/base/buf.h"
#include "db/base/err.h"
#include "model/syntax/selector.h"
#include "tests/lib/matches.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
#define A_9 "aaaaaaaaa"
#define A_62 A_9 A_9 A_9 A_9 A_9 A_9 "aaaaaaaa"
#define A_63 A_62 "a"
#define ZEROS_44 "00000000000000000000000000000000000000000000"
#define PREFIX_253 A_63 "." A_63 "." A_63 "." A_9 A_9 A_9 A_9 A_9 A_9 "aaaaaaa"
#define INT64_LARGEST "9223372036854775807"

/* The requirements as words: "in p/a[b][c] exists d". */
static void describe(const struct selector *s, struct buf *out) {
	static const char *const ops[SELECTOR_OPS] = {
	    "exists", "absent", "equals", "not_equals", "in", "not_in", "greater", "less"};

	for (size_t i = 0; i < s->count; i++) {
		const struct requirement *r = &s->requirements[i];

		buf_printf(out, "%s%s %s%s%s", i == 0 ? "" : " ", ops[r->op], r->prefix,
		    r->prefix[0] == '\0' ? "" : "/", r->name);
		for (size_t k = 0; k < r->count; k++) {
			buf_printf(out, "[%s]", r->values[k]);
		}
	}
}

static void selectors_are_read(void **state) {
	static const struct {
		const char *text, *words;
	} table[] = {
	    {"", ""},
	    {" \t\r\n", ""},
	    {"a", "exists a"},
	    {"!a", "absent a"},
	    {"a=b", "equals a[b]"},
	    {"a==b", "equals a[b]"},
	    {"a!=b", "not_equals a[b]"},
	    {"a in (b,c)", "in a[b][c]"},
	    {"a notin (b,c)", "not_in a[b][c]"},
	    {"a>1", "greater a[1]"},
	    {"a<1", "less a[1]"},
	    {"a,b", "exists a exists b"},
	    {"b,a,b", "exists b exists a exists b"}, /* as written */
	    {"a=b,c!=d,!e,f in (g),h>1", "equals a[b] not_equals c[d] absent e in f[g] greater h[1]"},

	    /* blanks */
	    {"  a\t=\r\nb  ", "equals a[b]"},
	    {" a , b ", "exists a exists b"},
	    {" ! a ", "absent a"},
	    {"a != b", "not_equals a[b]"},
	    {"a ==b", "equals a[b]"},
	    {"a\nin\n(\nb\n,\nc\n)\n", "in a[b][c]"},
	    {"a in(b)", "in a[b]"},
	    {"a notin(b),c", "not_in a[b] exists c"},
	    {"a in (b),c", "in a[b] exists c"},
	    {"a > 1 , b < 2", "greater a[1] less b[2]"},

	    /* the empty value */
	    {"a=", "equals a[]"},
	    {"a==", "equals a[]"},
	    {"a!=", "not_equals a[]"},
	    {"a= ", "equals a[]"},
	    {"a=,b= ,c!=", "equals a[] equals b[] not_equals c[]"},
	    {"a in ()", "in a[]"},
	    {"a notin ( )", "not_in a[]"},
	    {"a in (,)", "in a[]"},
	    {"a in (b,)", "in a[][b]"},
	    {"a in (,b)", "in a[][b]"},
	    {"a in (b,,c)", "in a[][b][c]"},
	    {"a in ( , b , , c , )", "in a[][b][c]"},
	    {"a in (,,,)", "in a[]"},
	    {"a in (b,,)", "in a[][b]"}, /* one that Kubernetes refuses, by the number of commas */

	    /* lists are sets */
	    {"a in (c,b,c,b)", "in a[b][c]"},
	    {"a notin (b,B,10,9)", "not_in a[10][9][B][b]"},
	    {"a in (c,b,c),d in (f,e),g=h", "in a[b][c] in d[e][f] equals g[h]"},

	    /* operators as keys and values */
	    {"in", "exists in"},
	    {"!notin", "absent notin"},
	    {"in,notin", "exists in exists notin"},
	    {"in in (in)", "in in[in]"},
	    {"notin notin (notin,in)", "not_in notin[in][notin]"},
	    {"in notin ()", "not_in in[]"},
	    {"in=in,notin!=notin", "equals in[in] not_equals notin[notin]"},
	    {"in>5", "greater in[5]"},
	    {"inn,nin=inin", "exists inn equals nin[inin]"},

	    /* keys and values, by the rules of labels */
	    {"a/b", "exists a/b"},
	    {"!a/b", "absent a/b"},
	    {"app.kubernetes.io/part-of=x_y.Z-0", "equals app.kubernetes.io/part-of[x_y.Z-0]"},
	    {"Example.COM/a", "exists Example.COM/a"},
	    {"A=B,a=b", "equals A[B] equals a[b]"},
	    {"0=0", "equals 0[0]"},
	    {"in/in in (in)", "in in/in[in]"},
	    {A_63 "=" A_63, "equals " A_63 "[" A_63 "]"},
	    {PREFIX_253 "/" A_63, "exists " PREFIX_253 "/" A_63},

	    /* integers */
	    {"a>0", "greater a[0]"},
	    {"a<007", "less a[007]"},
	    {"a>" INT64_LARGEST, "greater a[" INT64_LARGEST "]"},
	    {"a>" ZEROS_44 INT64_LARGEST, "greater a[" ZEROS_44 INT64_LARGEST "]"},
	};
	(void)state;

	for (size_t i = 0; i < COUNT(table); i++) {
		struct buf words = {0};
		struct err err = {0};
		struct selector s = {0};

		assert_true(selector_parse(table[i].text, &s, &err));
		describe(&s, &words);
		assert_string_equal(buf_text(&words), table[i].words);
		buf_release(&words);
		selector_release(&s);
	}
}

/* Checks the message and the position of an error, and the text in it; `shown` is NULL where that is the text
 * itself. */
static void refused(const char *text, const char *why, int position, const char *shown) {
	struct err err = {0};
	struct selector s = {0};

	assert_false(selector_parse(text, &s, &err));
	assert_null(s.requirements);
	assert_int_equal(err.code, ERR_INVALID_INPUT);
	if (strstr(err.message, why) == NULL) {
		fail_msg("%s: \"%s\" does not say %s", text, err.message, why);
	}
	json_t *detail = json_loads(err.detail, 0, NULL);
	assert_non_null(detail);
	assert_int_equal(json_object_size(detail), 2);
	assert_string_equal(
	    json_string_value(json_object_get(detail, "selector")), shown == NULL ? text : shown);
	if (json_integer_value(json_object_get(detail, "position")) != position) {
		fail_msg("%s: not at %d: %s", text, position, err.detail);
	}
	json_decref(detail);
	err_release(&err);
}

struct slip {
	const char *text;
	int position;
	const char *why;
};

static const struct slip slips_of_form[] = {
    /* commas that separate nothing */
    {",", 0, "expected a label key or \"!\", not \",\""},
    {" , ", 1, "expected a label key"},
    {",a", 0, "expected a label key"},
    {"a,", 2, "expected a label key or \"!\", but it ends"},
    {"a, ", 3, "expected a label key"},
    {"a,,b", 2, "expected a label key"},
    {"a=,,b", 3, "expected a label key"},
    {"!,a", 1, "expected a label key, not \",\""},
    {"a in (b),", 9, "expected a label key"},

    /* where a key is expected */
    {"=", 0, "expected a label key"},
    {"=b", 0, "expected a label key or \"!\", not \"=\""},
    {"==b", 0, "not \"==\""},
    {"!=b", 0, "not \"!=\""},
    {">1", 0, "expected a label key"},
    {"<1", 0, "expected a label key"},
    {"(", 0, "expected a label key"},
    {"(a)", 0, "expected a label key"},
    {")", 0, "expected a label key"},
    {"!", 1, "expected a label key, but it ends"},
    {"! ", 2, "expected a label key, but it ends"},
    {"!!a", 1, "expected a label key, not \"!\""},
    {"! =a", 2, "expected a label key, not \"=\""},
    {"!(a)", 1, "expected a label key"},

    /* after a key */
    {"a b", 2, "expected \",\" or one of = == != in notin > <, not \"b\""},
    {"a (b)", 2, "one of"},
    {"a)", 1, "one of"},
    {"a!", 1, "one of"},
    {"a!b", 1, "one of"},
    {"a ! = b", 2, "one of"},
    {"a In (b)", 2, "one of"},
    {"a not in (b)", 2, "one of"},
    {"ain (b)", 4, "one of"},
    {"a inn (b)", 2, "one of"},
    {"in (a)", 3, "one of"},
    {"!a=b", 2, "expected \",\" or the end, not \"=\""},
    {"!a in (b)", 3, "expected \",\" or the end, not \"in\""},
    {"!a b", 3, "expected \",\" or the end"},
    {"!a!b", 2, "expected \",\" or the end"},
    {"!a>1", 2, "expected \",\" or the end"},

    /* after an operator */
    {"a=!b", 2, "expected a label value, not \"!\""},
    {"a=(b)", 2, "expected a label value"},
    {"a=)", 2, "expected a label value"},
    {"a=>1", 2, "expected a label value"},
    {"a===b", 3, "expected a label value"},
    {"a!==b", 3, "expected a label value"},
    {"a = = b", 4, "expected a label value"},
    {"a in", 4, "expected \"(\", but it ends"},
    {"a in  ", 6, "expected \"(\", but it ends"},
    {"in in", 5, "expected \"(\", but it ends"},
    {"a in b", 5, "expected \"(\", not \"b\""},
    {"a in,b", 4, "expected \"(\", not \",\""},
    {"a in)", 4, "expected \"(\""},
    {"a in in (b)", 5, "expected \"(\", not \"in\""},
    {"a in=b", 4, "expected \"(\""},
    {"a notin b", 8, "expected \"(\""},

    /* in a list */
    {"a in (", 6, "expected a label value, \",\" or \")\", but it ends"},
    {"a in (b", 7, "expected \",\" or \")\", but it ends"},
    {"a in (b,", 8, "expected a label value, \",\" or \")\", but it ends"},
    {"a in (b c)", 8, "expected \",\" or \")\", not \"c\""},
    {"a in (b=c)", 7, "expected \",\" or \")\""},
    {"a in (b!=c)", 7, "not \"!=\""},
    {"a in (!b)", 6, "expected a label value"},
    {"a in ((b))", 6, "expected a label value"},
    {"a in (b))", 8, "expected \",\" or the end"},
    {"a in (b(", 7, "expected \",\" or \")\""},
    {"a in (b,=)", 8, "expected a label value"},

    /* after a requirement */
    {"a=b c", 4, "expected \",\" or the end, not \"c\""},
    {"a=b=c", 3, "expected \",\" or the end, not \"=\""},
    {"a=b!", 3, "expected \",\" or the end"},
    {"a=b)", 3, "expected \",\" or the end"},
    {"a=in (b)", 5, "expected \",\" or the end"},
    {"a in (b) c", 9, "expected \",\" or the end"},
    {"a in (b)c", 8, "expected \",\" or the end"},
    {"a in () in ()", 8, "expected \",\" or the end"},
    {"a>1>2", 3, "expected \",\" or the end"},
};

static const struct slip slips_of_words[] = {
    /* names */
    {"a$b", 1, "label key \"a$b\""},
    {"$", 0, "label key"},
    {"x=1,a$b", 5, "label key \"a$b\""},
    {"!a$", 2, "label key"},
    {"-a", 0, "label key"},
    {"_a", 0, "label key"},
    {".a", 0, "label key"},
    {"a-", 1, "label key"},
    {"a_=b", 1, "label key"},
    {"a--,b", 2, "label key"},
    {"a&&b", 1, "label key"},
    {"a;b", 1, "label key"},
    {"\"a\"=b", 0, "label key"},
    {"a\vb", 1, "label key"}, /* no blank */
    {A_63 "a", 63, "label key"},
    {A_63 "$", 63, "label key"},
    {A_62 "-", 62, "label key"},
    {A_62 "-a", 62, "label key"}, /* the last of 63 must be a letter or digit */
    {"p/" A_63 "a=b", 65, "label key"},

    /* prefixes */
    {"/", 0, "label key"},
    {"/a", 0, "label key \"/a\": the prefix"},
    {"a/", 2, "label key \"a/\": the name"},
    {"a/=b", 2, "label key"},
    {"a/b/c", 3, "label key"},
    {"a//b", 2, "label key"},
    {"a_b/c", 1, "label key \"a_b/c\": the prefix"},
    {"-a/b", 0, "label key"},
    {"a-/b", 1, "label key"},
    {"a./b", 1, "label key"},
    {".a/b", 0, "label key"},
    {"a..b/c", 2, "label key"},
    {"a-.b/c", 2, "label key"},
    {"a.-b/c", 2, "label key"},
    {"a/-b", 2, "label key"},
    {"a/b-", 3, "label key"},
    {"a/b$c", 3, "label key"},
    {A_63 "a/b", 63, "label key"},
    {"a." A_63 "a/b", 65, "label key"},
    {PREFIX_253 "a/b", 253, "label key"},

    /* values */
    {"a=b/c", 3, "label value \"b/c\""},
    {"a=-b", 2, "label value"},
    {"a=b-", 3, "label value"},
    {"a!=b$", 4, "label value"},
    {"x=a||y=b", 3, "label value \"a||y\""},
    {"a==b$c d", 4, "label value"},
    {"a=\"b\"", 2, "label value"},
    {"a=" A_63 "a", 65, "label value"},
    {"a in (b,c$)", 9, "label value \"c$\""},
    {"a in (b$,c d)", 7, "label value"}, /* the first slip of two */
    {"a in (.)", 6, "label value"},
    {"a in (" A_63 "a)", 69, "label value"},

    /* integers */
    {"a>", 2, "expected an integer from 0 to " INT64_LARGEST ", but it ends"},
    {"a> ", 3, "expected an integer"},
    {"a>,b", 2, "expected an integer"},
    {"a<b", 2, "expected an integer from 0 to " INT64_LARGEST ", not \"b\""},
    {"a>in", 2, "expected an integer"},
    {"a>1b", 3, "expected an integer"},
    {"a>1.5", 3, "expected an integer"},
    {"a>0x10", 3, "expected an integer"},
    {"a>1_000", 3, "expected an integer"},
    {"a>-1", 2, "expected an integer"},
    {"a>+1", 2, "expected an integer"},
    {"a>=1", 2, "expected an integer"},
    {"a<=1", 2, "expected an integer"},
    {"a<>1", 2, "expected an integer"},
    {"a>(1)", 2, "expected an integer"},
    {"a>!1", 2, "expected an integer"},
    {"a>9223372036854775808", 2, "expected an integer"},
    {"a>" A_9, 2, "expected an integer"},
    {"a>" ZEROS_44 "99999999999999999999", 65, "label value"}, /* 64 digits */

    /* characters, not bytes */
    {"\xc3\xa9", 0, "label key \"\xc3\xa9\""},
    {"a\xc3\xa9=b", 1, "label key"},
    {"a=b\xe5\x8c\x97,c", 3, "label value"},
    {"a\xc2\xa0=b", 1, "label key"}, /* a blank of another kind */
    {"a=\xf0\x9f\x98\x80", 2, "label value"},
};

static void what_is_no_selector_is_refused_with_its_place(void **state) {
	(void)state;

	for (size_t i = 0; i < COUNT(slips_of_form); i++) {
		refused(slips_of_form[i].text, slips_of_form[i].why, slips_of_form[i].position, NULL);
	}
	for (size_t i = 0; i < COUNT(slips_of_words); i++) {
		refused(slips_of_words[i].text, slips_of_words[i].why, slips_of_words[i].position, NULL);
	}
}

static void bytes_that_are_no_characters_are_shown_as_such(void **state) {
	(void)state;

	refused("a\xff=b", "label key \"a\xef\xbf\xbd\":", 1, "a\xef\xbf\xbd=b");
	refused("a=b,c \xc3", "not \"\xef\xbf\xbd\"", 6, "a=b,c \xef\xbf\xbd");
	refused("a=\xed\xa0\x80", "label value", 2, "a=\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
	refused("\xc3\xa9,\xff", "label key \"\xc3\xa9\":", 0, "\xc3\xa9,\xef\xbf\xbd");
}

/* A list of that many requirements of this text. */
static void repeat(struct buf *out, const char *text, size_t count) {
	for (size_t i = 0; i < count; i++) {
		buf_puts(out, i == 0 ? "" : ",");
		buf_puts(out, text);
	}
}

static void long_ones_are_read_up_to_the_limits(void **state) {
	struct buf text = {0};
	struct err err = {0};
	struct selector s = {0};
	(void)state;

	repeat(&text, PREFIX_253 "/" A_63 "=" A_63, 50); /* the longest of their kind */
	assert_true(selector_parse(buf_text(&text), &s, &err));
	assert_int_equal(s.count, 50);
	selector_release(&s);

	buf_cut(&text, 0);
	repeat(&text, "a", SELECTOR_MAX_REQUIREMENTS);
	assert_true(selector_parse(buf_text(&text), &s, &err));
	assert_int_equal(s.count, SELECTOR_MAX_REQUIREMENTS);
	selector_release(&s);
	buf_puts(&text, ", b=c");
	refused(buf_text(&text), "at most 256 requirements", 2 * SELECTOR_MAX_REQUIREMENTS + 1, NULL);

	buf_cut(&text, 0);
	buf_puts(&text, "a in (");
	while (text.len < SELECTOR_MAX_BYTES - 1) {
		buf_puts(&text, text.len % 2 == 0 ? "b" : ",");
	}
	buf_char(&text, ')');
	assert_int_equal(text.len, SELECTOR_MAX_BYTES);
	assert_true(selector_parse(buf_text(&text), &s, &err));
	assert_int_equal(s.requirements[0].count, 1);
	selector_release(&s);
	buf_char(&text, ' ');
	refused(buf_text(&text), "at most 65536 bytes", SELECTOR_MAX_BYTES, NULL);

	buf_cut(&text, SELECTOR_MAX_BYTES - 1);
	buf_puts(&text, "\xc3\xa9"); /* the character that the limit cuts in half */
	refused(buf_text(&text), "at most 65536 bytes", SELECTOR_MAX_BYTES - 1, NULL);
	buf_release(&text);
}

static void labels_are_selected(void **state) {
	static const struct selector_label labels[] = {
	    {"", "app", "web"},
	    {"", "empty", ""},
	    {"", "in", "in"},
	    {"", "n", "5"},
	    {"", "zeros", "0010"},
	    {"", "most", "9223372036854775807"},
	    {"", "more", "9223372036854775808"},
	    {"", "word", "5a"},
	    {"", "real", "5.5"},
	    {"example.com", "app", "db"},
	    {"example.com", "only", "x"},
	};
	static const struct {
		const char *text;
		bool labelled, bare; /* it selects these labels, and an object without any */
	} table[] = {
	    {"", true, true},
	    {"app", true, false},
	    {"none", false, false},
	    {"!app", false, true},
	    {"!none", true, true},
	    {"App", false, false}, /* case counts */
	    {"app=web", true, false},
	    {"app==web", true, false},
	    {"app=Web", false, false},
	    {"app=we", false, false},
	    {"app=webs", false, false},
	    {"app=", false, false},
	    {"none=web", false, false},
	    {"none=", false, false}, /* a key that is missing is not an empty value */
	    {"empty", true, false},
	    {"empty=", true, false},
	    {"empty=a", false, false},
	    {"empty!=", false, true},
	    {"empty!=a", true, true},
	    {"empty in ()", true, false},
	    {"empty in (a,)", true, false},
	    {"empty in (a)", false, false},
	    {"empty notin ()", false, true},
	    {"empty notin (a,)", false, true},
	    {"app!=web", false, true},
	    {"app!=db", true, true},
	    {"app!=", true, true},
	    {"none!=web", true, true},
	    {"none!=", true, true},
	    {"app in (db,web)", true, false},
	    {"app in (a,b,c,web,x,y,z)", true, false},
	    {"app in (db)", false, false},
	    {"app in ()", false, false},
	    {"none in (db,web)", false, false},
	    {"none in ()", false, false},
	    {"app notin (db,web)", false, true},
	    {"app notin (db)", true, true},
	    {"app notin ()", true, true},
	    {"none notin (db,web)", true, true},
	    {"in in (in)", true, false},
	    {"in notin (in)", false, true},

	    /* a key is its prefix and its name */
	    {"example.com/app=db", true, false},
	    {"example.com/app=web", false, false},
	    {"other.com/app", false, false},
	    {"Example.com/app", false, false},
	    {"example.com/only", true, false},
	    {"only", false, false},
	    {"!only", true, true},

	    /* integers */
	    {"n>4", true, false},
	    {"n>5", false, false},
	    {"n>6", false, false},
	    {"n<6", true, false},
	    {"n<5", false, false},
	    {"n<4", false, false},
	    {"n>04", true, false},
	    {"n<40", true, false}, /* not as texts */
	    {"n>10", false, false},
	    {"zeros>9", true, false},
	    {"zeros<11", true, false},
	    {"zeros=10", false, false},
	    {"most>9223372036854775806", true, false},
	    {"most<9223372036854775807", false, false},
	    {"more>0", false, false},
	    {"more<9223372036854775807", false, false},
	    {"word>0", false, false},
	    {"word<9", false, false},
	    {"real>0", false, false},
	    {"real<9", false, false},
	    {"empty>0", false, false},
	    {"empty<9", false, false},
	    {"app>0", false, false},
	    {"app<9", false, false},
	    {"none>0", false, false},
	    {"none<9", false, false},

	    /* all of them */
	    {"app=web,empty=,!none", true, false},
	    {"app=web,none", false, false},
	    {"none,app=web", false, false},
	    {"app=web,app=db", false, false},
	    {"n>4,n<6", true, false},
	    {"n>4,n<5", false, false},
	    {"app!=db,n notin (4)", true, true},
	};
	(void)state;

	for (size_t i = 0; i < COUNT(table); i++) {
		struct err err = {0};
		struct selector s = {0};

		assert_true(selector_parse(table[i].text, &s, &err));
		if (selector_matches(&s, labels, COUNT(labels)) != table[i].labelled ||
		    selector_matches(&s, NULL, 0) != table[i].bare) {
			fail_msg("%s", table[i].text);
		}
		selector_release(&s);
	}
}

static void they_are_written_for_the_server(void **state) {
	static const struct {
		const char *text, *json;
	} table[] = {
	    {"", "[]"},
	    {"a", "[{\"op\":\"exists\",\"prefix\":\"\",\"name\":\"a\",\"values\":[]}]"},
	    {"!p/a", "[{\"op\":\"absent\",\"prefix\":\"p\",\"name\":\"a\",\"values\":[]}]"},
	    {"a==", "[{\"op\":\"equals\",\"prefix\":\"\",\"name\":\"a\",\"values\":[\"\"]}]"},
	    {"a!=b", "[{\"op\":\"not_equals\",\"prefix\":\"\",\"name\":\"a\",\"values\":[\"b\"]}]"},
	    {"p.q/a in (c,,b)",
		"[{\"op\":\"in\",\"prefix\":\"p.q\",\"name\":\"a\",\"values\":[\"\",\"b\",\"c\"]}]"},
	    {"a notin (b)", "[{\"op\":\"not_in\",\"prefix\":\"\",\"name\":\"a\",\"values\":[\"b\"]}]"},
	    {"a>01,b<2", "[{\"op\":\"greater\",\"prefix\":\"\",\"name\":\"a\",\"values\":[\"01\"]},"
			 "{\"op\":\"less\",\"prefix\":\"\",\"name\":\"b\",\"values\":[\"2\"]}]"},
	};
	(void)state;

	for (size_t i = 0; i < COUNT(table); i++) {
		struct buf json = {0};
		struct err err = {0};
		struct selector s = {0};

		assert_true(selector_parse(table[i].text, &s, &err));
		selector_json(&s, &json);
		assert_string_equal(buf_text(&json), table[i].json);
		buf_release(&json);
		selector_release(&s);
	}
}

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(selectors_are_read),
	    cmocka_unit_test(what_is_no_selector_is_refused_with_its_place),
	    cmocka_unit_test(bytes_that_are_no_characters_are_shown_as_such),
	    cmocka_unit_test(long_ones_are_read_up_to_the_limits),
	    cmocka_unit_test(labels_are_selected),
	    cmocka_unit_test(they_are_written_for_the_server),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
