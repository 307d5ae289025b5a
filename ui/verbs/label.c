#include "ui/verbs/verb.h"

#include <stdlib.h>

#include "db/batch/batch.h"
#include "db/base/err.h"
#include "model/metadata.h"
#include "model/syntax/target.h"
#include "ui/cli/annotations.h"
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

	if (!lookup_found(run->found, 0, operand(run->args, 0), TARGET_ANY, &kind, &id, err)) {
		return false;
	}
	metadata_show_add(b, what, id);
	return true;
}

static bool add_labels(struct run *run, struct batch *b, struct err *err) {
	return add_edit(run, METADATA_LABEL, b, err);
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
		    "berth label pool/web env-\n",
	.synopsis = "T [K=V…] [K-…]",
	.summary = "set and delete labels, which selectors use",
	.notes = TARGET_NOTES KEY_NOTES "V is empty or like a NAME. An object has up to 50 labels.\n",
	.min = 1,
	.max = OPERANDS_ANY,
	.flags = VERB_MUTATES | VERB_TELLS_ID,
	.add = add_labels,
	.answer = answer_edit,
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
