#include "model/named.h"

#include "gen/queries.h"

size_t named_find_add(struct batch *b, const char *kind, struct id id, const char *name) {
	return query_named_find_add(b, kind, id, name);
}
