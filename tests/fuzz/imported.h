/*
 * Properties of an imported file, whatever format it has.
 */
#ifndef TESTS_FUZZ_IMPORTED_H
#define TESTS_FUZZ_IMPORTED_H

#include <stddef.h>
#include <stdint.h>

struct import_ask;

/* Reads n bytes as a file, and checks the verdicts on its rows, what is sent of them, and the error. */
void imported_check(const uint8_t *data, size_t n, const struct import_ask *ask);

#endif
