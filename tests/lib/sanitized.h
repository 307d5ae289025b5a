/*
 * SANITIZED: 1 in a build with the address sanitizer, else 0.
 *
 * A test of very many cases tries all of them in the optimized build, and a
 * part of them, by a fixed rule, under the sanitizers, where each is five times as slow.
 */
#ifndef TESTS_LIB_SANITIZED_H
#define TESTS_LIB_SANITIZED_H

#ifdef __SANITIZE_ADDRESS__
enum { SANITIZED = 1 };
#else
enum { SANITIZED = 0 };
#endif

#endif
