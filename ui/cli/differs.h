/*
 * Replays that ask for something else than the request that they repeat.
 *
 * The thing stays as it was first asked for, and that is the answer; a note says what a replay asks for in
 * vain. The server compares: `differs` of struct lease and struct command is an object of the differences,
 * each with its first value.
 */
#ifndef UI_CLI_DIFFERS_H
#define UI_CLI_DIFFERS_H

struct id;
struct run;

/* Prints on standard error, unless --quiet, what was asked for first and what was asked for now; nothing for
 * NULL. `what` is the kind of thing: "lease". In a batch the note begins with the line of the file. */
void differs_note(const struct run *run, const char *what, struct id id, const char *differs);

#endif
