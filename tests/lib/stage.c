#include "tests/lib/stage.h"

#include <stdlib.h>
#include <string.h>

#include "db/base/mem.h"
#include "tests/lib/database.h"

void stage_release(struct database *d, struct id lease) {
	char text[ID_TEXT];
	char *sql = mem_print(
	    "with gone as (update berth.lease set state = 'destroyed', released = now(), destroyed = now()"
	    " where id = '%s' returning resource, value)"
	    "update berth.stripe s set free = s.free + nummultirange(numrange(value, value + block)), room = "
	    "room + 1,"
	    " open = usable from gone where s.resource = gone.resource and value between s.first and s.last",
	    id_text(lease, text));

	database_run(d, sql);
	free(sql);
}

void stage_resource(struct database *d, const char *name, const char *state, bool cordoned) {
	bool usable = !cordoned && strcmp(state, "active") == 0;
	char *sql = mem_print(
	    "with r as (update berth.resource set state = '%s', cordoned = %s"
	    " where name = '%s' and state <> 'destroyed' returning id)"
	    "update berth.stripe set usable = %s, open = %s and room > 0 from r where r.id = resource",
	    state, cordoned ? "true" : "false", name, usable ? "true" : "false", usable ? "true" : "false");

	database_run(d, sql);
	free(sql);
}
