/*
 * Lines of a detail: `label  value`, and no line where there is no value.
 */
#ifndef UI_CONSOLE_WIDGETS_DETAIL_H
#define UI_CONSOLE_WIDGETS_DETAIL_H

#include <stdint.h>

#include "db/base/id.h"

struct badge;
struct count;
struct pen;

/* Prints the word and the meaning of a badge, with a blank line before and after where there is room for
 * them. */
void detail_badge(struct pen *p, const struct badge *badge);

/* Prints a text, which may be foreign; NULL and "" are nothing. */
void detail_text(struct pen *p, const char *label, const char *text);

/* Prints a value in its full form (ui/text/field.h): labels or names from their JSON, an id unless it is nil,
 * a time unless it is TIME_NONE, a count. */
void detail_json(struct pen *p, const char *label, const char *json);
void detail_id(struct pen *p, const char *label, struct id id);
void detail_time(struct pen *p, const char *label, int64_t time, int64_t now);
void detail_count(struct pen *p, const char *label, const struct count *count);

#endif
