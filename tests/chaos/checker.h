/*
 * The checker: compares the history with the final state. It needs no server, so that histories made by
 * hand can test it.
 */
#ifndef TESTS_CHAOS_CHECKER_H
#define TESTS_CHAOS_CHECKER_H

#include <stdbool.h>
#include <stddef.h>

#include "tests/chaos/final.h"
#include "tests/chaos/history.h"

enum check {
	CHECK_HELD_IN_ORDER,  /* by the order of events, no value has two holders at a time */
	CHECK_HELD_IN_TIME,   /* nor by the times of the rows */
	CHECK_HELD_AS_TOLD,   /* nor by the answers to clients */
	CHECK_ONE_VALUE,      /* answers for one id have one pool and value, those of the row */
	CHECK_ACKNOWLEDGED,   /* acknowledged objects exist */
	CHECK_DENIED,         /* denied objects do not */
	CHECK_WHOLE,          /* a batch or a count is complete or absent */
	CHECK_EVENTS_STATE,   /* events lead to the state of the row, generation by generation */
	CHECK_COMMANDS_ONCE,  /* an applied command has changed its target once, others never */
	CHECK_COMMANDS_FINAL, /* the reported end of a command is final */
	CHECK_FENCES,         /* a command that expects a generation has met it */
	CHECK_ENDS,           /* no program has crashed or reported a defect */
	CHECK_REST,           /* everything comes to rest */
	CHECK_DOCTOR,         /* doctor finds nothing, at rest and meanwhile */
	CHECKS
};

extern const char *const check_names[CHECKS];

enum { FINDING_IDS = 2 };

struct finding_of {
	enum check check;
	char *text;
	struct id ids[FINDING_IDS]; /* for more history; nil for none */
};

struct verdict {
	size_t looked[CHECKS]; /* number of comparisons */
	size_t found[CHECKS];
	struct finding_of *findings;
	size_t count;
};

/* Counts a comparison; if it does not hold, records a finding with a text and ids. */
void verdict_add(struct verdict *v, enum check check, bool holds, struct id a, struct id b,
    const char *format, ...) __attribute__((format(printf, 6, 7)));
void verdict_release(struct verdict *v);

#define NO_ID ((struct id){{0}})

/* Runs all checks but the last two, which need the server. */
void checker_run(const struct history *h, const struct final *f, struct verdict *v);

/* Its parts, in files of their own. */
void check_holders(const struct history *h, const struct final *f, struct verdict *v);
void check_answers(const struct history *h, const struct final *f, struct verdict *v);
void check_events(const struct final *f, struct verdict *v);
void check_commands(const struct history *h, const struct final *f, struct verdict *v);

#endif
