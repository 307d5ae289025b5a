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
#include "ui/text/field.h"
#include "ui/text/shapes.h"
#include "ui/worker/hook_dir.h"

void crew_init(struct crew *crew, const char *folder, size_t room, int64_t time) {
	*crew = (struct crew){.folder = folder, .room = room, .time = time};
}

static void run_free(struct crew_run *run) {
	if (run->state == CREW_RUNS) {
		process_release(&run->process);
	}
	free(run->hook);
	free(run->event);
	free(run->words);
	free(run);
}

void crew_release(struct crew *crew) {
	while (crew->runs != NULL) {
		crew_drop(crew, crew->runs);
	}
}

size_t crew_free(const struct crew *crew) {
	return crew->leaving ? 0 : crew->room - crew->count;
}

enum { REFUSALS = 5, AGAIN = 1000000 /* microseconds */ };

static void put_row(struct json *j, const char *key, const struct shape *shape, const void *row) {
	size_t n = 0;
	struct cell *cells = cells_new(shape, &n);

	json_put_key(j, key);
	cells_json(cells, n, row, j);
	free(cells);
}

/* One line: what the hook reads. */
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
	put_row(&j, "lease", &lease_shape, lease);
	put_row(&j, "command", &command_shape, command);
	json_close_object(&j);
	buf_char(&text, '\n');
	return buf_take(&text);
}

static bool start_in(const struct crew *crew, struct crew_run *run, int folder, const char *input,
    const struct lease *lease, struct err *err) {
	char *path = mem_print("%s/%s", crew->folder, run->hook);
	char id[ID_TEXT];
	struct buf value = {0};
	bool ok;

	lease_value(lease, &value);
	const char *const argv[] = {path, run->event, id_text(run->lease, id), buf_text(&value), NULL};
	const struct launch launch = {folder, run->hook, argv, input, crew->time};

	ok = hooks_have(folder, run->hook, err) && process_start(&run->process, &launch, err);
	buf_release(&value);
	free(path);
	return ok;
}

static bool start(const struct crew *crew, struct crew_run *run, const char *input, const struct lease *lease,
    struct err *err) {
	int folder = -1;
	bool ok = hooks_open(crew->folder, &folder, err) && start_in(crew, run, folder, input, lease, err);

	if (folder >= 0) {
		(void)close(folder);
	}
	return ok;
}

static void append(struct crew *crew, struct crew_run *run) {
	struct crew_run **end = &crew->runs;

	while (*end != NULL) {
		end = &(*end)->next;
	}
	*end = run;
	crew->count++;
}

void crew_take(
    struct crew *crew, const struct job *job, const struct lease *lease, const struct command *command) {
	struct crew_run *run = mem_new(1, sizeof *run);
	struct err err = {0};

	*run = (struct crew_run){.state = CREW_RETURNED,
	    .command = job->command,
	    .lease = job->lease,
	    .epoch = job->epoch,
	    .attempt = job->attempt,
	    .hook = mem_text(job->hook == NULL ? "" : job->hook),
	    .event = mem_text(job->event),
	    .place = SIZE_MAX};
	append(crew, run);
	if (!crew->leaving) {
		char *input = input_of(job, lease, command);
		bool ok = start(crew, run, input, lease, &err);

		run->state = ok ? CREW_RUNS : CREW_FAILED;
		run->words = ok ? NULL : mem_text(err.message);
		free(input);
	}
	err_release(&err);
}

size_t crew_polls(const struct crew *crew) {
	return PROCESS_POLLS * crew->room;
}

size_t crew_poll(struct crew *crew, struct pollfd *fds) {
	size_t n = 0;

	for (struct crew_run *run = crew->runs; run != NULL; run = run->next) {
		if (run->state == CREW_RUNS) {
			process_polls(&run->process, fds + n);
			run->place = n;
			n += PROCESS_POLLS;
		}
	}
	return n;
}

int64_t crew_deadline(const struct crew *crew) {
	int64_t deadline = TIME_NONE;

	for (struct crew_run *run = crew->runs; run != NULL; run = run->next) {
		if (run->state == CREW_RUNS) {
			deadline = clock_sooner(deadline, process_deadline(&run->process));
		}
	}
	return deadline;
}

/* What we ended ourselves counts for nothing, whatever it said at the end. */
static void conclude(struct crew_run *run, bool leaving) {
	struct buf words = {0};

	if (process_well(&run->process) && !run->process.asked) {
		run->state = CREW_WELL;
	} else if (leaving && run->process.asked && !run->process.late) {
		run->state = CREW_RETURNED;
	} else {
		run->state = CREW_FAILED;
	}
	process_words(&run->process, &words);
	run->words = buf_take(&words);
}

void crew_step(struct crew *crew, const struct pollfd *fds) {
	for (struct crew_run *run = crew->runs; run != NULL; run = run->next) {
		if (run->state == CREW_RUNS && run->place != SIZE_MAX) {
			process_step(&run->process, fds + run->place);
			if (run->process.ended) {
				conclude(run, crew->leaving);
			}
		}
		run->place = SIZE_MAX;
	}
}

void crew_leave(struct crew *crew) {
	crew->leaving = true;
	for (struct crew_run *run = crew->runs; run != NULL; run = run->next) {
		if (run->state == CREW_RUNS) {
			process_ask(&run->process);
		}
	}
}

size_t crew_running(const struct crew *crew) {
	size_t n = 0;

	for (struct crew_run *run = crew->runs; run != NULL; run = run->next) {
		n += run->state == CREW_RUNS ? 1 : 0;
	}
	return n;
}

struct crew_run *crew_report(const struct crew *crew, int64_t now) {
	for (struct crew_run *run = crew->runs; run != NULL; run = run->next) {
		if (run->state != CREW_RUNS && run->again <= now) {
			return run;
		}
	}
	return NULL;
}

void crew_drop(struct crew *crew, struct crew_run *run) {
	struct crew_run **at = &crew->runs;

	while (*at != run) {
		at = &(*at)->next;
	}
	*at = run->next;
	crew->count--;
	run_free(run);
}

void crew_refused(struct crew *crew, struct crew_run *run, int64_t now) {
	run->again = now + AGAIN;
	if (++run->refused == REFUSALS) {
		crew_drop(crew, run);
	}
}
