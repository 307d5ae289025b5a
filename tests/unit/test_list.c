/*
 * The virtual list: the cursor stays on its row, whatever the server does.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "db/base/clock.h"
#include "db/batch/rows.h"
#include "ui/console/list/list.h"
#include "ui/text/shapes.h"

#define MOST 400

static const char *const watched[] = {"warn", NULL};
static const struct list_kind kind = {.shape = &pool_shape, .key = "pending", .changed = watched};

/* The server: rows in order, and the requested window of them. */
struct server {
	struct pool rows[MOST];
	size_t count;
	unsigned made;
};

static struct pool make(struct server *s) {
	unsigned n = ++s->made;

	return (struct pool){
	    .id = {.bytes = {1, (unsigned char)(n >> 16), (unsigned char)(n >> 8), (unsigned char)n}},
	    .name = "row",
	    .pending = n};
}

static void insert(struct server *s, size_t at) {
	if (s->count == MOST) {
		return;
	}
	for (size_t i = s->count; i > at; i--) {
		s->rows[i] = s->rows[i - 1];
	}
	s->rows[at] = make(s);
	s->count++;
}

static void drop(struct server *s, size_t at) {
	for (size_t i = at; i + 1 < s->count; i++) {
		s->rows[i] = s->rows[i + 1];
	}
	s->count--;
}

static void answer(
    struct server *s, struct list *list, size_t start, size_t limit, enum list_jump jump, int64_t now) {
	const void *rows[MOST];
	size_t n = 0;
	struct list_fill fill = {.rows = rows, .jump = jump};

	start = start < s->count ? start : s->count;
	while (n < limit && start + n < s->count) {
		rows[n] = &s->rows[start + n];
		n++;
	}
	fill.count = n;
	fill.offset = (int64_t)start;
	fill.more_above = start > 0;
	fill.more_below = start + n < s->count;
	list_refresh(list, &fill, now);
}

/* Requests rows as the screens do: a page before the top, and more after it. */
static void refresh(struct server *s, struct list *list, int64_t now) {
	size_t page = (size_t)list->page;
	size_t top = (size_t)list->offset + list->top;
	size_t start = top > page ? top - page : 0;

	if (list->jump == JUMP_FIRST) {
		start = 0;
	} else if (list->jump == JUMP_LAST) {
		start = s->count > 2 * page ? s->count - 2 * page : 0;
	}
	answer(s, list, start, 4 * page, list->jump, now);
}

static void begin(struct server *s, struct list *list, size_t count, int page) {
	*s = (struct server){.count = 0};
	for (size_t i = 0; i < count; i++) {
		insert(s, i);
	}
	list_init(list, &kind);
	list_page(list, page);
	refresh(s, list, 0);
}

static int64_t at(const struct list *list) {
	return list_current(list)->key;
}

static enum list_mark mark_of(const struct list *list, int64_t key) {
	for (size_t i = 0; i < list->count; i++) {
		if (list->rows[i].key == key) {
			return list->rows[i].mark;
		}
	}
	return (enum list_mark) - 1;
}

static void test_marks(void **state) {
	struct server s;
	struct list list;

	(void)state;
	begin(&s, &list, 5, 10);
	assert_int_equal(mark_of(&list, 1), MARK_NONE); /* the first answer is no news */
	s.rows[1].warn = 7;
	insert(&s, 0);
	drop(&s, 4);
	refresh(&s, &list, 1);
	assert_int_equal(mark_of(&list, 2), MARK_CHANGED);
	assert_int_equal(mark_of(&list, 6), MARK_NEW);
	assert_int_equal(mark_of(&list, 4), MARK_GONE);
	assert_int_equal(at(&list), 1);
	refresh(&s, &list, 2); /* one cycle later */
	assert_int_equal(mark_of(&list, 2), MARK_NONE);
	assert_int_equal(mark_of(&list, 6), MARK_NONE);
	assert_int_equal(mark_of(&list, 4), (enum list_mark) - 1);
	list_release(&list);
}

static void test_ghost_under_the_cursor(void **state) {
	struct server s;
	struct list list;

	(void)state;
	begin(&s, &list, 5, 10);
	list_move(&list, MOVE_DOWN, 0);
	drop(&s, 1);
	for (int64_t now = LIST_HOLD; now < 20 * LIST_HOLD; now += LIST_HOLD) {
		refresh(&s, &list, now);
		assert_int_equal(at(&list), 2);
		assert_int_equal(list_current(&list)->mark, MARK_GONE);
	}
	list_move(&list, MOVE_DOWN, 0);
	refresh(&s, &list, LIST_HOLD);
	assert_int_equal(at(&list), 3);
	assert_int_equal(mark_of(&list, 2), (enum list_mark) - 1);
	list_release(&list);
}

/* In a list that is only looked at, a row that is gone leaves after a cycle, also from under the cursor,
 * which is then on the row after it; after the last one, on the last. */
static void test_ghost_that_leaves(void **state) {
	static const struct list_kind leaving = {
	    .shape = &pool_shape, .key = "pending", .leaves = true, .changed = watched};
	struct server s;
	struct list list;

	(void)state;
	begin(&s, &list, 5, 10);
	list.kind = &leaving;
	list_move(&list, MOVE_DOWN, 0);
	drop(&s, 1);
	refresh(&s, &list, LIST_HOLD);
	assert_int_equal(at(&list), 2);
	assert_int_equal(list_current(&list)->mark, MARK_GONE);
	refresh(&s, &list, 2 * LIST_HOLD);
	assert_int_equal(at(&list), 3);
	assert_int_equal(mark_of(&list, 2), (enum list_mark) - 1);
	list_move(&list, MOVE_LAST, 0);
	refresh(&s, &list, 3 * LIST_HOLD);
	assert_int_equal(at(&list), 5);
	drop(&s, 3);
	refresh(&s, &list, 4 * LIST_HOLD);
	refresh(&s, &list, 5 * LIST_HOLD);
	assert_int_equal(at(&list), 4);
	assert_true(list_valid(&list));
	list_release(&list);
}

static void test_order_is_held(void **state) {
	struct server s;
	struct list list;

	(void)state;
	begin(&s, &list, 5, 10);
	list_move(&list, MOVE_DOWN, 100);
	insert(&s, 0);
	insert(&s, 3);
	refresh(&s, &list, 101);
	assert_int_equal(list.count, 5);
	assert_int_equal(list.waiting, 2);
	assert_int_equal(list.rows[0].key, 1);
	refresh(&s, &list, 100 + LIST_HOLD); /* caught up */
	assert_int_equal(list.count, 7);
	assert_int_equal(list.waiting, 0);
	assert_int_equal(at(&list), 2);
	list_pin(&list);
	drop(&s, 0);
	refresh(&s, &list, 1000 * LIST_HOLD);
	assert_int_equal(list.count, 7);
	assert_int_equal(list.rows[0].mark, MARK_GONE);
	list_release(&list);
}

static void test_window(void **state) {
	struct server s;
	struct list list;

	(void)state;
	begin(&s, &list, 300, 10);
	assert_true(list.more_below);
	list_move(&list, MOVE_LAST, 1);
	assert_int_equal(list.jump, JUMP_LAST);
	refresh(&s, &list, 1);
	assert_int_equal(at(&list), 300);
	assert_false(list.more_below);
	for (int i = 0; i < 40; i++) {
		list_move(&list, MOVE_PAGE_UP, 2);
		if (list_wants(&list)) {
			refresh(&s, &list, 2);
		}
		assert_true(list.count <= 120); /* however far one goes */
	}
	assert_int_equal(at(&list), 1);
	for (size_t i = 0; i < list.count; i++) {
		assert_int_equal(list.rows[i].mark, MARK_NONE); /* rows that enter the window are not new */
	}
	list_release(&list);
}

/* A page beyond the window is dropped when its rows arrive. */
static void test_owed(void **state) {
	struct server s;
	struct list list;

	(void)state;
	begin(&s, &list, 300, 10);
	for (int i = 0; i < 10; i++) {
		list_move(&list, MOVE_PAGE_DOWN, 1);
	}
	assert_int_equal(at(&list), 40); /* the end of the window */
	refresh(&s, &list, 1);
	assert_int_equal(at(&list), 49);
	refresh(&s, &list, 1);
	assert_int_equal(at(&list), 49);
	list_release(&list);
}

static void test_late_answer(void **state) {
	struct server s;
	struct list list;

	(void)state;
	begin(&s, &list, 300, 10);
	list_move(&list, MOVE_LAST, 1);
	answer(&s, &list, 0, 40, JUMP_NONE, 1); /* requested before the jump */
	assert_int_equal(list.jump, JUMP_LAST);
	list_move(&list, MOVE_UP, 1);
	answer(&s, &list, 280, 20, JUMP_LAST, 1); /* an answer that is no longer needed */
	assert_int_equal(at(&list), 39);
	list_release(&list);
}

/* Random rows, moves, sizes and times: the cursor keeps the id that the operator chose. */
static void test_anything(void **state) {
	struct server s;
	struct list list;
	unsigned random = 20260822;
	int64_t now = 0;

	(void)state;
	begin(&s, &list, 120, 10);
	for (int step = 0; step < 60000; step++) {
		int64_t before = list.count > 0 ? at(&list) : 0;
		bool moved = false;

		random = random * 1664525 + 1013904223;
		switch (random >> 28) {
		case 0:
		case 1:
			insert(&s, (random >> 8) % (s.count + 1));
			break;
		case 2:
		case 3:
			if (s.count > 0) {
				drop(&s, (random >> 8) % s.count);
			}
			break;
		case 4:
			if (s.count > 1) {
				struct pool row = s.rows[0];
				size_t to = (random >> 8) % s.count;

				s.rows[0] = s.rows[to];
				s.rows[to] = row;
			}
			break;
		case 5:
			list_page(&list, (int)((random >> 8) % 50));
			break;
		case 6:
			list_pin(&list);
			break;
		case 7:
		case 8:
			list_move(&list, (enum list_move)((random >> 8) % (MOVE_LAST + 1)), now);
			moved = true;
			break;
		case 9:
			now += LIST_HOLD;
			break;
		default:
			moved = list.jump != JUMP_NONE || list.owed != 0 || list.count == 0;
			refresh(&s, &list, now);
			break;
		}
		now += TIME_SECOND / 10;
		assert_true(list_valid(&list));
		assert_true(list.count <= 1000);
		if (!moved && before != 0) {
			assert_int_equal(at(&list), before);
		}
	}
	list_release(&list);
}

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_marks),
	    cmocka_unit_test(test_ghost_under_the_cursor),
	    cmocka_unit_test(test_ghost_that_leaves),
	    cmocka_unit_test(test_order_is_held),
	    cmocka_unit_test(test_window),
	    cmocka_unit_test(test_owed),
	    cmocka_unit_test(test_late_answer),
	    cmocka_unit_test(test_anything),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
