/*
 * Reads the final state from a server.
 */
#ifndef TESTS_CHAOS_FINAL_READ_H
#define TESTS_CHAOS_FINAL_READ_H

#include <stdbool.h>

struct final;
struct node;

/* Adds the server's rows, sorted; false: the server did not answer. */
bool final_read(struct final *f, const struct node *s) __attribute__((warn_unused_result));

#endif
