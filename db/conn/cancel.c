#include "db/conn/cancel.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>

#include "db/base/mem.h"

/* Owned by the thread and by the caller; the last owner frees it. */
struct cancel {
	PGcancel *pg;
	atomic_bool arrived;
	atomic_int owners;
};

void cancel_free(struct cancel *cancel) {
	if (cancel != NULL && atomic_fetch_sub(&cancel->owners, 1) == 1) {
		PQfreeCancel(cancel->pg);
		free(cancel);
	}
}

static void *send_and_free(void *arg) {
	struct cancel *cancel = arg;
	char why[256];

	(void)PQcancel(cancel->pg, why, sizeof why);
	atomic_store(&cancel->arrived, true);
	cancel_free(cancel);
	return NULL;
}

struct cancel *cancel_send(PGconn *pg) {
	struct cancel *cancel = mem_new(1, sizeof *cancel);
	pthread_attr_t detached;
	pthread_t thread;

	cancel->pg = PQgetCancel(pg);
	atomic_init(&cancel->arrived, false);
	atomic_init(&cancel->owners, 2);
	(void)pthread_attr_init(&detached);
	(void)pthread_attr_setdetachstate(&detached, PTHREAD_CREATE_DETACHED);
	if (cancel->pg == NULL || pthread_create(&thread, &detached, send_and_free, cancel) != 0) {
		PQfreeCancel(cancel->pg);
		free(cancel);
		cancel = NULL;
	}
	(void)pthread_attr_destroy(&detached);
	return cancel;
}

bool cancel_arrived(const struct cancel *cancel) {
	return cancel == NULL || atomic_load(&cancel->arrived);
}
