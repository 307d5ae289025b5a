/*
 * The console face of berth: screens in a terminal, or printed.
 */
#ifndef UI_CONSOLE_CONSOLE_H
#define UI_CONSOLE_CONSOLE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct conn;
struct conn_options;
struct err;

struct console_options {
	const struct conn_options *conn; /* for what runs on a connection of its own */
	const char *terminal;            /* its type, see console_terminal() */
	const char *environment;         /* the badge of the first line; NULL: the database's name */
	const char *detail; /* a JSON object for the record of what is done here: who, from where */
	const char
	    *connection; /* the options of the connection, for a command that is copied; NULL for none */
	bool ascii;      /* draw with ASCII even where UTF-8 is possible */
	bool mono;       /* no colour; bold and reverse stay */
	bool read_only;  /* write mode cannot be turned on */
	bool linear;     /* of console_print(): sentences instead of a table */
};

/* Returns the type that the console takes a terminal for: that one, or a known one of its family. */
const char *console_terminal(const char *type);

/* Runs until the operator leaves. True with the process's exit code: 0, or 128
 * and the signal that ended it; false when it cannot run: no terminal, or a
 * schema of another version. Takes and gives back the terminal and the signals
 * WINCH, TERM, HUP, INT, TSTP, CONT. */
bool console_run(const struct console_options *options, struct conn *conn, int *status, struct err *err)
    __attribute__((warn_unused_result));

/* Prints one screen, all of its rows, as text of that many columns (0: as the
 * terminal, else 80), or a sentence a row. `deadline` is steady time. */
bool console_print(const struct console_options *options, struct conn *conn, const char *screen, int columns,
    int64_t deadline, FILE *out, struct err *err) __attribute__((warn_unused_result));

/* Prints every key, one a line, key first. */
void console_keys(FILE *out);

#endif
