/*
 * Text that the database's encoding cannot hold: private to db/.
 *
 * berth speaks UTF-8, a database may not.  The server names the bytes of the character that it could not
 * convert, and not the value that has it, which is looked for among the arguments of the step.
 */
#ifndef DB_CONN_ENCODING_H
#define DB_CONN_ENCODING_H

#include <libpq-fe.h>

#include "db/base/err.h"

struct step;

/* When the SQLSTATE is of that kind the message is replaced by one that names the encoding and the value.
 * `step` and `pg` may be NULL. */
void encoding_explain(const char *state, const struct step *step, const PGconn *pg, struct err *err);

#endif
