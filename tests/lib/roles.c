#include "tests/lib/roles.h"

#include <stdlib.h>

#include "db/conn/conn.h"
#include "db/base/mem.h"
#include "tests/lib/database.h"
#include "tests/lib/client.h"

const char *const role_groups[ROLES] = {
    NULL, "berth_viewer", "berth_operator", "berth_worker", "berth_admin"};

struct roles *roles_new(void) {
	struct roles *r = mem_new(1, sizeof *r);
	struct allocate ask = client_ask("a", id_new());

	r->database = database_new();
	r->owner = client_new(database_values(r->database));
	client_pool(r->owner, "a", KIND_NUMBER, "1-1000");
	client_allocate(r->owner, &ask);
	for (int role = NOBODY; role < ROLES; role++) {
		const char *group = role_groups[role];
		char *sql;

		r->logins[role] = mem_print("%.40s as %d", database_name(r->database), role);
		sql = group == NULL
			  ? mem_print("create role \"%s\" login", r->logins[role])
			  : mem_print("create role \"%s\" login in role %s", r->logins[role], group);
		database_run(r->database, sql);
		free(sql);
	}
	return r;
}

void roles_free(struct roles *r) {
	conn_free(r->owner);
	/* First the database, with what a session has left that has not ended yet: it belongs to a role. */
	database_drop(r->database);
	for (int role = NOBODY; role < ROLES; role++) {
		char *sql = mem_print("drop role \"%s\"", r->logins[role]);

		database_run_beside(sql);
		free(sql);
		free(r->logins[role]);
	}
	free(r);
}
