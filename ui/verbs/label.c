#include "ui/verbs/verb.h"

#include <stdlib.h>

#include "db/batch/batch.h"
#include "db/base/err.h"
#include "model/metadata.h"
#include "model/syntax/target.h"
#include "ui/cli/annotations.h"
#include "ui/cli/bulk.h"
#include "ui/verbs/bulk.h"
#include "ui/cli/perform.h"
#include "ui/cli/request.h"
#include "ui/verbs/parse/opt.h"
#include "ui/verbs/parse/args.h"
#include "ui/cli/context.h"
#include "ui/cli/lookup.h"
#include "ui/cli/run.h"

/* Reads a target. A command can be the target of another command, but has no labels. */
static bool read_target(const char *text, struct target *target, struct err *err) {
	if (!target_parse(text, TARGET_ANY, target, err)) {
		return false;
	}
	if (target->kind == TARGET_COMMAND) {
		return err_set(err, ERR_INVALID_INPUT,
		    "%s: only a pool, resource, lease, organization or project has labels and annotations",
		    text);
	}
	return true;
}

/* Refuses a line without operands; `first` is the name of the first. */
static bool check_operands(const struct args *args, const char *first, struct err *err) {
	if (args->count > 0) {
		return true;
	}
	err_set(err, ERR_INVALID_INPUT, "label: missing operand: %s", first);
	return err_hint(err, "usage: berth label %s", args->verb->synopsis);
}

/* Refuses the options of a bulk with one target, whose labels are set at once. */
static bool check_single(const struct args *args, struct err *err) {
	static const enum option_id of_bulks[] = {OPT_GRACE, OPT_WAIT, OPT_YES};

	if (!check_operands(args, "T", err)) {
		return false;
	}
	for (size_t i = 0; i < sizeof of_bulks / sizeof *of_bulks; i++) {
		if (opt_given(args, of_bulks[i])) {
			return err_set(err, ERR_INVALID_INPUT, "--%s: only with --pool or --selector",
			    option_specs[of_bulks[i]].name);
		}
	}
	return true;
}

static const char *const of_words[] = {"lease", "pool", "resource", NULL};

/* Reads `-l SEL --of lease|pool|resource [--pool P]`; the operands are all labels. */
static bool read_bulk(const struct args *args, struct bulk *bulk, struct err *err) {
	static const enum target_kind kinds[] = {TARGET_LEASES, TARGET_POOLS, TARGET_RESOURCES};
	int of = -1;

	if (!opt_given(args, OPT_OF)) {
		return err_set(err, ERR_INVALID_INPUT, "--of: must be given: lease, pool or resource");
	}
	if (!opt_given(args, OPT_SELECTOR) && !opt_given(args, OPT_POOL)) {
		return err_set(err, ERR_INVALID_INPUT, "--of: only with --pool or --selector");
	}
	bulk->request.action = QUEUE_LABEL;
	bulk->request.labels = &bulk->labels;
	return check_operands(args, "K=V", err) && opt_enum(args, OPT_OF, of_words, 0, &of, err) &&
	       bulk_selection(args, kinds[of], bulk, err) &&
	       metadata_parse(
		   METADATA_LABEL, (const char *const *)args->operands, args->count, &bulk->labels, err);
}

static bool add_edit(struct run *run, enum metadata what, struct batch *b, struct err *err) {
	const struct args *args = run->args;
	struct metadata_edit asked = {0};
	struct target target;
	struct id id;
	char *detail = NULL;
	bool ok =
	    read_target(operand(args, 0), &target, err) &&
	    metadata_parse(what, (const char *const *)args->operands + 1, args->count - 1, &asked, err) &&
	    run_id(run, &id, err) && context_read(args, &detail, err);

	if (ok) {
		metadata_edit_add(b, what, id, &target, &asked, detail);
	}
	metadata_release(&asked);
	free(detail);
	return ok;
}

static bool answer_edit(struct run *run, const struct batch *b, struct err *err) {
	return annotations_print(run, b, run->step, err);
}

static bool look_list(struct run *run, struct batch *b, struct err *err) {
	const char *text = operand(run->args, 0);
	struct target target;

	return read_target(text, &target, err) && lookup_add(b, text, TARGET_ANY, err);
}

static bool add_list(struct run *run, enum metadata what, struct batch *b, struct err *err) {
	enum target_kind kind;
	struct id id;

	if (!lookup_found(run, 0, operand(run->args, 0), TARGET_ANY, &kind, &id, err)) {
		return false;
	}
	metadata_show_add(b, what, id);
	return true;
}

static bool add_labels(struct run *run, struct batch *b, struct err *err) {
	return bulk_selects(run->args)
		   ? bulk_add(run, b, err)
		   : check_single(run->args, err) && add_edit(run, METADATA_LABEL, b, err);
}

static bool run_labels(struct run *run, struct err *err) {
	return bulk_selects(run->args) ? bulk_run(run, err) : perform_parts(run, err);
}

static bool answer_labels(struct run *run, const struct batch *b, struct err *err) {
	return bulk_selects(run->args) ? request_answer(run, b, err) : answer_edit(run, b, err);
}

static bool add_label_list(struct run *run, struct batch *b, struct err *err) {
	return add_list(run, METADATA_LABEL, b, err);
}

static bool add_annotations(struct run *run, struct batch *b, struct err *err) {
	return add_edit(run, METADATA_ANNOTATION, b, err);
}

static bool add_annotation_list(struct run *run, struct batch *b, struct err *err) {
	return add_list(run, METADATA_ANNOTATION, b, err);
}

#define TARGET_NOTES                                                                                         \
	"T: pool/NAME, resource/ID, resource/POOL/RANGE, resource/POOL/VALUE, resource/POOL/HOST,\n"         \
	"lease/ID, org/NAME, project/ORG/NAME.\n"
#define KEY_NOTES                                                                                            \
	"K is NAME or PREFIX/NAME: NAME 1 to 63 letters, digits, '-', '_', '.', PREFIX a DNS name.\n"        \
	"K=V sets, K- deletes, other keys stay. Prints the result.\n"

const struct verb label_verbs[] = {
    {
	.words = "label",
	.examples = "berth label pool/web env=prod team=infra\n"
		    "berth label pool/web env-\n"
		    "berth label -l env=test --of lease --pool web team=infra --yes\n",
	.synopsis = "T [K=V…] [K-…] | label -l SEL --of lease|pool|resource [--pool P] K=V… K-…",
	.summary = "set and delete labels, which selectors use",
	.notes = TARGET_NOTES KEY_NOTES
	"V is empty or like a NAME. An object has up to 50 labels.\n"
	"With -l or --pool all that match are labelled, as one bulk in the queue: it shows its plan\n"
	"and asks for a phrase, or takes --yes; --dry-run prints the plan. " REQUEST_NOTES,
	.texts = (const struct option_text[]){{OPT_POOL, "POOL", "only those of this pool"},
	    {OPT_OF, "KIND", "label leases, pools or resources: lease, pool or resource", of_words},
	    {OPT_END}},
	.options =
	    (const enum option_id[]){OPT_SELECTOR, OPT_OF, OPT_POOL, OPT_YES, OPT_GRACE, OPT_WAIT, OPT_END},
	.max = OPERANDS_ANY,
	.flags = VERB_MUTATES | VERB_TELLS_ID,
	.run = run_labels,
	.request = read_bulk,
	.add = add_labels,
	.answer = answer_labels,
    },
    {
	.words = "label list",
	.examples = "berth label list pool/web\n",
	.synopsis = "T",
	.summary = "list the labels of one object",
	.notes = TARGET_NOTES,
	.min = 1,
	.max = 1,
	.look = look_list,
	.add = add_label_list,
	.answer = answer_edit,
    },
    {
	.words = "annotate",
	.examples = "berth annotate pool/web note=\"requested by the shop team\"\n",
	.synopsis = "T [K=V…] [K-…]",
	.summary = "set and delete annotations, free text for people and programs",
	.notes = TARGET_NOTES KEY_NOTES
	"V is any text of up to 5,000 characters. An object has up to 200 annotations.\n",
	.min = 1,
	.max = OPERANDS_ANY,
	.flags = VERB_MUTATES | VERB_TELLS_ID,
	.add = add_annotations,
	.answer = answer_edit,
    },
    {
	.words = "annotate list",
	.examples = "berth annotate list pool/web\n",
	.synopsis = "T",
	.summary = "list the annotations of one object",
	.notes = TARGET_NOTES,
	.min = 1,
	.max = 1,
	.look = look_list,
	.add = add_annotation_list,
	.answer = answer_edit,
    },
    {0},
};
