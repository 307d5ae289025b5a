#include "model/syntax/selector.h"

#include <stdlib.h>
#include <string.h>

#include "db/base/buf.h"
#include "model/text/json.h"

void selector_release(struct selector *selector) {
	free(selector->requirements);
	free(selector->words);
	free(selector->values);
	*selector = (struct selector){0};
}

void selector_json(const struct selector *selector, struct buf *out) {
	static const char *const words[SELECTOR_OPS] = {"exists", "absent", "equals", "not_equals", "in",
	    "not_in", "greater", "less", "at_least", "at_most"};
	struct json j = {.out = out};

	json_open_array(&j);
	for (size_t i = 0; i < selector->count; i++) {
		const struct requirement *r = &selector->requirements[i];

		json_open_object(&j);
		json_put_key(&j, "op");
		json_put_text(&j, words[r->op]);
		json_put_key(&j, "prefix");
		json_put_text(&j, r->prefix);
		json_put_key(&j, "name");
		json_put_text(&j, r->name);
		json_put_key(&j, "values");
		json_open_array(&j);
		for (size_t k = 0; k < r->count; k++) {
			json_put_text(&j, r->values[k]);
		}
		json_close_array(&j);
		json_close_object(&j);
	}
	json_close_array(&j);
}

const char *selector_text(const struct selector *selector, struct buf *out) {
	if (selector == NULL || selector->count == 0) {
		return NULL;
	}
	selector_json(selector, out);
	return buf_text(out);
}
