/*
 * Reads the program's answer into a call: the leases and commands of its JSON, and the code of an error.
 */
#ifndef TESTS_CHAOS_ANSWER_H
#define TESTS_CHAOS_ANSWER_H

struct call;

/* Reads standard output and standard error, which is copied. The call must have its exit code. */
void answer_read(struct call *call, const char *out, const char *said);

#endif
