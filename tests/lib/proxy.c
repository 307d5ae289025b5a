#include "tests/lib/proxy.h"

#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "db/base/clock.h"
#include "db/base/mem.h"

#define SOCKET "/.s.PGSQL.5432"

enum { PAIRS = 100, ROOM = 65536 };

/* Bytes that one side has sent and the other has not taken yet. */
struct stretch {
	struct stretch *next;
	int64_t due; /* steady time before which it is held */
	size_t from;
	size_t to;
	char bytes[ROOM];
};

/* fds[way] is the source of that direction. */
struct pair {
	int fds[2];
	struct stretch *first[2];
	struct stretch **last[2]; /* end of the list */
};

struct proxy {
	char *folder;
	char *path;
	char *server;
	int listener;
	int wake[2];
	pthread_t thread;

	/* Used by the thread only. */
	struct pair *pairs[PAIRS];

	pthread_mutex_t lock; /* for the rest */
	bool ends;
	bool held;
	bool severed;
	bool armed;
	enum proxy_way way;
	size_t left;
	size_t admitted; /* connections that are still admitted */
	int64_t delay;
};

static struct sockaddr_un address_of(const char *path) {
	struct sockaddr_un address = {.sun_family = AF_UNIX};

	assert(strlen(path) < sizeof address.sun_path);
	memcpy(address.sun_path, path, strlen(path) + 1);
	return address;
}

static int new_socket(void) {
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	assert(fd >= 0);
	return fd;
}

/* Removes the first stretch of that direction. */
static void drop(struct pair *pair, int way) {
	struct stretch *s = pair->first[way];

	pair->first[way] = s->next;
	if (s->next == NULL) {
		pair->last[way] = &pair->first[way];
	}
	free(s);
}

static void close_pair(struct pair **place) {
	struct pair *pair = *place;

	for (int way = 0; way < 2; way++) {
		(void)close(pair->fds[way]);
		while (pair->first[way] != NULL) {
			drop(pair, way);
		}
	}
	free(pair);
	*place = NULL;
}

static bool is_admitted(struct proxy *p) {
	bool is;

	(void)pthread_mutex_lock(&p->lock);
	is = p->admitted > 0;
	p->admitted -= is ? 1 : 0;
	(void)pthread_mutex_unlock(&p->lock);
	return is;
}

static void accept_one(struct proxy *p) {
	struct sockaddr_un address = address_of(p->server);
	int client = accept4(p->listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	int server;
	size_t at = 0;

	if (client < 0) {
		return;
	}
	if (!is_admitted(p)) {
		(void)close(client);
		return;
	}
	server = new_socket();
	while (at < PAIRS && p->pairs[at] != NULL) {
		at++;
	}
	assert(at < PAIRS);
	p->pairs[at] = mem_new(1, sizeof **p->pairs);
	p->pairs[at]->fds[PROXY_TO_SERVER] = client;
	p->pairs[at]->fds[PROXY_TO_CLIENT] = server;
	p->pairs[at]->last[PROXY_TO_SERVER] = &p->pairs[at]->first[PROXY_TO_SERVER];
	p->pairs[at]->last[PROXY_TO_CLIENT] = &p->pairs[at]->first[PROXY_TO_CLIENT];
	if (connect(server, (const struct sockaddr *)&address, sizeof address) != 0) {
		close_pair(&p->pairs[at]);
	}
}

/* Limits n to the bytes that may pass. False: the connection is cut after them. */
static bool admit(struct proxy *p, int way, size_t *n) {
	bool uncut = true;

	(void)pthread_mutex_lock(&p->lock);
	if (p->armed && p->way == (enum proxy_way)way) {
		if (*n > p->left) {
			*n = p->left;
			p->armed = false;
			uncut = false;
		}
		p->left -= *n;
	}
	(void)pthread_mutex_unlock(&p->lock);
	return uncut;
}

/* Passes on what is due. False: the other side takes nothing any more. */
static bool pour(struct pair *pair, int way, int64_t now) {
	while (pair->first[way] != NULL && pair->first[way]->due <= now) {
		struct stretch *s = pair->first[way];
		ssize_t sent = send(pair->fds[1 - way], s->bytes + s->from, s->to - s->from, MSG_NOSIGNAL);

		if (sent < 0) {
			return errno == EAGAIN;
		}
		s->from += (size_t)sent;
		if (s->from < s->to) {
			return true;
		}
		drop(pair, way);
	}
	return true;
}

static int64_t delay_of(struct proxy *p) {
	int64_t delay;

	(void)pthread_mutex_lock(&p->lock);
	delay = p->delay;
	(void)pthread_mutex_unlock(&p->lock);
	return delay;
}

/* Reads one side. False: the connection has ended. */
static bool take(struct proxy *p, struct pair *pair, int way) {
	struct stretch *s = mem_new(1, sizeof *s);
	ssize_t got = recv(pair->fds[way], s->bytes, ROOM, 0);
	size_t n = got > 0 ? (size_t)got : 0;
	bool uncut = n > 0 && admit(p, way, &n);

	s->to = n;
	s->due = clock_steady() + delay_of(p);
	*pair->last[way] = s;
	pair->last[way] = &s->next;
	return uncut;
}

/* Returns true when more may be read: without a delay only after everything was passed on, so that the end of
 * a connection comes last. */
static bool takes_more(const struct pair *pair, int way, int64_t delay) {
	return pair->first[way] == NULL || delay > 0;
}

/* Passes on what can be passed. False: the connection has ended; bytes before a cut fit into the socket
 * buffer. */
static bool carry(struct proxy *p, struct pair *pair, int way, short revents) {
	bool goes_on = true;

	if ((revents & (POLLIN | POLLHUP | POLLERR)) != 0 && takes_more(pair, way, delay_of(p))) {
		goes_on = take(p, pair, way);
	}
	return pour(pair, way, clock_steady()) && goes_on;
}

static bool is_held(struct proxy *p, bool *ends) {
	bool held;

	(void)pthread_mutex_lock(&p->lock);
	held = p->held;
	*ends = p->ends;
	(void)pthread_mutex_unlock(&p->lock);
	return held;
}

static void sever_if_told(struct proxy *p) {
	bool severed;

	(void)pthread_mutex_lock(&p->lock);
	severed = p->severed;
	p->severed = false;
	(void)pthread_mutex_unlock(&p->lock);
	for (size_t i = 0; i < PAIRS && severed; i++) {
		if (p->pairs[i] != NULL) {
			close_pair(&p->pairs[i]);
		}
	}
}

static bool owes(const struct pair *pair, int way, int64_t now) {
	return pair->first[way] != NULL && pair->first[way]->due <= now;
}

static size_t list_fds(struct proxy *p, struct pollfd *fds, bool held, int64_t now) {
	int64_t delay = delay_of(p);
	size_t n = 0;

	fds[n++] = (struct pollfd){.fd = p->wake[0], .events = POLLIN};
	fds[n++] = (struct pollfd){.fd = held ? -1 : p->listener, .events = POLLIN};
	for (size_t i = 0; i < PAIRS; i++) {
		for (int way = 0; way < 2; way++) {
			struct pair *pair = p->pairs[i];
			bool in = pair != NULL && takes_more(pair, way, delay);
			bool out = pair != NULL && owes(pair, 1 - way, now);

			fds[n++] = (struct pollfd){.fd = pair == NULL || held ? -1 : pair->fds[way],
			    .events = (short)((in ? POLLIN : 0) | (out ? POLLOUT : 0))};
		}
	}
	return n;
}

/* Returns the time until the next stretch is due, for poll(). */
static int patience(struct proxy *p, bool held, int64_t now) {
	int64_t soonest = TIME_NONE;

	for (size_t i = 0; i < PAIRS && !held; i++) {
		for (int way = 0; way < 2 && p->pairs[i] != NULL; way++) {
			const struct stretch *s = p->pairs[i]->first[way];

			if (s != NULL && s->due > now) {
				soonest = clock_sooner(soonest, s->due);
			}
		}
	}
	return clock_poll(soonest);
}

static void *serve(void *arg) {
	struct proxy *p = arg;
	struct pollfd fds[2 + 2 * PAIRS];
	bool ends = false;

	for (bool held = is_held(p, &ends); !ends; held = is_held(p, &ends)) {
		int64_t now = clock_steady();
		size_t n = list_fds(p, fds, held, now);
		char byte;

		(void)poll(fds, n, patience(p, held, now));
		if (fds[0].revents != 0) {
			(void)!read(p->wake[0], &byte, 1);
			sever_if_told(p);
			continue;
		}
		for (size_t i = 0; i < PAIRS; i++) {
			struct pair *pair = p->pairs[i];
			const struct pollfd *two = &fds[2 + 2 * i];

			if (pair != NULL && !held &&
			    (!carry(p, pair, 0, two[0].revents) || !carry(p, pair, 1, two[1].revents))) {
				close_pair(&p->pairs[i]);
			}
		}
		if (fds[1].revents != 0) {
			accept_one(p);
		}
	}
	return NULL;
}

struct proxy *proxy_new(const char *server) {
	struct proxy *p = mem_new(1, sizeof *p);
	struct sockaddr_un address;

	p->admitted = SIZE_MAX;
	p->folder = mem_text("/tmp/berth-proxy-XXXXXX");
	if (mkdtemp(p->folder) == NULL) {
		abort();
	}
	p->path = mem_print("%s" SOCKET, p->folder);
	p->server = mem_print("%s" SOCKET, server);
	p->listener = new_socket();
	address = address_of(p->path);
	if (bind(p->listener, (const struct sockaddr *)&address, sizeof address) != 0 ||
	    listen(p->listener, PAIRS) != 0 || pipe(p->wake) != 0 ||
	    pthread_mutex_init(&p->lock, NULL) != 0 || pthread_create(&p->thread, NULL, serve, p) != 0) {
		abort();
	}
	return p;
}

static void wake(struct proxy *p) {
	(void)!write(p->wake[1], "", 1);
}

void proxy_free(struct proxy *p) {
	if (p == NULL) {
		return;
	}
	(void)pthread_mutex_lock(&p->lock);
	p->ends = true;
	(void)pthread_mutex_unlock(&p->lock);
	wake(p);
	(void)pthread_join(p->thread, NULL);
	(void)pthread_mutex_destroy(&p->lock);
	for (size_t i = 0; i < PAIRS; i++) {
		if (p->pairs[i] != NULL) {
			close_pair(&p->pairs[i]);
		}
	}
	(void)close(p->listener);
	(void)close(p->wake[0]);
	(void)close(p->wake[1]);
	(void)unlink(p->path);
	(void)rmdir(p->folder);
	free(p->folder);
	free(p->path);
	free(p->server);
	free(p);
}

const char *proxy_folder(const struct proxy *p) {
	return p->folder;
}

void proxy_cut(struct proxy *p, enum proxy_way way, size_t after) {
	(void)pthread_mutex_lock(&p->lock);
	p->armed = true;
	p->way = way;
	p->left = after;
	(void)pthread_mutex_unlock(&p->lock);
}

bool proxy_spare(struct proxy *p) {
	bool spare;

	(void)pthread_mutex_lock(&p->lock);
	spare = p->armed;
	p->armed = false;
	(void)pthread_mutex_unlock(&p->lock);
	return spare;
}

void proxy_admit(struct proxy *p, size_t connections) {
	(void)pthread_mutex_lock(&p->lock);
	p->admitted = connections;
	(void)pthread_mutex_unlock(&p->lock);
}

void proxy_sever(struct proxy *p) {
	(void)pthread_mutex_lock(&p->lock);
	p->severed = true;
	(void)pthread_mutex_unlock(&p->lock);
	wake(p);
}

void proxy_delay(struct proxy *p, int64_t delay) {
	(void)pthread_mutex_lock(&p->lock);
	p->delay = delay;
	(void)pthread_mutex_unlock(&p->lock);
}

void proxy_hold(struct proxy *p, bool hold) {
	(void)pthread_mutex_lock(&p->lock);
	p->held = hold;
	(void)pthread_mutex_unlock(&p->lock);
	wake(p);
}
