/*
 * Why a lease waits, as a part of the answer about it.
 */
#ifndef UI_CLI_WAITING_H
#define UI_CLI_WAITING_H

struct doc;
struct waiting;

/* The member `waiting`: {position, ahead, reasons}. */
void waiting_put(struct doc *doc, const struct waiting *waiting);

#endif
