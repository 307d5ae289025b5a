#include "ui/verbs/verb.h"

#include "db/base/err.h"
#include "db/server/server.h"
#include "ui/verbs/parse/args.h"
#include "ui/cli/record.h"
#include "ui/verbs/parse/opt.h"
#include "ui/cli/run.h"

static bool print_status(struct run *run, const struct server *server, struct err *err) {
	struct record *record = record_new();
	const char *const *keywords = server_keywords();
	const char *const *values = server_values(server);

	record_text(record, "state", server_state_name(server_state(server)));
	record_text(record, "folder", server_path(server));
	if (server_pid(server) > 0) {
		record_int(record, "pid", server_pid(server));
	} else {
		record_text(record, "pid", NULL);
	}
	for (size_t i = 0; keywords[i] != NULL; i++) {
		record_text(record, keywords[i], values[i]);
	}
	return record_print(record, &run->sink, err);
}

static bool with_server(struct run *run, bool (*act)(struct server *, struct err *), struct err *err) {
	struct server *server;
	bool ok;

	if (!server_open(opt(run->args, OPT_LOCAL), &server, err)) {
		return false;
	}
	server_set_deadline(server, run->deadline);
	ok = (act == NULL || act(server, err)) && print_status(run, server, err);
	server_close(server);
	return ok;
}

static bool run_start(struct run *run, struct err *err) {
	return with_server(run, server_start, err);
}

static bool run_stop(struct run *run, struct err *err) {
	return with_server(run, server_stop, err);
}

static bool run_status(struct run *run, struct err *err) {
	return with_server(run, NULL, err);
}

#define LOCAL_NOTES "--local=DIR says which one; without it $XDG_DATA_HOME/berth/server.\n"

const struct verb local_verbs[] = {
    {
	.words = "local start",
	.examples = "berth local start\n",
	.synopsis = "",
	.summary = "create and start the private server, and leave it running",
	.notes = LOCAL_NOTES,
	.flags = VERB_OFFLINE,
	.run = run_start,
    },
    {
	.words = "local stop",
	.examples = "berth local stop\n",
	.synopsis = "",
	.summary = "stop the private server",
	.notes = LOCAL_NOTES,
	.flags = VERB_OFFLINE,
	.run = run_stop,
    },
    {
	.words = "local status",
	.examples = "berth local status --json\n",
	.synopsis = "",
	.summary = "show whether the private server runs, and where",
	.notes = LOCAL_NOTES,
	.flags = VERB_OFFLINE,
	.run = run_status,
    },
    {0},
};
