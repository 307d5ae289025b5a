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
#include "ui/cli/bulk.h"
#include "ui/verbs/parse/opt.h"
#include "ui/cli/run.h"
#include "ui/cli/request.h"
#include "ui/verbs/bulk.h"
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
	if (!opt_selector(args, selector, err) || !opt_states(args, OPT_STATE, &wanted, err)) {
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
static bool check_named(
    const struct args *args, const enum option_id *selecting, size_t count, struct err *err) {
	for (size_t i = 0; i < count; i++) {
		if (opt_given(args, selecting[i])) {
			return err_set(err, ERR_INVALID_INPUT, "--%s: not together with targets",
			    option_specs[selecting[i]].name);
		}
	}
	return true;
}

/* Reads the operands. */
static bool read_operands(const struct args *args, struct release *release, struct err *err) {
	static const enum option_id selecting[] = {OPT_POOL, OPT_HOLDER, OPT_SELECTOR, OPT_STATE};

	if (!check_named(args, selecting, sizeof selecting / sizeof *selecting, err)) {
		return false;
	}
	for (size_t i = 0; i < args->count; i++) {
		if (!read_target(args->operands[i], &release->targets[i], err)) {
			return false;
		}
	}
	return true;
}

static bool read_release(const struct args *args, struct bulk *bulk, struct err *err) {
	struct release *release = &bulk->targets;
	bool selection =
	    opt_given(args, OPT_POOL) || opt_given(args, OPT_HOLDER) || opt_given(args, OPT_SELECTOR);

	if (args->count == 0 && !selection) {
		err_set(err, ERR_INVALID_INPUT, "release: missing operand: T");
		return err_hint(
		    err, "usage: berth release T… | release --pool P [--holder TEXT] [-l SEL] [--state S]");
	}
	bulk->request.action = QUEUE_RELEASE;
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

/* Reads --until, TIME_NONE without it, or --for, 0 without it; one of the two must be given. */
static bool read_end(const struct args *args, int64_t *until, int64_t *duration, struct err *err) {
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

/* Reads the leases: the operands, or one selection by --pool and -l. */
static bool read_leases(const struct args *args, struct bulk *bulk, struct err *err) {
	static const enum option_id selecting[] = {OPT_POOL, OPT_SELECTOR};
	bool selection = opt_given(args, OPT_POOL) || opt_given(args, OPT_SELECTOR);

	if (args->count > 0) {
		return check_named(args, selecting, sizeof selecting / sizeof *selecting, err) &&
		       bulk_operands(args, TARGET_LEASE, bulk, err);
	}
	if (!selection) {
		err_set(err, ERR_INVALID_INPUT, "extend: missing operand: LEASE");
		return err_hint(err, "usage: berth extend %s", args->verb->synopsis);
	}
	return bulk_selection(args, TARGET_LEASES, bulk, err);
}

static bool read_extend(const struct args *args, struct bulk *bulk, struct err *err) {
	struct queue_request *request = &bulk->request;

	request->action = QUEUE_EXTEND;
	request->shorten = opt_given(args, OPT_FORCE);
	return read_leases(args, bulk, err) && read_end(args, &request->until, &request->duration, err);
}

static bool read_transfer(const struct args *args, struct bulk *bulk, struct err *err) {
	const char **holder = &bulk->request.holder;

	bulk->request.action = QUEUE_TRANSFER;
	return opt_need(args, OPT_HOLDER, holder, err) &&
	       (text_check("holder", *holder, LEASE_HOLDER_CHARS, err) || opt_blame(OPT_HOLDER, err)) &&
	       bulk_operands(args, TARGET_LEASE, bulk, err);
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
						  lease_state_names, live},
	    {OPT_POOL, "POOL", "the leases of this pool"}, {OPT_HOLDER, "TEXT", "only leases of this holder"},
	    {OPT_SELECTOR, "SEL", "only leases whose labels match"}, {OPT_END}},
	.options = (const enum option_id[]){OPT_POOL, OPT_HOLDER, OPT_SELECTOR, OPT_STATE, OPT_YES, OPT_END},
	.max = OPERANDS_ANY,
	.flags = VERB_MUTATES | VERB_QUEUES,
	.request = read_release,
	.add = bulk_add,
	.answer = request_answer,
    },
    {
	.words = "extend",
	.examples = "berth extend 4f2c0a91-0000-4000-8000-00000000000a --for 7d\n"
		    "berth extend 4f2c0a91-0000-4000-8000-00000000000a --until never\n"
		    "berth extend --pool web -l env=test --for 7d --dry-run\n",
	.synopsis = "LEASE…|--pool P|-l SEL --until TIME|never|--for DUR",
	.summary = "extend leases",
	.notes =
	    "--for counts from now; --until never removes the end. An end earlier than\n"
	    "the current one needs --force. --pool P extends the leases that P has when a worker\n"
	    "begins the command; -l SEL, with or without --pool, those with matching labels.\n" BULK_NOTES
		REQUEST_NOTES,
	.texts = (const struct option_text[]){{OPT_FOR, "DUR", "how long they last from now"},
	    {OPT_POOL, "POOL", "the leases of this pool"},
	    {OPT_SELECTOR, "SEL", "only leases whose labels match"}, {OPT_END}},
	.options =
	    (const enum option_id[]){OPT_UNTIL, OPT_FOR, OPT_FORCE, OPT_POOL, OPT_SELECTOR, OPT_YES, OPT_END},
	.max = OPERANDS_ANY,
	.flags = VERB_MUTATES | VERB_QUEUES,
	.request = read_extend,
	.add = bulk_add,
	.answer = request_answer,
    },
    {
	.words = "transfer",
	.examples = "berth transfer 4f2c0a91-0000-4000-8000-00000000000a --holder ci-18\n"
		    "berth transfer 4f2c0a91-0000-4000-8000-00000000000a --holder '' --dry-run\n",
	.synopsis = "LEASE… --holder TEXT",
	.summary = "give leases to another holder",
	.notes = "The value, the end and the labels of a lease stay; its generation is raised. An empty\n"
		 "TEXT is nobody.\n" BULK_NOTES REQUEST_NOTES,
	.texts = (const struct option_text[]){{OPT_HOLDER, "TEXT", "new holder, free text"}, {OPT_END}},
	.options = (const enum option_id[]){OPT_HOLDER, OPT_YES, OPT_END},
	.min = 1,
	.max = OPERANDS_ANY,
	.flags = VERB_MUTATES | VERB_QUEUES,
	.request = read_transfer,
	.add = bulk_add,
	.answer = request_answer,
    },
    {0},
};
