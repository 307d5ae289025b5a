/*
 * The form that allocates.
 *
 * Its id is made when the form opens and shown, and stays the same for every
 * attempt, so that trying again after any failure can never take two values.
 * After an attempt of which nobody knows the outcome the form stays unsettled
 * until it is answered or forgotten: left, it is kept with its id. No refusal
 * settles it, for the attempt may still be under way on the server.
 * Enter goes from field to field; what allocates is `y` in the question behind
 * the last one, which takes nothing from a paste or from keys typed ahead.
 */
#ifndef UI_CONSOLE_FORM_H
#define UI_CONSOLE_FORM_H

#include <stdbool.h>
#include <stddef.h>

#include "db/id.h"
#include "db/rows.h"
#include "ui/console/pen.h"
#include "ui/console/press.h"
#include "ui/console/prompt.h"

struct allocate;
struct batch;
struct err;
struct grid;

enum form_field { FORM_POOL, FORM_VALUE, FORM_HOLDER, FORM_UNTIL, FORM_FIELDS };

struct form {
	struct prompt fields[FORM_FIELDS];
	size_t at; /* FORM_FIELDS: the question */
	struct id id;
	char *pool; /* the pool it was opened on, or NULL */
	bool known; /* the kind of that pool */
	enum kind kind;
	bool busy;      /* sent, not answered */
	bool unsettled; /* sent, and the outcome is unknown */
};

enum form_result {
	FORM_GOES_ON,
	FORM_ASKS,
	FORM_SUBMITTED,
	FORM_UNLOCKS,   /* W in the question */
	FORM_FORGOTTEN, /* n in the question of an unsettled one */
	FORM_LEFT
};

/* `kind` is the pool's; NULL: not known. */
void form_open(struct form *form, struct id id, const char *pool, const enum kind *kind);
void form_release(struct form *form);

/* Whether it has been opened and not released: what was typed is still there. */
bool form_is_open(const struct form *form);

enum form_result form_press(struct form *form, const struct press *press);

/* Adds the allocation to a batch; false when a field is wrong, which becomes the current one. */
bool form_add(struct form *form, const char *detail, struct batch *b, struct err *err)
    __attribute__((warn_unused_result));

void form_draw(const struct form *form, struct grid *g, struct rect area, const char *environment);

#endif
