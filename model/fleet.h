/*
 * A fleet: the databases of several profiles, whose rows stand in one list.
 *
 * A row of such a list is the row of one database and its environment: its type begins with the columns of
 * the other (`like` in db/sql/rows), so that whatever reads a pool reads a pool of a fleet.
 */
#ifndef MODEL_FLEET_H
#define MODEL_FLEET_H

#include "db/base/id.h"
#include "db/batch/rows.h"

/* Returns a row of type `type`, which extends `base`: the row of a database and its environment. Its texts
 * are borrowed; the caller frees it. */
void *fleet_row(const struct row_type *type, const struct row_type *base, const void *row,
    const char *environment) __attribute__((returns_nonnull, warn_unused_result));

/* Returns the id of an object of one database that no object of another one has: one may be a copy of the
 * other.
 */
struct id fleet_id(const char *environment, struct id id);

#endif
