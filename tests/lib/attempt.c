#include "tests/lib/attempt.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "db/base/clock.h"
#include "db/base/mem.h"
#include "tests/lib/database.h"
#include "tests/lib/client.h"

enum { WORDS = 20 };

const char *const attempt_all[DEEDS] = {[ALLOCATE] = "1 0 0 0", [BATCH] = "1 1 1 1"};
const char attempt_none[] = "0 0 0 0";

static void write_lines(struct attempt *a) {
	FILE *file;

	a->file = mem_print("%s/lines.%02zu", getenv("TMPDIR"), a->number);
	file = fopen(a->file, "we");
	assert_non_null(file);
	(void)fprintf(file, "allocate a --id %s --holder 'vm 17'\n", a->lease);
	(void)fprintf(file, "label lease/%s a=1\n", a->lease);
	(void)fprintf(file, "release %s --id %s --grace 1h\n", a->lease, a->command);
	assert_int_equal(fclose(file), 0);
}

/* Fills in the command, which depends on the ids only, followed by the words of `more`, ended by NULL. */
static void word(const struct attempt *a, const char *const *more, const char *words[static WORDS]) {
	const char *const commands[DEEDS][WORDS] = {
	    [ALLOCATE] = {"berth", "allocate", "a", "--id", a->lease, "--holder", "vm 17", "--json"},
	    [BATCH] = {"berth", "batch", a->file, "--id", a->batch, "--json"},
	};
	size_t n = 0;

	memcpy(words, commands[a->cut.deed], sizeof commands[0]);
	while (words[n] != NULL) {
		n++;
	}
	for (size_t i = 0; more[i] != NULL; i++) {
		words[n + i] = more[i];
	}
}

static void start(struct attempt *a, const struct database *d) {
	char *target =
	    mem_print("dbname='%s' application_name='%s' connect_timeout=60", database_name(d), a->name);
	char *time = mem_print("%" PRId64 "ms", a->cut.patience);
	const char *const more[] = {"-h", proxy_folder(a->proxy), "-U", database_values(d)[1], "-d", target,
	    a->cut.alone ? "--timeout" : NULL, time, NULL};
	const char *words[WORDS];

	word(a, more, words);
	program_start(&a->program, words);
	free(time);
	free(target);
}

void attempt_begin(struct attempt *a, struct database *d, const struct cut *cut) {
	struct id id = id_new();

	attempt_release(a);
	a->cut = *cut;
	(void)id_text(id, a->lease);
	(void)id_text(id_derive(id, 1), a->command);
	(void)id_text(id_derive(id, 2), a->batch);
	a->name = mem_print("cut %s", a->lease);
	a->proxy = proxy_new(database_values(d)[0]);
	proxy_admit(a->proxy, cut->alone ? 1 : SIZE_MAX);
	proxy_cut(a->proxy, cut->way, cut->after);
	if (cut->deed == BATCH) {
		write_lines(a);
	}
	start(a, d);
}

void attempt_release(struct attempt *a) {
	program_release(&a->program);
	proxy_free(a->proxy);
	if (a->file != NULL) {
		(void)unlink(a->file);
	}
	free(a->file);
	free(a->name);
	*a = (struct attempt){.number = a->number};
}

void attempt_await_end(const struct attempt *a, struct database *d) {
	char *sql = mem_print("select count(*) from pg_stat_activity where application_name = '%s'", a->name);
	int64_t limit = client_patience();

	while (strcmp(database_ask(d, sql), "0") != 0) {
		assert_true(clock_steady() < limit);
		(void)poll(NULL, 0, 1);
	}
	free(sql);
}

bool attempt_was_cut(struct attempt *a) {
	return !proxy_spare(a->proxy);
}

char *attempt_left(const struct attempt *a, struct database *d) {
	char *sql = mem_print("select concat_ws(' ', (select count(*) from berth.lease where id = '%s'),"
			      " (select count(*) from berth.label where target = '%s'),"
			      " (select count(*) from berth.event where target = '%s'),"
			      " (select count(*) from berth.command where id = '%s'))",
	    a->lease, a->lease, a->lease, a->command);
	char *left = mem_print("%s", database_ask(d, sql));

	free(sql);
	return left;
}

const char *attempt_id(const struct attempt *a) {
	return a->cut.deed == BATCH ? a->batch : a->lease;
}

void attempt_repeat(struct attempt *a, struct conn *c, struct program *again) {
	static const char *const nothing[] = {NULL};
	const char *words[WORDS];

	word(a, nothing, words);
	program_here(again, words, c);
}

/* Removes `replayed` from an object with that id. False: it is another one. */
static bool take(json_t *thing, const char *id, bool *replayed) {
	const char *told = json_string_value(json_object_get(thing, "id"));

	*replayed = json_is_true(json_object_get(thing, "replayed"));
	return told != NULL && strcmp(told, id) == 0 && json_object_del(thing, "replayed") == 0;
}

/* Reads the lines of a batch. The lease has no label before the second line. */
static bool read_lines(const struct attempt *a, json_t *lines, bool *replayed) {
	json_t *lease = json_array_get(lines, 0);
	bool queued;

	return take(lease, a->lease, replayed) && json_object_del(lease, "labels") == 0 &&
	       take(json_array_get(lines, 2), a->command, &queued) && queued == *replayed;
}

json_t *attempt_answer(const struct attempt *a, const char *text, bool *replayed) {
	json_t *answer = json_loads(text, 0, NULL);
	bool ok = a->cut.deed == BATCH ? read_lines(a, answer, replayed) : take(answer, a->lease, replayed);

	if (!ok) {
		json_decref(answer);
		return NULL;
	}
	return answer;
}
