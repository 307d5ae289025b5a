/*
 * The schema's scripts, as the build made them from db/sql/: private to db/.
 */
#ifndef DB_SCHEMA_H
#define DB_SCHEMA_H

struct script {
	const char *name;
	const char *sql;
};

/* The version that this program needs: the number of migrations. */
extern const int schema_version;

extern const struct script schema_migrations[]; /* [i] leads from version i to i + 1; ended by NULL */
extern const struct script schema_routines[];   /* functions, views and grants; ended by NULL */

#endif
