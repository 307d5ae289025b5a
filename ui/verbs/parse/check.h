/*
 * Whether what was typed fits the command's entry in the table: its options,
 * how often, how many operands, and what a line of a batch may not have.
 */
#ifndef UI_VERBS_PARSE_CHECK_H
#define UI_VERBS_PARSE_CHECK_H

#include <stdbool.h>

#include "ui/verbs/parse/args.h"

/* Else ERR_INVALID_INPUT, naming the option or word. */
bool args_check(const struct args *args, enum args_mode mode, struct err *err)
    __attribute__((warn_unused_result));

#endif
