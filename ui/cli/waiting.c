#include "ui/cli/waiting.h"

#include <inttypes.h>
#include <jansson.h>

#include "db/base/buf.h"
#include "db/batch/rows.h"
#include "model/text/json.h"
#include "ui/cli/record.h"

static void put_words(const struct waiting *waiting, struct buf *out) {
	json_t *reasons = json_loads(waiting->reasons, 0, NULL);
	json_t *reason;
	size_t i;

	buf_printf(out, "place %" PRId64 " in the line", waiting->place);
	json_array_foreach(reasons, i, reason) {
		buf_printf(out, "; %s", json_string_value(reason));
	}
	json_decref(reasons);
}

void waiting_put(struct record *record, const struct waiting *waiting) {
	struct buf text = {0};
	struct buf words = {0};
	struct json j = {.out = &text};

	json_open_object(&j);
	json_put_key(&j, "position");
	json_put_int(&j, waiting->place);
	json_put_key(&j, "ahead");
	json_put_int(&j, waiting->ahead);
	json_put_key(&j, "reasons");
	json_put_raw(&j, waiting->reasons);
	json_close_object(&j);
	put_words(waiting, &words);
	record_show(record, "waiting", buf_text(&text), buf_text(&words));
	buf_release(&text);
	buf_release(&words);
}
