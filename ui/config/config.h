/*
 * The configuration: the file `config` in the folder of ui/config/place.h.
 *
 *     theme = light
 *     mouse = on
 *     fleet = prod-eu prod-us     the profiles of `berth @fleet`; all of them without it
 *
 *     [profile prod]
 *     service = prod              any keyword of a connection string but passwords
 *     environment = PRODUCTION    the badge of the console; the profile's name without it
 *     colour = red                of the badge
 *     read-only = yes             as --read-only; --read-write lifts it
 *     reads = host=db2            the standby that is read from
 *
 * Settings stand before the first section. The profile of `berth @prod` wins over the environment, options of
 * the command line win over the profile. Every error names the line.
 */
#ifndef UI_CONFIG_CONFIG_H
#define UI_CONFIG_CONFIG_H

#include <stdbool.h>
#include <stddef.h>

#include "db/conn/conninfo.h"

struct config_reader;
struct err;
struct setting;

/* The loudness of an environment's badge. */
enum alarm { ALARM_NONE, ALARM_GREEN, ALARM_YELLOW, ALARM_RED };

/* All texts are owned by the configuration. */
struct profile {
	char *name;
	int line;        /* of its section */
	char **keywords; /* of libpq, in the order of the file */
	char **values;
	size_t count;
	char *environment; /* never NULL */
	enum alarm alarm;  /* without `colour`, red for the name of a production */
	bool read_only;
	struct conninfo reads; /* the whole connection of `reads`; no settings: reads go where changes go */
};

/* `struct config c = {0}` is the one of an empty file. */
struct config {
	char *theme; /* NULL: not set */
	bool mouse;
	struct profile *profiles;
	size_t count;
	size_t *fleet; /* indexes of the profiles of the fleet, in order */
	size_t fleet_count;
};

/* A key of the file. */
struct config_key {
	const char *name;  /* NULL ends a table */
	const char *value; /* the words that it takes, or the name of its value */
	const char *help;
	bool (*set)(struct config_reader *r, const struct setting *s, struct err *err);
};

/* The keys before the first section, and those of a profile beside the keywords of libpq. */
extern const struct config_key config_keys[];
extern const struct config_key config_profile_keys[];

/* Reads the file; without one it is as empty. */
bool config_read(struct config *config, struct err *err) __attribute__((warn_unused_result));
void config_release(struct config *config);

/* Returns whether the name is that of the fleet: "fleet", unless a profile is called so. */
bool config_is_fleet(const struct config *config, const char *name);

/* Returns a profile; NULL: the error names the file and the nearest one. */
const struct profile *config_profile(const struct config *config, const char *name, struct err *err);

/* Returns the value of a keyword, or NULL. */
const char *profile_value(const struct profile *profile, const char *keyword);

#endif
