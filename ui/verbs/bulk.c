#include "ui/verbs/bulk.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "db/base/err.h"
#include "db/base/mem.h"
#include "model/syntax/selector.h"
#include "ui/verbs/parse/args.h"
#include "ui/verbs/parse/opt.h"
#include "ui/verbs/verb.h"

void bulk_free(struct bulk *bulk) {
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

bool bulk_selects(const struct args *args) {
	return opt_given(args, OPT_SELECTOR) || opt_given(args, OPT_POOL) || opt_given(args, OPT_OF);
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

bool bulk_request(const struct args *args, struct bulk *bulk, struct err *err) {
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

bool bulk_read(const struct args *args, struct bulk *bulk, struct err *err) {
	struct queue_request *request = &bulk->request;

	if (!args->verb->request(args, bulk, err)) {
		return false;
	}
	request->targets = bulk->targets.targets;
	request->count = bulk->targets.count;
	return true;
}
