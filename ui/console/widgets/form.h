/*
 * Forms: what acts at once and needs more than a row, typed field by field.
 *
 * A form's id is made when it opens and shown, and stays the same for every
 * attempt, so that trying again after any failure can never take two values, or
 * make two projects.  After an attempt of which nobody knows the outcome the form
 * stays unsettled until it is answered or forgotten: left, it is kept with its
 * id. No refusal settles it, for the attempt may still be under way on the server.
 * Enter goes from field to field; what acts is `y` in the question behind the
 * last one, which takes nothing from a paste or from keys typed ahead.
 *
 * What is asked for, and of what, is said by one `const struct form_kind` each.
 */
#ifndef UI_CONSOLE_WIDGETS_FORM_H
#define UI_CONSOLE_WIDGETS_FORM_H

#include <stdbool.h>
#include <stddef.h>

#include "db/base/id.h"
#include "db/batch/rows.h"
#include "ui/console/widgets/pen.h"
#include "ui/console/terminal/key.h"
#include "ui/console/widgets/line_editor.h"

struct batch;
struct buf;
struct err;
struct form;
struct grid;

#define FORM_MOST 5 /* fields */

enum form_type { FORM_ALLOCATE, FORM_PROJECT, FORM_LIMIT, FORM_ORG, FORM_ORG_LIMIT };

/* The fields of FORM_ALLOCATE; of FORM_PROJECT; of the limits and FORM_ORG, whose name comes first. */
enum { FORM_POOL, FORM_VALUE, FORM_HOLDER, FORM_UNTIL, FORM_FOR };
enum { FORM_NAME, FORM_MAX, FORM_POOLS, FORM_LABELS };

struct form_kind {
	const char *title; /* "ALLOCATE" */
	const char *whose; /* what the id is of: "lease" */
	const char *done;  /* "allocated" */
	const char *does;  /* what y does: "allocates" */
	const char *key;   /* brings it back when it was left */
	size_t count;
	struct {
		const char *label;
		const char *hint;
	} fields[FORM_MOST];
	size_t fixed; /* so many of the first fields are as they were when it was opened */
	/* The steps; false when a field is wrong, which becomes the current one. */
	bool (*add)(struct form *form, const char *detail, struct batch *b, struct err *err);
	void (*ask)(const struct form *form, struct buf *out);   /* what is to be done, in words; foreign */
	void (*tells)(const struct form *form, struct buf *out); /* the command that tells whether it was */
	void (*answer)(
	    const struct form *form, const struct batch *b, struct buf *out); /* what was done; foreign */
};

extern const struct form_kind form_allocate;
extern const struct form_kind form_project;
extern const struct form_kind form_limit;
extern const struct form_kind form_org;
extern const struct form_kind form_org_limit;

struct form {
	const struct form_kind *is;
	struct line_editor fields[FORM_MOST];
	size_t at; /* is->count: the question */
	struct id id;
	char *about; /* the pool or project that it was opened on, or NULL */
	char *note;  /* how it is now, or NULL; foreign */
	bool known;  /* of FORM_ALLOCATE: the kind of that pool */
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

/* Opens it, with all fields empty. `about` may be NULL. */
void form_open(struct form *form, const struct form_kind *is, struct id id, const char *about);
void form_release(struct form *form);

/* Whether it has been opened and not released: what was typed is still there. */
bool form_is_open(const struct form *form);

/* What stands in a field; and puts something there. */
const char *form_text(const struct form *form, size_t field);
void form_set(struct form *form, size_t field, const char *text);

enum form_result form_key(struct form *form, const struct key_event *event);

void form_draw(const struct form *form, struct grid *g, struct rect area, const char *environment);

#endif
