/*
 * Names, and free text with a limit.
 *
 * A name (of a pool, space, organization, project, host, worker, hook) is 1 to 63 of [A-Za-z0-9._-] and
 * starts with a letter or digit, so that it can be a file name, a shell word and a part of a target.  Free
 * text may hold any character; it is made safe where it is shown (model/text/safe.h).
 */
#ifndef MODEL_SYNTAX_NAME_H
#define MODEL_SYNTAX_NAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;

#define NAME_MAX_CHARS 63

/* Checks a name; else ERR_INVALID_INPUT with the text and the rule. `what` is the kind of object: "pool",
 * "host".
 */
bool name_check(const char *what, const char *text, struct err *err) __attribute__((warn_unused_result));

/* Checks free text: valid UTF-8 of at most max_chars code points; else ERR_INVALID_INPUT. */
bool text_check(const char *what, const char *text, size_t max_chars, struct err *err)
    __attribute__((warn_unused_result));

/* Decodes the character at *p, which is before end, and moves *p after it. False for an overlong form, a
 * surrogate, a code above U+10FFFF or a cut-off character; then *p moves by one byte. */
bool utf8_next(const char **p, const char *end, uint32_t *code) __attribute__((warn_unused_result));

#endif
