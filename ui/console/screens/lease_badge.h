/*
 * A lease as a glyph, a word, a style and sentences.
 */
#ifndef UI_CONSOLE_SCREENS_LEASE_BADGE_H
#define UI_CONSOLE_SCREENS_LEASE_BADGE_H

#include <stdint.h>

#include "ui/console/widgets/pen.h"
#include "ui/console/terminal/style.h"

struct buf;
struct lease;

/* Returns the badge. Besides the states of the server it shows leases that expire soon or are late. */
const struct badge *lease_badge(const struct lease *lease, int64_t now) __attribute__((returns_nonnull));

/* Appends how long the value has been held: "212d"; "-" for no value. */
void lease_held(const struct lease *lease, int64_t now, struct buf *out);

/* Appends "never", "in 2h 10m", "3d ago"; "ended" for a destroyed lease. */
void lease_expires(const struct lease *lease, int64_t now, struct buf *out);

/* Prints one line: glyph, value, holder, age. */
void lease_line(struct pen *p, const struct lease *lease, int64_t now);

void lease_summary(struct pen *p, const struct lease *lease, int64_t now);
void lease_detail(struct pen *p, const struct lease *lease, int64_t now);
void lease_linear(const struct lease *lease, int64_t now, struct buf *out);

#endif
