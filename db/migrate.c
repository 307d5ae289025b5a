#include "db/migrate.h"

#include <libpq-fe.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "db/mem.h"
#include "db/num.h"
#include "db/schema.h"
#include "db/step.h"

enum { TRIES = 20, PAUSE = 100 /* milliseconds */ };

/* A schema that somebody else could have prepared is not adopted: the migrations would run his triggers, and
 * his functions would stand among ours. */
static const char refuse_foreign[] =
    "do $$ declare who name; begin"
    " select case when mine or o.rolsuper then g.rolname else o.rolname end into who"
    " from pg_namespace n join pg_roles o on o.oid = n.nspowner"
    " cross join lateral (select o.rolname = current_user as mine) m"
    " left join lateral (select coalesce(r.rolname, 'public') as rolname from aclexplode(n.nspacl) a"
    "  left join pg_roles r on r.oid = a.grantee"
    "  where a.privilege_type = 'CREATE' and a.grantee <> n.nspowner limit 1) g on true"
    " where n.nspname = 'berth' and (g.rolname is not null or not (mine or o.rolsuper));"
    " if found then raise exception using errcode = 'insufficient_privilege',"
    "  message = format('schema berth can be changed by %s', who),"
    "  hint = 'migrate as its owner, and let no one else create in it'; end if; end $$";
static const char create_version[] = "create schema if not exists berth;"
				     "create table if not exists berth.schema_version (version int not null "
				     "constraint schema_version_pkey primary key,"
				     " name text not null, applied timestamptz not null default now());"
				     "lock table berth.schema_version in share row exclusive mode";
static const char ask[] = "select coalesce(max(version), 0) from berth.schema_version";
static const char look[] = "select case when to_regclass('berth.schema_version') is null then 0 else 1 end";

const char *migrate_name(int version) {
	return schema_migrations[version].name;
}

static bool run(PGconn *pg, const char *what, const char *sql, struct err *err) {
	PGresult *result = PQexec(pg, sql);
	bool ok = PQresultStatus(result) == PGRES_COMMAND_OK || PQresultStatus(result) == PGRES_TUPLES_OK;

	if (!ok) {
		step_failed(NULL, result, pg, err);
		err->step = mem_text(what);
	}
	PQclear(result);
	return ok;
}

static bool ask_number(PGconn *pg, const char *sql, int *number, struct err *err) {
	PGresult *result = PQexec(pg, sql);
	int64_t value = 0;
	bool ok = PQresultStatus(result) == PGRES_TUPLES_OK && PQntuples(result) == 1 &&
		  int_parse(PQgetvalue(result, 0, 0), 0, 1000000, &value);

	if (ok) {
		*number = (int)value;
	} else {
		step_failed(NULL, result, pg, err);
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
	return err_hint(
	    err, version < schema_version ? "run: berth migrate" : "use the newer berth that made it");
}

/* Another process may have made the schema or a role between our look and our
 * create: then the same again succeeds. */
static bool may_try_again(const struct err *err) {
	static const char *const states[] = {"23505", "42P06", "42P07", "42710", "40001", "40P01", "XX000"};

	for (size_t i = 0; i < sizeof states / sizeof *states; i++) {
		if (strcmp(err->sqlstate, states[i]) == 0) {
			return true;
		}
	}
	return false;
}

static bool note_version(PGconn *pg, int version, struct err *err) {
	char *sql = mem_print("insert into berth.schema_version (version, name) values (%d, '%s')", version,
	    schema_migrations[version - 1].name);
	bool ok = run(pg, "schema_version", sql, err);

	free(sql);
	return ok;
}

static bool apply_all(PGconn *pg, int from, struct err *err) {
	for (int version = from; version < schema_version; version++) {
		const struct script *script = &schema_migrations[version];

		if (!run(pg, script->name, script->sql, err) || !note_version(pg, version + 1, err)) {
			return false;
		}
	}
	for (const struct script *script = schema_routines; from < schema_version && script->name != NULL;
	     script++) {
		if (!run(pg, script->name, script->sql, err)) {
			return false;
		}
	}
	return true;
}

static bool attempt(
    PGconn *pg, const char *begin, enum migrate_mode mode, struct migration *done, struct err *err) {
	int from = 0;

	if (!run(pg, "begin", begin, err) || !run(pg, "schema", refuse_foreign, err) ||
	    !run(pg, "begin", create_version, err) || !ask_number(pg, ask, &from, err)) {
		return false;
	}
	if (from > schema_version) {
		return migrate_fits(from, err);
	}
	if (!apply_all(pg, from, err) ||
	    !run(pg, "commit", mode == MIGRATE_DRY ? "rollback" : "commit", err)) {
		return false;
	}
	*done = (struct migration){from, schema_version};
	return true;
}

static void roll_back(PGconn *pg) {
	PQclear(PQexec(pg, "rollback"));
}

static bool check(PGconn *pg, const char *begin, struct migration *done, struct err *err) {
	int there = 0, from = 0;
	bool asked = run(pg, "begin", begin, err) && ask_number(pg, look, &there, err) &&
		     (there == 0 || ask_number(pg, ask, &from, err));

	roll_back(pg);
	if (!asked || !migrate_fits(from, err)) {
		return false;
	}
	*done = (struct migration){from, from};
	return true;
}

static bool try_until_done(
    PGconn *pg, const char *begin, enum migrate_mode mode, struct migration *done, struct err *err) {
	/* What is up to date is left alone, also by those who may not change it. */
	if (check(pg, begin, done, err)) {
		return true;
	}
	for (int tries = 1;; tries++) {
		err_release(err);
		if (attempt(pg, begin, mode, done, err)) {
			return true;
		}
		roll_back(pg);
		if (tries == TRIES || !may_try_again(err)) {
			return false;
		}
		(void)poll(NULL, 0, PAUSE);
	}
}

/* Milliseconds as the server takes them, where 0 is no limit. */
static int milliseconds(int64_t timeout) {
	if (timeout > 0 && timeout < 1000) {
		return 1;
	}
	return timeout / 1000 > INT_MAX ? INT_MAX : (int)(timeout / 1000);
}

/* Begins a transaction with settings that end with it: nothing of them stays on the session of a pooler. */
static char *begin_text(const struct conn_options *options, enum migrate_mode mode, int64_t timeout) {
	return mem_print(
	    "begin%s; set local search_path = pg_catalog, pg_temp; set local statement_timeout = %d",
	    options->read_only && mode != MIGRATE_CHECK ? " read only" : "", milliseconds(timeout));
}

bool migrate(const struct conn_options *options, enum migrate_mode mode, int64_t timeout,
    struct migration *done, struct err *err) {
	PGconn *pg = PQconnectdbParams(options->keywords, options->values, 1);
	char *begin = begin_text(options, mode, timeout);
	bool ok = false;

	if (PQstatus(pg) != CONNECTION_OK) {
		char *why = step_lost(pg);

		err_set(err, ERR_UNAVAILABLE, "%s", why);
		free(why);
	} else {
		step_hush(pg, NULL);
		ok = mode == MIGRATE_CHECK ? check(pg, begin, done, err)
					   : try_until_done(pg, begin, mode, done, err);
	}
	free(begin);
	PQfinish(pg);
	return ok;
}
