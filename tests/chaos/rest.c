#include "tests/chaos/rest.h"

#include <jansson.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "db/base/clock.h"
#include "db/base/mem.h"
#include "tests/chaos/checker.h"
#include "tests/chaos/cluster.h"
#include "tests/chaos/spawn.h"
#include "tests/chaos/world.h"

#define PATIENCE (90 * TIME_SECOND)
enum { PAUSE_MS = 1000, LOOK_MS = 100 };

/* Lists what should not last, "" for nothing. A delay is not longer than its pool's, even if the clock was
 * ahead when it began. */
#define OPEN_SQL                                                                                             \
	"select coalesce(string_agg(what, '; '), '') from ("                                                 \
	"select format('command %s, %s of %s, is %s, not before %s, now %s', id, action, target, state,"     \
	" not_before, now()) as what from berth.command where state in ('queued', 'running')"                \
	" union all select format('lease %s is %s, and its time ended at %s, now %s', id, state, until, "    \
	"now())"                                                                                             \
	" from berth.lease where state in ('pending', 'acquired', 'active') and until <= now()"              \
	" union all select format('lease %s rests until %s, now %s', l.id, rest_until, now())"               \
	" from berth.lease l join berth.pool p on p.id = l.pool where rest_until <= now() or rest_until >"   \
	" now() + p.reuse_delay * interval '1 microsecond'"                                                  \
	" union all select format('lease %s waits for a value of %s, and there is room', l.id, p.name)"      \
	" from berth.lease l join berth.pool p on p.id = l.pool where l.state = 'pending' and exists ("      \
	" select from berth.stripe s where s.pool = p.id and s.open)"                                        \
	" limit 20) open"

void rest_check(const struct cluster *cluster, struct verdict *v) {
	const struct node *primary = &cluster->servers[cluster->primary];
	bool rests = node_await(primary, OPEN_SQL, "", PATIENCE);
	char *open = rests ? NULL : node_ask(primary, OPEN_SQL);

	verdict_add(v, CHECK_REST, rests, NO_ID, NO_ID, "after the last fault there is still: %s",
	    open == NULL ? "no answer" : open);
	free(open);
}

/* --- doctor --- */

/* Runs doctor. Returns its exit code and output, owned by the caller. */
static int ask_doctor(const char *berth, const char *address, const char *patience, char **out, char **said) {
	const char *const argv[] = {"berth", "-d", address, "--json", "--timeout", patience, "doctor", NULL};
	struct spawn p = {0};
	int status = -1;

	if (!spawn_start(&p, berth, argv, NULL) || waitpid(p.pid, &status, 0) != p.pid) {
		return -1;
	}
	return spawn_take(&p, status, out, said);
}

/* Returns the failed checks of its document, owned by the caller. */
static char *faults_of(const char *out) {
	json_t *document = out == NULL ? NULL : json_loads(out, 0, NULL);
	json_t *checks = json_object_get(document, "checks");
	char *text = mem_text("");

	for (size_t i = 0; i < json_array_size(checks); i++) {
		json_t *one = json_array_get(checks, i);
		char *words =
		    json_is_false(json_object_get(one, "ok")) ? json_dumps(one, JSON_COMPACT) : NULL;
		char *longer = mem_print("%s%s", text, words == NULL ? "" : words);

		free(words);
		free(text);
		text = longer;
	}
	json_decref(document);
	return text;
}

void rest_doctor(const char *berth, const struct cluster *cluster, struct verdict *v) {
	char *address = cluster_address(cluster, 0);
	char *out = NULL;
	char *said = NULL;
	int code = ask_doctor(berth, address, "120s", &out, &said);

	char *faults = faults_of(out);

	verdict_add(v, CHECK_DOCTOR, code == 0, NO_ID, NO_ID, "at rest doctor ends with %d: %s %s", code,
	    faults, said == NULL ? "" : said);
	free(faults);
	free(out);
	free(said);
	free(address);
}

struct probes {
	pthread_t thread;
	atomic_bool ends;
	const char *berth;
	struct cluster *cluster;
	struct world *world;
	struct history *history;
	struct verdict verdict; /* of the thread, until it ends */
};

static void probe(struct probes *p, const char *address) {
	char *out = NULL;
	char *said = NULL;
	int code = ask_doctor(p->berth, address, "20s", &out, &said);

	/* Without an answer nothing was found. */
	if (code == 0 || code == 1) {
		char *faults = faults_of(out);

		verdict_add(
		    &p->verdict, CHECK_DOCTOR, code == 0, NO_ID, NO_ID, "doctor, meanwhile: %s", faults);
		free(faults);
		history_note(p->history, "doctor ended with %d", code);
	} else {
		verdict_add(&p->verdict, CHECK_ENDS, code >= 0 && code <= 9, NO_ID, NO_ID,
		    "doctor ended with %d: %s", code, said == NULL ? "" : said);
	}
	free(out);
	free(said);
}

/* Collects "ID ID " for each. */
static void see_stuck(struct probes *p) {
	char *ids = node_ask(&p->cluster->servers[p->cluster->primary],
	    "select coalesce(string_agg(id || ' ' || lane || ' ', ''), '') from (select id, lane from "
	    "berth.command"
	    " where state = 'quarantined' order by random() limit 8) stuck");

	if (ids != NULL) {
		world_see_stuck(p->world, ids);
	}
	free(ids);
}

static void *look(void *data) {
	struct probes *p = data;
	char *address = cluster_address(p->cluster, 0);

	while (!atomic_load(&p->ends)) {
		probe(p, address);
		see_stuck(p);
		(void)poll(NULL, 0, PAUSE_MS);
	}
	free(address);
	return NULL;
}

struct probes *probes_start(
    const char *berth, struct cluster *cluster, struct world *world, struct history *history) {
	struct probes *p = mem_new(1, sizeof *p);

	p->berth = berth;
	p->cluster = cluster;
	p->world = world;
	p->history = history;
	if (pthread_create(&p->thread, NULL, look, p) != 0) {
		abort();
	}
	return p;
}

void probes_stop(struct probes *p, struct verdict *v) {
	atomic_store(&p->ends, true);
	(void)pthread_join(p->thread, NULL);
	for (size_t i = 0; i < CHECKS; i++) {
		v->looked[i] += p->verdict.looked[i] - p->verdict.found[i];
	}
	for (size_t i = 0; i < p->verdict.count; i++) {
		verdict_add(
		    v, p->verdict.findings[i].check, false, NO_ID, NO_ID, "%s", p->verdict.findings[i].text);
	}
	verdict_release(&p->verdict);
	free(p);
}
