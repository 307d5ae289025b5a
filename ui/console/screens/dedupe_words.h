/*
 * What `dedupe check` and `dedupe fix` are asked for, from the words behind `:`.
 */
#ifndef UI_CONSOLE_INPUT_DEDUPE_WORDS_H
#define UI_CONSOLE_INPUT_DEDUPE_WORDS_H

#include <stdbool.h>

#include "model/dedupe.h"

struct buf;
struct err;

/* Reads "--table T --key A,B ..." with the options of the command line, quoted as in a shell: appends what
 * the server is asked, and tells which row stays. --trim is for checking alone. All errors are
 * ERR_INVALID_INPUT. */
bool dedupe_words_read(const char *words, bool fix, struct buf *ask, enum dedupe_survivor *survivor,
    struct err *err) __attribute__((warn_unused_result));

#endif
