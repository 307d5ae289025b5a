/*
 * Texts that people give to things: names, and free text with a limit.
 *
 * A name (of a pool, space, organization, project, host, worker, hook, saved
 * view) is 1 to 63 of [A-Za-z0-9._-], the first a letter or digit, so that it
 * is at once a file name, a word of a shell and a part of a target.  Free text
 * may hold any character, so it is only measured here, in code points, and made
 * harmless where it is shown (model/text/safe.h).
 */
#ifndef MODEL_SYNTAX_NAME_H
#define MODEL_SYNTAX_NAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;

#define NAME_MAX_CHARS 63

/* `what` is the word for the thing: "pool", "host". Else ERR_INVALID_INPUT, naming what, text and the rule.
 */
bool name_check(const char *what, const char *text, struct err *err) __attribute__((warn_unused_result));

/* Valid UTF-8 of at most max_chars code points; else ERR_INVALID_INPUT. */
bool text_check(const char *what, const char *text, size_t max_chars, struct err *err)
    __attribute__((warn_unused_result));

/* Decodes the character at *p (which is before end) and moves *p behind it. Strict: an overlong form, a
 * surrogate, something past U+10FFFF or cut off is false, and *p moves by one byte. */
bool utf8_next(const char **p, const char *end, uint32_t *code) __attribute__((warn_unused_result));

#endif
