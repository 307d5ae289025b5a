/*
 * The pieces of a filter's text: private to the parser of filters.
 */
#ifndef MODEL_SYNTAX_FILTER_LEX_H
#define MODEL_SYNTAX_FILTER_LEX_H

#include <stdbool.h>
#include <stddef.h>

#define FILTER_BLANKS " \t\r\n"

/* Returns the first character that is not blank. */
const char *filter_skip(const char *at);

/* Returns whether a term may end here. */
bool filter_ends(const char *at);

/* Returns the number of bytes of the name at the start of a term. */
size_t filter_name(const char *at);

/* Returns the operator of a term after its name, and in `from` its place, the first character that is not
 * blank; NULL when there is none. */
const char *filter_operator(const char *name, const char *after, const char **from);

/* Returns the end of the requirement of a selector whose operator is at `from`. */
const char *filter_label_end(const char *op, const char *from);

#endif
