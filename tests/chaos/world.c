#include "tests/chaos/world.h"

#include <jansson.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "db/base/mem.h"
#include "tests/chaos/spawn.h"

/* Small: contended values. Resting: values rest for a second. Wide: three resources. Hooked: a hook runs
 * before a lease is active and after its release. */
const struct place places[] = {
    {"small", 1, 8, 30},
    {"resting", 100, 111, 15},
    {"wide", 1000, 1299, 40},
    {"hooked", 3000, 3015, 15},
};
const size_t place_count = sizeof places / sizeof *places;

struct seen_lease {
	struct id id;
	int64_t generation; /* 0: unknown */
};

enum { KEPT = 4096, RECENT = 60, RESOURCES = 16, STUCK = 8 };

struct world {
	pthread_mutex_t lock;
	/* Rings: the n-th is at n % KEPT. */
	struct seen_lease leases[KEPT];
	size_t lease_count;
	struct id commands[KEPT];
	size_t command_count;
	struct request {
		struct id batch;
		struct deed deeds[CALL_DEEDS];
		size_t count;
	} requests[KEPT];
	size_t request_count;
	struct id resources[RESOURCES];
	size_t resource_count;
	struct id stuck[STUCK][2];
	size_t stuck_count;
};

struct world *world_new(void) {
	struct world *w = mem_new(1, sizeof *w);

	(void)pthread_mutex_init(&w->lock, NULL);
	return w;
}

void world_free(struct world *w) {
	(void)pthread_mutex_destroy(&w->lock);
	free(w);
}

/* Runs the program, which must succeed. Returns its output. */
static char *run(const char *berth, const char *address, const char *const *words) {
	const char *argv[24] = {"berth", "-d", address, "--json"};
	struct spawn p = {0};
	char *out = NULL;
	char *said = NULL;
	size_t n = 4;
	int status = -1;
	int code = -1;

	for (size_t i = 0; words[i] != NULL && n < sizeof argv / sizeof *argv - 1; i++) {
		argv[n++] = words[i];
	}
	if (spawn_start(&p, berth, argv, NULL) && waitpid(p.pid, &status, 0) == p.pid) {
		code = spawn_take(&p, status, &out, &said);
	}
	if (code != 0) {
		(void)fprintf(
		    stderr, "chaos: berth %s ended with %d: %s\n", words[0], code, said == NULL ? "" : said);
		free(out);
		out = NULL;
	}
	free(said);
	return out;
}

static void learn_resources(struct world *w, const char *list) {
	json_t *document = json_loads(list, 0, NULL);

	for (size_t i = 0; i < json_array_size(document) && w->resource_count < RESOURCES; i++) {
		const char *id = json_string_value(json_object_get(json_array_get(document, i), "id"));

		if (id != NULL && id_parse(id, &w->resources[w->resource_count])) {
			w->resource_count++;
		}
	}
	json_decref(document);
}

bool world_make(struct world *w, const char *berth, const char *address) {
	static const char *const steps[][16] = {
	    {"migrate"},
	    {"pool", "create", "small", "--kind", "number", "--space", "small", "1-8"},
	    {"pool", "create", "resting", "--kind", "number", "--space", "resting", "--reuse-delay", "1s",
		"100-111"},
	    {"pool", "create", "wide", "--kind", "number", "--space", "wide", "1000-1099", "1100-1199",
		"1200-1299"},
	    {"pool", "create", "hooked", "--kind", "number", "--space", "hooked", "--activate-hook", "hook",
		"--release-hook", "hook", "3000-3015"},
	    {"org", "create", "acme"},
	    {"project", "create", PROJECT, "--max-leases", "12"},
	};
	static const char *const list[] = {"resource", "list", "wide", NULL};
	char *answer;

	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
		answer = run(berth, address, steps[i]);
		if (answer == NULL) {
			return false;
		}
		free(answer);
	}
	answer = run(berth, address, list);
	if (answer != NULL) {
		learn_resources(w, answer);
	}
	free(answer);
	return w->resource_count > 0;
}

static struct seen_lease *find_lease(struct world *w, struct id id) {
	size_t kept = w->lease_count < KEPT ? w->lease_count : KEPT;

	for (size_t i = 0; i < kept; i++) {
		if (id_equal(w->leases[i].id, id)) {
			return &w->leases[i];
		}
	}
	return NULL;
}

static void see_lease(struct world *w, struct id id, int64_t generation) {
	struct seen_lease *l = find_lease(w, id);

	if (l == NULL) {
		l = &w->leases[w->lease_count++ % KEPT];
		*l = (struct seen_lease){.id = id};
	}
	l->generation = generation == 0 ? l->generation : generation;
}

static void see_deed(struct world *w, const struct deed *deed) {
	if (deed->kind == DEED_ALLOCATE) {
		see_lease(w, deed->id, 0);
	} else if (deed->kind != DEED_LABEL && deed->kind != DEED_CANCEL) {
		w->commands[w->command_count++ % KEPT] = deed->id;
	}
}

void world_learn(struct world *w, const struct call *call) {
	struct request *r;

	(void)pthread_mutex_lock(&w->lock);
	r = &w->requests[w->request_count++ % KEPT];
	r->batch = call->batch;
	r->count = call->deed_count;
	memcpy(r->deeds, call->deeds, sizeof r->deeds);
	for (size_t i = 0; i < call->deed_count; i++) {
		see_deed(w, &call->deeds[i]);
	}
	for (size_t i = 0; i < call->lease_count; i++) {
		see_lease(w, call->leases[i].id, call->leases[i].generation);
	}
	(void)pthread_mutex_unlock(&w->lock);
}

/* Chooses an entry of a ring: in a third of cases any, else one of the last. */
static size_t choose(struct dice *d, size_t count) {
	size_t kept = count < KEPT ? count : KEPT;
	size_t near = kept < RECENT || dice_percent(d, 30) ? kept : RECENT;

	return (count - 1 - dice_below(d, near)) % KEPT;
}

bool world_lease(struct world *w, struct dice *d, struct id *lease, int64_t *generation) {
	bool any;

	(void)pthread_mutex_lock(&w->lock);
	any = w->lease_count > 0;
	if (any) {
		const struct seen_lease *l = &w->leases[choose(d, w->lease_count)];

		*lease = l->id;
		*generation = l->generation;
	}
	(void)pthread_mutex_unlock(&w->lock);
	return any;
}

bool world_command(struct world *w, struct dice *d, struct id *command) {
	bool any;

	(void)pthread_mutex_lock(&w->lock);
	any = w->command_count > 0;
	if (any) {
		*command = w->commands[choose(d, w->command_count)];
	}
	(void)pthread_mutex_unlock(&w->lock);
	return any;
}

void world_see_stuck(struct world *w, const char *ids) {
	/* Two ids, each followed by a blank. */
	char pair[2 * ID_TEXT + 1];

	(void)pthread_mutex_lock(&w->lock);
	for (w->stuck_count = 0; w->stuck_count < STUCK && strlen(ids) >= 2 * ID_TEXT; ids += 2 * ID_TEXT) {
		struct id *stuck = w->stuck[w->stuck_count];

		(void)snprintf(pair, sizeof pair, "%s", ids);
		pair[ID_TEXT - 1] = '\0';
		pair[2 * ID_TEXT - 1] = '\0';
		if (id_parse(pair, &stuck[0]) && id_parse(pair + ID_TEXT, &stuck[1])) {
			w->stuck_count++;
		}
	}
	(void)pthread_mutex_unlock(&w->lock);
}

bool world_stuck(struct world *w, struct dice *d, struct id *command, struct id *lease) {
	bool any;

	(void)pthread_mutex_lock(&w->lock);
	any = w->stuck_count > 0;
	if (any) {
		size_t at = dice_below(d, w->stuck_count);

		*command = w->stuck[at][0];
		*lease = w->stuck[at][1];
	}
	(void)pthread_mutex_unlock(&w->lock);
	return any;
}

struct id world_resource(struct world *w, struct dice *d) {
	return w->resources[dice_below(d, w->resource_count)];
}

bool world_repeat(struct world *w, struct dice *d, struct call *call) {
	bool any;

	(void)pthread_mutex_lock(&w->lock);
	any = w->request_count > 0;
	if (any) {
		const struct request *r = &w->requests[choose(d, w->request_count)];

		call->batch = r->batch;
		call->deed_count = r->count;
		memcpy(call->deeds, r->deeds, sizeof call->deeds);
	}
	(void)pthread_mutex_unlock(&w->lock);
	return any;
}
