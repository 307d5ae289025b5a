#include "ui/config/profile_reads.h"

#include <string.h>

#include "db/conn/conninfo.h"
#include "ui/config/config.h"

/* Adds a setting of the connection for changes to that for reads, unless `reads` replaces it: a server there
 * is another one. */
static void inherit(
    struct conninfo *all, const struct conninfo *reads, const char *keyword, const char *value) {
	static const char *const server[] = {"host", "hostaddr", "port", "target_session_attrs", NULL};
	bool other = conninfo_value(reads, "host") != NULL || conninfo_value(reads, "hostaddr") != NULL ||
		     conninfo_value(reads, "service") != NULL;

	for (size_t i = 0; other && server[i] != NULL; i++) {
		if (strcmp(server[i], keyword) == 0) {
			return;
		}
	}
	if (conninfo_value(reads, keyword) == NULL) {
		conninfo_add(all, keyword, value);
	}
}

void profile_complete_reads(struct profile *p) {
	struct conninfo all = {0}, own = {0};

	for (size_t i = 0; i < p->count; i++) {
		if (strcmp(p->keywords[i], "dbname") == 0 && conninfo_is_string(p->values[i])) {
			conninfo_add_string(&own, p->values[i]);
		} else {
			conninfo_add(&own, p->keywords[i], p->values[i]);
		}
	}
	for (size_t i = 0; i < own.count; i++) {
		inherit(&all, &p->reads, own.keywords[i], own.values[i]);
	}
	conninfo_add(&all, "target_session_attrs", "prefer-standby");
	for (size_t i = 0; i < p->reads.count; i++) {
		conninfo_add(&all, p->reads.keywords[i], p->reads.values[i]);
	}
	conninfo_release(&own);
	conninfo_release(&p->reads);
	p->reads = all;
}
