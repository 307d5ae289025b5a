/*
 * Why a lease waits, as a part of the answer about it.
 */
#ifndef UI_CLI_WAITING_H
#define UI_CLI_WAITING_H

struct record;
struct waiting;

/* Adds the member `waiting`: {position, ahead, reasons}. */
void waiting_put(struct record *record, const struct waiting *waiting);

#endif
