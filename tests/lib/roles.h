/*
 * A database in which everybody can log in: one user of each role, and one who
 * has none.
 *
 * Login roles are of the whole cluster, so their names carry the database's.
 */
#ifndef TESTS_LIB_ROLES_H
#define TESTS_LIB_ROLES_H

struct conn;
struct database;

enum role { NOBODY, VIEWER, OPERATOR, WORKER, ADMIN, ROLES };

/* The groups of berth's schema; NOBODY belongs to none of them: NULL. */
extern const char *const role_groups[ROLES];

struct roles {
	struct database *database;
	struct conn *owner;
	char *logins[ROLES];
};

/* With the pool "a", the numbers 1 to 1000, of which one is taken. */
struct roles *roles_new(void) __attribute__((returns_nonnull, warn_unused_result));

/* Nobody is logged in any more. */
void roles_free(struct roles *r);

#endif
