/*
 * The screens of pools and leases, the first lines, the prompts and the form,
 * as golden files; and the effects of keys.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "db/base/buf.h"
#include "db/base/clock.h"
#include "model/metadata.h"
#include "tests/lib/golden.h"
#include "ui/console/app/app.h"
#include "ui/console/app/reads.h"
#include "ui/console/frame/draw.h"
#include "ui/console/terminal/grid.h"

#define HOUR GOLDEN_HOUR
#define DAY GOLDEN_DAY
#define NOW GOLDEN_NOW
#define STEADY GOLDEN_STEADY
#define COUNT(array) (sizeof(array) / sizeof *(array))

static struct count count_of(unsigned long n) {
	struct count count;

	(void)snprintf(count.digits, sizeof count.digits, "%lu", n);
	return count;
}

static struct pool make_pool(
    unsigned n, const char *name, unsigned long size, unsigned long used, unsigned long back) {
	unsigned long free = size - used - back;
	double percent = size == 0 ? 0 : 100.0 * (double)used / (double)size;

	return (struct pool){.id = golden_id(n),
	    .name = name,
	    .kind = KIND_NUMBER,
	    .space = "global",
	    .capacity = count_of(size),
	    .used = count_of(used),
	    .held_back = count_of(back),
	    .free = count_of(free),
	    .percent = percent,
	    .status = free == 0 && size > 0 ? POOL_EXHAUSTED
		      : percent >= 90       ? POOL_CRITICAL
		      : percent >= 80       ? POOL_WARNING
					    : POOL_OK,
	    .warn = 80,
	    .crit = 90,
	    .resources = 2,
	    .runs_out = TIME_NONE,
	    .runs_out_from = TIME_NONE,
	    .runs_out_by = TIME_NONE,
	    .sampled = NOW - 30 * DAY,
	    .full_since = TIME_NONE,
	    .week_end = NOW - 7 * HOUR,
	    .week = "1111222211112222333344445555",
	    .created = NOW - 300 * DAY,
	    .labels = "{}"};
}

/* The pools of the mockup, and worse ones. */
static size_t make_pools(struct pool *pools) {
	size_t n = 0;

	pools[n++] = make_pool(1, "fra-edge-v4", 254, 254, 0);
	pools[0].pending = 118;
	pools[0].full_since = NOW - 3 * HOUR;
	pools[0].week = "3344556677778888888888888888";
	pools[n++] = make_pool(2, "fra-db-ports", 512, 502, 3);
	pools[1].runs_out = NOW + HOUR + 50 * 60 * TIME_SECOND;
	pools[1].runs_out_from = NOW + HOUR + 20 * 60 * TIME_SECOND;
	pools[1].runs_out_by = NOW + 2 * HOUR + 20 * 60 * TIME_SECOND;
	pools[1].per_day = 91.2;
	pools[1].labels = "{\"owner\":\"ci\",\"tier\":\"shared\\u202e\"}";
	pools[1].ttl = 7 * DAY;
	pools[1].reuse_delay = 10 * 60 * TIME_SECOND;
	pools[1].activate_hook = "dns-add";
	pools[1].release_hook = "dns-drop";
	pools[1].project = "acme/web";
	pools[n++] = make_pool(3, "fra-lab-v6", 256, 237, 0);
	pools[2].runs_out = NOW + 6 * HOUR;
	pools[2].runs_out_from = NOW + 4 * HOUR;
	pools[2].per_day = 72;
	pools[n++] = make_pool(4, "fra-k8s-nodes", 640, 552, 0);
	pools[3].runs_out = NOW + 3 * DAY;
	pools[3].runs_out_from = NOW + 2 * DAY;
	pools[3].runs_out_by = NOW + 4 * DAY - HOUR;
	pools[3].per_day = 29.3;
	pools[n++] = make_pool(5, "fra-mgmt", 512, 392, 60);
	pools[4].runs_out = NOW + 19 * DAY;
	pools[4].runs_out_from = NOW + 15 * DAY;
	pools[4].runs_out_by = NOW + 120 * DAY;
	pools[4].per_day = 3.1;
	pools[n++] = make_pool(6, "fra-guest", 2046, 156, 0);
	pools[n++] = make_pool(7, "a-name-much-too-long-for-any-column-fra-01", 187875590, 1, 0);
	pools[n++] = make_pool(8,
	    "evil\033]0;x\007\xe2\x80\xae"
	    "txt",
	    100, 50, 0);
	pools[n++] = make_pool(9, "\xe6\x97\xa5\xe6\x9c\xac-pool", 100, 1, 99);
	pools[8].status = POOL_EXHAUSTED;
	pools[n++] = make_pool(10, "fra-legacy", 64, 0, 0);
	pools[n++] = make_pool(11, "fra-empty", 0, 0, 0);
	return n;
}

static struct lease make_lease(
    unsigned n, const char *holder, enum lease_state state, int64_t age, int64_t until) {
	return (struct lease){.id = golden_id(n),
	    .seq = 1000 - n,
	    .pool = "fra-db-ports",
	    .kind = KIND_NUMBER,
	    .held = state != LEASE_PENDING,
	    .value = 31000 + n,
	    .host = "",
	    .state = state,
	    .holder = holder,
	    .until = until,
	    .created = NOW - age,
	    .acquired = state == LEASE_PENDING ? TIME_NONE : NOW - age,
	    .activated = state == LEASE_PENDING ? TIME_NONE : NOW - age,
	    .released = state == LEASE_RELEASED ? NOW - HOUR : TIME_NONE,
	    .destroyed = TIME_NONE,
	    .generation = 3,
	    .created_by = "mira",
	    .labels = "{\"owner\":\"ci\"}"};
}

static size_t make_leases(struct lease *leases) {
	size_t n = 0;

	leases[n++] = make_lease(1, "ci-runner-0041", LEASE_ACTIVE, 212 * DAY, TIME_NONE);
	leases[n++] = make_lease(2, "batch-nightly", LEASE_ACTIVE, 40 * DAY, NOW + HOUR / 2);
	leases[n++] = make_lease(3, "ci-runner-0019", LEASE_ACTIVE, 95 * DAY, NOW - 3 * DAY);
	leases[n++] = make_lease(4, "web-fe", LEASE_ACQUIRED, 60 * TIME_SECOND, NOW + DAY);
	leases[n++] = make_lease(5, "web-fe-old", LEASE_RELEASED, 3 * DAY, TIME_NONE);
	leases[n++] = make_lease(6, "etl\033[31mx", LEASE_BROKEN, 31 * DAY, TIME_NONE);
	leases[n++] = make_lease(7, "next in line", LEASE_PENDING, 5 * 60 * TIME_SECOND, TIME_NONE);
	leases[n++] = make_lease(
	    8, "e\xcc\x81\xcc\x81\xcc\x81\xcc\x81 \xe3\x85\xa4 \xff ", LEASE_ACTIVE, DAY, TIME_NONE);
	leases[n++] = make_lease(9,
	    "\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e\xe6\x97\xa5"
	    "\xe6\x9c\xac\xe8\xaa\x9e\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e\xe6\x97\xa5\xe6\x9c\xac",
	    LEASE_ACTIVE, DAY, TIME_NONE);
	leases[n++] = make_lease(10, "", LEASE_ACTIVE, 30 * TIME_SECOND, TIME_NONE);
	return n;
}

/* The use of fra-db-ports in the last week: it was first sampled three days ago. */
static size_t make_uses(struct pool_use *uses) {
	size_t n = 0;

	for (int64_t step = 48; step < 84; step++) {
		uses[n++] = (struct pool_use){
		    .step = step, .used = (double)(step * 6), .capacity = step < 60 ? 400 : 512};
	}
	return n;
}

static void start(struct app *app, bool ascii) {
	struct pool pools[16];
	struct lease leases[16];
	struct pool_use uses[84];
	size_t n;

	golden_start(app, ascii);
	n = make_pools(pools);
	golden_fill(app, &view_pools, pools, n, (int64_t)n);
	n = make_leases(leases);
	golden_fill(app, &view_leases, leases, n, -1);
	app_pane_of(app, &view_pools)->more_of = golden_id(2);
	rowset_copy(app_pane_of(app, &view_pools)->more, &row_lease, leases, n);
	rowset_copy(&app_pane_of(app, &view_pools)->more[1], &row_pool_use, uses, make_uses(uses));
}

static void test_pools(void **state) {
	(void)state;
	for (int ascii = 0; ascii < 2; ascii++) {
		struct app app;

		start(&app, ascii != 0);
		golden_type(&app, "j");
		golden_all(&app, "pools");
		app_release(&app);
	}
}

/* Annotations are in the details of what has them, safe, each with its beginning. */
static void test_annotations(void **state) {
	static const struct annotation some[] = {
	    {.key = "note", .value = "requested by the shop team\033[31m\nfor the summer sale", .cut = false},
	    {.key = "ops.example/runbook",
		.value = "https://wiki.example/pools/web: drain before the switch is",
		.cut = true},
	};
	struct annotation many[ANNOTATIONS_SHOWN + 1];

	(void)state;
	for (size_t i = 0; i < COUNT(many); i++) {
		many[i] = some[i % 2];
	}
	for (int ascii = 0; ascii < 2; ascii++) {
		struct app app;

		start(&app, ascii != 0);
		golden_type(&app, "j");
		rowset_copy(&app_pane(&app)->more[2], &row_annotation, some, COUNT(some));
		golden(&app, "annotated-pool", 40, 120);
		golden_type(&app, "2");
		rowset_copy(&app_pane(&app)->more[2], &row_annotation, many, COUNT(many));
		app_pane(&app)->more_of = golden_id(1);
		golden(&app, "annotated-lease", 40, 120);
		golden_type(&app, "\r");
		golden(&app, "annotated-lease", 24, 80);
		app_release(&app);
	}
}

/* Excluded values are in the detail of their pool, with their reasons, which are foreign text. */
static void test_kept_back(void **state) {
	static const struct exclusion some[] = {
	    {.kind = KIND_IPV4,
		.host = "",
		.first = 0x0a000000,
		.last = 0x0a000000,
		.reason = "network address"},
	    {.kind = KIND_IPV4,
		.host = "",
		.first = 0x0a000001,
		.last = 0x0a000009,
		.reason = "routers\033[31m"},
	    {.kind = KIND_IPV4, .host = "", .first = 0x0a0000f0, .last = 0x0a0000ff, .reason = ""},
	};

	(void)state;
	for (int ascii = 0; ascii < 2; ascii++) {
		struct app app;

		start(&app, ascii != 0);
		golden_type(&app, "j");
		rowset_copy(&app_pane(&app)->more[4], &row_exclusion, some, COUNT(some));
		golden(&app, "excluded", 40, 120);
		app_release(&app);
	}
}

static void test_leases(void **state) {
	(void)state;
	for (int ascii = 0; ascii < 2; ascii++) {
		struct app app;

		start(&app, ascii != 0);
		golden_type(&app, "2jj");
		golden_all(&app, "leases");
		golden(&app, "leases", 50, 200);
		app_release(&app);
	}
}

static void test_states(void **state) {
	struct app app;

	(void)state;
	start(&app, false);
	golden_type(&app, "?");
	golden_dialog(&app, "help");
	golden_type(&app, "q/web");
	golden_dialog(&app, "filter");
	golden_type(&app, "\r");
	golden_fill(&app, &view_pools, NULL, 0, 0);
	golden_dialog(&app, "nothing");
	golden_type(&app, "\033:frobnicate\r");
	golden_dialog(&app, "unknown");
	app_release(&app);
}

static void test_write(void **state) {
	struct app app;

	(void)state;
	start(&app, false);
	golden_type(&app, "a");
	assert_int_equal(app.mode, MODE_LIST); /* read-only at the start */
	golden_type(&app, "jW");
	golden_dialog(&app, "unlock");
	golden_type(&app, "prod\r");
	assert_false(app_writable(&app)); /* the name exactly */
	golden_type(&app, "WPROD\r");
	assert_true(app_writable(&app));
	app_tick(&app, (struct moment){NOW, STEADY + 19 * TIME_SECOND});
	app_pane_of(&app, &view_pools)->fetched = app.now.steady;
	golden_type(&app, "a");
	app.form.id = golden_id(7); /* it is random */
	golden_dialog(&app, "form");
	golden_type(&app, "\rbatch\r2h\r\r\r\r");
	assert_int_equal(app.requests.act, ACT_NAMES); /* Enter never confirms */
	golden_dialog(&app, "form-asks");
	golden_type(&app, "y");
	assert_int_equal(app.requests.act, ACT_FORM);
	app_tick(&app, (struct moment){NOW, STEADY + APP_WRITE + APP_PERIOD});
	assert_false(app_writable(&app));
	app_release(&app);
}

static void test_stale(void **state) {
	struct app app;

	(void)state;
	start(&app, false);
	app.link.up = false;
	app.link.trouble = "server closed the connection\033[2J";
	app.link.retry = STEADY + 142 * TIME_SECOND;
	golden_type(&app, "WPROD\r");
	app_tick(&app, (struct moment){NOW, STEADY + 134 * TIME_SECOND});
	golden_all(&app, "stale");
	golden_type(&app, "a");
	assert_int_equal(app.mode, MODE_LIST);
	app_release(&app);
}

/* Data of a standby is as old as the standby, and the first line tells where it is from. */
static void test_standby(void **state) {
	struct app app;

	(void)state;
	start(&app, false);
	app.link.standby = "pg2:5432";
	app.link.by_standby = true;
	golden(&app, "standby", 12, 80);
	app.link.behind = app_pane(&app)->behind = 200 * TIME_SECOND;
	golden(&app, "standby-behind", 12, 100);
	assert_non_null(app_refuses(&app, NEED_FRESH));
	app.link.by_standby = false;
	app.link.behind = app_pane(&app)->behind = 0;
	app.link.reads_trouble = "connection refused";
	reads_tell(&app);
	golden(&app, "standby-gone", 12, 80);
	app_say(&app, STYLE_NORMAL, "x");
	reads_tell(&app);
	assert_string_equal(buf_text(&app.message), "x");
	app.link.reads_trouble = NULL;
	app.link.by_standby = true;
	reads_tell(&app);
	assert_string_equal(buf_text(&app.message), "reading from the standby again");
	app_release(&app);
}

static void test_never_connected(void **state) {
	struct app app;

	(void)state;
	app_init(&app, NULL, false, false);
	app.link.trouble = "connection refused";
	app.link.retry = STEADY + 3 * TIME_SECOND;
	app_tick(&app, (struct moment){NOW, STEADY});
	golden_dialog(&app, "waiting");
	golden_type(&app, "aWy2jk/x\r\033:\r");
	app_release(&app);
}

/* In every size, mode and step: no crash, a valid grid, and no byte that a terminal would obey. */
static void test_every_size(void **state) {
	static const char *const modes[] = {"", "?", "/x", ":x", "W", "2", "2?", "2\r", "3", "3?"};

	(void)state;
	for (size_t m = 0; m < COUNT(modes); m++) {
		struct app app;

		start(&app, m % 2 == 1);
		golden_type(&app, modes[m]);
		for (int rows = 0; rows <= 45; rows += rows < 26 ? 1 : 6) {
			for (int columns = 0; columns <= 210; columns += columns < 60 ? 1 : 13) {
				struct grid *g = grid_new(rows, columns, app.ascii);
				struct buf text = {0};

				app_layout(&app, rows, columns);
				app_draw(&app, g);
				assert_true(grid_valid(g));
				grid_text(g, &text);
				for (size_t i = 0; i < text.len; i++) {
					unsigned char c = (unsigned char)text.text[i];

					assert_true(c == '\n' || (c >= 0x20 && c != 0x7f));
					assert_true(c < 0x80 || !app.ascii);
				}
				assert_null(strstr(buf_text(&text), "\xe2\x80\xae"));
				assert_null(strstr(buf_text(&text), "\xc2\x9b"));
				buf_release(&text);
				grid_free(g);
			}
		}
		app_release(&app);
	}
}

static void test_paste(void **state) {
	struct key_event paste = {.key = KEY_CODE_PASTE, .text = "q\nquit\ny", .n = 8};
	struct app app;

	(void)state;
	start(&app, false);
	app_key(&app, &paste);
	assert_false(app.requests.quit);
	assert_int_equal(app.mode, MODE_LIST);
	golden_type(&app, ":");
	app_key(&app, &paste);
	assert_int_equal(app.mode, MODE_COMMAND);
	assert_string_equal(line_editor_text(&app.command), "q quit y");
	golden_type(&app, "\033W");
	app_key(&app, &(struct key_event){.key = KEY_CODE_PASTE, .text = "PROD", .n = 4});
	assert_string_equal(line_editor_text(&app.unlock.typed), "");
	app_release(&app);
}

static void test_filter(void **state) {
	struct app app;

	(void)state;
	start(&app, false);
	golden_type(&app, "/web");
	assert_string_equal(app_pane(&app)->filter, "web");
	golden_type(&app, "\033");
	assert_string_equal(app_pane(&app)->filter, "");
	golden_type(&app, "/!web\r");
	assert_string_equal(app_pane(&app)->filter, "!web");
	golden_type(&app, "q");
	assert_false(app.requests.quit); /* back one level: the filter */
	assert_string_equal(app_pane(&app)->filter, "");
	golden_type(&app, "q");
	assert_true(app.requests.quit);
	app_release(&app);
}

/* An incomplete selector changes nothing, is marked with a caret, and stays to be corrected. */
static void test_selector(void **state) {
	struct app app;
	uint64_t question;

	(void)state;
	start(&app, false);
	golden_type(&app, "/env=prod");
	assert_string_equal(app_pane(&app)->filter, "env=prod");
	question = app_pane(&app)->question;
	golden_type(&app, ",tier in (\r");
	assert_int_equal(app.mode, MODE_FILTER);
	assert_string_equal(app_pane(&app)->filter, ""); /* the last accepted filter */
	assert_string_equal(line_editor_text(&app.filter), "env=prod,tier in (");
	assert_true(app_pane(&app)->question > question);
	golden_dialog(&app, "filter-wrong");
	golden(&app, "filter-wrong", 6, 30);
	golden(&app, "filter-wrong", 2, 20);
	golden(&app, "filter-wrong", 1, 1);
	golden_type(&app, "a,b)\r");
	assert_int_equal(app.mode, MODE_LIST);
	assert_string_equal(app_pane(&app)->filter, "env=prod,tier in (a,b)");
	golden_type(&app, ":filter a b=(\r");
	assert_int_equal(app.mode, MODE_FILTER); /* nothing typed is lost */
	assert_string_equal(line_editor_text(&app.filter), "a b=(");
	golden_type(&app, "\033");
	assert_string_equal(app_pane(&app)->filter, "env=prod,tier in (a,b)");
	golden_type(&app, "2/state=held pool=fra\t"); /* the names are requested from the server */
	assert_int_equal(app.requests.act, ACT_COMPLETE);
	assert_true(app.completion.filter);
	assert_int_equal(app.completion.names, NAMES_POOLS);
	assert_string_equal(app.completion.line + app.completion.at, "fra");
	golden_type(&app, "\033");
	app.requests.act = ACT_NONE;
	golden_type(&app, "3/a=b\r");
	assert_int_equal(app.mode, MODE_FILTER); /* commands have no labels */
	assert_string_equal(app_pane(&app)->filter, "");
	app_release(&app);
}

static void test_command(void **state) {
	struct app app;

	(void)state;
	start(&app, false);
	golden_type(&app, ":le\t");
	assert_string_equal(line_editor_text(&app.command), "lease"); /* "leases", "lease list" */
	golden_type(&app, "s\t");
	assert_string_equal(line_editor_text(&app.command), "leases ");
	golden_type(&app, "fra-d\t");
	assert_int_equal(app.requests.act, ACT_COMPLETE); /* the names are requested from the server */
	assert_int_equal(app.completion.names, NAMES_POOLS);
	assert_string_equal(app.completion.line + app.completion.at, "fra-d");
	golden_type(&app, "b-ports\r");
	assert_string_equal(app_pane(&app)->view->name, "leases");
	assert_string_equal(app_pane(&app)->scope.text, "fra-db-ports");
	golden_type(&app, "h:sort free\r");
	assert_string_equal(app_pane(&app)->view->sorts[app_pane(&app)->sort], "free");
	golden_type(&app, ":pool create x\r");
	assert_non_null(strstr(buf_text(&app.message), "read-only"));
	golden_type(&app, ":lease list --po\t");
	assert_string_equal(line_editor_text(&app.command), "lease list --pool ");
	golden_type(&app, "fra-mgmt -l env=prod\r");
	assert_string_equal(app_pane(&app)->scope.text, "fra-mgmt");
	assert_string_equal(app_pane(&app)->filter, "env=prod");
	golden_type(&app, ":dedupe check --table th\t");
	assert_int_equal(app.completion.names, NAMES_TABLES);
	assert_int_equal(app.requests.act, ACT_COMPLETE);
	golden_type(&app, "ings --key a,b\t");
	assert_int_equal(app.completion.names, NAMES_COLUMNS);
	assert_string_equal(app.completion.key, "things");
	assert_string_equal(app.completion.line + app.completion.at, "b");
	golden_type(&app, "\025pool exclude fra-m\t");
	assert_int_equal(app.completion.names, NAMES_POOLS);
	assert_string_equal(app.completion.line + app.completion.at, "fra-m");
	golden_type(&app, "\025dedupe check --key a\t");
	assert_non_null(strstr(buf_text(&app.message), "give --table first"));
	golden_type(&app, "\033:\020");
	assert_string_equal(line_editor_text(&app.command), "dedupe check --key a"); /* dropped, not lost */
	golden_type(&app, "\025theme\r");
	golden_dialog(&app, "command-wrong");
	golden_type(&app, "\025pool list --sort nonsense\r");
	golden_dialog(&app, "command-long");
	golden_type(&app, "\033:lease list\r");
	assert_null(app_pane(&app)->scope.text);
	golden_type(&app, ":pool show fra-mgmt\r");
	assert_int_equal(app.mode, MODE_CALL); /* no screen shows exactly that */
	golden_type(&app, "\033:lease list x\r");
	assert_int_equal(app.mode, MODE_COMMAND); /* nothing typed is lost */
	assert_string_equal(line_editor_text(&app.command), "lease list x");
	assert_non_null(strstr(app.rejected, "unexpected operand: 'x'"));
	assert_int_equal(app.rejected_at, strlen("lease list "));
	golden_type(&app, "\033:pool list\r:allocate fra-mgmt\r");
	assert_non_null(strstr(buf_text(&app.message), "read-only"));
	golden_type(&app, "WPROD\r:allocate fra-mgmt\r");
	assert_int_equal(app.mode, MODE_FORM);
	assert_string_equal(line_editor_text(&app.form.fields[FORM_POOL]), "fra-mgmt");
	golden_type(&app, "\033:sort nonsense\r");
	assert_non_null(strstr(app.rejected, "nonsense"));
	golden_type(&app, "\033:quit\r");
	assert_true(app.requests.quit);
	app_release(&app);
}

static void test_copy(void **state) {
	struct app app;

	(void)state;
	start(&app, false);
	golden_type(&app, "y");
	assert_string_equal(buf_text(&app.requests.copy), "fra-edge-v4");
	golden_type(&app, "C");
	assert_string_equal(buf_text(&app.requests.copy), "berth pool show fra-edge-v4");
	buf_cut(&app.requests.copy, 0);
	golden_type(&app, "jjjjjjjy"); /* the evil one */
	assert_int_equal(app.requests.copy.len, 0);
	golden_type(&app, "J");
	assert_non_null(strstr(buf_text(&app.requests.copy), "evil\\u001b]0;x\\u0007\\u202etxt"));
	app_release(&app);
}

static void test_interrupt(void **state) {
	struct app app;

	(void)state;
	start(&app, false);
	app.running = true;
	golden_type(&app, "\003");
	assert_true(app.requests.cancel);
	assert_false(app.requests.quit);
	app_tick(&app, (struct moment){NOW, STEADY + 2 * TIME_SECOND});
	golden_type(&app, "\003");
	assert_false(app.requests.quit);
	golden_type(&app, "\003");
	assert_true(app.requests.quit);
	app_release(&app);
}

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_pools),
	    cmocka_unit_test(test_kept_back),
	    cmocka_unit_test(test_leases),
	    cmocka_unit_test(test_annotations),
	    cmocka_unit_test(test_states),
	    cmocka_unit_test(test_write),
	    cmocka_unit_test(test_stale),
	    cmocka_unit_test(test_standby),
	    cmocka_unit_test(test_never_connected),
	    cmocka_unit_test(test_every_size),
	    cmocka_unit_test(test_paste),
	    cmocka_unit_test(test_filter),
	    cmocka_unit_test(test_selector),
	    cmocka_unit_test(test_command),
	    cmocka_unit_test(test_copy),
	    cmocka_unit_test(test_interrupt),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
