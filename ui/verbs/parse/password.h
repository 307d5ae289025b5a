/*
 * Asking for a password on the terminal, which shows nothing of it meanwhile.
 */
#ifndef UI_VERBS_PARSE_PASSWORD_H
#define UI_VERBS_PARSE_PASSWORD_H

#include <stdbool.h>

struct err;

/* Reads a line from the terminal, for the caller to wipe and free. A signal that ends or stops the program
 * does so once the terminal shows again what is typed. */
bool password_ask(char **password, struct err *err) __attribute__((warn_unused_result));

#endif
