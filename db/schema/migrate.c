#include "db/schema/migrate.h"

#include <libpq-fe.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "db/base/clock.h"
#include "db/base/mem.h"
#include "db/base/num.h"
#include "db/schema/version.h"
#include "db/schema/maintenance.h"
#include "db/batch/step.h"

enum { TRIES = 20, PAUSE = 100 /* milliseconds */ };

enum presence { NO_SCHEMA, NO_VERSIONS, VERSIONS };

static const char find_schema[] =
    "select case when c.oid is not null then 2 when n.oid is not null then 1 else 0 end"
    " from (select) one left join pg_namespace n on n.nspname = 'berth'"
    " left join pg_class c on c.relnamespace = n.oid and c.relname = 'schema_version'";
static const char create_schema[] = "create schema berth";
static const char create_versions[] = "create table berth.schema_version (version int not null "
				      "constraint schema_version_pkey primary key,"
				      " name text not null, applied timestamptz not null default now())";
static const char lock_versions[] = "lock table berth.schema_version in share row exclusive mode";
static const char read_version[] = "select coalesce(max(version), 0) from berth.schema_version";

const char *migrate_name(int version) {
	return schema_migrations[version].name;
}

void migration_release(struct migration *done) {
	free(done->members);
	done->members = NULL;
}

static bool run(struct maintenance *s, const char *what, const char *sql, struct err *err) {
	PGresult *result = maintenance_run(s, sql);
	bool ok = PQresultStatus(result) == PGRES_COMMAND_OK || PQresultStatus(result) == PGRES_TUPLES_OK;

	if (!ok) {
		bool unknown = strcmp(what, "commit") == 0 && maintenance_lost(s, result);

		maintenance_failed(s, result, err);
		if (unknown) {
			err->code = ERR_OUTCOME_UNKNOWN;
			err_hint(err, "berth migrate --check shows the result");
		}
		free(err->step);
		err->step = mem_text(what);
	}
	PQclear(result);
	return ok;
}

static bool ask_number(struct maintenance *s, const char *sql, int *number, struct err *err) {
	PGresult *result = maintenance_run(s, sql);
	int64_t value = 0;
	bool ok = PQresultStatus(result) == PGRES_TUPLES_OK && PQntuples(result) == 1 &&
		  PQnfields(result) == 1 && int_parse(PQgetvalue(result, 0, 0), 0, 1000000, &value);

	if (ok) {
		*number = (int)value;
	} else {
		maintenance_failed(s, result, err);
	}
	PQclear(result);
	return ok;
}

/* Reads the first value of the answer, owned by the caller; NULL without a row. */
static bool ask_text(struct maintenance *s, const char *sql, char **text, struct err *err) {
	PGresult *result = maintenance_run(s, sql);
	bool ok = PQresultStatus(result) == PGRES_TUPLES_OK && PQnfields(result) == 1;

	if (ok) {
		*text = PQntuples(result) == 0 ? NULL : mem_text(PQgetvalue(result, 0, 0));
	} else {
		maintenance_failed(s, result, err);
	}
	PQclear(result);
	return ok;
}

/* Runs a check of db/sql/trust/. Fails with what it has found. */
static bool trust(struct maintenance *s, const char *sql, struct err *err) {
	PGresult *result = maintenance_run(s, sql);
	bool asked = PQresultStatus(result) == PGRES_TUPLES_OK && PQnfields(result) == 3;
	bool ok = asked && PQntuples(result) == 0;

	if (!asked) {
		maintenance_failed(s, result, err);
	} else if (!ok) {
		err_set(err, err_from_name(PQgetvalue(result, 0, 0)), "%s", PQgetvalue(result, 0, 1));
		err_hint(err, "%s", PQgetvalue(result, 0, 2));
	}
	PQclear(result);
	return ok;
}

bool migrate_fits(int64_t version, struct err *err) {
	if (version == schema_version) {
		return true;
	}
	err_set(err, ERR_SCHEMA_MISMATCH, "the database has schema version %d, this berth needs %d",
	    (int)version, schema_version);
	return err_hint(err, version < schema_version ? "run: berth migrate" : "use a newer berth");
}

/* Returns true when another process may have created the schema or a role since we checked: a second attempt
 * succeeds. */
static bool may_try_again(const struct err *err) {
	static const char *const states[] = {"23505", "42P06", "42P07", "42710", "40001", "40P01", "XX000"};

	for (size_t i = 0; i < sizeof states / sizeof *states; i++) {
		if (strcmp(err->sqlstate, states[i]) == 0) {
			return true;
		}
	}
	return false;
}

static bool note_version(struct maintenance *s, int version, struct err *err) {
	char *sql = mem_print("insert into berth.schema_version (version, name) values (%d, '%s')", version,
	    schema_migrations[version - 1].name);
	bool ok = run(s, "schema_version", sql, err);

	free(sql);
	return ok;
}

/* Runs the first of the routines, which drops those of an earlier version: a migration may change a column
 * that one of its views reads. */
static bool clean(struct maintenance *s, struct err *err) {
	return run(s, schema_routines[0].name, schema_routines[0].sql, err);
}

static bool apply_all(struct maintenance *s, int from, struct err *err) {
	if (from > 0 && from < schema_version && !clean(s, err)) {
		return false;
	}
	for (int version = from; version < schema_version; version++) {
		const struct script *script = &schema_migrations[version];

		if (!run(s, script->name, script->sql, err) || !note_version(s, version + 1, err)) {
			return false;
		}
	}
	for (const struct script *script = schema_routines; from < schema_version && script->name != NULL;
	     script++) {
		if (!run(s, script->name, script->sql, err)) {
			return false;
		}
	}
	return true;
}

/*
 * Creates what is missing, and trusts no existing object unchecked. A schema cannot be locked against new
 * objects, but schemas.sql has checked that only its owner can create any. Objects that someone created
 * before and commits only now are found by check_again(), before our commit. A schema or table created
 * between the check and our "create" makes that fail, and everything starts again: so there is no "if not
 * exists" here.
 */
static bool prepare(struct maintenance *s, int *from, struct err *err) {
	int there = NO_SCHEMA;

	if (!trust(s, trust_schemas, err) || !ask_number(s, find_schema, &there, err) ||
	    (there == NO_SCHEMA && !run(s, "schema", create_schema, err)) ||
	    (there == VERSIONS && !trust(s, trust_versions, err)) ||
	    (there == VERSIONS && !run(s, "lock", lock_versions, err)) || !trust(s, trust_objects, err) ||
	    (there != VERSIONS && !run(s, "schema_version", create_versions, err)) ||
	    (there != VERSIONS && !run(s, "lock", lock_versions, err)) ||
	    !ask_number(s, read_version, from, err)) {
		return false;
	}
	return *from > 0 || trust(s, trust_empty, err);
}

/* Checks again before the commit. The first migration reads the members of roles that existed before. */
static bool check_again(struct maintenance *s, int from, char **members, struct err *err) {
	if (!trust(s, trust_schemas, err) || !trust(s, trust_objects, err)) {
		return false;
	}
	return from > 0 || (trust(s, trust_roles, err) && ask_text(s, trust_members, members, err));
}

static bool attempt(struct maintenance *s, const char *begin, enum migrate_mode mode, struct migration *done,
    struct err *err) {
	const char *end = mode == MIGRATE_DRY ? "rollback" : "commit";
	char *members = NULL;
	int from = 0;

	if (!run(s, "begin", begin, err) || !prepare(s, &from, err)) {
		return false;
	}
	if (from > schema_version) {
		return migrate_fits(from, err);
	}
	if (!apply_all(s, from, err) || !check_again(s, from, &members, err) || !run(s, end, end, err)) {
		free(members);
		return false;
	}
	*done = (struct migration){from, schema_version, members};
	return true;
}

static void roll_back(struct maintenance *s) {
	PQclear(maintenance_run(s, "rollback"));
}

static bool check(struct maintenance *s, const char *begin, struct migration *done, struct err *err) {
	int there = NO_SCHEMA, from = 0;
	bool asked = run(s, "begin", begin, err) && trust(s, trust_versions, err) &&
		     ask_number(s, find_schema, &there, err) &&
		     (there != VERSIONS || ask_number(s, read_version, &from, err));

	roll_back(s);
	if (!asked || !migrate_fits(from, err)) {
		return false;
	}
	*done = (struct migration){from, from, NULL};
	return true;
}

static bool try_until_done(struct maintenance *s, const char *begin, enum migrate_mode mode,
    struct migration *done, struct err *err) {
	/* A schema that is up to date needs no right to change it. */
	if (check(s, begin, done, err)) {
		return true;
	}
	for (int tries = 1;; tries++) {
		err_release(err);
		if (attempt(s, begin, mode, done, err)) {
			return true;
		}
		roll_back(s);
		if (tries == TRIES || !may_try_again(err)) {
			return false;
		}
		(void)poll(NULL, 0, PAUSE);
	}
}

/* Converts a timeout to milliseconds for the server; 0 is no limit. */
static int milliseconds(int64_t timeout) {
	if (timeout > 0 && timeout < 1000) {
		return 1;
	}
	return timeout / 1000 > INT_MAX ? INT_MAX : (int)(timeout / 1000);
}

/* Returns the statements that begin a transaction whose settings end with it, so that a pooler's session
 * keeps none. */
static char *begin_text(const struct conn_options *options, enum migrate_mode mode, int64_t timeout) {
	return mem_print("begin isolation level read committed%s; set local search_path = pg_catalog, "
			 "pg_temp; set local statement_timeout = %d",
	    options->read_only && mode != MIGRATE_CHECK ? ", read only" : "", milliseconds(timeout));
}

/* Returns a deadline one second after the server's statement_timeout. */
static int64_t deadline_of(int64_t timeout) {
	int64_t end;

	return timeout <= 0 || __builtin_add_overflow(clock_steady() + TIME_SECOND, timeout, &end) ? TIME_NONE
												   : end;
}

bool migrate(const struct conn_options *options, enum migrate_mode mode, int64_t timeout,
    struct migration *done, struct err *err) {
	PGconn *pg = PQconnectdbParams(options->keywords, options->values, 1);
	char *begin = begin_text(options, mode, timeout);
	struct maintenance s = {.pg = pg, .deadline = deadline_of(timeout)};
	bool ok = false;

	if (PQstatus(pg) != CONNECTION_OK) {
		char *why = step_lost(pg);

		err_set(err, ERR_UNAVAILABLE, "%s", why);
		free(why);
	} else {
		step_hush(pg, NULL);
		ok = mode == MIGRATE_CHECK ? check(&s, begin, done, err)
					   : try_until_done(&s, begin, mode, done, err);
	}
	free(begin);
	PQfinish(pg);
	return ok;
}
