/*
 * Runs of dedupe, step by step: changes between two steps.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "db/batch/batch.h"
#include "db/conn/conn.h"
#include "db/base/mem.h"
#include "model/dedupe.h"
#include "tests/lib/database.h"
#include "tests/lib/place.h"
#include "tests/lib/roles.h"
#include "tests/lib/client.h"

static const char things[] =
    "create table public.things (id int primary key, a int not null, v text);"
    "insert into public.things select i, i / 2, 'v' || i from generate_series(1, 100) i";

/* Does one step. Returns whether the run goes on; a failure is left in err. */
static enum dedupe_walk_state go(struct conn *c, struct dedupe_walk *w, struct err *err) {
	struct batch *b = dedupe_next(w);
	bool done = client_try(c, b, err);
	enum dedupe_walk_state state = dedupe_take(w, b, done, err);

	batch_free(b);
	return state;
}

/* Steps until that phase, or to the end. */
static void go_to(struct conn *c, struct dedupe_walk *w, const char *phase) {
	enum dedupe_walk_state state = DEDUPE_GOES_ON;
	struct err err = {0};

	while (state == DEDUPE_GOES_ON && strcmp(w->phase, phase) != 0) {
		state = go(c, w, &err);
	}
	if (state == DEDUPE_FAILED) {
		fail_msg("%s: %s", w->phase, err.message);
	}
	assert_string_equal(w->phase, phase);
}

static void go_on(struct conn *c, struct dedupe_walk *w) {
	go_to(c, w, "end");
}

/* Steps until one fails. */
static void fails(struct conn *c, struct dedupe_walk *w, enum err_code code, const char *part) {
	enum dedupe_walk_state state = DEDUPE_GOES_ON;
	struct err err = {0};

	while (state == DEDUPE_GOES_ON) {
		state = go(c, w, &err);
	}
	assert_int_equal(state, DEDUPE_FAILED);
	if (err.code != code || strstr(err.message, part) == NULL) {
		fail_msg("%s: %s", err_name(err.code), err.message);
	}
	err_release(&err);
}

/* Returns the request for public.TABLE, by `a`; to be freed. */
static char *ask_for(const char *table, const char *null_as_empty) {
	struct dedupe_words words = {.table = table, .key = "a", .null_as_empty = null_as_empty};
	struct buf ask = {0};
	struct err err = {0};

	assert_true(dedupe_ask(&words, &ask, &err));
	return buf_take(&ask);
}

static struct place *prepare(void **state, const char *sql) {
	struct place *p = *state;

	database_run(p->database,
	    "set client_min_messages = warning; drop schema if exists public cascade; create schema public");
	database_run(p->database, "delete from berth.dedupe_run");
	database_run(p->database, sql);
	return p;
}

static void holds(struct place *p, const char *what, const char *wanted) {
	char *sql = mem_print("select %s", what);

	assert_string_equal(database_ask(p->database, sql), wanted);
	free(sql);
}

static void a_claim_is_over_when_another_begins(void **state) {
	struct place *p = prepare(state, things);
	char *ask = ask_for("public.things", NULL);
	struct dedupe_walk first = dedupe_fix(id_new(), ask, "{}"), second = dedupe_fix(id_new(), ask, "{}");
	struct conn *other = client_new(database_values(p->database));

	go_to(p->conn, &first, "remove");
	/* The other process is alive, so its run must not be disturbed. */
	fails(other, &second, ERR_CONFLICT, "is under way");
	conn_free(p->conn);
	p->conn = client_new(database_values(p->database));
	go_to(other, &second, "remove");
	assert_true(id_equal(first.run, second.run));
	fails(p->conn, &first, ERR_CONFLICT, "somebody else goes on");
	go_on(other, &second);
	holds(p, "count(*) || ' ' || count(distinct a) from public.things", "51 51");
	conn_free(other);
	free(ask);
}

static void a_reference_that_comes_late_is_respected(void **state) {
	struct place *p = prepare(state, things);
	char *ask = ask_for("public.things", NULL);
	struct dedupe_walk w = dedupe_fix(id_new(), ask, "{}");

	go_to(p->conn, &w, "remove");
	database_run(p->database, "create table public.parts (thing int constraint part_thing references "
				  "public.things on delete cascade);"
				  "insert into public.parts values (40)");
	fails(p->conn, &w, ERR_IN_USE,
	    "row 40 of public.things is to go for row 41, and public.parts references it (constraint "
	    "part_thing)");
	holds(p, "count(*) from public.things where id = 40", "1");
	database_run(p->database, "update public.parts set thing = 41");
	w = dedupe_fix(id_new(), ask, "{}");
	go_on(p->conn, &w);
	holds(p, "count(*) || ' ' || count(distinct a) from public.things", "51 51");
	holds(p, "count(*) from public.parts", "1");
	free(ask);
}

/* A run begins with a guard that sees only rows written from then on. Other duplicates are found by the
 * constraint's index; the next guard has an index of the table. */
static void what_slips_in_is_found_by_the_index(void **state) {
	struct place *p = prepare(state, things);
	char *ask = ask_for("public.things", NULL);
	struct dedupe_walk w = dedupe_fix(id_new(), ask, "{}");

	go_to(p->conn, &w, "unique");
	database_run(p->database, "insert into public.things values (201, 1)");
	go_to(p->conn, &w, "drop");
	holds(p, "count(*) from pg_index where indrelid = 'public.things'::regclass and not indisvalid", "1");
	go_to(p->conn, &w, "remove");
	holds(p, "bool_and(indexed) from berth.dedupe_run", "t");
	database_run(p->database,
	    "do $$ begin insert into public.things values (202, 2); raise 'it was taken';"
	    " exception when unique_violation then end $$");
	go_to(p->conn, &w, "unique");
	database_run(p->database, "alter table public.things disable trigger user;"
				  "insert into public.things values (203, 1), (204, 500), (205, 500);"
				  "alter table public.things enable always trigger berth_guard_insert;"
				  "alter table public.things enable always trigger berth_guard_update");
	go_to(p->conn, &w, "drop");
	holds(p, "count(*) from pg_index where indrelid = 'public.things'::regclass and not indisvalid", "1");
	go_on(p->conn, &w);
	holds(p, "count(*) || ' ' || count(distinct a) from public.things", "52 52");
	holds(p, "count(*) from berth.dedupe_row", "52");
	holds(p, "count(*) from pg_constraint where conname = 'things_a_berth'", "1");
	w = dedupe_undo(w.run);
	go_on(p->conn, &w);
	holds(p, "count(*) from public.things", "104");
	free(ask);
}

/* A row that was rewritten after it was found is at another place. */
static void what_moves_is_looked_for_again(void **state) {
	static const char move[] = "update public.things set v = v || '.' where id in (40, 41, 61)";
	struct place *p = prepare(state, things);
	char *ask = ask_for("public.things", NULL);
	struct dedupe_walk w = dedupe_fix(id_new(), ask, "{}");

	go_to(p->conn, &w, "remove");
	database_run(p->database, move);
	go_to(p->conn, &w, "find");
	holds(p, "gone || ' ' || removed from berth.dedupe_run", "2 47");
	go_to(p->conn, &w, "remove");
	holds(p, "count(*) from berth.dedupe_todo", "2");
	database_run(p->database, move);
	/* The rows are rewritten all the time: from now on an index finds them. */
	go_to(p->conn, &w, "index");
	go_to(p->conn, &w, "remove");
	database_run(p->database, move);
	go_on(p->conn, &w);
	holds(p, "count(*) || ' ' || count(distinct a) from public.things", "51 51");
	holds(p, "string_agg(id || v, ' ' order by id) from public.things where id in (40, 41, 60, 61)",
	    "41v41... 61v61...");
	holds(p, "groups || ' ' || conflicting || ' ' || removed from berth.dedupe_run", "49 49 49");
	free(ask);
}

/* A key with so many rows that they are removed in parts does not stay in the way either. */
static void many_that_move_are_looked_for_again(void **state) {
	struct place *p =
	    prepare(state, "create table public.things (id int primary key, a int not null, v text);"
			   "insert into public.things select i, 1, 'v' from generate_series(1, 5000) i");
	char *ask = ask_for("public.things", NULL);
	struct dedupe_walk w = dedupe_fix(id_new(), ask, "{}");
	struct err err = {0};

	go_to(p->conn, &w, "remove");
	assert_int_equal(go(p->conn, &w, &err), DEDUPE_GOES_ON);
	holds(p, "count(*) from public.things", "3000");
	database_run(p->database, "update public.things set v = 'w' where id > 4000;"
				  "delete from public.things where id between 3000 and 3500");
	go_to(p->conn, &w, "find");
	go_on(p->conn, &w);
	holds(p, "string_agg(id || v, ' ') from public.things", "5000w");
	free(ask);
}

static void a_locked_row_is_left_for_later(void **state) {
	struct place *p = prepare(state, things);
	char *ask = ask_for("public.things", NULL);
	struct dedupe_walk w = dedupe_fix(id_new(), ask, "{}");
	struct err err = {0};

	database_run(p->database, "begin; select from public.things where id = 41 for update");
	go_to(p->conn, &w, "remove");
	while (w.pause == 0) {
		assert_int_equal(go(p->conn, &w, &err), DEDUPE_GOES_ON);
	}
	assert_true(w.blocker > 0);
	assert_int_equal(w.total - w.done, 1);
	database_run(p->database, "commit");
	go_on(p->conn, &w);
	holds(p, "count(*) || ' ' || count(distinct a) from public.things", "51 51");
	free(ask);
}

static void writers_in_the_way_are_named(void **state) {
	static const char *const phases[] = {"guard", "attach", "detach"};
	struct place *p = prepare(state, things);
	char *ask = ask_for("public.things", NULL);
	struct dedupe_walk w = dedupe_fix(id_new(), ask, "{}");
	struct err err = {0};

	for (size_t i = 0; i < sizeof phases / sizeof *phases; i++) {
		if (i == 2) {
			go_on(p->conn, &w);
			w = dedupe_undo(w.run);
		}
		if (i == 1) {
			go_to(p->conn, &w, phases[i]);
		} else {
			assert_int_equal(go(p->conn, &w, &err), DEDUPE_GOES_ON);
		}
		database_run(p->database, "begin; update public.things set v = v where id = 3");
		assert_int_equal(go(p->conn, &w, &err), DEDUPE_GOES_ON);
		assert_string_equal(w.phase, phases[i]);
		assert_true(w.pause > 0 && w.blocker > 0);
		database_run(p->database, "commit");
		assert_int_equal(go(p->conn, &w, &err), DEDUPE_GOES_ON);
		assert_string_not_equal(w.phase, phases[i]);
	}
	go_on(p->conn, &w);
	holds(p, "count(*) from public.things", "100");
	free(ask);
}

static void undoing_minds_what_the_table_has_become(void **state) {
	struct place *p = prepare(state, things);
	char *ask = ask_for("public.things", NULL);
	struct dedupe_walk w = dedupe_fix(id_new(), ask, "{}");
	struct id run;

	go_on(p->conn, &w);
	run = w.run;
	database_run(p->database, "alter table public.things rename v to other");
	w = dedupe_undo(run);
	fails(p->conn, &w, ERR_PRECONDITION_FAILED, "lost columns that its rows had: v");
	database_run(p->database,
	    "alter table public.things rename other to v; alter table public.things add n int default 7;"
	    "create function public.spoil() returns trigger language plpgsql as"
	    " 'begin new.v := null; return new; end';"
	    "create trigger spoil before insert on public.things for each row execute function "
	    "public.spoil()");
	w = dedupe_undo(run);
	fails(p->conn, &w, ERR_PRECONDITION_FAILED, "a trigger of table public.things changes rows");
	holds(p, "count(*) from public.things", "51");
	database_run(p->database, "drop trigger spoil on public.things");
	w = dedupe_undo(run);
	go_on(p->conn, &w);
	holds(p, "count(*) || ' ' || count(*) filter (where v = 'v' || id and n = 7) from public.things",
	    "100 100");
	free(ask);
}

static void a_table_can_go(void **state) {
	struct place *p = prepare(state, things);
	char *ask = ask_for("public.things", NULL);
	struct dedupe_walk w = dedupe_fix(id_new(), ask, "{}");
	struct batch *b = batch_new(BATCH_WRITE);
	size_t removed;

	go_to(p->conn, &w, "rewrite");
	database_run(p->database, "drop table public.things");
	fails(p->conn, &w, ERR_NOT_FOUND, "table public.things of run");
	removed = dedupe_removed_add(b, w.run);
	dedupe_forget_add(b, w.run);
	client_run(p->conn, b);
	assert_int_equal(batch_count(b, removed), 49);
	batch_free(b);
	holds(p, "count(*) from berth.dedupe_row", "0");
	free(ask);
}

/* An admin of berth does not own everything. */
static void only_owners_may(void **state) {
	static const struct {
		const char *sql;
		enum err_code code;
		const char *part;
	} cases[] = {
	    {"select", ERR_NOT_ALLOWED, "belongs to"},
	    {"revoke create on schema public from public;" /* which has it up to PostgreSQL 14 */
	     " alter table public.things owner to \"%1$s\"",
		ERR_NOT_ALLOWED, "in schema public you may not create an index"},
	    {"grant create on schema public to \"%1$s\"; alter table public.things enable row level security;"
	     " alter table public.things force row level security",
		ERR_PRECONDITION_FAILED, "row security"},
	};
	struct roles *r = roles_new();
	char *ask = ask_for("public.things", NULL);
	struct conn *c = client_new(database_as(r->database, r->logins[ADMIN]));
	struct dedupe_walk w;

	(void)state;
	database_run(r->database, things);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char *sql = mem_print(
		    "do $do$ begin execute format($f$%s$f$, '%s'); end $do$", cases[i].sql, r->logins[ADMIN]);

		database_run(r->database, sql);
		free(sql);
		w = dedupe_fix(id_new(), ask, "{}");
		fails(c, &w, cases[i].code, cases[i].part);
	}
	database_run(r->database, "alter table public.things no force row level security");
	w = dedupe_fix(id_new(), ask, "{}");
	go_on(c, &w);
	assert_string_equal(database_ask(r->database, "select count(*) from public.things"), "51");
	/* The run of another owner can be neither undone nor forgotten. */
	database_run(r->database, "alter table public.things owner to postgres");
	w = dedupe_undo(w.run);
	fails(c, &w, ERR_NOT_ALLOWED, "belongs to somebody else");
	database_run(r->database, "drop table public.things; drop schema public cascade");
	conn_free(c);
	roles_free(r);
	free(ask);
}

static void many_pages_are_rewritten_and_back(void **state) {
	struct place *p = prepare(state,
	    "create table public.things (id int primary key, a text, b text default repeat('x', 500));"
	    "insert into public.things (id, a) select i, case when i = 9000 then null when i > 9000 then '' "
	    "else i || '' end"
	    " from generate_series(1, 9001) i; update public.things set a = null where id = 9001");
	char *ask = ask_for("public.things", "a");
	struct dedupe_walk w;

	database_run(p->database,
	    "insert into public.things (id, a) select i, 'n' || i from generate_series(10000, 19000) i;"
	    "create table public.before as select * from public.things");
	w = dedupe_fix(id_new(), ask, "{}");
	go_on(p->conn, &w);
	holds(p, "count(*) || ' ' || count(*) filter (where a = '') from public.things", "18001 1");
	w = dedupe_undo(w.run);
	go_on(p->conn, &w);
	holds(p,
	    "count(*) from ((table public.things except all table public.before) union all"
	    " (table public.before except all table public.things)) x",
	    "0");
	free(ask);
}

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_claim_is_over_when_another_begins),
	    cmocka_unit_test(a_reference_that_comes_late_is_respected),
	    cmocka_unit_test(what_slips_in_is_found_by_the_index),
	    cmocka_unit_test(what_moves_is_looked_for_again),
	    cmocka_unit_test(many_that_move_are_looked_for_again),
	    cmocka_unit_test(a_locked_row_is_left_for_later),
	    cmocka_unit_test(writers_in_the_way_are_named),
	    cmocka_unit_test(undoing_minds_what_the_table_has_become),
	    cmocka_unit_test(a_table_can_go),
	    cmocka_unit_test(only_owners_may),
	    cmocka_unit_test(many_pages_are_rewritten_and_back),
	};

	return cmocka_run_group_tests_name("dedupe", tests, place_open, place_close);
}
