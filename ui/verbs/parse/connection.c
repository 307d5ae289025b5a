#include "ui/verbs/parse/connection.h"

#include <assert.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "db/conn/conninfo.h"
#include "db/base/err.h"
#include "db/base/mem.h"
#include "db/server/server.h"
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

static void start(struct connect *c) {
	*c = (struct connect){.options = {.keywords = c->keywords, .values = c->values}};
	for (size_t i = 0; i < sizeof defaults / sizeof *defaults; i++) {
		if (defaults[i][2] == NULL || getenv(defaults[i][2]) == NULL) {
			add(c, defaults[i][0], defaults[i][1]);
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

	start(c);
	for (size_t i = 0; keywords[i] != NULL; i++) {
		add(c, keywords[i], values[i]);
	}
	finish(c);
}

/* Refuses --local with options that name another server. */
static bool check_local(const struct args *args, struct err *err) {
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

static bool connect_remote(struct connect *c, const struct args *args, struct err *err) {
	if (opt_given(args, OPT_PORT) && !ports_check(opt(args, OPT_PORT), err)) {
		return opt_blame(OPT_PORT, err);
	}
	if (opt_given(args, OPT_DBNAME) && !conninfo_check(opt(args, OPT_DBNAME), err)) {
		return opt_blame(OPT_DBNAME, err);
	}
	start(c);
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

bool connect_init(
    struct connect *c, const struct args *args, const struct connect_wish *request, struct err *err) {
	bool local = opt_given(args, OPT_LOCAL);
	bool ok = local ? check_local(args, err) && connect_local(c, opt(args, OPT_LOCAL), request, err)
			: connect_remote(c, args, err);

	if (ok) {
		c->options.read_only = opt_given(args, OPT_READ_ONLY);
	}
	return ok;
}

void connect_release(struct connect *c) {
	if (c->password != NULL) {
		explicit_bzero(c->password, strlen(c->password));
		free(c->password);
	}
	server_close(c->server);
	c->password = NULL;
	c->server = NULL;
}
