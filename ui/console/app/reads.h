/*
 * The standby that the console reads, as the operator is told about it.
 */
#ifndef UI_CONSOLE_APP_READS_H
#define UI_CONSOLE_APP_READS_H

#include <stdbool.h>

struct app;
struct buf;

/* Says once that the standby cannot be read, or that it is read again. */
void reads_tell(struct app *app);

/* Appends the server of the last read and the time that it is behind: "  standby 7s behind"; nothing without
 * a standby. Returns false when that is not as it should be. */
bool reads_source(const struct app *app, struct buf *out);

#endif
