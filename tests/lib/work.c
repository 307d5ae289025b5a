#include "tests/lib/work.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db/batch/batch.h"
#include "db/base/clock.h"
#include "db/base/mem.h"
#include "model/lease.h"
#include "model/pool.h"
#include "model/syntax/value.h"
#include "tests/lib/database.h"
#include "tests/lib/client.h"

void work_pool(struct conn *c, const char *name, const char *range, int64_t reuse_delay, const char *activate,
    const char *release) {
	struct pool_new pool = {.id = id_new(),
	    .name = name,
	    .kind = KIND_NUMBER,
	    .space = name,
	    .warn = 80,
	    .crit = 90,
	    .reuse_delay = reuse_delay,
	    .activate_hook = activate,
	    .release_hook = release};
	struct batch *b = batch_new(BATCH_WRITE);

	pool_create_add(b, &pool, "{}");
	client_run(c, b);
	batch_free(b);
	session_add_range(c, name, KIND_NUMBER, range);
}

struct id work_lease(struct conn *c, const char *pool) {
	struct allocate ask = client_ask(pool, id_new());

	(void)client_allocate(c, &ask);
	return ask.id;
}

struct id work_pending(struct database *d, const char *pool, int priority, int age) {
	struct id id = id_new();
	char text[ID_TEXT];
	char *sql = mem_print("with line as (update berth.pool set waiting = waiting + 1 where name = '%s'"
			      " returning id)"
			      "insert into berth.lease (id, pool, state, holder, priority, created)"
			      " select '%s', id, 'pending', '', %d, now() - interval '%d seconds' from line",
	    pool, id_text(id, text), priority, age);

	database_run(d, sql);
	free(sql);
	return id;
}

struct target work_on(enum target_kind kind, struct id id) {
	return (struct target){.kind = kind, .id = id};
}

struct target work_on_pool(const char *name) {
	struct target target = {.kind = TARGET_POOL};

	(void)snprintf(target.name, sizeof target.name, "%s", name);
	return target;
}

struct target work_on_place(const char *text) {
	struct target target;
	struct err err = {0};

	if (!target_parse(text, TARGET_RESOURCE, &target, &err)) {
		fail_msg("%s", err.message);
	}
	return target;
}

struct target work_on_leases(const char *pool, unsigned states) {
	struct target target = {.kind = TARGET_LEASES, .states = states};

	(void)snprintf(target.name, sizeof target.name, "%s", pool);
	return target;
}

struct queue_request work_request(enum queue_action action, const struct target *target) {
	return (struct queue_request){.id = id_new(),
	    .action = action,
	    .targets = target,
	    .count = 1,
	    .reason = "",
	    .until = TIME_NONE,
	    .detail = "{}"};
}

struct id work_send(struct conn *c, const struct queue_request *request) {
	struct batch *b = batch_new(BATCH_WRITE);
	size_t step = queue_add(b, request);
	const struct command *command;

	client_run(c, b);
	assert_int_equal(batch_count(b, step), 1);
	command = batch_row(b, step, 0);
	assert_true(id_equal(command->id, request->id));
	batch_free(b);
	return request->id;
}

struct id work_send_on(struct conn *c, enum queue_action action, struct target target) {
	struct queue_request request = work_request(action, &target);

	return work_send(c, &request);
}

struct id work_release(struct conn *c, struct id lease) {
	return work_send_on(c, QUEUE_RELEASE, work_on(TARGET_LEASE, lease));
}

static void refused(struct conn *c, struct batch *b, enum err_code code, const char *part) {
	struct err err = {0};

	client_refused(c, b, code, &err);
	if (strstr(err.message, part) == NULL) {
		fail_msg("\"%s\" is not in \"%s\"", part, err.message);
	}
	err_release(&err);
	batch_free(b);
}

void work_send_refused(
    struct conn *c, const struct queue_request *request, enum err_code code, const char *part) {
	struct batch *b = batch_new(BATCH_WRITE);

	queue_add(b, request);
	refused(c, b, code, part);
}

void work_cancel(struct conn *c, struct id command) {
	struct batch *b = batch_new(BATCH_WRITE);
	size_t step = queue_cancel_add(b, command, "", "{}");
	const struct command *answer;

	client_run(c, b);
	answer = batch_row(b, step, 0);
	assert_int_equal(answer->state, COMMAND_CANCELLED);
	batch_free(b);
}

void work_cancel_refused(struct conn *c, struct id command, const char *part) {
	struct batch *b = batch_new(BATCH_WRITE);

	queue_cancel_add(b, command, "", "{}");
	refused(c, b, ERR_CONFLICT, part);
}

struct worker_self work_self(const char *name) {
	return (struct worker_self){.name = name,
	    .host = "here",
	    .pid = 1,
	    .started = 1,
	    .heartbeat = 3600 * TIME_SECOND,
	    .hooks = true,
	    .chunk = 100,
	    .deadline = 3600 * TIME_SECOND,
	    .retry = 1,
	    .tries = 5};
}

struct worker_self work_start(struct conn *c, const char *name) {
	struct worker_self self = work_self(name);
	struct batch *b = batch_new(BATCH_WRITE);

	worker_start_add(b, &self);
	client_run(c, b);
	batch_free(b);
	return self;
}

static int64_t step(struct conn *c, const struct worker_self *self,
    size_t (*add)(struct batch *, const struct worker_self *)) {
	struct batch *b = batch_new(BATCH_WRITE);
	const struct total *total;
	int64_t done;

	add(b, self);
	client_run(c, b);
	total = batch_row(b, 0, 0);
	done = total->total;
	batch_free(b);
	return done;
}

int64_t work_apply(struct conn *c, const struct worker_self *self) {
	return step(c, self, worker_apply_add);
}

int64_t work_fan_out(struct conn *c, const struct worker_self *self) {
	return step(c, self, worker_fan_out_add);
}

int64_t work_maintain(struct conn *c, const struct worker_self *self) {
	struct batch *b = batch_new(BATCH_WRITE);
	const struct maintained *maintained;
	int64_t done;

	worker_maintain_add(b, self);
	client_run(c, b);
	maintained = batch_row(b, 0, 0);
	done = maintained->done;
	batch_free(b);
	return done;
}

void work_all(struct conn *c, const struct worker_self *self) {
	int64_t limit = client_patience();

	while (work_apply(c, self) + work_fan_out(c, self) + work_maintain(c, self) > 0) {
		assert_true(clock_steady() < limit);
	}
}

size_t work_claim(struct conn *c, const struct worker_self *self, size_t wanted, struct work_job *jobs) {
	struct batch *b = batch_new(BATCH_WRITE);
	size_t at = worker_claim_add(b, self, (int64_t)wanted);
	size_t count;

	client_run(c, b);
	count = batch_count(b, at);
	assert_true(count <= wanted);
	for (size_t i = 0; i < count; i++) {
		const struct job *job = batch_row(b, at, i);

		jobs[i] = (struct work_job){.command = job->command,
		    .lease = job->lease,
		    .epoch = job->epoch,
		    .attempt = job->attempt};
		assert_string_equal(job->worker, self->name);
		(void)snprintf(jobs[i].hook, sizeof jobs[i].hook, "%s", job->hook);
		(void)snprintf(jobs[i].event, sizeof jobs[i].event, "%s", job->event);
	}
	batch_free(b);
	return count;
}

struct work_job work_claim_one(struct conn *c, const struct worker_self *self) {
	struct work_job jobs[2];

	assert_int_equal(work_claim(c, self, 2, jobs), 1);
	return jobs[0];
}

static bool answered(struct conn *c, struct batch *b) {
	const struct total *total;
	bool one;

	client_run(c, b);
	total = batch_row(b, 0, 0);
	one = total->total == 1;
	batch_free(b);
	return one;
}

bool work_finish(struct conn *c, const struct worker_self *self, const struct work_job *job, bool well) {
	struct batch *b = batch_new(BATCH_WRITE);

	worker_finish_add(b, self, job->command, job->epoch, well, well ? "" : "it said no");
	return answered(c, b);
}

bool work_return(struct conn *c, const struct worker_self *self, const struct work_job *job) {
	struct batch *b = batch_new(BATCH_WRITE);

	worker_return_add(b, self, job->command, job->epoch);
	return answered(c, b);
}

void work_end_grace(struct database *d, struct id command) {
	(void)work_look(d, "update berth.command set not_before = now() where id =", command);
}

void work_end_time(struct database *d, struct id lease) {
	(void)work_look(d,
	    "update berth.lease set created = now() - interval '1 day', acquired = acquired - interval '1 "
	    "day',"
	    " activated = activated - interval '1 day', until = now() - interval '1 second' where id =",
	    lease);
}

void work_end_rest(struct database *d, struct id lease) {
	(void)work_look(
	    d, "update berth.lease set rest_until = now() where rest_until is not null and id =", lease);
}

void work_end_claim(struct database *d, struct id command) {
	(void)work_look(
	    d, "update berth.command set deadline = now() - interval '1 second' where id =", command);
}

void work_kill(struct database *d, const struct worker_self *self) {
	char *sql = mem_print(
	    "update berth.worker set heartbeat = now() - interval '1 day' where name = '%s'", self->name);

	database_run(d, sql);
	free(sql);
}

const char *work_look(struct database *d, const char *question, struct id id) {
	char text[ID_TEXT];
	char *sql = mem_print("%s '%s'", question, id_text(id, text));
	const char *answer = database_ask(d, sql);

	free(sql);
	return answer;
}

void work_says(struct database *d, const char *question, struct id id, const char *expected) {
	const char *answer = work_look(d, question, id);

	if (strcmp(answer, expected) != 0) {
		fail_msg("%s: \"%s\" and not \"%s\"", question, answer, expected);
	}
}

void work_asks(struct database *d, const char *question, const char *expected) {
	const char *answer = database_ask(d, question);

	if (strcmp(answer, expected) != 0) {
		fail_msg("%s: \"%s\" and not \"%s\"", question, answer, expected);
	}
}

void work_command_is(struct database *d, struct id command, const char *expected) {
	const char *answer =
	    work_look(d, "select concat_ws(' ', state, outcome) from berth.command where id =", command);

	if (strcmp(answer, expected) != 0) {
		char *is = mem_text(answer);

		fail_msg("\"%s\" and not \"%s\": %s", is, expected,
		    work_look(d, "select explanation from berth.command where id =", command));
	}
}

void work_explains(struct database *d, struct id command, const char *part) {
	const char *answer = work_look(d, "select explanation from berth.command where id =", command);

	if (strstr(answer, part) == NULL) {
		fail_msg("\"%s\" is not in \"%s\"", part, answer);
	}
}

void work_lease_is(struct database *d, struct id lease, const char *state) {
	work_says(d, "select state from berth.lease where id =", lease, state);
}

void work_progress_is(struct database *d, struct id command, const char *expected) {
	work_says(d,
	    "select format('%s of %s, %s', done, total, failed) from berth.command where id =", command,
	    expected);
}

void work_counts_are(struct database *d, struct id command, const char *expected) {
	work_says(d,
	    "select format('%s of %s: %s applied, %s no-op, %s rejected, %s failed, %s cancelled', done, "
	    "total, "
	    "applied, noop, rejected, failed, cancelled) from berth.command where id =",
	    command, expected);
}

void work_events_are(struct database *d, struct id target, const char *action, const char *count) {
	char *question =
	    mem_print("select count(*) from berth.event where action = '%s' and target =", action);

	work_says(d, question, target, count);
	free(question);
}
