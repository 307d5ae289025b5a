/*
 * Notifications to systemd: one datagram a message, to the socket named in the environment.  Without one
 * nothing is sent.  The protocol is too small to need a library.
 */
#ifndef UI_WORKER_SYSTEMD_H
#define UI_WORKER_SYSTEMD_H

#include <stdint.h>
#include <sys/socket.h>
#include <sys/un.h>

struct systemd {
	int fd; /* -1: no socket */
	struct sockaddr_un to;
	socklen_t size;
	int64_t every; /* microseconds between two WATCHDOG=1; 0: none */
	int64_t life;  /* steady time when the watchdog is due; TIME_NONE for never */
};

/* Reads NOTIFY_SOCKET (a path, or "@" and an abstract name), WATCHDOG_USEC and WATCHDOG_PID. */
void systemd_init(struct systemd *n);
void systemd_release(struct systemd *n);

/* Sends lines of VARIABLE=value. Never waits: when the socket is full, the message is lost. */
void systemd_send(const struct systemd *n, const char *lines);

/* Feed the watchdog, if it is due; make it due after a pause instead. */
void systemd_feed_watchdog(struct systemd *n);
void systemd_delay_watchdog(struct systemd *n, int64_t pause);

/* Sends STATUS=, with foreign text made safe. */
void systemd_status(const struct systemd *n, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
