#include "model/syntax/label_list.h"

#include "gen/queries.h"
#include "model/syntax/filter.h"

size_t label_keys_add(struct batch *b, const struct label_ask *ask) {
	return query_label_keys_add(b, row_filter_text(ask->filter), ask->edge, ask->with_edge,
	    ask->backwards, ask->limit, LABEL_COUNTED, LABEL_COUNTED_VALUES, ask->patience);
}

size_t label_values_add(struct batch *b, const char *key, const struct label_ask *ask) {
	return query_label_values_add(b, key, row_filter_text(ask->filter), ask->edge, ask->with_edge,
	    ask->backwards, ask->limit, LABEL_COUNTED, ask->patience);
}

size_t label_search_add(struct batch *b, const struct label_ask *ask) {
	return query_label_search_add(b, ask->upwards);
}

size_t label_targets_add(struct batch *b, const char *key, const char *value, const struct label_ask *ask) {
	return query_label_targets_add(b, key, value, row_filter_text(ask->filter), ask->backwards,
	    ask->after, ask->limit, ask->patience);
}

size_t label_target_search_add(
    struct batch *b, const char *key, const char *value, const struct label_ask *ask) {
	return query_label_target_search_add(b, key, value, ask->upwards);
}

size_t alike_texts_add(struct batch *b) {
	return query_alike_texts_add(b, LABEL_ALIKE);
}

size_t alike_cut_add(struct batch *b) {
	return query_alike_cut_add(b, LABEL_ALIKE);
}
