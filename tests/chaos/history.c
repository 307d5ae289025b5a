#include "tests/chaos/history.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "db/base/clock.h"
#include "db/base/mem.h"

const char *const deed_names[DEED_KINDS] = {
    [DEED_ALLOCATE] = "allocate",
    [DEED_RELEASE] = "release",
    [DEED_EXTEND] = "extend",
    [DEED_CORDON] = "cordon",
    [DEED_UNCORDON] = "uncordon",
    [DEED_CANCEL] = "cancel",
    [DEED_LABEL] = "label",
    [DEED_MEND] = "mend",
};

struct history {
	pthread_mutex_t lock;
	FILE *file;
	int64_t zero; /* steady time when it began */
	struct call **calls;
	size_t count;
	size_t room;
};

struct history *history_new(FILE *file) {
	struct history *h = mem_new(1, sizeof *h);

	(void)pthread_mutex_init(&h->lock, NULL);
	h->file = file;
	h->zero = clock_steady();
	return h;
}

static void call_free(struct call *call) {
	free(call->line);
	free(call->leases);
	free(call->commands);
	free(call->said);
	free(call);
}

void history_free(struct history *h) {
	if (h == NULL) {
		return;
	}
	for (size_t i = 0; i < h->count; i++) {
		call_free(h->calls[i]);
	}
	free(h->calls);
	(void)pthread_mutex_destroy(&h->lock);
	free(h);
}

static void write_begin(struct history *h, const struct call *call) {
	if (h->file != NULL) {
		(void)fprintf(h->file, "%.6f call %zu of client %zu%s: %s\n",
		    (double)(call->began - h->zero) / (double)TIME_SECOND, call->number, call->client,
		    call->program ? "" : " (library)", call->line == NULL ? "" : call->line);
	}
}

struct call *history_begin(struct history *h, const struct call *call) {
	struct call *kept = mem_new(1, sizeof *kept);

	*kept = *call;
	kept->line = mem_text(call->line);
	kept->code = CODE_OPEN;
	kept->ended = TIME_NONE;
	(void)pthread_mutex_lock(&h->lock);
	if (h->count == h->room) {
		h->room = h->room * 2 + 1024;
		h->calls = mem_grow(h->calls, h->room, sizeof(struct call *));
	}
	h->calls[h->count++] = kept;
	kept->number = h->count;
	kept->began = clock_steady();
	write_begin(h, kept);
	(void)pthread_mutex_unlock(&h->lock);
	return kept;
}

static void print_end(const struct call *call, FILE *out) {
	char id[ID_TEXT];

	(void)fprintf(out, "code %d%s%s", call->code, call->error[0] == '\0' ? "" : " ", call->error);
	for (size_t i = 0; i < call->lease_count; i++) {
		const struct told_lease *l = &call->leases[i];

		(void)fprintf(out, "; lease %s %s %s of %s, generation %" PRId64 "%s", id_text(l->id, id),
		    l->state, l->value[0] == '\0' ? "nothing" : l->value, l->pool, l->generation,
		    l->replayed ? ", replayed" : "");
	}
	for (size_t i = 0; i < call->command_count; i++) {
		const struct told_command *c = &call->commands[i];

		(void)fprintf(out, "; command %s %s%s%s", id_text(c->id, id), c->state,
		    c->outcome[0] == '\0' ? "" : " ", c->outcome);
	}
	if (call->said != NULL && call->said[0] != '\0' && call->code != 0) {
		(void)fprintf(out, "; said: %.*s", (int)strcspn(call->said, "\n"), call->said);
	}
	(void)fputc('\n', out);
}

void history_end(struct history *h, struct call *call) {
	(void)pthread_mutex_lock(&h->lock);
	call->ended = clock_steady();
	if (h->file != NULL) {
		(void)fprintf(h->file,
		    "%.6f call %zu ended: ", (double)(call->ended - h->zero) / (double)TIME_SECOND,
		    call->number);
		print_end(call, h->file);
	}
	(void)pthread_mutex_unlock(&h->lock);
}

void history_note(struct history *h, const char *format, ...) {
	va_list args;

	if (h->file == NULL) {
		return;
	}
	(void)pthread_mutex_lock(&h->lock);
	(void)fprintf(h->file, "%.6f ", (double)(clock_steady() - h->zero) / (double)TIME_SECOND);
	va_start(args, format);
	(void)vfprintf(h->file, format, args);
	va_end(args);
	(void)fputc('\n', h->file);
	(void)fflush(h->file);
	(void)pthread_mutex_unlock(&h->lock);
}

size_t history_count(const struct history *h) {
	return h->count;
}

struct call *history_at(const struct history *h, size_t i) {
	return h->calls[i];
}

struct told_lease *call_add_lease(struct call *call) {
	struct told_lease *l;

	call->leases = mem_grow(call->leases, call->lease_count + 1, sizeof *call->leases);
	l = &call->leases[call->lease_count++];
	*l = (struct told_lease){0};
	return l;
}

struct told_command *call_add_command(struct call *call) {
	struct told_command *c;

	call->commands = mem_grow(call->commands, call->command_count + 1, sizeof *call->commands);
	c = &call->commands[call->command_count++];
	*c = (struct told_command){0};
	return c;
}

struct id deed_lease(const struct deed *deed, int64_t n) {
	return n == 0 ? deed->id : id_derive(deed->id, (uint64_t)n + 1);
}

static bool deed_is_about(const struct deed *deed, struct id id) {
	if (id_equal(deed->id, id)) {
		return true;
	}
	for (size_t i = 0; i < deed->target_count; i++) {
		if (id_equal(deed->targets[i], id)) {
			return true;
		}
	}
	return false;
}

bool call_is_about(const struct call *call, struct id id) {
	if (id_equal(call->batch, id)) {
		return true;
	}
	for (size_t i = 0; i < call->deed_count; i++) {
		if (deed_is_about(&call->deeds[i], id)) {
			return true;
		}
	}
	for (size_t i = 0; i < call->lease_count; i++) {
		if (id_equal(call->leases[i].id, id)) {
			return true;
		}
	}
	for (size_t i = 0; i < call->command_count; i++) {
		if (id_equal(call->commands[i].id, id)) {
			return true;
		}
	}
	return false;
}

bool call_is_acknowledged(const struct call *call) {
	return call->code == 0;
}

bool call_is_denied(const struct call *call) {
	bool waits = false;

	for (size_t i = 0; i < call->deed_count; i++) {
		waits = waits || call->deeds[i].wait;
	}
	switch (call->code) {
	case 2:
	case 3:
	case 4:
	case 6:
	case 7:
		return true;
	case 5:
	case 8:
		/* With --wait a denial is about the waiting; the command was accepted. */
		return !waits;
	default:
		return false;
	}
}

void call_print(const struct call *call, FILE *out) {
	(void)fprintf(out, "  call %zu of client %zu%s, %.6f to ", call->number, call->client,
	    call->program ? "" : " (library)", (double)call->began / (double)TIME_SECOND);
	if (call->ended == TIME_NONE) {
		(void)fprintf(out, "(open)");
	} else {
		(void)fprintf(out, "%.6f", (double)call->ended / (double)TIME_SECOND);
	}
	(void)fprintf(out, ": %s\n    ", call->line == NULL ? "" : call->line);
	print_end(call, out);
}
