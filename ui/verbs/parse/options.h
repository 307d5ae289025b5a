/*
 * All options of the program.
 */
#ifndef UI_VERBS_PARSE_OPTIONS_H
#define UI_VERBS_PARSE_OPTIONS_H

#include <stdbool.h>

struct state_group;

enum option_id {
	OPT_END, /* ends a list of options */
	/* connection */
	OPT_DBNAME,
	OPT_HOST,
	OPT_PORT,
	OPT_USER,
	OPT_NO_PASSWORD,
	OPT_PASSWORD,
	OPT_LOCAL,
	OPT_READ_ONLY,
	OPT_READ_WRITE,
	OPT_STANDBY,
	OPT_PRIMARY,
	/* output */
	OPT_JSON,
	OPT_CSV,
	OPT_QUIET,
	OPT_TIMEOUT,
	OPT_COLOR,
	OPT_ASCII,
	OPT_LINEAR,
	OPT_ONCE,
	OPT_KEYS,
	OPT_THEME,
	/* common */
	OPT_HELP,
	OPT_DRY_RUN,
	OPT_ID,
	OPT_REASON,
	OPT_EXPECT_GENERATION,
	OPT_GRACE,
	OPT_WAIT,
	/* of single verbs */
	OPT_ACTIVATE_HOOK,
	OPT_AFTER,
	OPT_ALL,
	OPT_AT,
	OPT_ATTEMPTS,
	OPT_BLOCK,
	OPT_CHECK,
	OPT_CHUNK,
	OPT_CONSTRAINT,
	OPT_COUNT,
	OPT_CRIT,
	OPT_DELIMITER,
	OPT_EXCLUDE,
	OPT_FILTER,
	OPT_FOLLOW,
	OPT_FOLD,
	OPT_FOR,
	OPT_FORCE,
	OPT_FROM,
	OPT_HEARTBEAT,
	OPT_HOLDER,
	OPT_HOOK_DEADLINE,
	OPT_HOOKS,
	OPT_JOBS,
	OPT_KEY,
	OPT_KIND,
	OPT_LABEL,
	OPT_LIMIT,
	OPT_LIVE,
	OPT_MAP,
	OPT_MAX_LEASES,
	OPT_MAX_PROJECTS,
	OPT_NAME,
	OPT_NULL_AS_EMPTY,
	OPT_OF,
	OPT_ON_CONFLICT,
	OPT_OPEN,
	OPT_ORDER,
	OPT_PARENT,
	OPT_POOL,
	OPT_PREFIX,
	OPT_PRIORITY,
	OPT_PROJECT,
	OPT_RELEASE_HOOK,
	OPT_REPOINT,
	OPT_RETRY_BASE,
	OPT_REUSE_DELAY,
	OPT_REVERSE,
	OPT_ROW_ID,
	OPT_SEED,
	OPT_SELECTOR,
	OPT_SINCE,
	OPT_SORT,
	OPT_SPACE,
	OPT_STATE,
	OPT_STATUS,
	OPT_SURVIVOR,
	OPT_TABLE,
	OPT_TARGET,
	OPT_TRIM,
	OPT_TTL,
	OPT_UNTIL,
	OPT_UNTIL_IDLE,
	OPT_USABLE,
	OPT_VALUE,
	OPT_WARN,
	OPT_YES,
	OPT_COUNT_OF /* number of ids */
};

enum option_group { GROUP_CONNECTION, GROUP_OUTPUT, GROUP_COMMON, GROUP_VERB };

enum option_takes {
	TAKES_NOTHING,
	TAKES_VALUE, /* --opt VALUE, --opt=VALUE, -o VALUE, -oVALUE */
	TAKES_MAYBE  /* --opt, --opt=VALUE */
};

struct option_spec {
	const char *name; /* without the dashes */
	char letter;      /* 0: none */
	enum option_takes takes;
	bool empty; /* an empty value means something */
	enum option_group group;
	const char *metavar;
	const char *help;
	const char *const *values; /* all values that it takes, ended by NULL; NULL: any */
};

/* The text of an option in one verb; a list of them is ended by one of OPT_END. */
struct option_text {
	enum option_id option;
	const char *metavar;
	const char *help;
	const char *const *values;
	const struct state_group *groups; /* words that stand for several of the values, or NULL */
};

/* Indexed by enum option_id; the entry of OPT_END is empty. */
extern const struct option_spec option_specs[OPT_COUNT_OF];

/* The values of --color, in the order of enum color; NULL ends them. */
extern const char *const color_names[];

#endif
