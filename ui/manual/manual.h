/*
 * ui/manual: the manual, made of pages that people write and of the tables of the program.
 *
 * A page (assets/manual) is mdoc. A line `.\" @NAME [WORDS]` in it is a place: the build puts a table there,
 * such as the verbs, the options of one verb or the keys of the console. Verbs, options, keys, errors and
 * settings are written down once, in the tables that the program itself uses, so the manual cannot differ
 * from them.
 */
#ifndef UI_MANUAL_MANUAL_H
#define UI_MANUAL_MANUAL_H

#include <stdbool.h>
#include <stddef.h>

struct buf;
struct err;

/* A place that a page can have. `words` is what follows its name, maybe "". False: the words mean nothing. */
struct place {
	const char *name;
	bool (*put)(const char *words, struct buf *out);
};

/* The places, ended by one without a name. */
extern const struct place verb_places[], table_places[], screen_places[];

/* Appends the page of n bytes with its places filled. ERR_INVALID_INPUT names the line of an unknown place.
 */
bool manual_fill(const char *page, size_t n, struct buf *out, struct err *err)
    __attribute__((warn_unused_result));

#endif
