/*
 * A way to the server that can fail: a socket of its own, in a folder of its
 * own, from which everything is passed on to the server's and back, until it is
 * told to cut the connection at a certain byte or to pass nothing any more.
 *
 * It runs in a thread, so that the test can wait for what it does to libpq.
 */
#ifndef TESTS_LIB_PROXY_H
#define TESTS_LIB_PROXY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct proxy;

enum proxy_way { PROXY_TO_SERVER, PROXY_TO_CLIENT };

/* `server` is the folder of the server's socket. */
struct proxy *proxy_new(const char *server) __attribute__((returns_nonnull, warn_unused_result));

/* Cuts what is left; takes NULL. */
void proxy_free(struct proxy *p);

/* The `host` to connect to. */
const char *proxy_folder(const struct proxy *p) __attribute__((returns_nonnull));

/* From now on so many bytes pass this way; instead of the next one the
 * connection that brings it is cut, once. */
void proxy_cut(struct proxy *p, enum proxy_way way, size_t after);

/* Whether that has not happened yet; if so it will not any more. */
bool proxy_spare(struct proxy *p);

/* So many connections are taken from now on; every further one is closed before it has said anything. */
void proxy_admit(struct proxy *p, size_t connections);

/* Cuts every connection that there is. */
void proxy_sever(struct proxy *p);

/* How long each byte is on its way, in microseconds; for what comes from now on. */
void proxy_delay(struct proxy *p, int64_t delay);

/* Whether it holds everything back, new connections too, until it is told to go on. */
void proxy_hold(struct proxy *p, bool hold);

#endif
