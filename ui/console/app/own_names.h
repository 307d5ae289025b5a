/*
 * Names for completion that are not in the database: of profiles, saved views, themes and screens.
 */
#ifndef UI_CONSOLE_APP_OWN_NAMES_H
#define UI_CONSOLE_APP_OWN_NAMES_H

#include <stdbool.h>
#include <stddef.h>

struct err;

typedef void offer_name(void *data, const char *name);

/* Calls offer() with each name of the things that a synopsis calls so, the first n bytes: PROFILE, VIEW,
 * THEME or SCREEN; with none for another word. False when a file has a fault. */
bool own_names(const char *called, size_t n, offer_name *offer, void *data, struct err *err)
    __attribute__((warn_unused_result));

#endif
