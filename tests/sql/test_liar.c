/*
 * A lying or broken server: the program ends within its --timeout with an error, and does not use the
 * processor meanwhile.
 */
#include "tests/lib/liar.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "db/batch/batch.h"
#include "db/base/clock.h"
#include "db/conn/conn.h"
#include "db/base/mem.h"
#include "model/pool.h"
#include "tests/lib/evidence.h"
#include "tests/lib/program.h"
#include "tests/lib/client.h"

#define MESSAGE(type, body) type, body, sizeof(body) - 1

/* Messages one after the other; a type of 0 ends them. 'T' and 'D' are built from their numbers. */
struct part {
	char type;
	const char *body;
	size_t n;
	int columns;
	int bytes; /* of each field of a row; of a description the type */
};

#define PARTS 12
#define ANSWER                                                                                               \
	{MESSAGE('1', "")}, {                                                                                \
		MESSAGE('2', "")                                                                             \
	}
#define COLUMNS(columns, oid)                                                                                \
	{ 'T', NULL, 0, columns, oid }
#define ROW(columns, bytes)                                                                                  \
	{ 'D', NULL, 0, columns, bytes }
#define DONE                                                                                                 \
	{ MESSAGE('C', "SELECT 1\0") }
#define READY                                                                                                \
	{ MESSAGE('Z', "I") }

static const struct lie {
	const char *name;
	enum lie_end end;
	struct part parts[PARTS];
} lies[] = {
    {"nothing", LIE_WAITS, {{0}}},
    {"the end", LIE_CLOSES, {{0}}},
    {"ready at once", LIE_WAITS, {READY}},
    {"ready twice", LIE_WAITS, {READY, READY}},
    {"ready in no state", LIE_WAITS, {{MESSAGE('Z', "?")}}},
    {"a copy out", LIE_WAITS, {ANSWER, {MESSAGE('H', "\0\0\0")}}},
    {"a copy out, done", LIE_WAITS, {ANSWER, {MESSAGE('H', "\0\0\0")}, {MESSAGE('c', "")}, DONE, READY}},
    {"a copy in", LIE_WAITS, {ANSWER, {MESSAGE('G', "\0\0\0")}}},
    {"a copy both ways", LIE_WAITS, {ANSWER, {MESSAGE('W', "\0\0\0")}}},
    {"a copy before anything", LIE_WAITS, {{MESSAGE('H', "\0\0\0")}, READY}},
    {"no description", LIE_WAITS, {ANSWER, DONE, READY}},
    {"no data", LIE_WAITS, {ANSWER, {MESSAGE('n', "")}, DONE, READY}},
    {"an empty query", LIE_WAITS, {ANSWER, {MESSAGE('I', "")}, READY}},
    {"a suspended portal", LIE_WAITS, {ANSWER, COLUMNS(1, 20), {MESSAGE('s', "")}, READY}},
    {"no rows", LIE_WAITS, {ANSWER, COLUMNS(0, 25), DONE, ANSWER, COLUMNS(9, 20), DONE, READY}},
    {"other columns", LIE_WAITS,
	{ANSWER, COLUMNS(3, 20), ROW(3, 8), DONE, ANSWER, COLUMNS(3, 20), ROW(3, 8), DONE, READY}},
    {"other types", LIE_WAITS,
	{ANSWER, COLUMNS(0, 25), ROW(0, 0), DONE, ANSWER, COLUMNS(9, 1700), ROW(9, 8), DONE, READY}},
    {"other lengths", LIE_WAITS,
	{ANSWER, COLUMNS(0, 25), ROW(0, 0), DONE, ANSWER, COLUMNS(9, 20), ROW(9, 3), DONE, READY}},
    {"nothing but NULL", LIE_WAITS,
	{ANSWER, COLUMNS(0, 25), ROW(0, 0), DONE, ANSWER, COLUMNS(9, 25), ROW(9, -1), DONE, READY}},
    {"two rows", LIE_WAITS, {ANSWER, COLUMNS(0, 25), ROW(0, 0), ROW(0, 0), DONE, READY}},
    {"a row of other columns", LIE_WAITS, {ANSWER, COLUMNS(2, 20), ROW(5, 8), DONE, READY}},
    {"rows without end", LIE_WAITS, {ANSWER, COLUMNS(1, 20), ROW(1, 8), ROW(1, 8)}},
    {"the same answer again", LIE_WAITS,
	{ANSWER, COLUMNS(0, 25), ROW(0, 0), DONE, COLUMNS(0, 25), ROW(0, 0), DONE, READY}},
    {"answers for ever", LIE_REPEATS, {ANSWER, COLUMNS(0, 25), ROW(0, 0), DONE}},
    {"notices for ever", LIE_REPEATS, {{MESSAGE('N', "SWARNING\0Mso\0")}}},
    {"parameters for ever", LIE_REPEATS, {{MESSAGE('S', "a\0b\0")}}},
    {"an error without a code", LIE_WAITS, {{MESSAGE('E', "SERROR\0Mso it is\0")}, READY}},
    {"an error without anything", LIE_WAITS, {{MESSAGE('E', "\0")}, READY}},
    {"an error that is not ended", LIE_WAITS, {{MESSAGE('E', "SERROR")}, READY}},
    {"an error and no more", LIE_WAITS, {{MESSAGE('E', "SERROR\0CXX000\0Mso\0")}}},
    {"two errors", LIE_WAITS,
	{{MESSAGE('E', "SERROR\0CXX000\0Mso\0")}, {MESSAGE('E', "SERROR\0CXX000\0Mand so\0")}, READY}},
    {"two errors and the end", LIE_CLOSES,
	{{MESSAGE('E', "SERROR\0CXX000\0Mso\0")}, {MESSAGE('E', "SFATAL\0C57P01\0Mand so\0")}}},
    {"errors for ever", LIE_REPEATS, {{MESSAGE('E', "SERROR\0CXX000\0Mso\0")}}},
    {"berth's own error without a sentence", LIE_WAITS, {{MESSAGE('E', "SERROR\0CBERTH\0M\n\0")}, READY}},
    {"berth's own error of no kind", LIE_WAITS, {{MESSAGE('E', "SERROR\0CBERTH\0Mnope\0")}, READY}},
    {"a message of no kind", LIE_WAITS, {{MESSAGE('?', "abc")}, READY}},
    {"a result of a function", LIE_WAITS, {{MESSAGE('V', "\0\0\0\0")}, READY}},
    {"a notification of nothing", LIE_WAITS, {{MESSAGE('A', "\0\0\0\1\0\0")}, READY}},
};

#define LIES (sizeof lies / sizeof *lies)

static void put(const struct lie *lie, struct buf *bytes) {
	for (const struct part *part = lie->parts; part < lie->parts + PARTS && part->type != 0; part++) {
		if (part->type == 'T') {
			lie_columns(bytes, part->columns, (unsigned)part->bytes);
		} else if (part->type == 'D') {
			lie_row(bytes, part->columns, part->bytes);
		} else {
			lie_message(bytes, part->type, part->body, part->n);
		}
	}
}

static void tell(struct liar *l, enum lie_at at, const struct lie *lie) {
	struct buf bytes = {0};

	put(lie, &bytes);
	liar_says(l, at, lie->end, &bytes);
	buf_release(&bytes);
}

static int open_liar(void **state) {
	*state = liar_new();
	return 0;
}

static int close_liar(void **state) {
	liar_free(*state);
	return 0;
}

static double seconds(const struct rusage *usage) {
	return (double)usage->ru_utime.tv_sec + (double)usage->ru_stime.tv_sec +
	       (double)(usage->ru_utime.tv_usec + usage->ru_stime.tv_usec) / 1e6;
}

/* Checks the program's end: a possible error on standard error, nothing on standard output. Under a flood the
 * program reads; while it waits it does nothing. */
static void ends_with_an_error(
    const struct lie *lie, enum lie_at at, struct program *p, const char *const *argv) {
	static const int codes[] = {3, 7, 8, 9, 70};
	struct rusage usage;
	bool known = false;
	int status;

	program_start(p, argv);
	assert_int_equal(wait4(p->pid, &status, 0, &usage), p->pid);
	program_ended(p, status);
	for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
		known = known || p->code == codes[i];
	}
	if (!known || p->out[0] != '\0' || strstr(p->words, "\"error\"") == NULL ||
	    (lie->end != LIE_REPEATS && seconds(&usage) > 1)) {
		fail_msg("%s (%d), %s: exit code %d after %.1f s of the processor\n%s%s", lie->name, (int)at,
		    argv[1], p->code, seconds(&usage), p->out, p->words);
	}
	program_release(p);
}

static void try_program(struct liar *l, enum lie_at at, const char *const *command) {
	for (size_t i = 0; i < LIES; i++) {
		const char *argv[16] = {"berth"};
		const char *const more[] = {
		    "-h", liar_folder(l), "-U", "u", "-d", "d", "--timeout", "1s", "--json"};
		struct program p = {0};
		size_t n = 1;

		while (command[n - 1] != NULL) {
			argv[n] = command[n - 1];
			n++;
		}
		memcpy(argv + n, more, sizeof more);
		tell(l, at, &lies[i]);
		ends_with_an_error(&lies[i], at, &p, argv);
	}
	evidence("lies of a server", LIES);
}

static void at_the_greeting(void **state) {
	try_program(*state, LIE_HELLO, (const char *const[]){"pool", "list", NULL});
}

static void at_the_start(void **state) {
	try_program(*state, LIE_START, (const char *const[]){"pool", "list", NULL});
}

static void to_a_question(void **state) {
	try_program(*state, LIE_BATCH, (const char *const[]){"pool", "list", NULL});
}

static void to_a_change(void **state) {
	try_program(*state, LIE_BATCH, (const char *const[]){"allocate", "web", NULL});
}

static void to_a_migration(void **state) {
	try_program(*state, LIE_HELLO, (const char *const[]){"migrate", NULL});
}

/* On an idle connection nothing is expected, and any message is fatal for the connection only. */
static void to_nobody(void **state) {
	static const char *const keywords[] = {"host", "user", "dbname", NULL};
	const char *const values[] = {liar_folder(*state), "u", "d", NULL};

	for (size_t i = 0; i < LIES; i++) {
		struct conn_options options = {.keywords = keywords, .values = values};
		struct conn *c = conn_new(&options);
		struct batch *b = batch_new(BATCH_READ);
		int64_t end = clock_steady() + TIME_SECOND / 2;
		struct rusage before, after;
		struct err err = {0};

		tell(*state, LIE_IDLE, &lies[i]);
		(void)getrusage(RUSAGE_THREAD, &before);
		while (!clock_passed(end)) {
			client_step(&c, 1, 100);
		}
		(void)getrusage(RUSAGE_THREAD, &after);
		assert_true(lies[i].end == LIE_REPEATS || seconds(&after) - seconds(&before) < 0.4);
		doctor_add(b);
		assert_false(conn_run(c, b, clock_steady() + TIME_SECOND / 10, &err));
		err_release(&err);
		batch_free(b);
		conn_free(c);
	}
}

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(at_the_start),
	    cmocka_unit_test(at_the_greeting),
	    cmocka_unit_test(to_a_question),
	    cmocka_unit_test(to_a_change),
	    cmocka_unit_test(to_a_migration),
	    cmocka_unit_test(to_nobody),
	};

	return cmocka_run_group_tests_name("liar", tests, open_liar, close_liar);
}
