/*
 * Replays that ask for something else than the request that they repeat.
 *
 * The thing stays as it was first asked for, and the answer is that; what was asked for in vain is told. The
 * server compares (`differs` of struct lease and struct command): an object of the names, each with what it
 * was at first.
 */
#ifndef UI_CLI_DIFFERS_H
#define UI_CLI_DIFFERS_H

struct buf;
struct id;
struct run;

/* Appends the names as a JSON array, an empty one for NULL. */
void differs_names(const char *differs, struct buf *out);

/* Tells in a line on standard error, unless --quiet, what was first and what was asked for now; nothing for
 * NULL. `what` is the kind of thing: "lease". In a batch it begins with the line of the file. */
void differs_note(const struct run *run, const char *what, struct id id, const char *differs);

#endif
