/*
 * Hints that can be copied: adds the connection options of this call to a berth command in a hint or note.
 */
#ifndef UI_CLI_HINT_H
#define UI_CLI_HINT_H

struct args;
struct buf;
struct err;
struct verb;

/* Appends the connection options of this call, quoted for a shell, each followed by a blank, without
 * passwords.
 */
void hint_options(const struct args *args, struct buf *out);

/* Returns the text with these options after "berth" in every command that connects; usage texts stay as they
 * are. Owned by the caller. */
char *hint_text(const struct args *args, const struct verb *const *table, const char *text)
    __attribute__((warn_unused_result));

/* Does the same with the hint of an error, if it has one. */
void hint_connect(const struct args *args, const struct verb *const *table, struct err *err);

#endif
