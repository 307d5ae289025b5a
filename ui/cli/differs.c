#include "ui/cli/differs.h"

#include <inttypes.h>
#include <jansson.h>

#include "db/base/buf.h"
#include "db/base/id.h"
#include "model/syntax/duration.h"
#include "ui/verbs/parse/opt.h"
#include "ui/cli/run.h"
#include "ui/text/plain_json.h"
#include "ui/text/shapes.h"

static const struct asked {
	const char *words;
	enum option_id options[2]; /* options that request it; OPT_END for none */
} asked[DIFFERENCES] = {
    [DIFFERS_HOLDER] = {"holder", {OPT_HOLDER, OPT_END}},
    [DIFFERS_UNTIL] = {"end", {OPT_UNTIL, OPT_FOR}},
    [DIFFERS_PRIORITY] = {"priority", {OPT_PRIORITY, OPT_END}},
    [DIFFERS_LABELS] = {"labels", {OPT_LABEL, OPT_END}},
    [DIFFERS_REASON] = {"reason", {OPT_REASON, OPT_END}},
    [DIFFERS_GRACE] = {"grace", {OPT_GRACE, OPT_END}},
    [DIFFERS_GENERATION] = {"expected generation", {OPT_EXPECT_GENERATION, OPT_END}},
    [DIFFERS_FORCE] = {"force", {OPT_FORCE, OPT_END}},
};

/* Appends a number, which is microseconds for a part that is a duration. */
static void put_number(const struct asked *part, int64_t number, struct buf *out) {
	if (part->options[0] != OPT_UNTIL && part->options[0] != OPT_GRACE) {
		buf_printf(out, "%" PRId64, number);
	} else if (number == 0) {
		buf_puts(out, "0s");
	} else {
		duration_text(number, out);
	}
}

/* Appends the first value; nothing for "", null, no labels and what was not forced. */
static void put_first(const struct asked *part, json_t *first, struct buf *out) {
	const char *text = json_string_value(first);

	if (json_is_object(first)) {
		plain_members(first, ",", out);
	} else if (json_is_integer(first)) {
		put_number(part, json_integer_value(first), out);
	} else if (text != NULL && text[0] != '\0') {
		buf_printf(out, part->options[0] == OPT_UNTIL ? "%s" : "\"%s\"", text);
	}
}

/* Appends the value that is requested now, in the words of the command line. */
static void put_asked(const struct asked *part, const struct args *args, struct buf *out) {
	enum option_id option = opt_given(args, part->options[0]) ? part->options[0] : part->options[1];
	bool quoted = option == OPT_HOLDER || option == OPT_REASON;
	const char *comma = "";
	size_t at = 0;

	for (const char *text; option != OPT_END && (text = opt_next(args, option, &at)) != NULL;) {
		buf_printf(out, quoted ? "%s\"%s\"" : "%s%s", comma, text);
		comma = ",";
	}
}

static void put_difference(
    const struct asked *part, json_t *first, const struct args *args, struct buf *out) {
	struct buf was = {0}, now = {0};

	put_first(part, first, &was);
	put_asked(part, args, &now);
	if (was.len == 0) {
		buf_printf(out, "no %s", part->words);
	} else {
		buf_printf(out, "%s %s", part->words, buf_text(&was));
	}
	if (now.len == 0) {
		buf_printf(out, ", not with it");
	} else {
		buf_printf(out, ", not %s", buf_text(&now));
	}
	buf_release(&was);
	buf_release(&now);
}

void differs_note(const struct run *run, const char *what, struct id id, const char *differs) {
	json_t *root = differs == NULL ? NULL : json_loads(differs, 0, NULL);
	struct buf text = {0};
	char name[ID_TEXT];

	if (run->line > 0) {
		buf_printf(&text, "line %" PRId64 ": ", run->line);
	}
	buf_printf(&text, "%s %s was requested before, with ", what, id_text(id, name));
	for (size_t i = 0, n = 0; i < DIFFERENCES; i++) {
		json_t *first = json_object_get(root, difference_names[i]);

		if (first != NULL) {
			buf_puts(&text, n++ == 0 ? "" : "; ");
			put_difference(&asked[i], first, run->args, &text);
		}
	}
	if (root != NULL) {
		run_note(run, "%s", buf_text(&text));
	}
	buf_release(&text);
	json_decref(root);
}
