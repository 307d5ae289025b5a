/*
 * A verb that only reads, and its standby.
 */
#ifndef UI_CLI_STANDBY_H
#define UI_CLI_STANDBY_H

struct conn_options;
struct run;

/* Moves the run to the server of these options, and notes how far it is behind. When it cannot be reached the
 * run stays where it is, and the note says why. */
void standby_use(struct run *run, const struct conn_options *reads);

#endif
