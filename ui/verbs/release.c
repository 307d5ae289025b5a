#include "ui/verbs/release.h"

#include <stdlib.h>
#include <string.h>

#include "db/base/clock.h"
#include "db/base/err.h"
#include "db/base/mem.h"
#include "model/lease.h"
#include "model/syntax/name.h"
#include "model/syntax/selector.h"
#include "ui/verbs/parse/args.h"
#include "ui/cli/perform.h"
#include "ui/verbs/parse/opt.h"
#include "ui/cli/preview.h"
#include "ui/cli/run.h"
#include "ui/cli/request.h"
#include "ui/verbs/verb.h"

static const struct state_group live[] = {{"live", LEASE_LIVE}, {NULL, 0}};

/* Reads a target; a bare id is a lease. */
static bool read_target(const char *text, struct target *target, struct err *err) {
	if (!target_parse(text, strchr(text, '/') == NULL ? TARGET_LEASE : TARGET_ANY, target, err)) {
		return false;
	}
	if (target->kind == TARGET_COMMAND || target->kind == TARGET_ORG) {
		return err_set(err, ERR_INVALID_INPUT,
		    "%s: only a lease, resource, pool or project can be released", text);
	}
	return true;
}

/* Reads --pool P, --holder TEXT, -l SEL, --state S,...: the selection is matched when a worker begins it. */
static bool read_selection(
    const struct args *args, struct target *target, struct selector *selector, struct err *err) {
	unsigned wanted = 0;

	if (opt_given(args, OPT_POOL) && !target_parse(opt(args, OPT_POOL), TARGET_POOL, target, err)) {
		return opt_blame(OPT_POOL, err);
	}
	target->holder = opt(args, OPT_HOLDER);
	if (target->holder != NULL && !text_check("holder", target->holder, LEASE_HOLDER_CHARS, err)) {
		return opt_blame(OPT_HOLDER, err);
	}
	if (!opt_selector(args, selector, err) ||
	    !opt_states(args, OPT_STATE, lease_state_names, live, &wanted, err)) {
		return false;
	}
	if ((wanted & 1U << LEASE_DESTROYED) != 0) {
		return err_set(err, ERR_INVALID_INPUT, "--state %s: a destroyed lease cannot be released",
		    opt(args, OPT_STATE));
	}
	target->kind = TARGET_LEASES;
	target->states = wanted;
	target->selector = opt_given(args, OPT_SELECTOR) ? selector : NULL;
	return true;
}

/* Refuses the options of a selection together with named targets. */
static bool check_named(const struct args *args, struct err *err) {
	static const enum option_id selecting[] = {OPT_POOL, OPT_HOLDER, OPT_SELECTOR, OPT_STATE};

	for (size_t i = 0; i < sizeof selecting / sizeof *selecting; i++) {
		if (opt_given(args, selecting[i])) {
			return err_set(err, ERR_INVALID_INPUT, "--%s: not together with targets",
			    option_specs[selecting[i]].name);
		}
	}
	return true;
}

/* Reads the operands. */
static bool read_operands(const struct args *args, struct release *release, struct err *err) {
	if (!check_named(args, err)) {
		return false;
	}
	for (size_t i = 0; i < args->count; i++) {
		if (!read_target(args->operands[i], &release->targets[i], err)) {
			return false;
		}
	}
	return true;
}

bool release_read(const struct args *args, struct release *release, struct err *err) {
	bool selection =
	    opt_given(args, OPT_POOL) || opt_given(args, OPT_HOLDER) || opt_given(args, OPT_SELECTOR);

	if (args->count == 0 && !selection) {
		err_set(err, ERR_INVALID_INPUT, "release: missing operand: T");
		return err_hint(
		    err, "usage: berth release T… | release --pool P [--holder TEXT] [-l SEL] [--state S]");
	}
	release->count = args->count > 0 ? args->count : 1;
	release->targets = mem_new(release->count, sizeof *release->targets);
	return args->count > 0 ? read_operands(args, release, err)
			       : read_selection(args, release->targets, &release->selector, err);
}

void release_free(struct release *release) {
	selector_release(&release->selector);
	free(release->targets);
	*release = (struct release){0};
}

/* A requested release. */
struct request {
	struct queue_request request;
	struct release release;
	char *detail;
};

static void request_release(struct request *request) {
	release_free(&request->release);
	free(request->detail);
}

static bool is_bulk(const struct queue_request *request) {
	enum target_kind kind = request->targets[0].kind;

	return request->count > 1 || (kind != TARGET_LEASE && kind != TARGET_RESOURCE);
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
		return err_set(err, ERR_INVALID_INPUT, "release: in a batch more than one lease needs --yes");
	}
	return true;
}

static bool read_request(struct run *run, struct request *request, struct err *err) {
	request->request.action = QUEUE_RELEASE;
	if (!release_read(run->args, &request->release, err)) {
		return false;
	}
	request->request.targets = request->release.targets;
	request->request.count = request->release.count;
	return request_read(run, &request->request, &request->detail, err) &&
	       check_generation(&request->request, err) && check_line(run, &request->request, err);
}

static bool add_release(struct run *run, struct batch *b, struct err *err) {
	struct request request = {0};
	bool ok = read_request(run, &request, err);

	if (ok) {
		queue_add(b, &request.request);
	}
	request_release(&request);
	return ok;
}

/* Shows the plan, or asks for confirmation; `go` is true when the command is to be queued. */
static bool prepare(struct run *run, const struct queue_request *request, bool *go, struct err *err) {
	*go = !run->dry_run;
	if (run->dry_run) {
		return preview_show(run, request->targets, request->count, err);
	}
	return !is_bulk(request) || opt_given(run->args, OPT_YES) ||
	       preview_confirm(run, request->targets, request->count, go, err);
}

static bool run_release(struct run *run, struct err *err) {
	struct request request = {0};
	bool go = true;
	bool ok = read_request(run, &request, err) && prepare(run, &request.request, &go, err);

	request_release(&request);
	return ok && (!go || perform_parts(run, err));
}

bool extend_read(const struct args *args, int64_t *until, int64_t *duration, struct err *err) {
	if (!opt_exclusive(args, OPT_UNTIL, OPT_FOR, err) || !opt_end(args, OPT_UNTIL, until, err) ||
	    !opt_duration(args, OPT_FOR, 0, duration, err)) {
		return false;
	}
	if (*until == TIME_NONE && *duration == 0) {
		return opt_given(args, OPT_FOR)
			   ? err_set(err, ERR_INVALID_INPUT, "--for %s: must be longer than 0",
				 opt(args, OPT_FOR))
			   : err_set(err, ERR_INVALID_INPUT, "extend: either --until or --for must be given");
	}
	return true;
}

static bool add_extend(struct run *run, struct batch *b, struct err *err) {
	struct target target;
	struct queue_request request = {.action = QUEUE_EXTEND, .targets = &target, .count = 1};
	char *detail = NULL;
	bool ok = target_parse(operand(run->args, 0), TARGET_LEASE, &target, err) &&
		  request_read(run, &request, &detail, err) &&
		  extend_read(run->args, &request.until, &request.duration, err);

	if (ok) {
		request.shorten = opt_given(run->args, OPT_FORCE);
		queue_add(b, &request);
	}
	free(detail);
	return ok;
}

const struct verb release_verbs[] = {
    {
	.words = "release",
	.examples = "berth release 4f2c0a91-0000-4000-8000-00000000000a --wait\n"
		    "berth release --pool web -l env=test --dry-run\n"
		    "berth release --pool web --holder ci-17 --dry-run\n",
	.synopsis = "T… | release --pool P [--holder TEXT] [-l SEL] [--state S,…]",
	.summary = "release leases: single ones, those of a resource or pool, or those that match",
	.notes = "T: [lease/]ID, resource/ID, resource/POOL/RANGE, resource/POOL/VALUE, pool/NAME,\n"
		 "project/ORG/NAME. A whole resource or pool is drained; a project loses its\n"
		 "leases and stays. --pool P releases the leases that P has when a worker begins the\n"
		 "command; --holder TEXT and -l SEL, with or without --pool, those of one holder and\n"
		 "those with matching labels.\n"
		 "More than one lease shows its plan and asks for a phrase; without a terminal --yes\n"
		 "is needed. --dry-run prints the plan: {targets, sample, effect}.\n" REQUEST_NOTES,
	.texts = (const struct option_text[]){{OPT_STATE, "S,…", "only leases in these states",
						  lease_state_names},
	    {OPT_POOL, "POOL", "the leases of this pool"}, {OPT_HOLDER, "TEXT", "only leases of this holder"},
	    {OPT_SELECTOR, "SEL", "only leases whose labels match"}, {OPT_END}},
	.options = (const enum option_id[]){OPT_POOL, OPT_HOLDER, OPT_SELECTOR, OPT_STATE, OPT_YES, OPT_END},
	.max = OPERANDS_ANY,
	.flags = VERB_MUTATES | VERB_QUEUES,
	.run = run_release,
	.add = add_release,
	.answer = request_answer,
    },
    {
	.words = "extend",
	.examples = "berth extend 4f2c0a91-0000-4000-8000-00000000000a --for 7d\n"
		    "berth extend 4f2c0a91-0000-4000-8000-00000000000a --until never\n",
	.synopsis = "LEASE --until TIME|never|--for DUR",
	.summary = "extend a lease",
	.notes = "--for counts from now; --until never removes the end. An end earlier than\n"
		 "the current one needs --force.\n" REQUEST_NOTES,
	.texts = (const struct option_text[]){{OPT_FOR, "DUR", "how long it lasts from now"}, {OPT_END}},
	.options = (const enum option_id[]){OPT_UNTIL, OPT_FOR, OPT_FORCE, OPT_END},
	.min = 1,
	.max = 1,
	.flags = VERB_MUTATES | VERB_QUEUES,
	.add = add_extend,
	.answer = request_answer,
    },
    {0},
};
