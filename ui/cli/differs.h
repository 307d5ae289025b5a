/*
 * Replays that ask for something else than the request that they repeat.
 *
 * The first request counts, and its result is the answer; a note names the parts of the replay that have no
 * effect. The server compares: `differs` of struct lease and struct command is an object of the differences,
 * each with its first value.
 */
#ifndef UI_CLI_DIFFERS_H
#define UI_CLI_DIFFERS_H

struct id;
struct run;

/* Prints on standard error, unless --quiet, what the first request asked for and what this one asks for;
 * nothing for NULL. `what` is the kind of object: "lease". In a batch the note begins with the line of the
 * file. */
void differs_note(const struct run *run, const char *what, struct id id, const char *differs);

#endif
