/*
 * The server's clock, that jumps when the harness says so: a library for
 * LD_PRELOAD that adds to the wall clock what the file in CHAOS_CLOCK holds,
 * microseconds as one int64_t.
 *
 * libfaketime can do so too, but it opens and reads its file under a lock at
 * each call, and PostgreSQL asks for the time in signal handlers: it hangs.
 * Here it is one read of shared memory.  The steady clock is left alone.
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

/* The clocks that tell the time of day jump. The system's header has names that are not for us. */
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
