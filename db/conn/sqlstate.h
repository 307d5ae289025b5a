/*
 * SQLSTATEs of the server, and the error codes that they mean.
 */
#ifndef DB_CONN_SQLSTATE_H
#define DB_CONN_SQLSTATE_H

#include "db/base/err.h"

struct sqlstate {
	const char *prefix; /* of the SQLSTATE; NULL ends the table */
	enum err_code code;
	const char *hint; /* or NULL */
};

/* The first match counts. A state without one means a defect of berth: ERR_INTERNAL. */
extern const struct sqlstate sqlstates[];

#endif
