/*
 * The program itself, with its connection cut: the claim of its exit code is
 * true, then and later, and the same command with the same ids leaves exactly
 * one of everything.
 *
 * A cut comes after a number of bytes in one direction, counted from the first
 * byte of the connection.  `alone` means that there is no other connection
 * afterwards: the program ends with 0 when it has the whole answer, else with 3
 * or 9.  Otherwise it finds out the outcome, and ends with 0; or with 3 when it
 * had not begun to send its request, since a first connection is tried once.
 *
 * Alone, every byte is cut in an optimized build, and every eleventh under the
 * sanitizers.  Of the bytes before a batch's request, which all commands have
 * in common, only some are cut; the same holds with other connections, with
 * other bytes in each build.
 *
 * Alone, the program tries until its --timeout to find out the outcome.  If
 * that is over before the cut, the test does not fail: the message is checked
 * as well, and that number is tried again with twice the time.
 */
#include "tests/lib/attempt.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "db/base/err.h"
#include "db/base/mem.h"
#include "tests/lib/database.h"
#include "tests/lib/client.h"
#include "tests/lib/evidence.h"
#include "tests/lib/sanitized.h"

enum {
	RUNS = 16,             /* at a time: most of them wait */
	SHORT_TIME = 200,      /* milliseconds: the first --timeout to be tried */
	LONGEST_TIME = 100000, /* milliseconds: something hangs */
	FAREWELL = 5,          /* bytes: the last message of a client */
	COARSE = 16,           /* bytes from one cut to the next in what has been cut at every byte before, */
	COARSEST = 29,         /* with a way back, */
	STRIDE = SANITIZED ? 11 : 1 /* and else */
};

/* The claim that an exit code can make. */
static const struct claim {
	int code;
	enum err_code err;
	bool all;  /* everything is there */
	bool none; /* nothing is, nor comes */
} claims[] = {
    {0, ERR_NONE, true, false},
    {3, ERR_UNAVAILABLE, false, true},
    {8, ERR_TIMEOUT, false, true},
    {9, ERR_OUTCOME_UNKNOWN, true, true},
};
enum { DONE, UNAVAILABLE, TIMEOUT, UNKNOWN, CLAIMS };

struct place {
	struct database *database;
	struct conn *direct;
	struct attempt attempts[RUNS];
	size_t made[DEEDS];
	size_t cuts;       /* runs that were cut off */
	size_t request[2]; /* by direction: the begin of a request or its answer, once known */

	/* The series: the next cut, and the least number of bytes that were enough. */
	struct cut next;
	size_t stride;
	size_t end;

	/* Counts of cut runs, by their claims. */
	struct tally {
		size_t count;
		size_t first;
		size_t last;
	} tallies[CLAIMS];
};

static int open_place(void **state) {
	struct place *p = mem_new(1, sizeof *p);

	p->database = database_new();
	p->direct = client_new(database_values(p->database));
	client_pool(p->direct, "a", KIND_NUMBER, "1-1000000");
	p->next.patience = SHORT_TIME;
	for (size_t i = 0; i < RUNS; i++) {
		p->attempts[i].number = i;
	}
	*state = p;
	return 0;
}

static void end_all(struct place *p) {
	for (size_t i = 0; i < RUNS; i++) {
		attempt_release(&p->attempts[i]);
	}
}

static int close_place(void **state) {
	struct place *p = *state;

	end_all(p);
	conn_free(p->direct);
	database_drop(p->database);
	free(p);
	return 0;
}

/* --- the outcome of one run -------------------------------------------------- */

static void holds(const struct attempt *a, bool what, const char *why) {
	if (!what) {
		fail_msg("deed %d, cut behind %zu bytes to the %s, %s: %s\nexit code %d, timeout %" PRId64
			 " ms\n%s%s",
		    (int)a->cut.deed, a->cut.after, a->cut.way == PROXY_TO_SERVER ? "server" : "client",
		    a->cut.alone ? "alone" : "with a way back", why, a->program.code, a->cut.patience,
		    a->program.out, a->program.words);
	}
}

static size_t claim_of(const struct attempt *a) {
	size_t i = 0;

	while (i < CLAIMS && claims[i].code != a->program.code) {
		i++;
	}
	holds(a, i < CLAIMS, "no such exit code");
	return i;
}

/* Returns true when the result exists; checks that all of it does or nothing, as claimed. */
static bool is_as_claimed(const struct place *p, const struct attempt *a, const struct claim *claim) {
	char *left = attempt_left(a, p->database);
	bool all = strcmp(left, attempt_all[a->cut.deed]) == 0;

	holds(a, all || strcmp(left, attempt_none) == 0, left);
	holds(a, all ? claim->all : claim->none, left);
	free(left);
	return all;
}

/* Checks that the error has its code, and the id if it is needed; and that there is no answer. */
static void tells_error(const struct attempt *a, const struct claim *claim) {
	char *code = mem_print("{\"error\":{\"code\":\"%s\"", err_name(claim->err));

	holds(a, a->program.out[0] == '\0', "there is an answer");
	holds(a, strstr(a->program.words, code) != NULL, "another error");
	holds(a, claim->err != ERR_OUTCOME_UNKNOWN || strstr(a->program.words, attempt_id(a)) != NULL,
	    "the id is not told");
	free(code);
}

/* The same command again does it at most once, and the earlier answer was true. */
static void is_done_once(const struct place *p, struct attempt *a, bool was_there) {
	struct program again = {0};
	bool replayed = false, ignored;
	json_t *answer, *before;

	attempt_repeat(a, p->direct, &again);
	holds(a, again.code == 0, again.words);
	holds(a, is_as_claimed(p, a, &claims[DONE]), "it is not done");
	answer = attempt_answer(a, again.out, &replayed);
	holds(a, answer != NULL && replayed == was_there, again.out);
	if (a->program.code == 0) {
		before = attempt_answer(a, a->program.out, &ignored);
		holds(a, json_equal(before, answer), again.out);
		json_decref(before);
	}
	json_decref(answer);
	program_release(&again);
}

static void count(struct place *p, const struct attempt *a, size_t claim, bool there) {
	struct tally *t = &p->tallies[claim];

	holds(a, claim != UNKNOWN || a->cut.alone, "it could be known");
	/* Without the last byte of the request it is not applied; before the first byte of the answer it is.
	 */
	holds(a, claim != UNKNOWN || there == (a->cut.way == PROXY_TO_CLIENT), "it was cut elsewhere");
	t->first = t->count == 0 || a->cut.after < t->first ? a->cut.after : t->first;
	t->last = a->cut.after > t->last ? a->cut.after : t->last;
	t->count++;
}

/* Checks the output of the program. False: its time was over before the cut. */
static bool judge(struct place *p, struct attempt *a) {
	size_t claim = claim_of(a);
	bool cut, there;

	(void)is_as_claimed(p, a, &claims[claim]);
	attempt_await_end(a, p->database);
	there = is_as_claimed(p, a, &claims[claim]);
	cut = attempt_was_cut(a);
	if (claim != DONE) {
		tells_error(a, &claims[claim]);
	}
	is_done_once(p, a, there);
	p->made[a->cut.deed]++;
	if (claim == TIMEOUT || (claim != DONE && !cut)) {
		holds(a, a->cut.alone, "it was not cut");
		return false;
	}
	if (cut) {
		p->cuts++;
		count(p, a, claim, there);
	} else if (a->cut.after < p->end) {
		p->end = a->cut.after;
	}
	return true;
}

/* --- all runs ---------------------------------------------------------------- */

static void begin_next(struct place *p, struct attempt *a) {
	bool known = p->next.after + COARSE < p->request[p->next.way];

	if (p->end == SIZE_MAX) {
		attempt_begin(a, p->database, &p->next);
		p->next.after += known && p->stride < COARSE ? COARSE : p->stride;
	}
}

/* Tries again with more time, which later runs keep. */
static void begin_again(struct place *p, struct attempt *a) {
	struct cut cut = a->cut;

	cut.patience *= 2;
	assert_true(cut.patience < LONGEST_TIME);
	if (p->next.patience < cut.patience) {
		p->next.patience = cut.patience;
	}
	attempt_begin(a, p->database, &cut);
}

static struct attempt *attempt_of(struct place *p, pid_t pid) {
	size_t i = 0;

	while (i < RUNS && p->attempts[i].program.pid != pid) {
		i++;
	}
	assert_true(i < RUNS);
	return &p->attempts[i];
}

/* Runs until the program needs no more bytes than given. */
static void cut_all(struct place *p) {
	int status;
	pid_t pid;

	end_all(p);
	for (size_t i = 0; i < RUNS; i++) {
		begin_next(p, &p->attempts[i]);
	}
	while ((pid = waitpid(-1, &status, 0)) > 0) {
		struct attempt *a = attempt_of(p, pid);

		program_ended(&a->program, status);
		if (judge(p, a)) {
			begin_next(p, a);
		} else {
			begin_again(p, a);
		}
	}
}

/* At first nothing was sent, then the outcome is unknown or found out, at last the answer is complete. */
static void is_in_order(const struct place *p, const struct tally *found) {
	const struct tally *nothing = &p->tallies[UNAVAILABLE];
	const struct tally *done = &p->tallies[DONE];

	assert_true(nothing->count > 0 && found->count > 0);
	assert_true(nothing->last < found->first);
	if (found != done && done->count > 0) {
		assert_int_equal(p->next.way, PROXY_TO_SERVER);
		assert_true(found->last < done->first);
		assert_true(done->first + FAREWELL + p->stride > p->end);
	}
}

static void cut_both_ways(struct place *p, enum deed deed, bool alone, size_t from, size_t stride) {
	const struct tally *found = &p->tallies[alone ? UNKNOWN : DONE];

	p->next.deed = deed;
	p->next.alone = alone;
	p->stride = stride;
	for (int way = 0; way < 2; way++) {
		p->next.way = (enum proxy_way)way;
		p->next.after = from;
		p->end = SIZE_MAX;
		memset(p->tallies, 0, sizeof p->tallies);
		cut_all(p);
		is_in_order(p, found);
		p->request[way] = alone ? found->first : p->request[way];
	}
}

static void an_allocation_is_cut_at_every_byte(void **state) {
	cut_both_ways(*state, ALLOCATE, true, SANITIZED, STRIDE);
}

static void a_batch_is_cut_at_every_byte(void **state) {
	cut_both_ways(*state, BATCH, true, SANITIZED, STRIDE);
}

static void what_is_lost_is_found_out(void **state) {
	for (int deed = 0; deed < DEEDS; deed++) {
		cut_both_ways(*state, (enum deed)deed, false, SANITIZED * COARSEST / 2, COARSEST);
	}
}

/* Only the requested objects exist. */
static void the_whole_is_sound(void **state) {
	const struct place *p = *state;
	char *sql = mem_print("select (select count(*) from berth.lease) = %zu"
			      " and (select count(*) from berth.label) = %zu"
			      " and (select count(*) from berth.command) = %zu",
	    p->made[ALLOCATE] + p->made[BATCH], p->made[BATCH], p->made[BATCH]);

	assert_true(p->made[ALLOCATE] > 0 && p->made[BATCH] > 0);
	assert_string_equal(database_ask(p->database, sql), "t");
	session_is_sound(p->direct);
	free(sql);
	evidence("bytes at which the program was cut off", p->cuts);
}

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(an_allocation_is_cut_at_every_byte),
	    cmocka_unit_test(a_batch_is_cut_at_every_byte),
	    cmocka_unit_test(what_is_lost_is_found_out),
	    cmocka_unit_test(the_whole_is_sound),
	};

	return cmocka_run_group_tests_name("cut program", tests, open_place, close_place);
}
