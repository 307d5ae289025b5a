#include "model/storage.h"

#include "gen/queries.h"

size_t storage_list_add(struct batch *b) {
	return query_storage_list_add(b);
}
