/*
 * The checker: decides from the history and the state at the end whether the
 * program has kept its word.  It knows no server, so that a history made by hand
 * tests it.
 */
#ifndef TESTS_CHAOS_CHECKER_H
#define TESTS_CHAOS_CHECKER_H

#include <stdbool.h>
#include <stddef.h>

#include "tests/chaos/final.h"
#include "tests/chaos/history.h"

enum check {
	CHECK_HELD_IN_ORDER,  /* by the order of events no value has two holders at a time */
	CHECK_HELD_IN_TIME,   /* nor by the times of the rows */
	CHECK_HELD_AS_TOLD,   /* nor by what clients were told */
	CHECK_ONE_VALUE,      /* whoever asks with one id is told one pool and value, the row's */
	CHECK_ACKNOWLEDGED,   /* what was acknowledged is there */
	CHECK_DENIED,         /* what was denied is not */
	CHECK_WHOLE,          /* of a batch and of a count everything is there, or nothing */
	CHECK_EVENTS_STATE,   /* events lead to the state of the row, generation by generation */
	CHECK_COMMANDS_ONCE,  /* a command that was applied has changed its target once, others never */
	CHECK_COMMANDS_FINAL, /* the end of a command, once told, stays its end */
	CHECK_FENCES,         /* a command that expects a generation has met it */
	CHECK_ENDS,           /* no program has died by itself or told of a defect */
	CHECK_REST,           /* everything comes to rest */
	CHECK_DOCTOR,         /* doctor finds nothing, then and meanwhile */
	CHECKS
};

extern const char *const check_names[CHECKS];

enum { FINDING_IDS = 2 };

struct finding_of {
	enum check check;
	char *text;
	struct id ids[FINDING_IDS]; /* whose history tells more; nil for none */
};

struct verdict {
	size_t looked[CHECKS]; /* how often it was looked */
	size_t found[CHECKS];
	struct finding_of *findings;
	size_t count;
};

/* Looks once more, and if it is not so remembers the finding: what is wrong, in words, and with what. */
void verdict_add(struct verdict *v, enum check check, bool holds, struct id a, struct id b,
    const char *format, ...) __attribute__((format(printf, 6, 7)));
void verdict_release(struct verdict *v);

#define NO_ID ((struct id){{0}})

/* All checks but the last two, which need the server. */
void checker_run(const struct history *h, const struct final *f, struct verdict *v);

/* The parts of it, in files of their own. */
void check_holders(const struct history *h, const struct final *f, struct verdict *v);
void check_answers(const struct history *h, const struct final *f, struct verdict *v);
void check_events(const struct final *f, struct verdict *v);
void check_commands(const struct history *h, const struct final *f, struct verdict *v);

#endif
