#include "ui/verbs/verb.h"

#include <string.h>

#include "db/base/buf.h"
#include "db/base/err.h"

/* Goes on to the next verb, also a hidden one. */
static bool any_next(struct verb_walk *walk) {
	walk->verb = walk->verb == NULL ? *walk->family : walk->verb + 1;
	while (walk->verb != NULL && walk->verb->words == NULL) {
		walk->verb = *++walk->family;
	}
	return walk->verb != NULL;
}

bool verb_next(struct verb_walk *walk) {
	bool more = any_next(walk);

	while (more && (walk->verb->flags & VERB_HIDDEN) != 0) {
		more = any_next(walk);
	}
	return more;
}

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

bool verb_takes(const struct verb *verb, enum option_id option) {
	enum option_group group = option_specs[option].group;

	return group == GROUP_CONNECTION || group == GROUP_OUTPUT || by_flags(verb->flags, option) ||
	       listed(verb->options, option) || listed(verb->repeated, option);
}

bool verb_repeats(const struct verb *verb, enum option_id option) {
	return listed(verb->repeated, option);
}

bool verb_reads(const struct verb *verb) {
	return (verb->flags & (VERB_MUTATES | VERB_QUEUES | VERB_OFFLINE | VERB_SCHEMALESS | VERB_WORKS)) ==
	       0;
}

/* Returns the verb's own text of an option, or NULL. */
static const struct option_text *own_text(const struct verb *verb, enum option_id option) {
	for (const struct option_text *text = verb->texts; text != NULL && text->option != OPT_END; text++) {
		if (text->option == option) {
			return text;
		}
	}
	return NULL;
}

const char *verb_prompt(const struct verb *verb) {
	bool acts = verb->run != NULL || verb->add != NULL || verb->answer != NULL;

	return acts ? "berth " : ":";
}

const char *verb_metavar(const struct verb *verb, enum option_id option) {
	const struct option_text *own = own_text(verb, option);

	return own == NULL ? option_specs[option].metavar : own->metavar;
}

const char *verb_option_help(const struct verb *verb, enum option_id option) {
	const struct option_text *own = own_text(verb, option);

	return own == NULL ? option_specs[option].help : own->help;
}

const char *const *verb_values(const struct verb *verb, enum option_id option) {
	const struct option_text *own = own_text(verb, option);

	return own == NULL ? option_specs[option].values : own->values;
}

const struct state_group *verb_groups(const struct verb *verb, enum option_id option) {
	const struct option_text *own = own_text(verb, option);

	return own == NULL ? NULL : own->groups;
}

bool verb_in_batch(const struct verb *verb) {
	return verb->add != NULL && (verb->flags & (VERB_MUTATES | VERB_QUEUES)) != 0 &&
	       (verb->flags & VERB_ALONE) == 0;
}

/* Returns how many of the n words the verb begins with, and the number of its own words. */
static size_t shared(const struct verb *verb, const char *const *words, size_t n, size_t *own) {
	size_t same = 0;
	bool still = true;

	*own = 0;
	for (const char *word = verb->words; *word != '\0'; (*own)++) {
		size_t len = strcspn(word, " ");

		still =
		    still && *own < n && strlen(words[*own]) == len && strncmp(words[*own], word, len) == 0;
		same += still ? 1 : 0;
		word += len + strspn(word + len, " ");
	}
	return same;
}

const struct verb *verb_find(
    const struct verb *const *table, const char *const *words, size_t n, size_t *used) {
	const struct verb *found = NULL;
	size_t longest = 0;

	for (struct verb_walk w = {.family = table}; any_next(&w);) {
		size_t own;

		if (shared(w.verb, words, n, &own) == own && own > longest) {
			found = w.verb;
			longest = own;
		}
	}
	*used = longest;
	return found;
}

bool verb_in_family(const struct verb *verb, const char *const *words, size_t n) {
	size_t own;

	return shared(verb, words, n, &own) == n && own > n;
}

bool verb_family(const struct verb *const *table, const char *const *words, size_t n) {
	for (struct verb_walk w = {.family = table}; verb_next(&w);) {
		if (verb_in_family(w.verb, words, n)) {
			return true;
		}
	}
	return false;
}
