/*
 * Errors about text that the database's encoding cannot hold: private to db/.
 *
 * berth sends UTF-8; the database may use another encoding.  The server's error names the bytes of the
 * character only, so the value that has it is searched among the arguments of the step.
 */
#ifndef DB_CONN_ENCODING_H
#define DB_CONN_ENCODING_H

#include <libpq-fe.h>

#include "db/base/err.h"

struct step;

/* Replaces the message of such an error by one that names the encoding and the value; leaves errors with
 * another SQLSTATE. `step` and `pg` may be NULL. */
void encoding_explain(const char *state, const struct step *step, const PGconn *pg, struct err *err);

#endif
