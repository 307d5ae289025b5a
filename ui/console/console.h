/*
 * The console of berth: screens in a terminal, or printed.
 */
#ifndef UI_CONSOLE_CONSOLE_H
#define UI_CONSOLE_CONSOLE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "ui/config/config.h"

struct conn;
struct conn_options;
struct connect;
struct err;

struct console_options {
	const struct conn_options *conn; /* for dedupe runs, which have a connection of their own */
	struct connect *connect;         /* the same, for :connect */
	const struct config
	    *fleet; /* whose fleet is shown, without a server of its own; NULL: one database */
	const struct conn_options *reads; /* of the standby that is read; NULL: none */
	const char *terminal;             /* terminal type, see console_terminal() */
	const char *environment;          /* the badge of the first line; NULL: the database's name */
	enum alarm alarm;                 /* its colour */
	const char *detail;     /* a JSON object for the history: the user and the host of the operator */
	const char *connection; /* connection options for copied commands; NULL for none */
	const char *theme;      /* its name; NULL: dark */
	bool mouse;             /* it is on */
	bool ascii;             /* draw with ASCII, even if UTF-8 is possible */
	bool mono;              /* no colour, only bold and reverse */
	bool read_only;         /* write mode cannot be turned on */
	bool tour;              /* show the steps of the tour, see ui/console/app/tour.h */
	bool always_read_only;  /* ... nor after :connect */
	bool linear;            /* for console_print(): sentences instead of a table */
};

/* Checks that the theme of that name can be read. */
bool console_theme(const char *name, struct err *err) __attribute__((warn_unused_result));

/* Returns the terminal type that the console uses: that one, or a known one of its family. */
const char *console_terminal(const char *type);

/* Runs until the operator quits. True with the process's exit code: 0, or 128 and the signal that ended it;
 * false when it cannot run: no terminal, or another schema version. Takes over, and restores, the terminal
 * and the signals WINCH, TERM, HUP, INT, TSTP, CONT. *conn is another one afterwards when the operator has
 * connected elsewhere. */
bool console_run(const struct console_options *options, struct conn **conn, int *status, struct err *err)
    __attribute__((warn_unused_result));

/* The console as lines: prints the list and reads lines from standard input, until the operator quits or the
 * input ends. *conn as for console_run(). */
bool console_lines(const struct console_options *options, struct conn **conn, FILE *out, struct err *err)
    __attribute__((warn_unused_result));

/* Prints one screen with all of its rows, as text of that many columns (0: as the terminal, else 80), or a
 * sentence per row. `deadline` is steady time. */
bool console_print(const struct console_options *options, struct conn *conn, const char *screen, int columns,
    int64_t deadline, FILE *out, struct err *err) __attribute__((warn_unused_result));

/* Prints every key, one per line, key first. */
void console_keys(FILE *out);

#endif
