/*
 * A database with a login for each role, and one without a role.
 *
 * Login roles belong to the cluster, so their names contain the database's.
 */
#ifndef TESTS_LIB_ROLES_H
#define TESTS_LIB_ROLES_H

struct conn;
struct database;

enum role { NOBODY, VIEWER, OPERATOR, WORKER, ADMIN, ROLES };

/* The group roles of berth's schema; NULL for NOBODY. */
extern const char *const role_groups[ROLES];

struct roles {
	struct database *database;
	struct conn *owner;
	char *logins[ROLES];
};

/* Creates it with a pool "a" of the numbers 1 to 1000, one of them allocated. */
struct roles *roles_new(void) __attribute__((returns_nonnull, warn_unused_result));

/* Drops it; no login may be connected. */
void roles_free(struct roles *r);

#endif
