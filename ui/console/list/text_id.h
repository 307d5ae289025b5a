/*
 * Ids for rows that have none on the server: the same texts give the same id.
 */
#ifndef UI_CONSOLE_LIST_TEXT_ID_H
#define UI_CONSOLE_LIST_TEXT_ID_H

#include "db/base/id.h"

struct id text_id(const char *place, const char *text);

#endif
