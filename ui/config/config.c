#include "ui/config/config.h"

#include <stdlib.h>
#include <string.h>

#include "db/base/err.h"
#include "db/base/mem.h"
#include "db/conn/conninfo.h"
#include "model/syntax/name.h"
#include "ui/config/place.h"
#include "ui/config/profile_reads.h"
#include "ui/config/settings.h"
#include "ui/verbs/parse/nearest.h"

/* The state of the reader. */
struct config_reader {
	struct settings file;
	struct config *config;
	struct profile *profile; /* NULL: before the first section */
	char *fleet;             /* the names of the fleet's profiles, or NULL: all */
	int fleet_line;
	unsigned seen; /* bits of the keys that were set in this section */
	bool coloured;
};

static const char *const alarm_names[] = {
    [ALARM_NONE] = "none", [ALARM_GREEN] = "green", [ALARM_YELLOW] = "yellow", [ALARM_RED] = "red", NULL};

static bool set_theme(struct config_reader *r, const struct setting *s, struct err *err) {
	if (!name_check("theme", s->value, err)) {
		return settings_fail(&r->file, err, "theme: not a name: \"%s\"", s->value);
	}
	r->config->theme = mem_text(s->value);
	return true;
}

static bool set_mouse(struct config_reader *r, const struct setting *s, struct err *err) {
	return settings_switch(&r->file, s, &r->config->mouse, err);
}

/* The profiles come later in the file: their names are looked up at its end. */
static bool set_fleet(struct config_reader *r, const struct setting *s, struct err *err) {
	(void)err;
	r->fleet = mem_text(s->value);
	r->fleet_line = s->line;
	return true;
}

static bool set_environment(struct config_reader *r, const struct setting *s, struct err *err) {
	if (*s->value == '\0') {
		return settings_fail(&r->file, err, "environment: it must not be empty");
	}
	r->profile->environment = mem_text(s->value);
	return true;
}

static bool set_colour(struct config_reader *r, const struct setting *s, struct err *err) {
	int alarm = settings_choice(&r->file, s, alarm_names, err);

	if (alarm >= 0) {
		r->profile->alarm = (enum alarm)alarm;
		r->coloured = true;
	}
	return alarm >= 0;
}

static bool refuse_secret(struct config_reader *r, const struct setting *s, struct err *err) {
	(void)settings_fail(&r->file, err, "%s: passwords do not belong here", s->name);
	return err_hint(err, "keep it in ~/.pgpass; see also passfile and service");
}

static bool set_read_only(struct config_reader *r, const struct setting *s, struct err *err) {
	return settings_switch(&r->file, s, &r->profile->read_only, err);
}

/* Refuses a connection string with a password, or a fault in it. */
static bool check_string(struct config_reader *r, const struct setting *s, struct err *err) {
	char *why;

	if (conninfo_has_secret(s->value)) {
		return refuse_secret(r, s, err);
	}
	if (conninfo_check(s->value, err)) {
		return true;
	}
	why = mem_text(err->message);
	(void)settings_fail(&r->file, err, "%s: %s", s->name, why);
	free(why);
	return false;
}

static bool set_reads(struct config_reader *r, const struct setting *s, struct err *err) {
	if (!conninfo_is_string(s->value)) {
		(void)settings_fail(&r->file, err, "reads: not a connection string: \"%s\"", s->value);
		return err_hint(err, "for example: reads = host=db2");
	}
	if (!check_string(r, s, err)) {
		return false;
	}
	conninfo_add_string(&r->profile->reads, s->value);
	return true;
}

const struct config_key config_keys[] = {
    {"theme", "NAME", "the colours of the console: a built-in theme, or one of your own", set_theme},
    {"mouse", "on|off", "the wheel scrolls, and a click moves the cursor or sorts; off by default",
	set_mouse},
    {"fleet", "NAME ...", "the profiles of @fleet, in its order; by default all of the file", set_fleet},
    {0},
};

const struct config_key config_profile_keys[] = {
    {"environment", "TEXT", "the badge of the console; by default the name of the profile", set_environment},
    {"colour", "none|green|yellow|red",
	"the colour of the badge; red by default for names that begin with prod, and for prd and live",
	set_colour},
    {"read-only", "yes|no", "change nothing, as with --read-only; --read-write lifts it", set_read_only},
    {"reads", "CONNINFO",
	"the standby from which lists, searches and the console read; what it does not name is as for "
	"changes",
	set_reads},
    {0},
};

static bool twice(const struct config_reader *r, const char *key, struct err *err) {
	return settings_fail(&r->file, err, "%s is set twice in this section", key);
}

static bool is_secret(const struct conninfo_keyword *known, const struct setting *s) {
	return known->secret || (strcmp(s->name, "dbname") == 0 && conninfo_has_secret(s->value));
}

/* Adds a keyword of libpq to the profile. */
static bool set_keyword(
    struct config_reader *r, const struct conninfo_keyword *known, const struct setting *s, struct err *err) {
	struct profile *p = r->profile;
	size_t n = p->count;

	if (profile_value(p, s->name) != NULL) {
		return twice(r, s->name, err);
	}
	if (is_secret(known, s)) {
		return refuse_secret(r, s, err);
	}
	if (strcmp(s->name, "dbname") == 0 && !check_string(r, s, err)) {
		return false;
	}
	if (strcmp(s->name, "port") == 0 && !ports_check(s->value, err)) {
		char *why = mem_text(err->message);
		bool ok = settings_fail(&r->file, err, "%s: %s", s->name, why);

		free(why);
		return ok;
	}
	p->keywords = mem_grow(p->keywords, n + 1, sizeof *p->keywords);
	p->values = mem_grow(p->values, n + 1, sizeof *p->values);
	p->keywords[n] = mem_text(s->name);
	p->values[n] = mem_text(s->value);
	p->count++;
	return true;
}

/* Sets a key of the table; *found is false when it is not there, and then near has its candidates. */
static bool set_from(struct config_reader *r, const struct config_key *table, const struct setting *s,
    bool *found, struct nearest *near, struct err *err) {
	for (size_t i = 0; table[i].name != NULL; i++) {
		nearest_offer(near, table[i].name);
		if (strcmp(table[i].name, s->name) == 0) {
			bool again = (r->seen & 1U << i) != 0;

			*found = true;
			r->seen |= 1U << i;
			return again ? twice(r, s->name, err) : table[i].set(r, s, err);
		}
	}
	*found = false;
	return true;
}

static bool set_of_profile(
    struct config_reader *r, const struct setting *s, struct nearest *near, struct err *err) {
	size_t count;
	struct conninfo_keyword *known = conninfo_keywords(&count);
	bool ok = false;
	size_t i = 0;

	while (i < count && strcmp(known[i].name, s->name) != 0) {
		nearest_offer(near, known[i++].name);
	}
	ok = i < count ? set_keyword(r, &known[i], s, err)
		       : settings_unknown(&r->file, "key of a profile", near, err);
	conninfo_keywords_free(known, count);
	return ok;
}

static bool take_value(struct config_reader *r, const struct setting *s, struct err *err) {
	struct nearest near = {.typed = s->name};
	bool found;

	if (!set_from(r, r->profile == NULL ? config_keys : config_profile_keys, s, &found, &near, err)) {
		return false;
	}
	if (found) {
		return true;
	}
	return r->profile == NULL ? settings_unknown(&r->file, "key", &near, err)
				  : set_of_profile(r, s, &near, err);
}

/* Returns true for the name of an environment that a mistake hurts in. */
static bool is_production(const char *name) {
	return strncasecmp(name, "prod", 4) == 0 || strcasecmp(name, "prd") == 0 ||
	       strcasecmp(name, "live") == 0;
}

/* Completes the profile of the section that ends. */
static void end_section(struct config_reader *r) {
	struct profile *p = r->profile;

	if (p == NULL) {
		return;
	}
	p->environment = p->environment == NULL ? mem_text(p->name) : p->environment;
	if (!r->coloured && (is_production(p->name) || is_production(p->environment))) {
		p->alarm = ALARM_RED;
	}
	if (p->reads.count > 0) {
		profile_complete_reads(p);
	}
}

static bool take_section(struct config_reader *r, const struct setting *s, struct err *err) {
	static const char word[] = "profile";
	struct config *c = r->config;
	struct nearest near = {.typed = s->name};
	size_t n = sizeof word - 1;
	const char *name;

	if (strncmp(s->name, word, n) != 0 || strchr(" \t", s->name[n]) == NULL) {
		nearest_offer(&near, word);
		return settings_unknown(&r->file, "section", &near, err);
	}
	name = s->name + n + strspn(s->name + n, " \t");
	end_section(r);
	if (!name_check("profile", name, err)) {
		return settings_fail(&r->file, err, "[profile NAME]: not a name: \"%s\"", name);
	}
	for (size_t i = 0; i < c->count; i++) {
		if (strcmp(c->profiles[i].name, name) == 0) {
			return settings_fail(&r->file, err, "profile %s is there already, in line %d", name,
			    c->profiles[i].line);
		}
	}
	c->profiles = mem_grow(c->profiles, c->count + 1, sizeof *c->profiles);
	r->profile = &c->profiles[c->count++];
	*r->profile = (struct profile){.name = mem_text(name), .line = s->line};
	r->seen = 0;
	r->coloured = false;
	return true;
}

static void add_to_fleet(struct config *c, size_t profile) {
	c->fleet = mem_grow(c->fleet, c->fleet_count + 1, sizeof *c->fleet);
	c->fleet[c->fleet_count++] = profile;
}

/* Returns the index of a profile, or the number of profiles. */
static size_t find(const struct config *c, const char *name, struct nearest *near) {
	size_t i = 0;

	while (i < c->count && strcmp(c->profiles[i].name, name) != 0) {
		nearest_offer(near, c->profiles[i++].name);
	}
	return i;
}

/* Adds the profiles that `fleet` names. */
static bool name_fleet(struct config_reader *r, struct err *err) {
	char *rest = r->fleet;

	for (const char *name; (name = strtok_r(rest, " \t", &rest)) != NULL;) {
		struct nearest near = {.typed = name};
		size_t i = find(r->config, name, &near);

		if (i == r->config->count) {
			r->file.line = r->fleet_line;
			(void)settings_fail(&r->file, err, "fleet: no such profile: \"%s\"", name);
			return nearest_hint(&near, "", "", NULL, err);
		}
		add_to_fleet(r->config, i);
	}
	return true;
}

/* Makes the fleet, of all profiles when the file does not name them. */
static bool end_file(struct config_reader *r, struct err *err) {
	end_section(r);
	for (size_t i = 0; r->fleet == NULL && i < r->config->count; i++) {
		add_to_fleet(r->config, i);
	}
	return r->fleet == NULL || name_fleet(r, err);
}

static bool read_lines(struct config_reader *r, struct err *err) {
	struct setting s;

	do {
		if (!settings_next(&r->file, &s, err) ||
		    (s.kind == SETTING_SECTION && !take_section(r, &s, err)) ||
		    (s.kind == SETTING_VALUE && !take_value(r, &s, err))) {
			return false;
		}
	} while (s.kind != SETTING_END);
	return end_file(r, err);
}

bool config_read(struct config *config, struct err *err) {
	char *path = place_config("config");
	struct config read = {0};
	struct config_reader r = {.config = &read};
	bool found;
	bool ok = path == NULL || (settings_open(&r.file, path, &found, err) && read_lines(&r, err));

	settings_close(&r.file);
	free(r.fleet);
	free(path);
	if (ok) {
		*config = read;
	} else {
		config_release(&read);
	}
	return ok;
}

static void profile_release(struct profile *p) {
	for (size_t i = 0; i < p->count; i++) {
		free(p->keywords[i]);
		free(p->values[i]);
	}
	free(p->keywords);
	free(p->values);
	free(p->environment);
	conninfo_release(&p->reads);
	free(p->name);
}

void config_release(struct config *config) {
	for (size_t i = 0; i < config->count; i++) {
		profile_release(&config->profiles[i]);
	}
	free(config->profiles);
	free(config->fleet);
	free(config->theme);
	*config = (struct config){0};
}

bool config_is_fleet(const struct config *config, const char *name) {
	struct nearest ignored = {.typed = name};

	return strcmp(name, "fleet") == 0 && find(config, name, &ignored) == config->count;
}

const struct profile *config_profile(const struct config *config, const char *name, struct err *err) {
	struct nearest near = {.typed = name};
	size_t at = find(config, name, &near);
	char *path, *otherwise;

	if (at < config->count) {
		return &config->profiles[at];
	}
	path = place_config("config");
	(void)err_set(err, ERR_INVALID_INPUT, "@%s: no such profile", name);
	otherwise = mem_print("profiles are sections [profile NAME] of %s", path == NULL ? "config" : path);
	(void)nearest_hint(&near, "@", "", otherwise, err);
	free(otherwise);
	free(path);
	return NULL;
}

const char *profile_value(const struct profile *profile, const char *keyword) {
	for (size_t i = 0; i < profile->count; i++) {
		if (strcmp(profile->keywords[i], keyword) == 0) {
			return profile->values[i];
		}
	}
	return NULL;
}
