#include "ui/worker/hooks.h"

#include <stdlib.h>
#include <unistd.h>

#include "db/base/buf.h"
#include "db/base/clock.h"
#include "db/base/err.h"
#include "db/base/mem.h"
#include "db/batch/rows.h"
#include "model/text/json.h"
#include "model/lease.h"
#include "ui/text/shapes.h"
#include "ui/worker/hook_dir.h"

void hooks_init(struct hooks *hooks, const char *folder, size_t room, int64_t time) {
	*hooks = (struct hooks){.folder = folder, .room = room, .time = time};
}

static void run_free(struct hook_run *run) {
	if (run->state == HOOKS_RUNNING) {
		process_release(&run->process);
	}
	free(run->hook);
	free(run->event);
	free(run->result);
	free(run);
}

void hooks_release(struct hooks *hooks) {
	while (hooks->runs != NULL) {
		hooks_drop(hooks, hooks->runs);
	}
}

size_t hooks_free(const struct hooks *hooks) {
	return hooks->leaving ? 0 : hooks->room - hooks->count;
}

enum { REFUSALS = 5, AGAIN = 1000000 /* microseconds */ };

/* Returns the hook's input: one line of JSON. */
static char *input_of(const struct job *job, const struct lease *lease, const struct command *command) {
	struct buf text = {0};
	struct json j = {.out = &text};

	json_open_object(&j);
	json_put_key(&j, "event");
	json_put_text(&j, job->event);
	json_put_key(&j, "attempt");
	json_put_int(&j, job->attempt);
	json_put_key(&j, "epoch");
	json_put_int(&j, job->epoch);
	json_put_key(&j, "lease");
	shape_json(&lease_shape, lease, &j);
	json_put_key(&j, "command");
	shape_json(&command_shape, command, &j);
	json_close_object(&j);
	buf_char(&text, '\n');
	return buf_take(&text);
}

static bool start_in(const struct hooks *hooks, struct hook_run *run, int folder, const char *input,
    const struct lease *lease, struct err *err) {
	char *path = mem_print("%s/%s", hooks->folder, run->hook);
	char id[ID_TEXT];
	struct buf value = {0};
	bool ok;

	lease_value(lease, &value);
	const char *const argv[] = {path, run->event, id_text(run->lease, id), buf_text(&value), NULL};
	const struct launch launch = {folder, run->hook, argv, input, hooks->time};

	ok = hook_dir_have(folder, run->hook, err) && process_start(&run->process, &launch, err);
	buf_release(&value);
	free(path);
	return ok;
}

static bool start(const struct hooks *hooks, struct hook_run *run, const char *input,
    const struct lease *lease, struct err *err) {
	int folder = -1;
	bool ok =
	    hook_dir_open(hooks->folder, &folder, err) && start_in(hooks, run, folder, input, lease, err);

	if (folder >= 0) {
		(void)close(folder);
	}
	return ok;
}

static void append(struct hooks *hooks, struct hook_run *run) {
	struct hook_run **end = &hooks->runs;

	while (*end != NULL) {
		end = &(*end)->next;
	}
	*end = run;
	hooks->count++;
}

void hooks_start(
    struct hooks *hooks, const struct job *job, const struct lease *lease, const struct command *command) {
	struct hook_run *run = mem_new(1, sizeof *run);
	struct err err = {0};

	*run = (struct hook_run){.state = HOOKS_RETURNED,
	    .command = job->command,
	    .lease = job->lease,
	    .epoch = job->epoch,
	    .attempt = job->attempt,
	    .hook = mem_text(job->hook == NULL ? "" : job->hook),
	    .event = mem_text(job->event),
	    .poll_index = SIZE_MAX};
	append(hooks, run);
	if (!hooks->leaving) {
		char *input = input_of(job, lease, command);
		bool ok = start(hooks, run, input, lease, &err);

		run->state = ok ? HOOKS_RUNNING : HOOKS_FAILED;
		run->result = ok ? NULL : mem_text(err.message);
		free(input);
	}
	err_release(&err);
}

size_t hooks_polls(const struct hooks *hooks) {
	return PROCESS_POLLS * hooks->room;
}

size_t hooks_poll(struct hooks *hooks, struct pollfd *fds) {
	size_t n = 0;

	for (struct hook_run *run = hooks->runs; run != NULL; run = run->next) {
		if (run->state == HOOKS_RUNNING) {
			process_polls(&run->process, fds + n);
			run->poll_index = n;
			n += PROCESS_POLLS;
		}
	}
	return n;
}

int64_t hooks_deadline(const struct hooks *hooks) {
	int64_t deadline = TIME_NONE;

	for (struct hook_run *run = hooks->runs; run != NULL; run = run->next) {
		if (run->state == HOOKS_RUNNING) {
			deadline = clock_sooner(deadline, process_deadline(&run->process));
		}
	}
	return deadline;
}

/* Sets the outcome of an ended run. One that we stopped has not succeeded, whatever its exit code. */
static void conclude(struct hook_run *run, bool leaving) {
	struct buf text = {0};

	if (process_succeeded(&run->process) && !run->process.terminated) {
		run->state = HOOKS_SUCCEEDED;
	} else if (leaving && run->process.terminated && !run->process.late) {
		run->state = HOOKS_RETURNED;
	} else {
		run->state = HOOKS_FAILED;
	}
	process_describe(&run->process, &text);
	run->result = buf_take(&text);
}

void hooks_step(struct hooks *hooks, const struct pollfd *fds) {
	for (struct hook_run *run = hooks->runs; run != NULL; run = run->next) {
		if (run->state == HOOKS_RUNNING && run->poll_index != SIZE_MAX) {
			process_step(&run->process, fds + run->poll_index);
			if (run->process.ended) {
				conclude(run, hooks->leaving);
			}
		}
		run->poll_index = SIZE_MAX;
	}
}

void hooks_stop(struct hooks *hooks) {
	hooks->leaving = true;
	for (struct hook_run *run = hooks->runs; run != NULL; run = run->next) {
		if (run->state == HOOKS_RUNNING) {
			process_terminate(&run->process);
		}
	}
}

size_t hooks_running(const struct hooks *hooks) {
	size_t n = 0;

	for (struct hook_run *run = hooks->runs; run != NULL; run = run->next) {
		n += run->state == HOOKS_RUNNING ? 1 : 0;
	}
	return n;
}

struct hook_run *hooks_next_report(const struct hooks *hooks, int64_t now) {
	for (struct hook_run *run = hooks->runs; run != NULL; run = run->next) {
		if (run->state != HOOKS_RUNNING && run->again <= now) {
			return run;
		}
	}
	return NULL;
}

void hooks_drop(struct hooks *hooks, struct hook_run *run) {
	struct hook_run **at = &hooks->runs;

	while (*at != run) {
		at = &(*at)->next;
	}
	*at = run->next;
	hooks->count--;
	run_free(run);
}

void hooks_refused(struct hooks *hooks, struct hook_run *run, int64_t now) {
	run->again = now + AGAIN;
	if (++run->refused == REFUSALS) {
		hooks_drop(hooks, run);
	}
}
