#include "ui/verbs/parse/connection.h"

#include <assert.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "db/conn/conninfo.h"
#include "db/base/err.h"
#include "db/base/mem.h"
#include "db/server/server.h"
#include "ui/config/config.h"
#include "ui/verbs/parse/args.h"
#include "ui/verbs/parse/opt.h"
#include "ui/verbs/parse/password.h"

/* Settings that detect a dead peer within half a minute. The variable, if any, is libpq's. */
static const char *const defaults[][3] = {
    {"connect_timeout", "5", "PGCONNECT_TIMEOUT"},
    {"keepalives_idle", "10"},
    {"keepalives_interval", "5"},
    {"keepalives_count", "3"},
    {"tcp_user_timeout", "15000"},
    {"fallback_application_name", "berth"},
};

static const struct {
	enum option_id option;
	const char *keyword;
} passed_on[] = {
    {OPT_DBNAME, "dbname"},
    {OPT_HOST, "host"},
    {OPT_PORT, "port"},
    {OPT_USER, "user"},
};

static void add(struct connect *c, const char *keyword, const char *value) {
	size_t n = 0;

	while (c->keywords[n] != NULL) {
		n++;
	}
	assert(n + 1 < CONNECT_PAIRS);
	c->keywords[n] = keyword;
	c->values[n] = value;
}

static void start(struct connect *c, const struct profile *profile) {
	*c = (struct connect){.options = {.keywords = c->keywords, .values = c->values}};
	for (size_t i = 0; i < sizeof defaults / sizeof *defaults; i++) {
		bool given = profile != NULL && profile_value(profile, defaults[i][0]) != NULL;

		if (!given && (defaults[i][2] == NULL || getenv(defaults[i][2]) == NULL)) {
			add(c, defaults[i][0], defaults[i][1]);
		}
	}
}

static bool is_one_of(const char *word, const char *const *words) {
	while (*words != NULL && strcmp(*words, word) != 0) {
		words++;
	}
	return *words != NULL;
}

/* Returns true when the profile says by itself which server it means. */
static bool names_server(const struct profile *profile) {
	const char *dbname = profile_value(profile, "dbname");

	return profile_value(profile, "host") != NULL || profile_value(profile, "hostaddr") != NULL ||
	       profile_value(profile, "service") != NULL || (dbname != NULL && conninfo_is_string(dbname));
}

/* The variables that name a server. */
static const char *const variables[CONNECT_HIDDEN] = {"PGHOST", "PGHOSTADDR", "PGPORT", "PGSERVICE"};

void connect_hide(struct connect *c) {
	for (size_t i = 0; c->hides && i < CONNECT_HIDDEN; i++) {
		const char *value = getenv(variables[i]);

		if (value != NULL) {
			free(c->hidden[i]);
			c->hidden[i] = mem_text(value);
			(void)unsetenv(variables[i]);
		}
	}
}

void connect_show(struct connect *c) {
	for (size_t i = 0; i < CONNECT_HIDDEN; i++) {
		if (c->hidden[i] != NULL) {
			(void)setenv(variables[i], c->hidden[i], 0);
			free(c->hidden[i]);
			c->hidden[i] = NULL;
		}
	}
}

/* Returns true when an option replaces this keyword of the profile. */
static bool is_replaced(const struct args *args, const char *keyword) {
	static const char *const server[] = {"host", "hostaddr", "port", NULL};
	const char *dbname = opt(args, OPT_DBNAME);

	return (dbname != NULL && (strcmp(keyword, "dbname") == 0 || conninfo_is_string(dbname))) ||
	       (opt_given(args, OPT_HOST) && is_one_of(keyword, server));
}

/* Adds the settings of a profile that no option replaces; args may be NULL. */
static void add_profile(struct connect *c, const struct profile *profile, const struct args *args) {
	c->hides = names_server(profile);
	connect_hide(c);
	for (size_t i = 0; i < profile->count; i++) {
		if (args == NULL || !is_replaced(args, profile->keywords[i])) {
			add(c, profile->keywords[i], profile->values[i]);
		}
	}
}

/* Ends the list with the client encoding: answers are always UTF-8, and nothing may override that. */
static void finish(struct connect *c) {
	add(c, "client_encoding", "UTF8");
}

void connect_to(struct connect *c, struct server *server) {
	const char *const *keywords = server_keywords();
	const char *const *values = server_values(server);

	start(c, NULL);
	for (size_t i = 0; keywords[i] != NULL; i++) {
		add(c, keywords[i], values[i]);
	}
	finish(c);
}

/* Refuses --local with options and a profile that name another server. */
static bool check_local(const struct args *args, const struct profile *profile, struct err *err) {
	if (profile != NULL && profile->count > 0) {
		return err_set(
		    err, ERR_INVALID_INPUT, "--local: profile %s names another server", profile->name);
	}
	for (size_t i = 0; i < sizeof passed_on / sizeof *passed_on; i++) {
		if (!opt_exclusive(args, OPT_LOCAL, passed_on[i].option, err)) {
			return false;
		}
	}
	return true;
}

static bool start_server(struct server *server, const struct connect_wish *request, struct err *err) {
	if (!request->make && !server_exists(server)) {
		err_set(err, ERR_UNAVAILABLE, "there is no private server in \"%s\"", server_path(server));
		return err_hint(err, "berth migrate creates it");
	}
	server_set_deadline(server, request->deadline);
	return server_start(server, err);
}

static bool connect_local(
    struct connect *c, const char *folder, const struct connect_wish *request, struct err *err) {
	struct server *server;

	if (!server_open(folder, &server, err)) {
		return false;
	}
	if (!start_server(server, request, err)) {
		server_close(server);
		return false;
	}
	connect_to(c, server);
	c->server = server;
	return true;
}

static bool connect_remote(
    struct connect *c, const struct args *args, const struct profile *profile, struct err *err) {
	if (opt_given(args, OPT_PORT) && !ports_check(opt(args, OPT_PORT), err)) {
		return opt_blame(OPT_PORT, err);
	}
	if (opt_given(args, OPT_DBNAME) && !conninfo_check(opt(args, OPT_DBNAME), err)) {
		return opt_blame(OPT_DBNAME, err);
	}
	start(c, profile);
	if (profile != NULL) {
		add_profile(c, profile, args);
	}
	for (size_t i = 0; i < sizeof passed_on / sizeof *passed_on; i++) {
		if (opt_given(args, passed_on[i].option)) {
			add(c, passed_on[i].keyword, opt(args, passed_on[i].option));
		}
	}
	if (opt_given(args, OPT_PASSWORD)) {
		if (!password_ask(&c->password, err)) {
			return false;
		}
		add(c, "password", c->password);
	}
	finish(c);
	return true;
}

bool connect_init(struct connect *c, const struct args *args, const struct profile *profile,
    const struct connect_wish *request, struct err *err) {
	bool local = opt_given(args, OPT_LOCAL);
	bool ok =
	    local ? check_local(args, profile, err) && connect_local(c, opt(args, OPT_LOCAL), request, err)
		  : connect_remote(c, args, profile, err);

	if (ok) {
		c->options.read_only = opt_given(args, OPT_READ_ONLY);
	}
	return ok;
}

void connect_to_profile(struct connect *c, const struct profile *profile) {
	start(c, profile);
	add_profile(c, profile, NULL);
	finish(c);
	c->options.read_only = profile->read_only;
}

void connect_to_member(struct connect *c, const struct profile *profile, const struct args *args) {
	start(c, profile);
	add_profile(c, profile, NULL);
	c->hides = true;
	connect_hide(c);
	if (args != NULL && opt_given(args, OPT_USER)) {
		add(c, "user", opt(args, OPT_USER));
	}
	finish(c);
	c->options.read_only = true;
}

static bool names_other_server(const struct args *args) {
	return opt_given(args, OPT_DBNAME) || opt_given(args, OPT_HOST) || opt_given(args, OPT_PORT);
}

/* Fills it as the profile's `reads`. */
static void read_as_profile(struct connect *c, const struct connect *primary, const struct args *args,
    const struct profile *profile) {
	start(c, profile);
	for (size_t i = 0; i < profile->reads.count; i++) {
		add(c, profile->reads.keywords[i], profile->reads.values[i]);
	}
	if (args != NULL && opt_given(args, OPT_USER)) {
		add(c, "user", opt(args, OPT_USER));
	}
	if (primary != NULL && primary->password != NULL) {
		add(c, "password", primary->password);
	}
	finish(c);
}

/* Fills it as the connection for changes, but with a standby first. */
static void read_as_primary(struct connect *c, const struct connect *primary) {
	*c = (struct connect){.options = {.keywords = c->keywords, .values = c->values}};
	for (size_t i = 0; primary->keywords[i] != NULL; i++) {
		add(c, primary->keywords[i], primary->values[i]);
	}
	add(c, "target_session_attrs", "prefer-standby");
}

bool connect_reads(struct connect *c, const struct connect *primary, const struct args *args,
    const struct profile *profile) {
	bool asked = args != NULL && opt_given(args, OPT_STANDBY);
	bool other = args != NULL && (names_other_server(args) || opt_given(args, OPT_LOCAL));
	bool by_profile = profile != NULL && profile->reads.count > 0 && !other;

	if ((args != NULL && opt_given(args, OPT_PRIMARY)) || !(by_profile || asked)) {
		return false;
	}
	if (by_profile) {
		read_as_profile(c, primary, args, profile);
	} else {
		read_as_primary(c, primary);
	}
	c->options.read_only = true;
	return true;
}

bool connect_default(struct args *args, const struct profile *profile, struct err *err) {
	if (!opt_exclusive(args, OPT_READ_ONLY, OPT_READ_WRITE, err) ||
	    !opt_exclusive(args, OPT_STANDBY, OPT_PRIMARY, err) ||
	    !opt_exclusive(args, OPT_LOCAL, OPT_STANDBY, err)) {
		return false;
	}
	if (profile != NULL && profile->read_only && !opt_given(args, OPT_READ_WRITE)) {
		args_add(args, OPT_READ_ONLY, NULL);
	}
	return true;
}

void connect_release(struct connect *c) {
	if (c->password != NULL) {
		explicit_bzero(c->password, strlen(c->password));
		free(c->password);
	}
	connect_show(c);
	server_close(c->server);
	c->password = NULL;
	c->server = NULL;
}
