#include "tests/lib/liar.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <arpa/inet.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "db/base/mem.h"
#include "db/schema/version.h"

enum { CONNECTIONS = 256, CANCEL = 80877102, ENCRYPT = 80877103, ENCRYPT_GSS = 80877104 };
enum { OID_BOOL = 16, OID_INT8 = 20, OID_TEXT = 25, OID_TIMESTAMPTZ = 1184 };

/* Invariant: everything but the folder and the listener is accessed under the lock. */
struct liar {
	char folder[64];
	int listener;
	pthread_t thread;
	pthread_mutex_t lock;
	enum lie_at at;
	enum lie_end end;
	struct buf lie;
	int fds[CONNECTIONS]; /* -1 once closed */
	pthread_t threads[CONNECTIONS];
	size_t count;
};

struct talk {
	struct liar *liar;
	size_t number;
	int fd;
};

static void put_int(struct buf *b, int64_t value, int bytes) {
	for (int i = bytes - 1; i >= 0; i--) {
		buf_char(b, (char)((uint64_t)value >> (8 * i)));
	}
}

void lie_message(struct buf *b, char type, const void *body, size_t n) {
	buf_char(b, type);
	put_int(b, (int64_t)n + 4, 4);
	buf_add(b, body, n);
}

static void put_column(struct buf *b, unsigned type) {
	buf_add(b, "c", 2);
	put_int(b, 0, 4);
	put_int(b, 0, 2);
	put_int(b, type, 4);
	put_int(b, -1, 2);
	put_int(b, -1, 4);
	put_int(b, 1, 2);
}

static void take(struct buf *b, char type, struct buf *body) {
	lie_message(b, type, buf_text(body), body->len);
	buf_release(body);
}

void lie_columns(struct buf *b, int columns, unsigned type) {
	struct buf body = {0};

	put_int(&body, columns, 2);
	for (int i = 0; i < columns; i++) {
		put_column(&body, type);
	}
	take(b, 'T', &body);
}

void lie_row(struct buf *b, int columns, int bytes) {
	struct buf body = {0};

	put_int(&body, columns, 2);
	for (int i = 0; i < columns; i++) {
		put_int(&body, bytes, 4);
		for (int j = 0; j < bytes; j++) {
			buf_char(&body, 'x');
		}
	}
	take(b, 'D', &body);
}

static void put_begin(struct buf *b) {
	lie_message(b, '1', "", 0);
	lie_message(b, '2', "", 0);
}

static void put_end(struct buf *b) {
	lie_message(b, 'C', "SELECT 1", 9);
}

static void put_text(struct buf *body, const char *text) {
	put_int(body, (int64_t)strlen(text), 4);
	buf_puts(body, text);
}

static void put_number(struct buf *body, int64_t value) {
	put_int(body, 8, 4);
	put_int(body, value, 8);
}

static void put_false(struct buf *body) {
	put_int(body, 1, 4);
	put_int(body, 0, 1);
}

/* Appends the answer to the greeting: the settings of the transaction and the row of hello(). */
static void put_hello(struct buf *b) {
	static const unsigned types[] = {OID_TEXT, OID_TEXT, OID_INT8, OID_BOOL, OID_INT8, OID_TIMESTAMPTZ,
	    OID_INT8, OID_INT8, OID_INT8, OID_BOOL, OID_BOOL};
	struct buf body = {0};

	put_begin(b);
	lie_columns(b, 0, OID_TEXT);
	lie_row(b, 0, 0);
	put_end(b);
	put_begin(b);
	put_int(&body, sizeof types / sizeof *types, 2);
	for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
		put_column(&body, types[i]);
	}
	take(b, 'T', &body);
	put_int(&body, sizeof types / sizeof *types, 2);
	put_text(&body, "user");
	put_text(&body, "database");
	put_number(&body, schema_version);
	put_false(&body);
	for (int i = 0; i < 5; i++) {
		put_number(&body, 1);
	}
	put_false(&body);
	put_false(&body);
	take(b, 'D', &body);
	put_end(b);
	lie_message(b, 'Z', "I", 1);
}

static void put_start(struct buf *b) {
	static const char encoding[] = "client_encoding\0UTF8";

	lie_message(b, 'R', "\0\0\0", 4);
	lie_message(b, 'S',
	    "server_version\0"
	    "15.0",
	    20);
	lie_message(b, 'S', encoding, sizeof encoding);
	lie_message(b, 'K', "\0\0\0\1\0\0\0\1", 8);
	lie_message(b, 'Z', "I", 1);
}

/* Sends bytes. False: the client is gone. */
static bool say(int fd, const struct buf *bytes) {
	size_t done = 0;

	while (done < bytes->len) {
		ssize_t n = send(fd, bytes->text + done, bytes->len - done, MSG_NOSIGNAL);

		if (n <= 0) {
			return false;
		}
		done += (size_t)n;
	}
	return true;
}

static bool hear(int fd, void *bytes, size_t n) {
	return recv(fd, bytes, n, MSG_WAITALL) == (ssize_t)n;
}

/* Reads the next packet; the first one has no type. False: there is none. */
static bool hear_packet(int fd, bool first, char *type, uint32_t *code) {
	uint32_t n;
	char rest[4096];

	*type = 0;
	*code = 0;
	if ((!first && !hear(fd, type, 1)) || !hear(fd, &n, sizeof n)) {
		return false;
	}
	n = ntohl(n) - 4;
	if (n >= sizeof *code && first) {
		if (!hear(fd, code, sizeof *code)) {
			return false;
		}
		*code = ntohl(*code);
		n -= (uint32_t)sizeof *code;
	}
	while (n > 0) {
		uint32_t piece = n < sizeof rest ? n : (uint32_t)sizeof rest;

		if (!hear(fd, rest, piece)) {
			return false;
		}
		n -= piece;
	}
	return *type != 'X';
}

static bool lie_now(const struct talk *t, enum lie_end end, const struct buf *lie) {
	do {
		if (!say(t->fd, lie)) {
			return false;
		}
	} while (end == LIE_REPEATS && lie->len > 0);
	return end == LIE_WAITS;
}

static bool hear_first(const struct talk *t) {
	char type;
	uint32_t code;

	do {
		if (!hear_packet(t->fd, true, &type, &code) || code == CANCEL) {
			return false;
		}
		if (code == ENCRYPT || code == ENCRYPT_GSS) {
			(void)send(t->fd, "N", 1, MSG_NOSIGNAL);
		}
	} while (code == ENCRYPT || code == ENCRYPT_GSS);
	return true;
}

static void talk(const struct talk *t, enum lie_at at, enum lie_end end, const struct buf *lie) {
	struct buf truth = {0};
	bool goes_on = hear_first(t);
	int requests = 0;
	char type;
	uint32_t code;

	put_start(&truth);
	goes_on = goes_on && (at == LIE_START ? lie_now(t, end, lie) : say(t->fd, &truth));
	buf_cut(&truth, 0);
	put_hello(&truth);
	while (goes_on && hear_packet(t->fd, false, &type, &code)) {
		if (type != 'S' && type != 'Q') {
			continue;
		}
		if (requests++ == 0 && at != LIE_HELLO && at != LIE_START) {
			goes_on = say(t->fd, &truth) && (at != LIE_IDLE || lie_now(t, end, lie));
		} else {
			goes_on = at != LIE_IDLE && lie_now(t, end, lie);
		}
	}
	buf_release(&truth);
}

static void *run_talk(void *arg) {
	struct talk *t = arg;
	struct liar *l = t->liar;
	struct buf lie = {0};
	enum lie_at at;
	enum lie_end end;

	(void)pthread_mutex_lock(&l->lock);
	at = l->at;
	end = l->end;
	buf_add(&lie, l->lie.text, l->lie.len);
	(void)pthread_mutex_unlock(&l->lock);
	talk(t, at, end, &lie);
	(void)pthread_mutex_lock(&l->lock);
	l->fds[t->number] = -1;
	(void)close(t->fd);
	(void)pthread_mutex_unlock(&l->lock);
	buf_release(&lie);
	free(t);
	return NULL;
}

static void *run_liar(void *arg) {
	struct liar *l = arg;
	int fd;

	while ((fd = accept(l->listener, NULL, NULL)) >= 0) {
		struct talk *t = mem_new(1, sizeof *t);

		(void)pthread_mutex_lock(&l->lock);
		*t = (struct talk){l, l->count, fd};
		if (l->count == CONNECTIONS ||
		    pthread_create(&l->threads[l->count], NULL, run_talk, t) != 0) {
			(void)close(fd);
			free(t);
		} else {
			l->fds[l->count++] = fd;
		}
		(void)pthread_mutex_unlock(&l->lock);
	}
	return NULL;
}

struct liar *liar_new(void) {
	struct liar *l = mem_new(1, sizeof *l);
	struct sockaddr_un at = {.sun_family = AF_UNIX};

	(void)strncat(l->folder, "/tmp/berth-liar-XXXXXX", sizeof l->folder - 1);
	assert_non_null(mkdtemp(l->folder));
	(void)snprintf(at.sun_path, sizeof at.sun_path, "%s/.s.PGSQL.5432", l->folder);
	l->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(l->listener, (const struct sockaddr *)&at, sizeof at), 0);
	assert_int_equal(listen(l->listener, 64), 0);
	assert_int_equal(pthread_mutex_init(&l->lock, NULL), 0);
	assert_int_equal(pthread_create(&l->thread, NULL, run_liar, l), 0);
	return l;
}

void liar_free(struct liar *l) {
	char *path;

	if (l == NULL) {
		return;
	}
	(void)shutdown(l->listener, SHUT_RDWR);
	(void)pthread_join(l->thread, NULL);
	(void)close(l->listener);
	(void)pthread_mutex_lock(&l->lock);
	for (size_t i = 0; i < l->count; i++) {
		if (l->fds[i] >= 0) {
			(void)shutdown(l->fds[i], SHUT_RDWR);
		}
	}
	(void)pthread_mutex_unlock(&l->lock);
	for (size_t i = 0; i < l->count; i++) {
		(void)pthread_join(l->threads[i], NULL);
	}
	path = mem_print("%s/.s.PGSQL.5432", l->folder);
	(void)unlink(path);
	(void)rmdir(l->folder);
	free(path);
	buf_release(&l->lie);
	free(l);
}

const char *liar_folder(const struct liar *l) {
	return l->folder;
}

void liar_says(struct liar *l, enum lie_at at, enum lie_end end, const struct buf *bytes) {
	(void)pthread_mutex_lock(&l->lock);
	l->at = at;
	l->end = end;
	buf_cut(&l->lie, 0);
	buf_add(&l->lie, buf_text(bytes), bytes->len);
	(void)pthread_mutex_unlock(&l->lock);
}
