/*
 * Groups of texts that look alike, as rows of a list.
 */
#ifndef UI_CONSOLE_SCREENS_LOOKALIKE_ROWS_H
#define UI_CONSOLE_SCREENS_LOOKALIKE_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/base/id.h"
#include "ui/console/list/view.h"

struct lookalike_group {
	struct id id;         /* derived from place and skeleton, so stable */
	const char *place;    /* where the texts occur */
	const char *texts;    /* JSON array of the texts, foreign */
	const char *why;      /* how they differ: "case, white space" */
	int64_t count;        /* number of the texts */
	const char *skeleton; /* what all of them look like: a word of a filter finds it, too */
};

extern const struct row_type row_alike_group;

/* Returns the groups of two or more among struct alike_text, by place and skeleton, as rows that the caller
 * owns. */
struct rowset lookalike_groups_find(const void *const *texts, size_t count);

#endif
