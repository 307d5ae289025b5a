/*
 * The scripts of the schema, generated from db/sql/ by the build: private to db/.
 */
#ifndef DB_SCHEMA_VERSION_H
#define DB_SCHEMA_VERSION_H

struct script {
	const char *name;
	const char *sql;
};

/* The version that this program needs: the number of migrations. */
extern const int schema_version;

extern const struct script schema_migrations[]; /* [i] leads from version i to i + 1; ended by NULL */
extern const struct script schema_routines[];   /* functions, views and grants; ended by NULL */

/* The checks of existing objects in db/sql/trust/: each returns one row about what is wrong, or none. */
extern const char trust_schemas[];
extern const char trust_versions[];
extern const char trust_objects[];
extern const char trust_empty[];
extern const char trust_roles[];
extern const char trust_members[];

#endif
