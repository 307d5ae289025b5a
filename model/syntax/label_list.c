#include "model/syntax/label_list.h"

#include "db/batch/batch.h"

size_t label_keys_add(struct batch *b, const struct label_ask *ask) {
	const struct arg args[] = {
	    arg_word(ask->match),
	    arg_bool(ask->invert),
	    arg_text(ask->edge),
	    arg_bool(ask->with_edge),
	    arg_bool(ask->backwards),
	    arg_int(ask->limit),
	    arg_int(LABEL_COUNTED),
	    arg_int(LABEL_COUNTED_VALUES),
	};

	return batch_add(b, NULL, QUERY_LABEL_KEYS, args, sizeof args / sizeof *args, NULL);
}

size_t label_values_add(struct batch *b, const char *key, const struct label_ask *ask) {
	const struct arg args[] = {
	    arg_text(key),
	    arg_word(ask->match),
	    arg_bool(ask->invert),
	    arg_text(ask->edge),
	    arg_bool(ask->with_edge),
	    arg_bool(ask->backwards),
	    arg_int(ask->limit),
	    arg_int(LABEL_COUNTED),
	};

	return batch_add(b, NULL, QUERY_LABEL_VALUES, args, sizeof args / sizeof *args, NULL);
}

size_t label_targets_add(struct batch *b, const char *key, const char *value, const struct label_ask *ask) {
	const struct arg args[] = {
	    arg_text(key),
	    arg_text(value),
	    arg_word(ask->match),
	    arg_bool(ask->invert),
	    arg_bool(ask->backwards),
	    ask->after == 0 ? arg_null(FIELD_INT) : arg_int(ask->after),
	    arg_int(ask->limit),
	};

	return batch_add(b, NULL, QUERY_LABEL_TARGETS, args, sizeof args / sizeof *args, NULL);
}

size_t alike_texts_add(struct batch *b) {
	const struct arg args[] = {arg_int(LABEL_ALIKE)};

	return batch_add(b, NULL, QUERY_ALIKE_TEXTS, args, 1, NULL);
}

size_t alike_cut_add(struct batch *b) {
	const struct arg args[] = {arg_int(LABEL_ALIKE)};

	return batch_add(b, NULL, QUERY_ALIKE_CUT, args, 1, NULL);
}
