#include "ui/connect.h"

#include <assert.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "db/conninfo.h"
#include "db/err.h"
#include "db/mem.h"
#include "db/num.h"
#include "db/server.h"
#include "ui/cli/opt.h"
#include "ui/password.h"

/* A dead peer is noticed within half a minute. The variable, if any, is libpq's. */
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

/* Answers come in UTF-8 whatever the locale; this is not to be overridden. */
static void finish(struct connect *c) {
	add(c, "client_encoding", "UTF8");
}

/* Ports, one for each host, separated by commas; what is malformed libpq would
 * refuse too, but as if the server were not there. */
static bool check_port(const char *text, struct err *err) {
	for (const char *p = text; p != NULL;) {
		size_t n = strcspn(p, ",");
		char *one = mem_print("%.*s", (int)n, p);
		int64_t port;
		bool ok = n == 0 || int_parse(one, 1, 65535, &port);

		free(one);
		if (!ok) {
			/* Not quoted: for other programs -p is a password. */
			return err_set(err, ERR_INVALID_INPUT, "--port: not a number from 1 to 65535");
		}
		p = p[n] == ',' ? p + n + 1 : NULL;
	}
	return true;
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

/* A private server is a place already. */
static bool check_local(const struct args *args, struct err *err) {
	for (size_t i = 0; i < sizeof passed_on / sizeof *passed_on; i++) {
		if (!opt_exclusive(args, OPT_LOCAL, passed_on[i].option, err)) {
			return false;
		}
	}
	return true;
}

static bool connect_local(struct connect *c, const char *folder, int64_t deadline, struct err *err) {
	struct server *server;

	if (!server_open(folder, &server, err)) {
		return false;
	}
	server_hurry(server, deadline);
	if (!server_start(server, err)) {
		server_close(server);
		return false;
	}
	connect_to(c, server);
	c->server = server;
	return true;
}

static bool connect_remote(struct connect *c, const struct args *args, struct err *err) {
	if (opt_given(args, OPT_PORT) && !check_port(opt(args, OPT_PORT), err)) {
		return false;
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

bool connect_init(struct connect *c, const struct args *args, int64_t deadline, struct err *err) {
	bool local = opt_given(args, OPT_LOCAL);
	bool ok = local ? check_local(args, err) && connect_local(c, opt(args, OPT_LOCAL), deadline, err)
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
