#include "ui/cli/differs.h"

#include <inttypes.h>
#include <jansson.h>
#include <stddef.h>
#include <stdlib.h>

#include "db/base/buf.h"
#include "db/base/id.h"
#include "model/syntax/duration.h"
#include "model/text/json.h"
#include "ui/verbs/parse/opt.h"
#include "ui/cli/run.h"

static const struct field_words {
	const char *name;
	const char *words;
	enum option_id options[2]; /* that ask for it; OPT_END for none */
} fields[] = {
    {"holder", "holder", {OPT_HOLDER, OPT_END}},
    {"until", "end", {OPT_UNTIL, OPT_FOR}},
    {"priority", "priority", {OPT_PRIORITY, OPT_END}},
    {"labels", "labels", {OPT_LABEL, OPT_END}},
    {"reason", "reason", {OPT_REASON, OPT_END}},
    {"grace", "grace", {OPT_GRACE, OPT_END}},
    {"expect_generation", "expected generation", {OPT_EXPECT_GENERATION, OPT_END}},
    {"force", "force", {OPT_FORCE, OPT_END}},
};

void differs_names(const char *differs, struct buf *out) {
	json_t *root = differs == NULL ? NULL : json_loads(differs, 0, NULL);
	struct json j = {.out = out};

	json_open_array(&j);
	for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
		if (json_object_get(root, fields[i].name) != NULL) {
			json_put_text(&j, fields[i].name);
		}
	}
	json_close_array(&j);
	json_decref(root);
}

static void put_labels(json_t *labels, struct buf *out) {
	const char *key;
	json_t *value;
	const char *comma = "";

	json_object_foreach(labels, key, value) {
		buf_printf(out, "%s%s=%s", comma, key, json_string_value(value));
		comma = ",";
	}
}

/* A number is microseconds where durations are asked for. */
static void put_number(const struct field_words *field, int64_t number, struct buf *out) {
	if (field->options[0] != OPT_UNTIL && field->options[0] != OPT_GRACE) {
		buf_printf(out, "%" PRId64, number);
	} else if (number == 0) {
		buf_puts(out, "0s");
	} else {
		duration_text(number, out);
	}
}

/* As it was first: nothing for "", null, no labels and what was not forced. */
static void put_first(const struct field_words *field, json_t *first, struct buf *out) {
	const char *text = json_string_value(first);

	if (json_is_object(first)) {
		put_labels(first, out);
	} else if (json_is_integer(first)) {
		put_number(field, json_integer_value(first), out);
	} else if (text != NULL && text[0] != '\0') {
		buf_printf(out, field->options[0] == OPT_UNTIL ? "%s" : "\"%s\"", text);
	}
}

/* As it was asked for now, in the words of the command line. */
static void put_asked(const struct field_words *field, const struct args *args, struct buf *out) {
	enum option_id option = opt_given(args, field->options[0]) ? field->options[0] : field->options[1];
	bool quoted = option == OPT_HOLDER || option == OPT_REASON;
	const char *comma = "";
	size_t at = 0;

	for (const char *text; option != OPT_END && (text = opt_next(args, option, &at)) != NULL;) {
		buf_printf(out, quoted ? "%s\"%s\"" : "%s%s", comma, text);
		comma = ",";
	}
}

static void put_difference(
    const struct field_words *field, json_t *first, const struct args *args, struct buf *out) {
	struct buf was = {0}, now = {0};

	put_first(field, first, &was);
	put_asked(field, args, &now);
	if (was.len == 0) {
		buf_printf(out, "no %s", field->words);
	} else {
		buf_printf(out, "%s %s", field->words, buf_text(&was));
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
	buf_printf(&text, "%s %s was asked for before, with ", what, id_text(id, name));
	for (size_t i = 0, n = 0; i < sizeof fields / sizeof *fields; i++) {
		json_t *first = json_object_get(root, fields[i].name);

		if (first != NULL) {
			buf_puts(&text, n++ == 0 ? "" : "; ");
			put_difference(&fields[i], first, run->args, &text);
		}
	}
	if (root != NULL) {
		run_note(run, "%s", buf_text(&text));
	}
	buf_release(&text);
	json_decref(root);
}
