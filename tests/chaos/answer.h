/*
 * What the program has answered, read into the call: the leases and commands of
 * its JSON, and of an error its code.
 */
#ifndef TESTS_CHAOS_ANSWER_H
#define TESTS_CHAOS_ANSWER_H

struct call;

/* The call has its exit code; `out` is standard output, `said` standard error, of which it takes a copy. */
void answer_read(struct call *call, const char *out, const char *said);

#endif
