/*
 * The manual: the pages have every verb, option, key, error and setting, and plain text stays plain in them.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db/base/buf.h"
#include "db/base/err.h"
#include "db/base/mem.h"
#include "db/conn/sqlstate.h"
#include "model/syntax/filter.h"
#include "ui/config/config.h"
#include "ui/console/app/console_verbs.h"
#include "ui/console/app/keymap.h"
#include "ui/console/list/view.h"
#include "ui/console/terminal/style.h"
#include "ui/console/terminal/theme.h"
#include "ui/manual/manual.h"
#include "ui/manual/mdoc.h"
#include "ui/verbs/verb.h"

#define LENGTH(array) (sizeof(array) / sizeof(array)[0])

/* Reads a file, for the caller to free. */
static char *read_file(const char *path) {
	FILE *file = fopen(path, "re");
	struct buf text = {0};
	char chunk[4096];

	if (file == NULL) {
		fail_msg("%s cannot be read", path);
	}
	for (size_t n; (n = fread(chunk, 1, sizeof chunk, file)) > 0;) {
		buf_add(&text, chunk, n);
	}
	assert_int_equal(fclose(file), 0);
	return buf_take(&text);
}

/* Reads a page as the build has made it. */
static char *page(const char *name) {
	const char *build = getenv("BERTH_BUILD");
	char *path = mem_print("%s/man/%s", build == NULL ? "build" : build, name);
	char *text = read_file(path);

	free(path);
	return text;
}

static void assert_has(const char *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void assert_has(const char *text, const char *format, ...) {
	struct buf wanted = {0};
	va_list args;

	va_start(args, format);
	buf_vprintf(&wanted, format, args);
	va_end(args);
	if (strstr(text, buf_text(&wanted)) == NULL) {
		fail_msg("the page lacks: %s", buf_text(&wanted));
	}
	buf_release(&wanted);
}

static void test_verbs(void **state) {
	char *text = page("man1/berth.1");
	const struct verb **console = console_verbs();

	(void)state;
	for (struct verb_walk w = {.family = verbs}; verb_next(&w);) {
		assert_has(text, "\n.Ss \"%s\"\n", w.verb->words);
	}
	for (const struct verb *verb = console[0]; verb->words != NULL; verb++) {
		assert_has(text, "Cm \"%s%s\"", strlen(verb->words) > 3 ? "" : "\\&", verb->words);
	}
	for (int id = OPT_END + 1; id < OPT_COUNT_OF; id++) {
		assert_has(text, " Fl -%s", option_specs[id].name);
	}
	free(console);
	free(text);
}

static void test_keys(void **state) {
	char *text = page("man1/berth.1");

	(void)state;
	for (const struct key *key = keys; key->request != REQUEST_NONE; key++) {
		struct buf item = {0};

		buf_puts(&item, ".It Ic");
		mdoc_argument(key->names, strlen(key->names), &item);
		assert_has(text, "%s\n", buf_text(&item));
		buf_release(&item);
	}
	for (size_t i = 0; views[i] != NULL; i++) {
		assert_has(text, ".It Li %s\n", views[i]->name);
	}
	free(text);
}

/* README.md has the exit codes too. */
static void test_errors(void **state) {
	char *program = page("man1/berth.1"), *worker = page("man8/berth-worker.8");
	char *sql = page("man7/berth-sql.7"), *readme = read_file("README.md");

	(void)state;
	for (const struct exit_meaning *e = err_exits(); e->meaning != NULL; e++) {
		assert_has(program, ".It %d\n", e->exit);
		assert_has(worker, ".It %d\n", e->exit);
		assert_has(readme, "| %d | %s |\n", e->exit, e->meaning);
	}
	for (int code = ERR_NONE + 1; code < ERR_CODES; code++) {
		const char *name = err_name((enum err_code)code), *api = err_state((enum err_code)code);

		assert_has(program, ".It Li %s No (exit %d)\n", name, err_exit((enum err_code)code));
		if (api != NULL) {
			assert_has(sql, ".It Li %s\n.Li %s :\n", api, name);
			assert_has(readme, "`%s` | `%s`", api, name);
		}
	}
	for (const struct sqlstate *s = sqlstates; s->prefix != NULL; s++) {
		assert_has(sql, "%s", s->prefix);
	}
	free(program);
	free(worker);
	free(sql);
	free(readme);
}

static void test_settings(void **state) {
	char *text = page("man5/berth.5");

	(void)state;
	for (const struct config_key *key = config_keys; key->name != NULL; key++) {
		assert_has(text, ".It Ic %s ", key->name);
	}
	for (const struct config_key *key = config_profile_keys; key->name != NULL; key++) {
		assert_has(text, ".It Ic %s ", key->name);
	}
	for (int style = 0; style < STYLES; style++) {
		assert_has(text, ".Li %s ,\n", style_face((enum style)style)->name);
	}
	for (const struct theme_file *file = theme_files; file->name != NULL; file++) {
		assert_has(text, ".Li %s ", file->name);
	}
	free(text);
}

/* Every exit code of an error is in the table of exit codes. */
static void test_exits(void **state) {
	(void)state;
	for (int code = ERR_NONE; code < ERR_CODES; code++) {
		const struct exit_meaning *e = err_exits();

		while (e->meaning != NULL && e->exit != err_exit((enum err_code)code)) {
			e++;
		}
		assert_non_null(e->meaning);
		assert_non_null(err_meaning((enum err_code)code));
	}
}

static void test_text(void **state) {
	static const struct {
		const char *text, *mdoc;
	} cases[] = {
	    {"One. Two.", "One.\nTwo.\n"},
	    {"a ... b", "a ... b\n"},
	    {".Sh x", "\\&.Sh x\n"},
	    {"'x' `y`", "\\&\\(aqx\\(aq \\(gay\\(ga\n"},
	    {"a\\fBb", "a\\efBb\n"},
	    {"--yes, a-b", "\\-\\-yes, a-b\n"},
	    {"K=V…", "K=V...\n"},
	    {"é", "\\[u00E9]\n"},
	    {"a\nb.\nC", "a b.\nC\n"},
	    {"R:  1  2\nNext.", ".Bd -unfilled -compact\nR:  1  2\n.Ed\nNext.\n"},
	    {"", ""},
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		struct buf out = {0};

		mdoc_text(cases[i].text, &out);
		assert_string_equal(buf_text(&out), cases[i].mdoc);
		buf_release(&out);
	}
}

static void test_synopsis(void **state) {
	static const struct {
		const char *text, *mdoc;
	} cases[] = {
	    {"POOL --kind K [RANGE…]", " Ar \"POOL\" Fl \"\\-kind\" Ar \"\\&K\" Oo Ar \"RANGE...\" Oc"},
	    {"[--table T --key C,…]", " Oo Fl \"\\-table\" Ar \"\\&T\" Fl \"\\-key\" Ar \"C,...\" Oc"},
	    {"T… | label -l SEL", " Ar \"T...\" | Cm \"label\" Fl \"\\&l\" Ar \"\\&SEL\""},
	    {"[KEY[=VALUE]]", " Oo Ar \"KEY[=VALUE]\" Oc"},
	    {"", ""},
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		struct buf out = {0};

		mdoc_synopsis(cases[i].text, &out);
		assert_string_equal(buf_text(&out), cases[i].mdoc);
		buf_release(&out);
	}
}

static void test_sentence(void **state) {
	struct buf out = {0};

	(void)state;
	mdoc_sentence("list pools", &out);
	mdoc_sentence("host1 is one", &out);
	assert_string_equal(buf_text(&out), "List pools.\nhost1 is one.\n");
	buf_release(&out);
}

static void test_fill(void **state) {
	static const char text[] = "before\n.\\\" @options common\nafter\n";
	static const char *const wrong[] = {"x\n.\\\" @nothing\n", "x\n.\\\" @options of-none\n",
	    "x\n.\\\" @keys x\n", "x\n.\\\" @verb-options x\n"};
	struct buf out = {0};
	struct err err = {0};

	(void)state;
	assert_true(manual_fill(text, sizeof text - 1, &out, &err));
	assert_int_equal(strncmp(buf_text(&out), "before\n.Bl -tag", 15), 0);
	assert_has(buf_text(&out), ".It Fl \\&n , Fl -dry-run\n");
	assert_has(buf_text(&out), ".El\nafter\n");
	buf_release(&out);
	for (size_t i = 0; i < LENGTH(wrong); i++) {
		assert_false(manual_fill(wrong[i], strlen(wrong[i]), &out, &err));
		assert_has(err.message, "line 2: no such place: ");
		buf_release(&out);
		err_release(&err);
	}
}

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_verbs),
	    cmocka_unit_test(test_keys),
	    cmocka_unit_test(test_errors),
	    cmocka_unit_test(test_settings),
	    cmocka_unit_test(test_exits),
	    cmocka_unit_test(test_text),
	    cmocka_unit_test(test_synopsis),
	    cmocka_unit_test(test_sentence),
	    cmocka_unit_test(test_fill),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
