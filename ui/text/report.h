/*
 * Errors and other messages: on standard error, made safe, so that the answer on standard output stays a
 * document.
 *
 * On a file that is a stream to systemd's journal each line begins with its priority, as sd-daemon(3) has it.
 */
#ifndef UI_TEXT_REPORT_H
#define UI_TEXT_REPORT_H

#include <stdbool.h>
#include <stdio.h>

#include "model/text/safe.h"

struct buf;
struct err;

/* Prints "berth: what: why", a hint, and, where the error's detail has a `selector` and a `position`, the
 * selector with a caret under the offending character. With json, the last line is the error object of
 * cli.md. Returns the exit code. */
int report_error(FILE *file, enum safe_form form, bool json, const struct err *err);

enum report_level { REPORT_ERROR, REPORT_WARNING, REPORT_NOTE };

/* Prints "berth: ..." on a line of its own. */
void report_note(FILE *file, enum safe_form form, enum report_level level, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* Appends the error object, one line without its end. */
void report_json(const struct err *err, struct buf *out);

#endif
