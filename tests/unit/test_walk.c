/*
 * A random walk through the console: keys, pastes, resizes, changes of rows, lost connections. After each
 * step:
 *
 *   - a change of rows leaves the cursor on its row; so does a key that moves nothing, and another order
 *   - going back leads to the place that was left, with its row, first row, scope and filter
 *   - what is queued is confirmed by hand, and names only rows that the plan was opened for
 *   - no byte on the screen is a control character, and in ASCII none is above 0x7f
 *
 * BERTH_WALK_SEED walks by another seed. Seeds that found a defect are kept in the list.
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
#include "db/base/mem.h"
#include "tests/lib/golden.h"
#include "ui/console/app/app.h"
#include "ui/console/app/refresh.h"
#include "ui/console/frame/draw.h"
#include "ui/console/terminal/grid.h"
#include "ui/text/column.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define STEPS 10000
#define MOST 400

static const unsigned long seeds[] = {1, 2, 3};

/* --- the world: rows that come, change and go --- */

struct world {
	uint64_t random;
	struct pool pools[MOST];
	struct lease leases[MOST];
	struct resource resources[MOST];
	struct command commands[MOST];
	size_t counts[4];
	unsigned next; /* number of the next row */
};

static unsigned pick(struct world *w, unsigned below) {
	w->random = w->random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (unsigned)(w->random >> 33) % below;
}

static const char *const names[] = {"web", "edge", "\033[31mred", "\xe2\x80\xaetxt",
    "\xe6\x97\xa5\xe6\x9c\xac", "a\xff\xfe", "x", "a-name-that-is-longer-than-most-columns-are-wide"};

static struct pool make_pool(struct world *w, unsigned n) {
	return (struct pool){.id = golden_id(n),
	    .name = names[pick(w, COUNT(names))],
	    .kind = KIND_NUMBER,
	    .space = "global",
	    .capacity = {"10"},
	    .used = {"10"},
	    .held_back = {"0"},
	    .free = {"0"},
	    .percent = (double)pick(w, 101),
	    .status = (enum pool_status)pick(w, 4),
	    .warn = 80,
	    .crit = 90,
	    .runs_out = TIME_NONE,
	    .sampled = TIME_NONE,
	    .full_since = TIME_NONE,
	    .week = "",
	    .labels = "{}"};
}

static struct lease make_lease(struct world *w, unsigned n) {
	return (struct lease){.id = golden_id(n),
	    .seq = n,
	    .pool = "web",
	    .host = "",
	    .kind = KIND_NUMBER,
	    .held = true,
	    .value = n,
	    .holder = names[pick(w, COUNT(names))],
	    .until = pick(w, 2) == 0 ? TIME_NONE : GOLDEN_NOW + (int64_t)pick(w, 1000) * TIME_SECOND,
	    .acquired = GOLDEN_NOW,
	    .state = (enum lease_state)pick(w, 6),
	    .generation = 1 + pick(w, 5),
	    .created_by = "mira",
	    .labels = "{}"};
}

static struct resource make_resource(struct world *w, unsigned n) {
	return (struct resource){.id = golden_id(n),
	    .pool = "web",
	    .kind = KIND_NUMBER,
	    .name = names[pick(w, COUNT(names))],
	    .capacity = {"1"},
	    .used = {"0"},
	    .held_back = {"0"},
	    .free = {"1"},
	    .state = (enum resource_state)pick(w, 4),
	    .cordoned = pick(w, 2) == 0,
	    .generation = 1 + pick(w, 5),
	    .labels = "{}"};
}

static struct command make_command(struct world *w, unsigned n) {
	bool over = pick(w, 2) == 0;

	return (struct command){.id = golden_id(n),
	    .seq = n,
	    .action = "release",
	    .kind = "lease",
	    .target = "lease/x",
	    .target_id = golden_id(n + 10000),
	    .subject = names[pick(w, COUNT(names))],
	    .author = "mira",
	    .reason = "",
	    .state = over ? COMMAND_DONE : (enum command_state)pick(w, 4),
	    .outcome = over ? "applied" : NULL,
	    .created = GOLDEN_NOW,
	    .not_before = GOLDEN_NOW + (int64_t)pick(w, 20) * TIME_SECOND,
	    .consumed_at = TIME_NONE,
	    .until = TIME_NONE};
}

enum { POOLS, LEASES, RESOURCES, COMMANDS };

static void put_row(struct world *w, int set, size_t at, unsigned n) {
	switch (set) {
	case POOLS:
		w->pools[at] = make_pool(w, n);
		break;
	case LEASES:
		w->leases[at] = make_lease(w, n);
		break;
	case RESOURCES:
		w->resources[at] = make_resource(w, n);
		break;
	default:
		w->commands[at] = make_command(w, n);
		break;
	}
}

static const void *row_at(const struct world *w, int set, size_t at) {
	switch (set) {
	case POOLS:
		return &w->pools[at];
	case LEASES:
		return &w->leases[at];
	case RESOURCES:
		return &w->resources[at];
	default:
		return &w->commands[at];
	}
}

static size_t size_of(int set) {
	static const size_t sizes[] = {
	    sizeof(struct pool), sizeof(struct lease), sizeof(struct resource), sizeof(struct command)};

	return sizes[set];
}

/* Adds a row in front, drops one, or changes one. */
static void change_world(struct world *w) {
	int set = (int)pick(w, 4);
	size_t count = w->counts[set];
	char *rows = (char *)(uintptr_t)row_at(w, set, 0);
	size_t size = size_of(set);
	size_t at = count == 0 ? 0 : pick(w, (unsigned)count);

	switch (pick(w, 3)) {
	case 0:
		if (count < MOST) {
			memmove(rows + size, rows, count * size);
			put_row(w, set, 0, w->next++);
			w->counts[set]++;
		}
		break;
	case 1:
		if (count > 0) {
			memmove(rows + at * size, rows + (at + 1) * size, (count - at - 1) * size);
			w->counts[set]--;
		}
		break;
	default:
		if (count > 0) {
			unsigned n = 0;
			struct id id = *(const struct id *)row_at(w, set, at);

			n = (unsigned)id.bytes[14] << 8 | id.bytes[15];
			put_row(w, set, at, n);
		}
		break;
	}
}

static void make_world(struct world *w, unsigned long seed) {
	static const size_t counts[] = {60, 300, 20, 40};

	*w = (struct world){.random = seed, .next = 1};
	for (int set = POOLS; set <= COMMANDS; set++) {
		w->counts[set] = counts[set];
		for (size_t i = counts[set]; i > 0; i--) {
			put_row(w, set, i - 1, w->next++);
		}
	}
}

/* --- the server's answers --- */

static int set_of(const struct view *view) {
	return view == &view_pools       ? POOLS
	       : view == &view_leases    ? LEASES
	       : view == &view_resources ? RESOURCES
	       : view == &view_queue     ? COMMANDS
					 : -1;
}

/* Returns a row by its place in the order of a pane. */
static const void *row_in(const struct world *w, const struct pane *pane, int set, size_t at) {
	return row_at(w, set, pane->reverse ? w->counts[set] - 1 - at : at);
}

/* Returns the place of a row, SIZE_MAX when it is gone. */
static size_t place_in(const struct world *w, const struct pane *pane, int set, struct id id) {
	for (size_t i = 0; i < w->counts[set]; i++) {
		if (id_equal(id, *(const struct id *)row_in(w, pane, set, i))) {
			return i;
		}
	}
	return SIZE_MAX;
}

/* Returns the place of the row that is first on the screen, or where it was; of a JUMP_ROW that of the
 * cursor. */
static size_t top_of(const struct world *w, const struct pane *pane, int set) {
	const struct list *list = &pane->list;

	for (size_t at = list->jump == JUMP_ROW ? list->cursor : list->top; at < list->count; at++) {
		size_t place = place_in(w, pane, set, list->rows[at].id);

		if (place != SIZE_MAX) {
			return place;
		}
	}
	return 0;
}

/* Answers the question of the pane that is shown, with a page before the screen and two after. */
static void answer(const struct world *w, struct app *app) {
	struct pane *pane = app_pane(app);
	int set = set_of(pane->view);
	size_t count = set < 0 ? 0 : w->counts[set];
	size_t page = (size_t)pane->list.page;
	const void **rows = mem_new(count, sizeof *rows);
	struct list_fill fill = {.rows = rows, .jump = pane->list.jump, .fresh = pane->fresh};
	size_t top = count == 0                ? 0
		     : fill.jump == JUMP_LAST  ? count - (count < page ? count : page)
		     : fill.jump == JUMP_FIRST ? 0
					       : top_of(w, pane, set);
	size_t first = top > page ? top - page : 0;
	size_t last = top + 3 * page < count ? top + 3 * page : count;

	if (pane->scope.kind == SCOPE_ONE) {
		first = 0;
		last = count > 0 ? 1 : 0;
		count = last;
	}
	for (size_t i = first; i < last; i++) {
		rows[fill.count++] = row_in(w, pane, set, i);
	}
	fill.offset = (int64_t)first;
	fill.more_above = first > 0;
	fill.more_below = last < count;
	list_refresh(&pane->list, &fill, app->now.steady);
	pane->fresh = false;
	pane->fetched = app->now.steady;
	pane->total = (int64_t)count;
	free(rows);
}

/* --- the walk --- */

struct place {
	const struct view *view;
	struct id row;
	struct id top;
	char filter[64];
	bool any;
};

struct walker {
	struct world world;
	struct app app;
	int rows, columns;
	struct place left[TRAIL_TABS]
			 [TRAIL_DEPTH]; /* the places below the one that is shown, as they were left */
	size_t depth;
	size_t tab;
	struct id planned[MARKS_MOST]; /* what the open plan may name */
	size_t planned_count;
	bool typed; /* keys that could confirm were typed, not pasted */
	unsigned jumps, returns, plans, queued, sorts;
};

static struct place place_of(struct app *app) {
	struct pane *pane = app_pane(app);
	const struct list_row *row = list_current(&pane->list);
	struct place place = {.view = pane->view, .any = row != NULL};

	if (row != NULL) {
		place.row = row->id;
		place.top = pane->list.rows[pane->list.top].id;
	}
	(void)snprintf(place.filter, sizeof place.filter, "%s", pane->filter);
	return place;
}

/* Notes what was left by a jump, and compares what a step back has come to. */
static void follow_trail(struct walker *k, const struct place *before) {
	struct tab *tab = &k->app.trail.tabs[k->app.trail.current];

	if (k->app.trail.current == k->tab && tab->depth == k->depth + 1) {
		k->left[k->tab][k->depth - 1] = *before;
		k->jumps++;
	} else if (k->app.trail.current == k->tab && tab->depth + 1 == k->depth) {
		struct place now = place_of(&k->app);
		const struct place *then = &k->left[k->tab][tab->depth - 1];

		assert_ptr_equal(now.view, then->view);
		assert_string_equal(now.filter, then->filter);
		k->returns++;
		if (then->any) {
			assert_true(id_equal(now.row, then->row));
			assert_true(id_equal(now.top, then->top));
		}
	}
	k->tab = k->app.trail.current;
	k->depth = tab->depth;
}

/* Notes what a plan may name when it opens, and checks what is queued. */
static void follow_plan(struct walker *k, enum mode before, const struct place *place) {
	struct pane *pane = app_pane(&k->app);

	if (k->app.mode == MODE_PLAN && before != MODE_PLAN && before != MODE_UNLOCK) {
		k->planned_count = 0;
		k->plans++;
		for (size_t i = 0; i < pane->marks.count; i++) {
			k->planned[k->planned_count++] = pane->marks.items[i].id;
		}
		k->planned[k->planned_count++] = place->row;
	}
	if (k->app.requests.act == ACT_QUEUE) {
		for (size_t i = 0; i < k->app.plan.count; i++) {
			const struct target *target = &k->app.plan.targets[i];
			bool named = id_is_nil(target->id);

			for (size_t n = 0; n < k->planned_count && !named; n++) {
				named = id_equal(target->id, k->planned[n]);
			}
			assert_true(named);
		}
		assert_true(k->typed);
		k->queued++;
	}
}

/* Carries out what the console has requested, as a server would. */
static void serve(struct walker *k) {
	struct app_requests *requests = &k->app.requests;

	if (requests->act == ACT_QUEUE) {
		plan_release(&k->app.plan);
		k->app.mode = MODE_LIST;
	} else if (requests->act == ACT_LOOK) {
		k->app.plan.known = true;
	}
	if (requests->act == ACT_FORM) {
		k->app.form.busy = false;
	}
	requests->act = ACT_NONE;
	requests->undo = (struct id){{0}};
	requests->quit = requests->suspend = requests->redraw = requests->flush = requests->cancel = false;
	buf_cut(&requests->copy, 0);
	k->app.noted = k->app.mode == MODE_PLAN;
}

static const char inert[] = "yYJCz?WKrtSFxDaRHf:/";

static void press(struct walker *k, int key) {
	struct place before = place_of(&k->app);
	enum mode mode = k->app.mode;

	app_layout(&k->app, k->rows, k->columns);
	k->typed = key != KEY_CODE_PASTE;
	app_key(&k->app, &(struct key_event){.key = key, .text = "release 1 web\r", .n = 14});
	if (mode == MODE_LIST && key > ' ' && key < 0x7f && strchr(inert, key) != NULL &&
	    app_pane(&k->app)->view == before.view && k->app.trail.current == k->tab &&
	    k->app.trail.tabs[k->tab].depth == k->depth && before.any) {
		assert_true(id_equal(place_of(&k->app).row, before.row));
	}
	follow_trail(k, &before);
	follow_plan(k, mode, &before);
	serve(k);
}

static void type(struct walker *k, const char *text) {
	for (; *text != '\0'; text++) {
		press(k, (unsigned char)*text);
	}
}

/* Types the phrase of the open plan, whole or wrong, or a key of a plan. */
static void walk_plan(struct walker *k) {
	struct buf phrase = {0};

	switch (pick(&k->world, 4)) {
	case 0:
		press(k, KEY_CODE_ESCAPE);
		break;
	case 1:
		press(k, KEY_CODE_PASTE);
		break;
	case 2:
		if (k->app.plan.phrased) {
			plan_phrase(&k->app.plan, &phrase);
			type(k, buf_text(&phrase));
		}
		press(k, k->app.plan.phrased ? KEY_CODE_ENTER : 'y');
		buf_release(&phrase);
		break;
	default:
		press(k, KEY_CODE_DOWN);
		break;
	}
}

static void walk_list(struct walker *k) {
	static const int keys_of_list[] = {'j', 'j', 'k', 'g', 'G', KEY_CODE_PAGE_DOWN, KEY_CODE_PAGE_UP,
	    KEY_CODE_ENTER, KEY_CODE_ENTER, KEY_CODE_ESCAPE, KEY_CODE_ESCAPE, ' ', 'V', '*', 'f', 'H', 'r',
	    'D', 'K', 't', 'F', 'E', 'o', 'z', 'y', 'J', 'C', 'R', 'A', '1', '2', '3', 'l', 'h', '?', '/',
	    'W', 'u', KEY_CODE_TAB, KEY_CODE_BACK_TAB, KEY_CODE_PASTE, KEY_CODE_UNKNOWN};

	press(k, keys_of_list[pick(&k->world, COUNT(keys_of_list))]);
}

static void step(struct walker *k) {
	switch (pick(&k->world, 10)) {
	case 0:
		k->rows = 1 + (int)pick(&k->world, 60);
		k->columns = 1 + (int)pick(&k->world, 220);
		break;
	case 1:
		k->app.link.up = pick(&k->world, 4) != 0;
		break;
	case 2:
	case 3:
		for (unsigned i = pick(&k->world, 20); i > 0; i--) {
			change_world(&k->world);
		}
		break;
	default:
		if (k->app.mode == MODE_PLAN) {
			walk_plan(k);
		} else if (k->app.mode == MODE_UNLOCK) {
			type(k, "PROD\r");
		} else if (k->app.mode == MODE_LIST) {
			walk_list(k);
		} else {
			press(k, pick(&k->world, 3) == 0 ? KEY_CODE_ESCAPE : 'a' + (int)pick(&k->world, 26));
		}
		break;
	}
}

/* A refresh without a key in between leaves the cursor on its row. */
static void refresh(struct walker *k) {
	struct pane *pane = app_pane(&k->app);
	struct place before = place_of(&k->app);
	bool same = !pane->fresh && pane->list.jump == JUMP_NONE && pane->list.owed == 0 && pane->list.filled;

	if (!k->app.link.up) {
		return;
	}
	if (pane->list.jump == JUMP_ROW && set_of(pane->view) >= 0 && pane->scope.kind != SCOPE_ONE) {
		same = place_in(&k->world, pane, set_of(pane->view), before.row) != SIZE_MAX;
		k->sorts++;
	}
	answer(&k->world, &k->app);
	assert_true(list_valid(&app_pane(&k->app)->list));
	if (same && before.any) {
		assert_true(id_equal(place_of(&k->app).row, before.row));
	}
}

static void look(struct walker *k) {
	struct grid *g = grid_new(k->rows, k->columns, k->app.ascii);

	app_layout(&k->app, k->rows, k->columns);
	app_draw(&k->app, g);
	assert_true(grid_valid(g));
	for (int i = 0; i < g->rows * g->columns; i++) {
		for (const char *c = g->cells[i].text; *c != '\0'; c++) {
			assert_true((unsigned char)*c >= ' ' && *c != 0x7f);
			assert_true(!g->ascii || (unsigned char)*c < 0x80);
		}
	}
	grid_free(g);
}

static void walk(unsigned long seed) {
	struct walker *k = mem_new(1, sizeof *k);
	int at = 0;

	make_world(&k->world, seed);
	golden_start(&k->app, seed % 2 == 0);
	k->rows = 24;
	k->columns = 80;
	k->depth = 1;
	for (at = 0; at < STEPS; at++) {
		struct moment now = {k->app.now.wall + TIME_SECOND / 4, k->app.now.steady + TIME_SECOND / 4};

		app_tick(&k->app, now);
		step(k);
		refresh(k);
		look(k);
	}
	if (k->jumps < 100 || k->returns < 50 || k->plans < 20 || k->queued < 5 || k->sorts < 10) {
		fail_msg("the walk went nowhere: %u jumps, %u returns, %u plans, %u queued, %u sorts",
		    k->jumps, k->returns, k->plans, k->queued, k->sorts);
	}
	app_release(&k->app);
	free(k);
}

static void test_walk(void **state) {
	const char *other = getenv("BERTH_WALK_SEED");

	(void)state;
	if (other != NULL) {
		walk(strtoul(other, NULL, 10));
		return;
	}
	for (size_t i = 0; i < COUNT(seeds); i++) {
		walk(seeds[i]);
	}
}

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_walk),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
