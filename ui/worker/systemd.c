#include "ui/worker/systemd.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "db/base/buf.h"
#include "db/base/clock.h"
#include "db/base/num.h"
#include "model/text/safe.h"

/* Returns half the watchdog's timeout; 0 when it is for another process of the service. */
static int64_t watchdog(void) {
	const char *span = getenv("WATCHDOG_USEC");
	const char *who = getenv("WATCHDOG_PID");
	int64_t us = 0, pid = 0;

	if (span == NULL || !int_parse(span, 2, INT64_MAX, &us) ||
	    (who != NULL && (!int_parse(who, 1, INT32_MAX, &pid) || pid != getpid()))) {
		return 0;
	}
	return us / 2;
}

void systemd_init(struct systemd *n) {
	const char *path = getenv("NOTIFY_SOCKET");
	size_t len = path == NULL ? 0 : strlen(path);

	*n = (struct systemd){.fd = -1, .to.sun_family = AF_UNIX, .life = TIME_NONE};
	if (len < 2 || len >= sizeof n->to.sun_path || (path[0] != '/' && path[0] != '@')) {
		return;
	}
	memcpy(n->to.sun_path, path, len);
	if (path[0] == '@') {
		n->to.sun_path[0] = '\0';
	}
	n->size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len);
	n->fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	n->every = n->fd < 0 ? 0 : watchdog();
	n->life = n->every > 0 ? clock_steady() : TIME_NONE;
}

void systemd_release(struct systemd *n) {
	if (n->fd >= 0) {
		(void)close(n->fd);
	}
	n->fd = -1;
}

void systemd_send(const struct systemd *n, const char *lines) {
	if (n->fd >= 0) {
		(void)sendto(
		    n->fd, lines, strlen(lines), MSG_NOSIGNAL, (const struct sockaddr *)&n->to, n->size);
	}
}

void systemd_feed_watchdog(struct systemd *n) {
	if (clock_passed(n->life)) {
		systemd_send(n, "WATCHDOG=1");
		n->life = clock_steady() + n->every;
	}
}

void systemd_delay_watchdog(struct systemd *n, int64_t pause) {
	if (clock_passed(n->life)) {
		n->life = clock_steady() + pause;
	}
}

void systemd_status(const struct systemd *n, const char *format, ...) {
	struct buf text = {0};
	struct buf line = {0};
	va_list args;

	va_start(args, format);
	buf_vprintf(&text, format, args);
	va_end(args);
	buf_puts(&line, "STATUS=");
	safe_text(buf_text(&text), text.len, SAFE_UTF8, &line);
	systemd_send(n, buf_text(&line));
	buf_release(&text);
	buf_release(&line);
}
