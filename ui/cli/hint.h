/*
 * Commands that can be copied: a command of berth in a hint or note goes where this call went.
 */
#ifndef UI_CLI_HINT_H
#define UI_CLI_HINT_H

struct args;
struct buf;
struct err;
struct verb;

/* Appends the connection options of this call as a shell takes them, each with a blank behind it. No password
 * is among them. */
void hint_options(const struct args *args, struct buf *out);

/* Returns the text with these options behind "berth" wherever it names a command that connects, unless it
 * tells the usage. Owned by the caller. */
char *hint_text(const struct args *args, const struct verb *const *table, const char *text)
    __attribute__((warn_unused_result));

/* Does that to the hint of an error, which may have none. */
void hint_connect(const struct args *args, const struct verb *const *table, struct err *err);

#endif
