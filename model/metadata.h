/*
 * Labels and annotations of one target: read, and changed as people write them.
 *
 * Labels are for selecting (model/syntax/label.h, model/syntax/selector.h),
 * annotations for reading: up to 5,000 characters of any text.  Both have the same
 * kind of keys, with one value each.  A write is a merge: it sets and deletes what
 * it names and leaves the rest, so writers of different keys do not conflict.
 */
#ifndef MODEL_METADATA_H
#define MODEL_METADATA_H

#include <stdbool.h>
#include <stddef.h>

#include "db/base/buf.h"
#include "db/base/id.h"

struct batch;
struct err;
struct target;

enum metadata { METADATA_LABEL, METADATA_ANNOTATION };

enum { ANNOTATIONS_SHOWN = 20, ANNOTATION_BEGINNING = 300 };

/* `struct metadata_edit e = {0}` changes nothing. */
struct metadata_edit {
	struct buf set;  /* a JSON object of texts */
	struct buf gone; /* a JSON array of keys */
};

/* Reads "KEY=VALUE", which sets the key before the first `=`, and "KEY-", which has no `=` and deletes the
 * key whatever it is. A key can be given once. All errors are ERR_INVALID_INPUT. */
bool metadata_parse(enum metadata what, const char *const *words, size_t count, struct metadata_edit *edit,
    struct err *err) __attribute__((warn_unused_result));
void metadata_release(struct metadata_edit *edit);

/* Reads "KEY=VALUE" only, the labels of a new target; appends a JSON object. */
bool labels_json(const char *const *pairs, size_t count, struct buf *out, struct err *err)
    __attribute__((warn_unused_result));

/* Each adds a step and returns its index. The answer is one struct document: an object of all labels or
 * annotations (after the change), in the order of their keys. */
size_t metadata_edit_add(struct batch *b, enum metadata what, struct id id, const struct target *target,
    const struct metadata_edit *edit, const char *detail);
size_t metadata_show_add(struct batch *b, enum metadata what, struct id target);
size_t metadata_of_pool_add(struct batch *b, enum metadata what, const char *pool);

/* Add the step that answers with the first ANNOTATIONS_SHOWN + 1 annotations of a target, many struct
 * annotation, each up to ANNOTATION_BEGINNING characters: the cost is bounded whatever is written there. */
size_t annotation_list_add(struct batch *b, struct id target);
size_t annotation_list_of_org_add(struct batch *b, const char *org);

#endif
