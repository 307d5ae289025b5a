#include "tests/lib/place.h"

#include <stdlib.h>

#include "db/conn/conn.h"
#include "db/base/mem.h"
#include "tests/lib/database.h"
#include "tests/lib/client.h"

struct place *place_new(void) {
	struct place *p = mem_new(1, sizeof *p);

	p->database = database_new();
	p->conn = client_new(database_values(p->database));
	return p;
}

int place_open(void **state) {
	*state = place_new();
	return 0;
}

int place_close(void **state) {
	struct place *p = *state;

	session_is_sound(p->conn);
	conn_free(p->conn);
	database_drop(p->database);
	free(p);
	return 0;
}
