/*
 * The look of an alert.
 */
#ifndef UI_CONSOLE_SCREENS_ALERT_BADGE_H
#define UI_CONSOLE_SCREENS_ALERT_BADGE_H

#include <stdint.h>

#include "db/batch/rows.h"
#include "ui/console/terminal/style.h"

struct buf;
struct view;

const struct badge *alert_badge(const struct alert *alert) __attribute__((returns_nonnull));

/* Returns the view that shows its cause, where its tab counts it. */
const struct view *alert_view(const struct alert *alert) __attribute__((returns_nonnull));

/* Appends "for 3h 12m"; nothing where nobody knows since when. */
void alert_span(const struct alert *alert, int64_t now, struct buf *out);

#endif
