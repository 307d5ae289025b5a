/*
 * A library for LD_PRELOAD that shifts the wall clock of the server by the int64_t of microseconds in the
 * file $CHAOS_CLOCK.
 *
 * libfaketime opens and locks its file at each call, and hangs when PostgreSQL reads the clock in a signal
 * handler. This is one read of shared memory. The steady clock is not shifted.
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

enum { MILLION = 1000000, THOUSAND = 1000 };

static const volatile int64_t *offset;

__attribute__((constructor)) static void open_clock(void) {
	const char *path = getenv("CHAOS_CLOCK");
	int fd = path == NULL ? -1 : open(path, O_RDONLY | O_CLOEXEC);
	void *map = fd < 0 ? MAP_FAILED : mmap(NULL, sizeof *offset, PROT_READ, MAP_SHARED, fd, 0);

	if (map != MAP_FAILED) {
		offset = map;
	}
	if (fd >= 0) {
		(void)close(fd);
	}
}

static void shift(int64_t *seconds, int64_t *micros) {
	int64_t by = offset == NULL ? 0 : *offset;

	*seconds += by / MILLION;
	*micros += by % MILLION;
	if (*micros < 0) {
		*micros += MILLION;
		*seconds -= 1;
	} else if (*micros >= MILLION) {
		*micros -= MILLION;
		*seconds += 1;
	}
}

/* Only clocks of the time of day are shifted. The parameter names of the system's header are reserved. */
/* NOLINTBEGIN(readability-inconsistent-declaration-parameter-name) */
int clock_gettime(clockid_t which, struct timespec *out) {
	int result = (int)syscall(SYS_clock_gettime, which, out);

	if (result == 0 && (which == CLOCK_REALTIME || which == CLOCK_REALTIME_COARSE)) {
		int64_t seconds = out->tv_sec;
		int64_t micros = out->tv_nsec / THOUSAND;
		long rest = out->tv_nsec % THOUSAND;

		shift(&seconds, &micros);
		out->tv_sec = (time_t)seconds;
		out->tv_nsec = (long)micros * THOUSAND + rest;
	}
	return result;
}

int gettimeofday(struct timeval *out, void *zone) {
	struct timespec now;
	int result = clock_gettime(CLOCK_REALTIME, &now);

	(void)zone;
	out->tv_sec = now.tv_sec;
	out->tv_usec = now.tv_nsec / THOUSAND;
	return result;
}

time_t time(time_t *out) {
	struct timespec now;

	(void)clock_gettime(CLOCK_REALTIME, &now);
	if (out != NULL) {
		*out = now.tv_sec;
	}
	return now.tv_sec;
}
/* NOLINTEND(readability-inconsistent-declaration-parameter-name) */
