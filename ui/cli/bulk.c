#include "ui/cli/bulk.h"

#include "db/base/err.h"
#include "ui/cli/perform.h"
#include "ui/cli/preview.h"
#include "ui/cli/request.h"
#include "ui/cli/run.h"
#include "ui/verbs/bulk.h"
#include "ui/verbs/parse/args.h"
#include "ui/verbs/parse/opt.h"
#include "ui/verbs/verb.h"

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

static bool read_bulk(struct run *run, struct bulk *bulk, struct err *err) {
	struct queue_request *request = &bulk->request;

	if (!request_read(run, request, &bulk->detail, err) || !bulk_read(run->args, bulk, err)) {
		return false;
	}
	return check_generation(request, err) && check_line(run, request, err);
}

bool bulk_add(struct run *run, struct batch *b, struct err *err) {
	struct bulk bulk = {0};
	bool ok = run->bulk != NULL || read_bulk(run, &bulk, err);

	if (ok) {
		queue_add(b, run->bulk != NULL ? &run->bulk->request : &bulk.request);
	}
	bulk_free(&bulk);
	return ok;
}

/* Shows the plan, or asks for confirmation; `go` is true when the parts of the verb are to be performed. */
static bool prepare(struct run *run, struct bulk *bulk, bool *go, struct err *err) {
	const struct queue_request *request = &bulk->request;
	bool planned = is_bulk(request) || request->action == QUEUE_RELEASE;

	*go = !run->dry_run || !planned;
	if (run->dry_run) {
		return !planned || preview_show(run, request, err);
	}
	return !is_bulk(request) || opt_given(run->args, OPT_YES) || preview_confirm(run, bulk, go, err);
}

bool bulk_run(struct run *run, struct err *err) {
	struct bulk bulk = {0};
	bool go = true;
	bool ok = read_bulk(run, &bulk, err) && prepare(run, &bulk, &go, err);

	run->bulk = &bulk;
	ok = ok && (!go || perform_parts(run, err));
	run->bulk = NULL;
	bulk_free(&bulk);
	return ok;
}
