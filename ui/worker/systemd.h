/*
 * Telling systemd how a service is: one datagram a message, to the socket that
 * the environment names.  Without one nothing is sent.
 *
 * This is the whole of the protocol that a worker needs, so that no library has
 * to come along for it.
 */
#ifndef UI_WORKER_SYSTEMD_H
#define UI_WORKER_SYSTEMD_H

#include <stdint.h>
#include <sys/socket.h>
#include <sys/un.h>

struct systemd {
	int fd; /* -1: nobody listens */
	struct sockaddr_un to;
	socklen_t size;
	int64_t every; /* microseconds between two signs of life; 0: nobody waits for them */
};

/* From NOTIFY_SOCKET, a path or "@" and an abstract name, WATCHDOG_USEC and WATCHDOG_PID. */
void systemd_init(struct systemd *n);
void systemd_release(struct systemd *n);

/* Lines of VARIABLE=value. Never waits: what finds no room is lost. */
void systemd_send(const struct systemd *n, const char *lines);

/* STATUS=, with foreign text made safe. */
void systemd_status(const struct systemd *n, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
