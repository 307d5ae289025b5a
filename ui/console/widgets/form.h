/*
 * Forms: requests that need several fields and are sent at once.
 *
 * The id of a form is chosen when it opens and stays the same for every attempt, so that a retry never
 * allocates or creates twice.  After an attempt with an unknown outcome the form is unsettled until it is
 * answered or forgotten: closed, it is kept with its id.  A refusal does not settle it, since the attempt may
 * still run on the server.
 *
 * Enter goes from field to field; `y` in the question after the last field submits.  The question takes no
 * paste and no typed-ahead keys.  One `const struct form_kind` describes each form.
 */
#ifndef UI_CONSOLE_WIDGETS_FORM_H
#define UI_CONSOLE_WIDGETS_FORM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/base/id.h"
#include "db/batch/rows.h"
#include "model/syntax/target.h"
#include "ui/console/widgets/pen.h"
#include "ui/console/terminal/key.h"
#include "ui/console/widgets/line_editor.h"

struct batch;
struct buf;
struct err;
struct form;
struct grid;

#define FORM_MOST 5  /* fields */
#define FORM_NAMES 2 /* of them, names of what exists */

enum form_type { FORM_ALLOCATE, FORM_PROJECT, FORM_LIMIT, FORM_ORG, FORM_ORG_LIMIT };

/* The fields of FORM_ALLOCATE, and of all others. */
enum { FORM_POOL, FORM_VALUE, FORM_HOLDER, FORM_UNTIL, FORM_FOR };
enum { FORM_NAME, FORM_MAX, FORM_POOLS, FORM_LABELS };

struct form_kind {
	const char *title; /* "ALLOCATE" */
	const char *whose; /* the object that the id belongs to: "lease" */
	const char *done;  /* "allocated" */
	const char *does;  /* the effect of y: "allocates" */
	const char *key;   /* opens it again when it was closed */
	size_t count;
	struct {
		const char *label;
		const char *hint;
		bool named; /* it has the name of a thing of this kind */
		enum target_kind kind;
	} fields[FORM_MOST];
	size_t fixed; /* this many of the first fields cannot be edited */

	/* Adds the steps and sets the one that answers; false when a field is wrong, which becomes the
	 * current one. */
	bool (*add)(struct form *form, const char *detail, struct batch *b, struct err *err);

	/* Append foreign text: the question, the command that shows the outcome, and what was done. */
	void (*ask)(const struct form *form, struct buf *out);
	void (*tells)(const struct form *form, struct buf *out);
	void (*answer)(const struct form *form, const struct batch *b, struct buf *out);
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
	struct target names[FORM_NAMES]; /* and the ids that they stood for when it was opened */
	size_t name_count;
	uint64_t noted; /* how often they were noted: an answer about earlier ones is not theirs */
	size_t step;    /* of its batch: the one that answers */
	char *about;    /* the pool or project that it was opened for, or NULL */
	char *note;     /* its current state, or NULL; foreign */
	bool known;     /* FORM_ALLOCATE: `kind` of the pool is known */
	enum kind kind;
	bool touched;   /* text has been typed since it was opened, or reopened */
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

/* Returns true between form_open() and form_release(). */
bool form_is_open(const struct form *form);

/* Get and set the text of a field. */
const char *form_text(const struct form *form, size_t field);
void form_set(struct form *form, size_t field, const char *text);

enum form_result form_key(struct form *form, const struct key_event *event);

void form_draw(const struct form *form, struct grid *g, struct rect area, const char *environment);

#endif
