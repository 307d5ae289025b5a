/*
 * tests/fuzz: a target for each reader of bytes that come from outside.
 *
 * A target takes any bytes and checks what was made of them: a text that is accepted is written so that it is
 * read as the same again, an error names its place, nothing is read past the end. `make fuzz` links it with
 * libFuzzer, which searches for bytes that break it. Every other build links it with replay.c, which feeds it
 * the files of tests/fuzz/corpus/NAME, so that each of them is a test: samples, and all that was ever found.
 */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;

/* The target, as libFuzzer calls it. Returns 0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

/* Aborts unless the property holds. */
void fuzz_check(bool holds);

/* Returns a copy of n bytes and a NUL in a block of exactly that size, so that reading past it is detected;
 * owned by the caller. */
char *fuzz_text(const uint8_t *data, size_t n) __attribute__((returns_nonnull, warn_unused_result));

/* The same of the bytes up to the next line end, and moves *data after it. The last line is all that is left.
 */
char *fuzz_line(const uint8_t **data, size_t *n) __attribute__((returns_nonnull, warn_unused_result));

/* Returns the number of lines in the bytes, at least 1. */
int64_t fuzz_lines(const uint8_t *data, size_t n);

/* Checks that an error is complete, of this code, and empties it. */
void fuzz_refused(struct err *err, int code);

/* Checks that the text is JSON, any value. */
void fuzz_json(const char *text);

/* Writes the bytes to a file of that name in the folder that the program takes for the user's configuration
 * and state, which is removed at the end. */
void fuzz_file(const char *name, const uint8_t *data, size_t n);

#endif
