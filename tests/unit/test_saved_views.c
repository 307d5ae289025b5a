/*
 * Saved views: a screen is saved and shown again as it was; faults of the file are told; columns are hidden.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "db/base/buf.h"
#include "db/base/err.h"
#include "db/base/mem.h"
#include "tests/lib/golden.h"
#include "ui/config/history.h"
#include "ui/config/place.h"
#include "ui/config/views.h"
#include "ui/console/app/app.h"
#include "ui/console/app/menu_mode.h"
#include "ui/console/frame/draw.h"
#include "ui/console/list/column_choice.h"

#define LENGTH(array) (sizeof(array) / sizeof(array)[0])

static int make_folder(void **state) {
	char *folder = mem_print("%s/views-XXXXXX", getenv("TMPDIR"));

	(void)state;
	assert_non_null(mkdtemp(folder));
	assert_int_equal(setenv("XDG_CONFIG_HOME", folder, 1), 0);
	assert_int_equal(setenv("XDG_STATE_HOME", folder, 1), 0);
	free(folder);
	return 0;
}

static void press(struct app *app, int key) {
	app_key(app, &(struct key_event){.key = key});
}

static void test_save_and_show(void **state) {
	struct app app;

	(void)state;
	golden_start(&app, false);
	app_scope(&app, &view_leases, scope_new(SCOPE_POOL, "web"));
	assert_true(app_filter(&app, " !env,tier in (a,b)"));
	app_all(&app, true);
	golden_type(&app, "wmine\r");
	assert_non_null(strstr(buf_text(&app.message), "saved as mine"));
	app_scope(&app, &view_pools, (struct scope){0});
	golden_type(&app, ":save all-pools\r");
	app_release(&app);

	golden_start(&app, false);
	golden_type(&app, "v");
	assert_int_equal(app.mode, MODE_MENU);
	golden_dialog(&app, "saved_views");
	press(&app, KEY_CODE_ENTER);
	assert_int_equal(app.mode, MODE_LIST);
	assert_ptr_equal(app_pane(&app)->view, &view_leases);
	assert_string_equal(scope_text(&app_pane(&app)->scope, SCOPE_POOL), "web");
	assert_string_equal(app_pane(&app)->filter, " !env,tier in (a,b)");
	assert_true(app_pane(&app)->all);
	golden_type(&app, ":view all-pools\r");
	assert_ptr_equal(app_pane(&app)->view, &view_pools);
	golden_type(&app, ":view all-pool\r");
	assert_non_null(strstr(app.rejected, "did you mean all-pools?"));
	app_release(&app);
}

static void test_replace(void **state) {
	struct saved_views saved = {0};
	struct err err = {0};
	struct app app;

	(void)state;
	golden_start(&app, false);
	golden_type(&app, "wa\r/x y\rwb\r2wa\r");
	assert_int_equal(app.mode, MODE_COMMAND); /* it asks before it replaces one */
	assert_non_null(strstr(app.rejected, "view a already exists; --force replaces it"));
	assert_true(saved_views_read(&saved, &err));
	assert_string_equal(saved_views_find(&saved, "a")->screen, "pools");
	saved_views_release(&saved);
	golden_type(&app, " --force\r");
	assert_int_equal(app.mode, MODE_LIST);
	assert_true(saved_views_read(&saved, &err));
	assert_int_equal(saved.count, 2);
	assert_string_equal(saved_views_find(&saved, "a")->screen, "leases");
	assert_string_equal(saved_views_find(&saved, "b")->filter, "x y");
	assert_string_equal(saved_views_find(&saved, "b")->scope, "");
	assert_null(saved_views_find(&saved, "c"));
	saved_views_release(&saved);
	golden_type(&app, "w-a\r");
	assert_int_equal(app.mode, MODE_COMMAND);
	assert_non_null(app.rejected);
	press(&app, KEY_CODE_ESCAPE);
	app_scope(&app, &view_leases, scope_new(SCOPE_PROJECT, "a\nb"));
	golden_type(&app, "wc\r");
	assert_non_null(strstr(app.rejected, "the scope of this screen cannot be saved"));
	app_release(&app);
}

static const struct {
	const char *text;
	const char *why;
} faults[] = {
    {"screen = x\n", ":1: expected [view NAME] first"},
    {"[view a]\nscren = x\n", ":2: unknown key of a view \"scren\""},
    {"[view -a]\n", ":1: expected [view NAME]"},
    {"[view a]\n\n[view a]\n", ":3: view a is there already"},
    {"[view a]\nall = maybe\n", ":2: all: unknown value"},
};

static void write_views(const char *text) {
	char *path = place_config("views");
	struct err err = {0};

	assert_true(place_write(path, text, strlen(text), &err));
	free(path);
}

static void test_faults(void **state) {
	struct app app;

	(void)state;
	golden_start(&app, false);
	for (size_t i = 0; i < LENGTH(faults); i++) {
		write_views(faults[i].text);
		golden_type(&app, "v");
		assert_int_equal(app.mode, MODE_LIST);
		assert_non_null(strstr(buf_text(&app.message), faults[i].why));
		golden_type(&app, "wx\r");
		assert_non_null(strstr(app.rejected, faults[i].why)); /* the file is left as it is */
		press(&app, KEY_CODE_ESCAPE);
	}
	write_views("[view a]\nscreen = nowhere\n[view b]\nscreen = leases\nscope = web\n"
		    "[view c]\nscreen = pools\nsort = shoe-size\nhidden = SHOE, KIND, POOL\n");
	golden_type(&app, ":view a\r");
	assert_non_null(strstr(app.rejected, "there is no screen"));
	press(&app, KEY_CODE_ESCAPE);
	golden_type(&app, ":view b\r");
	assert_non_null(strstr(app.rejected, "there is no screen"));
	press(&app, KEY_CODE_ESCAPE);
	golden_type(&app, ":view c\r");
	assert_int_equal(app_pane(&app)->sort, view_pools.first);
	assert_int_equal(app_pane(&app)->hidden, columns_hidden(&view_pools, "KIND"));
	app_release(&app);
}

static void test_columns(void **state) {
	struct saved_views saved = {0};
	struct err err = {0};
	struct app app;
	unsigned hidden;

	(void)state;
	golden_start(&app, false);
	golden_type(&app, "2c");
	assert_int_equal(app.mode, MODE_MENU);
	golden_dialog(&app, "columns");
	golden_type(&app, "jjj jjj ");
	hidden = app_pane(&app)->hidden;
	assert_int_equal(hidden, columns_hidden(&view_leases, "HELD, PROJECT"));
	golden(&app, "columns_hidden", 16, 60);
	press(&app, KEY_CODE_ESCAPE);
	golden(&app, "columns_gone", 8, 120);
	golden_type(&app, "wslim\r");
	assert_true(saved_views_read(&saved, &err));
	assert_string_equal(saved_views_find(&saved, "slim")->hidden, "HELD, PROJECT");
	saved_views_release(&saved);
	golden_type(&app, "ck");
	for (size_t i = 0; i < view_leases.column_count; i++) {
		golden_type(&app, "k");
	}
	for (size_t i = 0; i < view_leases.main; i++) {
		golden_type(&app, "j");
	}
	golden_type(&app, " ");
	assert_non_null(strstr(buf_text(&app.message), "stays"));
	assert_int_equal(app_pane(&app)->hidden, hidden);
	app_release(&app);
}

static void recall(void *context, char kind, const char *text) {
	app_recall(context, kind, text);
}

static void test_history(void **state) {
	struct app app;
	struct buf many = {0};

	(void)state;
	golden_start(&app, false);
	golden_type(&app, "/abc\r");
	press(&app, KEY_CODE_ESCAPE); /* drops the filter */
	golden_type(&app, "/abc\r");
	press(&app, KEY_CODE_ESCAPE);
	golden_type(&app, "/def\r:pools\r");
	assert_string_equal(buf_text(&app.requests.history), "/abc\n/def\n:pools\n");
	history_add(buf_text(&app.requests.history), app.requests.history.len);
	app_release(&app);

	golden_start(&app, false);
	history_add("/\xff\n#no\n/\n", 9);
	history_read(recall, &app);
	assert_int_equal(app.filter.count, 2);
	assert_int_equal(app.command.count, 1);
	assert_int_equal(app.requests.history.len, 0);
	golden_type(&app, "/");
	press(&app, KEY_CODE_UP);
	assert_string_equal(line_editor_text(&app.filter), "def");
	assert_string_equal(app_pane(&app)->filter, "def");
	press(&app, KEY_CODE_UP);
	assert_string_equal(line_editor_text(&app.filter), "abc");
	press(&app, KEY_CODE_DOWN);
	assert_string_equal(line_editor_text(&app.filter), "def");
	app_release(&app);

	for (int i = 0; i < 1000; i++) {
		buf_printf(&many, "/word %d\n", i);
	}
	history_add(buf_text(&many), many.len);
	golden_start(&app, false);
	history_read(recall, &app);
	assert_int_equal(app.filter.count, 100);
	assert_string_equal(app.filter.history[99], "word 999");
	app_release(&app);
	buf_release(&many);
}

static void test_unknown_keys(void **state) {
	struct app app;

	(void)state;
	golden_start(&app, false);
	golden_type(&app, "b");
	assert_string_equal(buf_text(&app.message), "no key b here; ? shows the keys");
	golden_type(&app, "b");
	assert_string_equal(buf_text(&app.message), "");
	golden_type(&app, "U");
	assert_string_equal(buf_text(&app.message), "no key U here; ? shows the keys");
	press(&app, KEY_CODE_UNKNOWN);
	assert_string_equal(buf_text(&app.message), "no such key here; ? shows the keys");
	golden_type(&app, "jb");
	assert_string_equal(buf_text(&app.message), "no key b here; ? shows the keys");
	app_release(&app);
}

static void test_screens_both_ways(void **state) {
	struct app app;
	size_t last;

	(void)state;
	golden_start(&app, false);
	press(&app, KEY_CODE_BACK_TAB);
	last = app.trail.current;
	assert_true(last > 0 && (views[last + 1] == NULL || views[last + 1]->inner));
	press(&app, KEY_CODE_TAB);
	assert_int_equal(app.trail.current, 0);
	press(&app, KEY_CODE_TAB);
	press(&app, KEY_CODE_TAB);
	press(&app, KEY_CODE_BACK_TAB);
	assert_int_equal(app.trail.current, 1);
	app_show(&app, &view_values); /* inside the tab */
	assert_int_equal(app.trail.current, 1);
	press(&app, KEY_CODE_BACK_TAB);
	assert_int_equal(app.trail.current, 0);
	app_release(&app);
}

static bool help_shows(struct app *app, const char *text) {
	struct grid *g = grid_new(12, 80, false);
	struct buf out = {0};
	bool found;

	app_layout(app, 12, 80);
	app_draw(app, g);
	grid_text(g, &out);
	found = strstr(buf_text(&out), text) != NULL;
	buf_release(&out);
	grid_free(g);
	return found;
}

static void test_search_help(void **state) {
	struct app app;
	int first;

	(void)state;
	golden_start(&app, false);
	golden_type(&app, "?");
	assert_false(help_shows(&app, "choose a saved view"));
	golden_type(&app, "/SAVE");
	assert_true(help_shows(&app, "/SAVE"));
	golden_type(&app, "\r");
	first = app.help_top;
	assert_true(help_shows(&app, "save this screen"));
	golden_type(&app, "n");
	assert_true(app.help_top > first);
	assert_true(help_shows(&app, "choose a saved view"));
	golden_type(&app, "N");
	assert_int_equal(app.help_top, first);
	golden_type(&app, "/zzz");
	assert_true(help_shows(&app, "/zzz"));
	assert_true(help_shows(&app, "no line has it"));
	golden_type(&app, "\r");
	assert_true(help_shows(&app, "no line has it"));
	golden_type(&app, "j");
	assert_false(help_shows(&app, "no line has it"));
	golden_type(&app, "q");
	assert_int_equal(app.mode, MODE_LIST);
	golden_type(&app, ":help pool create\r");
	assert_int_equal(app.mode, MODE_CALL);
	golden_dialog(&app, "pager");
	app_layout(&app, 12, 80);
	golden_type(&app, "/examples\r");
	assert_true(app.call.pager.top > 0);
	first = app.call.pager.found;
	golden_type(&app, "n");
	assert_int_equal(app.call.pager.found, first);
	golden_type(&app, "q");
	assert_int_equal(app.mode, MODE_LIST);
	app_release(&app);
}

/* Tab completes what the user has named: saved views, profiles, and themes beside the built-in ones. */
static void test_own_names(void **state) {
	static const char config[] = "[profile prod]\nhost = a\n[profile pre]\nhost = b\n";
	struct err err = {0};
	struct app app;
	char *path = place_config("config");

	(void)state;
	assert_true(place_write(path, config, strlen(config), &err));
	free(path);
	path = place_config("themes/solarized");
	assert_true(place_write(path, "", 0, &err));
	free(path);
	golden_start(&app, false);
	golden_type(&app, ":connect pro\t");
	assert_string_equal(line_editor_text(&app.command), "connect prod ");
	golden_type(&app, "\033:connect p\t");
	assert_string_equal(line_editor_text(&app.command), "connect pr");
	assert_string_equal(app.offers.names, "prod\npre\n");
	golden_type(&app, "\033:theme sol\t");
	assert_string_equal(line_editor_text(&app.command), "theme solarized ");
	golden_type(&app, "\033:theme c\t");
	assert_string_equal(line_editor_text(&app.command), "theme colourblind ");
	golden_type(&app, "\033:save mine\r:save my-pools\r:view my\t");
	assert_string_equal(line_editor_text(&app.command), "view my-pools ");
	golden_type(&app, "\033:save mi\t");
	assert_string_equal(line_editor_text(&app.command), "save mine ");
	app_release(&app);
}

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(test_save_and_show, make_folder),
	    cmocka_unit_test_setup(test_replace, make_folder),
	    cmocka_unit_test_setup(test_faults, make_folder),
	    cmocka_unit_test_setup(test_columns, make_folder),
	    cmocka_unit_test_setup(test_history, make_folder),
	    cmocka_unit_test(test_unknown_keys),
	    cmocka_unit_test(test_screens_both_ways),
	    cmocka_unit_test_setup(test_search_help, make_folder),
	    cmocka_unit_test_setup(test_own_names, make_folder),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
