/*
 * Lines of a detail: a label, and behind it what there is to say; no line where
 * there is nothing.
 */
#ifndef UI_CONSOLE_WIDGETS_DETAIL_H
#define UI_CONSOLE_WIDGETS_DETAIL_H

#include <stdint.h>

#include "db/base/id.h"

struct badge;
struct pen;

/* What it is like, which has a meaning, in words, and with a blank line before and behind where there is room
 * for them. */
void detail_badge(struct pen *p, const struct badge *badge);

/* Foreign text; NULL and "" are nothing. */
void detail_text(struct pen *p, const char *label, const char *text);

/* Labels or names, from their JSON (ui/text/plain_json.h). */
void detail_json(struct pen *p, const char *label, const char *json);

/* Nil is nothing. */
void detail_id(struct pen *p, const char *label, struct id id);

/* "2026-07-13 02:14 UTC  3d ago"; TIME_NONE is nothing. */
void detail_time(struct pen *p, const char *label, int64_t time, int64_t now);

#endif
