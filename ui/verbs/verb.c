#include "ui/verbs/verb.h"

#include <string.h>

#include "db/base/buf.h"
#include "db/base/err.h"

static bool listed(const enum option_id *list, enum option_id option) {
	for (; list != NULL && *list != OPT_END; list++) {
		if (*list == option) {
			return true;
		}
	}
	return false;
}

static bool by_flags(unsigned flags, enum option_id option) {
	switch (option) {
	case OPT_ID:
	case OPT_REASON:
	case OPT_DRY_RUN:
		return (flags & (VERB_MUTATES | VERB_QUEUES)) != 0;
	case OPT_EXPECT_GENERATION:
	case OPT_GRACE:
	case OPT_WAIT:
		return (flags & VERB_QUEUES) != 0;
	default:
		return option == OPT_HELP;
	}
}

bool command_takes(const struct verb *command, enum option_id option) {
	enum option_group group = option_specs[option].group;

	return group == GROUP_CONNECTION || group == GROUP_OUTPUT || by_flags(command->flags, option) ||
	       listed(command->options, option) || listed(command->repeated, option);
}

bool command_repeats(const struct verb *command, enum option_id option) {
	return listed(command->repeated, option);
}

/* How many of the n words the command's own words begin with; its own number of words into `own`. */
static size_t shared(const struct verb *command, const char *const *words, size_t n, size_t *own) {
	size_t same = 0;
	bool still = true;

	*own = 0;
	for (const char *word = command->words; *word != '\0'; (*own)++) {
		size_t len = strcspn(word, " ");

		still =
		    still && *own < n && strlen(words[*own]) == len && strncmp(words[*own], word, len) == 0;
		same += still ? 1 : 0;
		word += len + strspn(word + len, " ");
	}
	return same;
}

const struct verb *command_find(
    const struct verb *const *table, const char *const *words, size_t n, size_t *used) {
	const struct verb *found = NULL;
	size_t longest = 0;

	for (; *table != NULL; table++) {
		size_t own;

		if (shared(*table, words, n, &own) == own && own > longest) {
			found = *table;
			longest = own;
		}
	}
	*used = longest;
	return found;
}

bool command_in_family(const struct verb *command, const char *const *words, size_t n) {
	size_t own;

	return shared(command, words, n, &own) == n && own > n;
}

bool command_family(const struct verb *const *table, const char *const *words, size_t n) {
	for (; *table != NULL; table++) {
		if (command_in_family(*table, words, n)) {
			return true;
		}
	}
	return false;
}

static size_t least(size_t a, size_t b) {
	return a < b ? a : b;
}

/* Levenshtein's distance of two short words, row by row; "far" for long ones. */
static size_t distance(const char *a, size_t n, const char *b, size_t m) {
	size_t row[33];

	if (n > 32 || m > 32) {
		return n + m;
	}
	for (size_t j = 0; j <= m; j++) {
		row[j] = j;
	}
	for (size_t i = 1; i <= n; i++) {
		size_t corner = row[0];

		row[0] = i;
		for (size_t j = 1; j <= m; j++) {
			size_t swap = corner + (a[i - 1] == b[j - 1] ? 0 : 1);

			corner = row[j];
			row[j] = least(swap, least(row[j], row[j - 1]) + 1);
		}
	}
	return row[m];
}

/* Whether one could have meant the command: the same first word, or a misspelt or cut one, or any of its
 * words. */
static bool near(const struct verb *command, const char *typed, bool family) {
	for (const char *word = command->words; *word != '\0';) {
		size_t len = strcspn(word, " ");
		size_t far = distance(typed, strlen(typed), word, len);

		size_t typed_len = strlen(typed);
		bool cut = typed_len > 2 && typed_len < len && memcmp(typed, word, typed_len) == 0;

		if (far == 0 || (!family && (cut || (len > 3 && far <= 2)))) {
			return true;
		}
		if (family) {
			return false;
		}
		word += len + strspn(word + len, " ");
	}
	return false;
}

bool command_unknown(const struct verb *const *table, const char *const *words, size_t n, struct err *err) {
	bool family = command_family(table, words, 1);
	struct buf hint = {0};

	for (; *table != NULL; table++) {
		if (near(*table, words[0], family)) {
			buf_printf(&hint, "%s%s", hint.len == 0 ? "" : ", ", (*table)->words);
		}
	}
	if (family && n == 1) {
		err_set(err, ERR_INVALID_INPUT, "%s: a word is missing behind it", words[0]);
	} else if (family) {
		err_set(err, ERR_INVALID_INPUT, "'%s %s': no such command", words[0], words[1]);
	} else {
		err_set(err, ERR_INVALID_INPUT, "'%s': no such command", words[0]);
	}
	if (hint.len > 0) {
		err_hint(err, "%s: %s", family ? "the commands are" : "near it are", buf_text(&hint));
	} else {
		err_hint(err, "'berth help' lists the commands");
	}
	buf_release(&hint);
	return false;
}
