/*
 * The checker of tests/chaos/, with histories made by hand: clean ones pass, and
 * each kind of violation is found.
 */
#include "tests/chaos/checker.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include "db/base/clock.h"
#include "db/base/mem.h"

/* A lease that was taken, labelled, extended and released by commands, and another one that has its value
 * then. */
enum { FIRST = 1, SECOND, RELEASE, EXTEND, LABEL, RESOURCE, CORDON, MANY };
enum { CALL_FIRST, CALL_LABEL, CALL_EXTEND, CALL_RELEASE, CALL_SECOND, CALL_CORDON };
enum { EVENT_SET, EVENT_EXTEND, EVENT_RELEASE, EVENT_DESTROY };

struct story {
	struct history *history;
	struct final final;
	struct verdict verdict;
};

static struct id id_of(unsigned char n) {
	return (struct id){{n}};
}

static void put(char *to, const char *text) {
	(void)snprintf(to, STATE_ROOM, "%s", text);
}

static struct call *add_call(struct story *s, struct deed deed) {
	struct call plan = {.deeds = {deed}, .deed_count = 1};
	struct call *call;

	call = history_begin(s->history, &plan);
	history_end(s->history, call);
	call->code = 0;
	call->began = (int64_t)call->number * 10;
	call->ended = call->began + 5;
	return call;
}

static void tell_lease(struct call *call, struct id id, const char *value) {
	struct told_lease *l = call_add_lease(call);

	l->id = id;
	put(l->pool, "web");
	put(l->value, value);
	put(l->state, "active");
	l->generation = 1;
}

static void tell_command(struct call *call, struct id id) {
	struct told_command *c = call_add_command(call);

	c->id = id;
	put(c->state, "done");
	put(c->outcome, "applied");
}

static struct call *allocate(struct story *s, unsigned char n) {
	struct deed deed = {.kind = DEED_ALLOCATE, .id = id_of(n), .count = 1};
	struct call *call;

	put(deed.pool, "web");
	call = add_call(s, deed);
	tell_lease(call, deed.id, "7");
	return call;
}

static struct call *command(struct story *s, enum deed_kind kind, unsigned char n, unsigned char target) {
	struct call *call = add_call(
	    s, (struct deed){.kind = kind, .id = id_of(n), .targets = {id_of(target)}, .target_count = 1});

	tell_command(call, id_of(n));
	return call;
}

static void add_lease(struct final *f, struct lease_row row, const char *state) {
	f->leases = mem_grow(f->leases, f->lease_count + 1, sizeof *f->leases);
	put(row.pool, "web");
	put(row.value, "7");
	put(row.state, state);
	row.resource = id_of(RESOURCE);
	f->leases[f->lease_count++] = row;
}

static void add_command(struct final *f, unsigned char n, unsigned char target, const char *action) {
	struct command_row row = {.id = id_of(n), .target = id_of(target), .expected = 0};

	f->commands = mem_grow(f->commands, f->command_count + 1, sizeof *f->commands);
	put(row.action, action);
	put(row.state, "done");
	put(row.outcome, "applied");
	f->commands[f->command_count++] = row;
}

static struct side side(const char *state, int64_t generation) {
	struct side side = {.there = true, .cordoned = -1, .generation = generation};

	put(side.state, state);
	return side;
}

static struct event_row *add_event(struct final *f, int64_t seq, unsigned char target, unsigned char by,
    const char *action, struct side before, struct side after) {
	struct event_row row = {.seq = seq, .target = id_of(target), .before = before, .after = after};

	row.command = by == 0 ? NO_ID : id_of(by);
	f->events = mem_grow(f->events, f->event_count + 1, sizeof *f->events);
	put(row.kind, target == RESOURCE ? "resource" : "lease");
	put(row.action, action);
	f->events[f->event_count] = row;
	return &f->events[f->event_count++];
}

static void make_rows(struct final *f) {
	add_lease(f,
	    (struct lease_row){
		.id = id_of(FIRST), .seq = 1, .generation = 4, .acquired = 100, .destroyed = 200},
	    "destroyed");
	add_lease(f,
	    (struct lease_row){
		.id = id_of(SECOND), .seq = 20, .generation = 1, .acquired = 200, .destroyed = TIME_NONE},
	    "active");
	f->resources = mem_new(1, sizeof *f->resources);
	f->resources[0] = (struct resource_row){.id = id_of(RESOURCE), .generation = 2, .cordoned = true};
	put(f->resources[0].state, "active");
	f->resource_count = 1;
	f->requests = mem_new(1, sizeof *f->requests);
	f->requests[0] = id_of(LABEL);
	f->request_count = 1;
	f->first_jump = TIME_NONE;
	add_command(f, RELEASE, FIRST, "release");
	add_command(f, EXTEND, FIRST, "extend");
	add_command(f, CORDON, RESOURCE, "cordon");
}

static void make_events(struct final *f) {
	struct event_row *e = add_event(f, 2, FIRST, 0, "set", side("active", 1), side("active", 1));

	put(e->after.labels, "{\"mark\": \"m5\"}");
	add_event(f, 3, FIRST, EXTEND, "extend", side("active", 1), side("active", 2));
	add_event(f, 4, FIRST, RELEASE, "release", side("active", 2), side("released", 3));
	add_event(f, 5, FIRST, RELEASE, "destroy", side("released", 3), side("destroyed", 4));
	e = add_event(f, 6, RESOURCE, CORDON, "cordon", side("active", 1), side("active", 2));
	e->before.cordoned = 0;
	e->after.cordoned = 1;
}

static int open_story(void **state) {
	struct story *s = mem_new(1, sizeof *s);
	struct deed label = {
	    .kind = DEED_LABEL, .id = id_of(LABEL), .targets = {id_of(FIRST)}, .target_count = 1};

	s->history = history_new(NULL);
	allocate(s, FIRST);
	put(label.value, "m5");
	add_call(s, label);
	command(s, DEED_EXTEND, EXTEND, FIRST);
	command(s, DEED_RELEASE, RELEASE, FIRST);
	allocate(s, SECOND);
	command(s, DEED_CORDON, CORDON, RESOURCE);
	make_rows(&s->final);
	make_events(&s->final);
	*state = s;
	return 0;
}

static int close_story(void **state) {
	struct story *s = *state;

	verdict_release(&s->verdict);
	final_release(&s->final);
	history_free(s->history);
	free(s);
	return 0;
}

/* Exactly this kind is found, and no other. */
static void finds(struct story *s, enum check check) {
	final_sort(&s->final);
	checker_run(s->history, &s->final, &s->verdict);
	for (enum check i = 0; i < CHECKS; i++) {
		if ((s->verdict.found[i] > 0) != (i == check)) {
			fail_msg("%s: found %zu", check_names[i], s->verdict.found[i]);
		}
	}
}

/* The rows of one sort as they were added, before they are sorted. */
static struct call *call_at(struct story *s, size_t i) {
	return history_at(s->history, i);
}

static void a_clean_history_passes(void **state) {
	struct story *s = *state;

	finds(s, CHECKS);
	for (enum check i = 0; i < CHECK_REST; i++) {
		if (i != CHECK_DENIED && i != CHECK_WHOLE && i != CHECK_FENCES) {
			assert_true(s->verdict.looked[i] > 0);
		}
	}
}

static void two_holders_by_events(void **state) {
	struct story *s = *state;

	s->final.leases[1].seq = 4;
	finds(s, CHECK_HELD_IN_ORDER);
}

static void two_holders_by_events_where_the_first_still_has_it(void **state) {
	struct story *s = *state;

	s->final.leases[0].generation = 2;
	put(s->final.leases[0].state, "active");
	s->final.event_count = EVENT_RELEASE;
	s->final.commands[0].id = id_of(MANY);
	put(s->final.commands[0].state, "queued");
	put(s->final.commands[0].outcome, "");
	call_at(s, CALL_RELEASE)->code = CODE_KILLED;
	call_at(s, CALL_RELEASE)->command_count = 0;
	call_at(s, CALL_CORDON)->code = CODE_KILLED;
	s->final.resources[0].generation = 1;
	s->final.resource_count = 0;
	s->final.command_count = 2;
	finds(s, CHECK_HELD_IN_ORDER);
}

static void two_holders_in_time(void **state) {
	struct story *s = *state;

	s->final.leases[1].acquired = 199;
	finds(s, CHECK_HELD_IN_TIME);
}

static void jump_at(struct story *s, int64_t from, int64_t to) {
	s->final.jumps = mem_new(1, sizeof *s->final.jumps);
	s->final.jumps[0] = (struct stretch_of_seq){from, to};
	s->final.jump_count = 1;
}

static void times_on_both_sides_of_a_jump_are_not_compared(void **state) {
	struct story *s = *state;

	s->final.leases[1].acquired = 199;
	jump_at(s, 10, 12);
	finds(s, CHECKS);
}

/* It began when the clock was ahead, and ended when it no longer was: not before it began. */
static void neither_are_those_of_a_lease_with_a_jump_in_it(void **state) {
	struct story *s = *state;

	s->final.leases[0].acquired = 200;
	s->final.leases[1].acquired = 199;
	jump_at(s, 3, 3);
	finds(s, CHECKS);
}

/* It was requested when the clock was ahead, and got its value after the correction. */
static void neither_are_those_of_a_lease_that_waited_during_a_jump(void **state) {
	struct story *s = *state;
	struct final *f = &s->final;

	for (size_t i = EVENT_SET; i <= EVENT_DESTROY; i++) {
		f->events[i].before.generation++;
		f->events[i].after.generation++;
	}
	put(add_event(f, 1, FIRST, 0, "fill", side("pending", 1), side("active", 2))->after.value, "7");
	f->leases[0].seq = -1;
	f->leases[0].generation = 5;
	f->leases[0].acquired = 200;
	f->leases[1].acquired = 199;
	jump_at(s, -1, 0);
	finds(s, CHECKS);
}

static void times_on_one_side_of_a_jump_are_compared(void **state) {
	struct story *s = *state;

	s->final.leases[1].acquired = 199;
	jump_at(s, 21, 22);
	finds(s, CHECK_HELD_IN_TIME);
}

static void two_holders_as_told(void **state) {
	struct story *s = *state;

	/* The second was acknowledged before anybody asked for the end of the first. */
	call_at(s, CALL_SECOND)->began = 16;
	call_at(s, CALL_SECOND)->ended = 17;
	finds(s, CHECK_HELD_AS_TOLD);
}

static void whose_time_may_be_over_holds_nothing_for_certain(void **state) {
	struct story *s = *state;

	call_at(s, CALL_SECOND)->began = 16;
	call_at(s, CALL_SECOND)->ended = 17;
	call_at(s, CALL_FIRST)->deeds[0].span = 6;
	finds(s, CHECKS);
}

static void what_a_pool_s_release_may_have_taken_is_not_certain(void **state) {
	struct story *s = *state;

	call_at(s, CALL_SECOND)->began = 16;
	call_at(s, CALL_SECOND)->ended = 17;
	put(call_at(s, CALL_EXTEND)->deeds[0].pool, "web");
	call_at(s, CALL_EXTEND)->deeds[0].kind = DEED_RELEASE;
	call_at(s, CALL_EXTEND)->deeds[0].target_count = 0;
	call_at(s, CALL_EXTEND)->began = 9;
	finds(s, CHECKS);
}

static void one_id_with_two_values(void **state) {
	struct story *s = *state;
	struct call *replay = allocate(s, SECOND);

	replay->leases[0].replayed = true;
	put(replay->leases[0].value, "8");
	finds(s, CHECK_ONE_VALUE);
}

static void another_value_than_was_told(void **state) {
	struct story *s = *state;

	put(s->final.leases[1].value, "8");
	finds(s, CHECK_ONE_VALUE);
}

static void an_acknowledged_lease_that_is_lost(void **state) {
	struct story *s = *state;

	s->final.lease_count = 1;
	finds(s, CHECK_ACKNOWLEDGED);
}

static void an_acknowledged_command_that_is_lost(void **state) {
	struct story *s = *state;

	s->final.commands[2].id = id_of(MANY);
	s->final.events[4].command = id_of(MANY);
	finds(s, CHECK_ACKNOWLEDGED);
}

static void an_acknowledged_label_that_is_lost(void **state) {
	struct story *s = *state;

	put(s->final.events[EVENT_SET].after.labels, "{\"mark\": \"m6\"}");
	finds(s, CHECK_ACKNOWLEDGED);
}

static void an_acknowledged_cancel_that_is_lost(void **state) {
	struct story *s = *state;
	struct call *cancel = command(s, DEED_CANCEL, 0, EXTEND);

	cancel->command_count = 0;
	finds(s, CHECK_ACKNOWLEDGED);
}

static void a_lease_that_was_forgotten_is_not_lost(void **state) {
	struct story *s = *state;

	s->final.lease_count = 1;
	s->final.forgets = true;
	finds(s, CHECKS);
}

static void a_denied_lease_that_is_there(void **state) {
	struct story *s = *state;

	call_at(s, CALL_SECOND)->code = 3;
	call_at(s, CALL_SECOND)->lease_count = 0;
	finds(s, CHECK_DENIED);
}

static void a_denied_command_that_is_there(void **state) {
	struct story *s = *state;

	call_at(s, CALL_EXTEND)->code = 5;
	call_at(s, CALL_EXTEND)->command_count = 0;
	finds(s, CHECK_DENIED);
}

static void a_denied_label_that_is_there(void **state) {
	struct story *s = *state;

	call_at(s, CALL_LABEL)->code = 8;
	finds(s, CHECK_DENIED);
}

static void an_unknown_outcome_may_be_there(void **state) {
	struct story *s = *state;

	call_at(s, CALL_SECOND)->code = 9;
	finds(s, CHECKS);
}

static void what_was_asked_for_twice_may_be_there(void **state) {
	struct story *s = *state;

	allocate(s, SECOND);
	call_at(s, CALL_SECOND)->code = 3;
	finds(s, CHECKS);
}

/* A client that waits is told the outcome of the command that is there. */
static void a_rejected_command_that_was_waited_for_is_there(void **state) {
	struct story *s = *state;

	call_at(s, CALL_EXTEND)->code = 5;
	call_at(s, CALL_EXTEND)->deeds[0].wait = true;
	finds(s, CHECKS);
}

static void half_of_a_count(void **state) {
	struct story *s = *state;
	struct deed deed = {.kind = DEED_ALLOCATE, .id = id_of(SECOND), .count = 2};
	struct call *call = add_call(s, deed);

	call->code = CODE_KILLED;
	finds(s, CHECK_WHOLE);
}

static void half_of_a_batch(void **state) {
	struct story *s = *state;
	struct deed deed = {.kind = DEED_ALLOCATE, .id = id_of(SECOND), .count = 1};
	struct call *call = add_call(s, deed);

	call->code = 9;
	call->batch = id_of(MANY);
	call->deeds[call->deed_count++] =
	    (struct deed){.kind = DEED_RELEASE, .id = id_of(MANY + 1), .target_count = 1};
	finds(s, CHECK_WHOLE);
}

static void an_event_that_is_missing(void **state) {
	struct story *s = *state;

	/* The extension raised the generation, and nobody tells. */
	s->final.events[EVENT_EXTEND].before = side("active", 2);
	s->final.events[EVENT_EXTEND].after = side("active", 2);
	put(s->final.commands[1].state, "quarantined");
	put(s->final.commands[1].outcome, "");
	call_at(s, CALL_EXTEND)->command_count = 0;
	finds(s, CHECK_EVENTS_STATE);
}

static void a_state_without_its_event(void **state) {
	struct story *s = *state;

	put(s->final.leases[1].state, "broken");
	s->final.leases[1].generation = 2;
	finds(s, CHECK_EVENTS_STATE);
}

static void a_last_event_that_is_not_the_last_change(void **state) {
	struct story *s = *state;

	add_event(&s->final, 7, FIRST, 0, "expire", side("active", 2), side("active", 2));
	finds(s, CHECK_EVENTS_STATE);
}

static void a_resource_that_is_not_as_its_events_say(void **state) {
	struct story *s = *state;

	s->final.resources[0].cordoned = false;
	finds(s, CHECK_EVENTS_STATE);
}

static void a_filled_lease_with_another_value(void **state) {
	struct story *s = *state;
	struct event_row *e =
	    add_event(&s->final, 21, SECOND, 0, "fill", side("pending", 1), side("active", 2));

	put(e->after.value, "8");
	s->final.leases[1].generation = 2;
	finds(s, CHECK_EVENTS_STATE);
}

static void a_command_that_was_applied_twice(void **state) {
	struct story *s = *state;
	struct event_row *e = &s->final.events[EVENT_RELEASE];

	/* The release has extended as well: as if one command had been consumed twice. */
	put(e->action, "extend");
	e->command = id_of(EXTEND);
	s->final.commands[0].epoch = 1;
	put(s->final.commands[0].outcome, "noop");
	call_at(s, CALL_RELEASE)->command_count = 0;
	finds(s, CHECK_COMMANDS_ONCE);
}

static void a_command_that_was_rejected_and_applied(void **state) {
	struct story *s = *state;

	put(s->final.commands[1].outcome, "rejected");
	call_at(s, CALL_EXTEND)->command_count = 0;
	finds(s, CHECK_COMMANDS_ONCE);
}

static void a_command_that_was_applied_and_did_nothing(void **state) {
	struct story *s = *state;

	s->final.events[EVENT_EXTEND].command = NO_ID;
	finds(s, CHECK_COMMANDS_ONCE);
}

static void a_command_with_another_end_than_was_told(void **state) {
	struct story *s = *state;

	put(call_at(s, CALL_EXTEND)->commands[0].outcome, "noop");
	finds(s, CHECK_COMMANDS_FINAL);
}

static void a_fence_that_does_not_hold(void **state) {
	struct story *s = *state;

	s->final.commands[1].expected = 3;
	finds(s, CHECK_FENCES);
}

static void a_fence_that_holds(void **state) {
	struct story *s = *state;

	s->final.commands[1].expected = 1;
	finds(s, CHECKS);
	assert_int_equal(s->verdict.looked[CHECK_FENCES], 1);
}

static void a_program_that_died(void **state) {
	struct story *s = *state;

	call_at(s, CALL_LABEL)->code = CODE_DIED;
	finds(s, CHECK_ENDS);
}

static void a_defect_that_was_told(void **state) {
	struct story *s = *state;

	call_at(s, CALL_LABEL)->code = 70;
	finds(s, CHECK_ENDS);
}

#define story(test) cmocka_unit_test_setup_teardown(test, open_story, close_story)

int main(void) {
	const struct CMUnitTest tests[] = {
	    story(a_clean_history_passes),
	    story(two_holders_by_events),
	    story(two_holders_by_events_where_the_first_still_has_it),
	    story(two_holders_in_time),
	    story(times_on_both_sides_of_a_jump_are_not_compared),
	    story(neither_are_those_of_a_lease_with_a_jump_in_it),
	    story(neither_are_those_of_a_lease_that_waited_during_a_jump),
	    story(times_on_one_side_of_a_jump_are_compared),
	    story(two_holders_as_told),
	    story(whose_time_may_be_over_holds_nothing_for_certain),
	    story(what_a_pool_s_release_may_have_taken_is_not_certain),
	    story(one_id_with_two_values),
	    story(another_value_than_was_told),
	    story(an_acknowledged_lease_that_is_lost),
	    story(an_acknowledged_command_that_is_lost),
	    story(an_acknowledged_label_that_is_lost),
	    story(an_acknowledged_cancel_that_is_lost),
	    story(a_lease_that_was_forgotten_is_not_lost),
	    story(a_denied_lease_that_is_there),
	    story(a_denied_command_that_is_there),
	    story(a_denied_label_that_is_there),
	    story(an_unknown_outcome_may_be_there),
	    story(what_was_asked_for_twice_may_be_there),
	    story(a_rejected_command_that_was_waited_for_is_there),
	    story(half_of_a_count),
	    story(half_of_a_batch),
	    story(an_event_that_is_missing),
	    story(a_state_without_its_event),
	    story(a_last_event_that_is_not_the_last_change),
	    story(a_resource_that_is_not_as_its_events_say),
	    story(a_filled_lease_with_another_value),
	    story(a_command_that_was_applied_twice),
	    story(a_command_that_was_rejected_and_applied),
	    story(a_command_that_was_applied_and_did_nothing),
	    story(a_command_with_another_end_than_was_told),
	    story(a_fence_that_does_not_hold),
	    story(a_fence_that_holds),
	    story(a_program_that_died),
	    story(a_defect_that_was_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
