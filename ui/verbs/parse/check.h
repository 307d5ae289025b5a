/*
 * Checks the arguments against the verb's entry in the table: its options, their repetition, the number of
 * operands, and the restrictions of a line of a batch or of the console.
 */
#ifndef UI_VERBS_PARSE_CHECK_H
#define UI_VERBS_PARSE_CHECK_H

#include <stdbool.h>

#include "ui/verbs/parse/args.h"

/* Returns false with ERR_INVALID_INPUT, which names the option or word. */
bool args_check(const struct args *args, enum args_mode mode, struct err *err)
    __attribute__((warn_unused_result));

#endif
