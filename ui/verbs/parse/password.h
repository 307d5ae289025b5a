/*
 * Asks for a password on the terminal, without showing the typed text.
 */
#ifndef UI_VERBS_PARSE_PASSWORD_H
#define UI_VERBS_PARSE_PASSWORD_H

#include <stdbool.h>

struct err;

/* Reads a line from the terminal, for the caller to wipe and free. A signal that ends or stops the program
 * takes effect after the terminal shows typed text again. */
bool password_ask(char **password, struct err *err) __attribute__((warn_unused_result));

#endif
