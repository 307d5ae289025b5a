/*
 * A proxy of the server that can fail: it listens in a folder of its own and passes everything on, until it
 * is told to cut the connection at a certain byte or to hold everything back.
 *
 * It runs in a thread, so that the test can block in libpq.
 */
#ifndef TESTS_LIB_PROXY_H
#define TESTS_LIB_PROXY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct proxy;

enum proxy_way { PROXY_TO_SERVER, PROXY_TO_CLIENT };

/* Starts a proxy; `server` is the folder of the server's socket. */
struct proxy *proxy_new(const char *server) __attribute__((returns_nonnull, warn_unused_result));

/* Cuts all connections and ends; takes NULL. */
void proxy_free(struct proxy *p);

/* Returns the `host` to connect to. */
const char *proxy_folder(const struct proxy *p) __attribute__((returns_nonnull));

/* Passes so many bytes in that direction, and then cuts the connection, once. */
void proxy_cut(struct proxy *p, enum proxy_way way, size_t after);

/* Cancels the cut. Returns true when it had not happened. */
bool proxy_spare(struct proxy *p);

/* Admits so many connections from now on; further ones are closed at once. */
void proxy_admit(struct proxy *p, size_t connections);

/* Cuts all connections. */
void proxy_sever(struct proxy *p);

/* Delays each byte by so many microseconds, from now on. */
void proxy_delay(struct proxy *p, int64_t delay);

/* With `hold`, holds everything back, also new connections. */
void proxy_hold(struct proxy *p, bool hold);

#endif
