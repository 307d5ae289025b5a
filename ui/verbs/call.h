/*
 * A verb said inside a running program, such as the console: a line is parsed, its batches are sent by the
 * program's own loop, and its answer becomes text.
 *
 *     struct call *call = call_new(":pool free web" + 1, table, ascii, &wrong, &err);
 *     while (call_sends(call)) {
 *             b = call_batch(call, &err);         send it, then:
 *             call_answered(call, b, &err);       or call_explain(call, &err)
 *     }
 *     call_text(call)
 *
 * A verb that changes something is sent twice: first dry, whose answer is its plan, and after call_confirm()
 * for real, under the same id, so that it can be repeated safely. For real it must change what the dry run
 * has changed, from and to the same: it is refused with ERR_CONFLICT otherwise. A file is read once.
 */
#ifndef UI_VERBS_CALL_H
#define UI_VERBS_CALL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/base/id.h"

#define CALL_EVENTS 1000

struct args;
struct batch;
struct call;
struct err;
struct rowset;
struct verb;

/* Splits and parses a line. NULL for a line without words, and for one that is wrong: then err is set, and
 * *wrong is the number of bytes before the word that it is about. */
struct call *call_new(
    const char *line, const struct verb *const *table, bool ascii, size_t *wrong, struct err *err);
void call_free(struct call *call); /* takes NULL */

const struct args *call_args(const struct call *call);
const char *call_line(const struct call *call); /* as it was typed */

/* Returns the bytes of the line before the word that an error of this verb is about. */
size_t call_blamed(const struct call *call, const struct err *err);

/* Returns whether the verb can be sent from here: it has an answer, and no run() alone. */
bool call_is_possible(const struct call *call);

/* Returns whether it changes something. */
bool call_changes(const struct call *call);

/* Returns whether there is a batch to be sent. */
bool call_sends(const struct call *call);

/* Returns the next batch, to be run and freed by the caller; NULL: err says what is wrong with the words, or
 * it is not set and there was nothing to send. */
struct batch *call_batch(struct call *call, struct err *err);

/* Takes the answer of that batch. */
bool call_answered(struct call *call, const struct batch *b, struct err *err)
    __attribute__((warn_unused_result));

/* Improves the error of the batch. */
void call_explain(struct call *call, struct err *err);

/* Makes the following batches real instead of dry. */
void call_confirm(struct call *call);

/* Returns the id of its request; nil when it has none. */
struct id call_id(const struct call *call);

/* Returns the events that the dry run has written, struct event, in their order; the newest CALL_EVENTS of
 * them. */
const struct rowset *call_effect(const struct call *call);

/* Returns how many events it has written. */
int64_t call_changed(const struct call *call);

/* Returns the answer so far, made safe. */
const char *call_text(const struct call *call);

#endif
