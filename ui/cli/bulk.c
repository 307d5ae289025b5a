#include "ui/cli/bulk.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "db/base/err.h"
#include "db/base/mem.h"
#include "model/syntax/selector.h"
#include "ui/cli/perform.h"
#include "ui/cli/preview.h"
#include "ui/cli/request.h"
#include "ui/cli/run.h"
#include "ui/verbs/parse/args.h"
#include "ui/verbs/parse/opt.h"
#include "ui/verbs/verb.h"

static void bulk_free(struct bulk *bulk) {
	release_free(&bulk->targets);
	metadata_release(&bulk->labels);
	free(bulk->detail);
}

bool bulk_operands(const struct args *args, enum target_kind kind, struct bulk *bulk, struct err *err) {
	struct release *out = &bulk->targets;

	out->targets = mem_new(args->count, sizeof *out->targets);
	for (; out->count < args->count; out->count++) {
		if (!target_parse(args->operands[out->count], kind, &out->targets[out->count], err)) {
			return false;
		}
	}
	return true;
}

bool bulk_selection(const struct args *args, enum target_kind kind, struct bulk *bulk, struct err *err) {
	struct release *out = &bulk->targets;

	out->targets = mem_new(1, sizeof *out->targets);
	out->count = 1;
	if (opt_given(args, OPT_POOL) && !target_parse(opt(args, OPT_POOL), TARGET_POOL, out->targets, err)) {
		return opt_blame(OPT_POOL, err);
	}
	out->targets->kind = kind;
	out->targets->selector = opt_given(args, OPT_SELECTOR) ? &out->selector : NULL;
	return opt_selector(args, &out->selector, err);
}

static bool is_bulk(const struct queue_request *request) {
	enum target_kind kind = request->targets[0].kind;

	return request->count > 1 ||
	       (kind != TARGET_LEASE && kind != TARGET_RESOURCE && kind != TARGET_COMMAND);
}

static bool check_generation(const struct queue_request *request, struct err *err) {
	if (request->generation != 0 && is_bulk(request)) {
		return err_set(err, ERR_INVALID_INPUT, "--expect-generation: for one lease or resource only");
	}
	return true;
}

/* Refuses a bulk without --yes in a batch file, which cannot be asked. */
static bool check_line(const struct run *run, const struct queue_request *request, struct err *err) {
	if (run->line != 0 && is_bulk(request) && !opt_given(run->args, OPT_YES)) {
		return err_set(err, ERR_INVALID_INPUT, "%s: in a batch more than one %s needs --yes",
		    run->args->verb->words,
		    target_kind_names[queue_item_kind(request->action, request->targets)]);
	}
	return true;
}

static bool read_bulk(struct run *run, bulk_reader *read, struct bulk *bulk, struct err *err) {
	struct queue_request *request = &bulk->request;

	if (!request_read(run, request, &bulk->detail, err) || !read(run->args, bulk, err)) {
		return false;
	}
	request->targets = bulk->targets.targets;
	request->count = bulk->targets.count;
	return check_generation(request, err) && check_line(run, request, err);
}

bool bulk_add(struct run *run, struct batch *b, bulk_reader *read, struct err *err) {
	struct bulk bulk = {0};
	bool ok = read_bulk(run, read, &bulk, err);

	if (ok) {
		queue_add(b, &bulk.request);
	}
	bulk_free(&bulk);
	return ok;
}

/* Shows the plan, or asks for confirmation; `go` is true when the parts of the verb are to be performed. */
static bool prepare(struct run *run, const struct queue_request *request, bool *go, struct err *err) {
	bool planned = is_bulk(request) || request->action == QUEUE_RELEASE;

	*go = !run->dry_run || !planned;
	if (run->dry_run) {
		return !planned || preview_show(run, request, err);
	}
	return !is_bulk(request) || opt_given(run->args, OPT_YES) || preview_confirm(run, request, go, err);
}

bool bulk_run(struct run *run, bulk_reader *read, struct err *err) {
	struct bulk bulk = {0};
	bool go = true;
	bool ok = read_bulk(run, read, &bulk, err) && prepare(run, &bulk.request, &go, err);

	bulk_free(&bulk);
	return ok && (!go || perform_parts(run, err));
}

static bool read_operands(const struct args *args, struct bulk *bulk, struct err *err) {
	static const struct {
		const char *words;
		enum queue_action action;
		enum target_kind kind;
	} verbs_of[] = {
	    {"resource cordon", QUEUE_CORDON, TARGET_RESOURCE},
	    {"resource uncordon", QUEUE_UNCORDON, TARGET_RESOURCE},
	    {"queue retry", QUEUE_RETRY, TARGET_COMMAND},
	    {"queue skip", QUEUE_SKIP, TARGET_COMMAND},
	    {"queue force", QUEUE_FORCE, TARGET_COMMAND},
	};
	size_t i = 0;

	while (strcmp(verbs_of[i].words, args->verb->words) != 0) {
		i++;
		assert(i < sizeof verbs_of / sizeof *verbs_of);
	}
	bulk->request.action = verbs_of[i].action;
	return bulk_operands(args, verbs_of[i].kind, bulk, err);
}

bool bulk_run_operands(struct run *run, struct err *err) {
	return bulk_run(run, read_operands, err);
}

bool bulk_add_operands(struct run *run, struct batch *b, struct err *err) {
	return bulk_add(run, b, read_operands, err);
}
