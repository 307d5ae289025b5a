#include "model/worker.h"

#include "db/batch/batch.h"
#include "db/base/clock.h"

size_t worker_start_add(struct batch *b, const struct worker_self *self) {
	struct arg args[] = {arg_text(self->name), arg_text(self->host), arg_int(self->pid),
	    arg_int(self->heartbeat), arg_bool(self->hooks), arg_time(self->started)};

	return batch_add(b, NULL, QUERY_WORKER_START, args, 6, NULL);
}

size_t worker_listen_add(struct batch *b) {
	return batch_add(b, NULL, QUERY_LISTEN, NULL, 0, NULL);
}

static size_t add_sign(struct batch *b, enum query query, const struct worker_self *self) {
	struct arg args[] = {arg_text(self->name), arg_time(self->started)};

	return batch_add(b, NULL, query, args, 2, NULL);
}

size_t worker_beat_add(struct batch *b, const struct worker_self *self) {
	return add_sign(b, QUERY_WORKER_BEAT, self);
}

size_t worker_stop_add(struct batch *b, const struct worker_self *self) {
	return add_sign(b, QUERY_WORKER_STOP, self);
}

size_t worker_list_add(struct batch *b) {
	return batch_add(b, NULL, QUERY_WORKER_LIST, NULL, 0, NULL);
}

static size_t add_chunk(struct batch *b, enum query query, const struct worker_self *self) {
	struct arg args[] = {arg_text(self->name), arg_int(self->chunk)};

	return batch_add(b, NULL, query, args, 2, NULL);
}

size_t worker_apply_add(struct batch *b, const struct worker_self *self) {
	return add_chunk(b, QUERY_WORKER_APPLY, self);
}

size_t worker_spread_add(struct batch *b, const struct worker_self *self) {
	return add_chunk(b, QUERY_WORKER_SPREAD, self);
}

size_t worker_tend_add(struct batch *b, const struct worker_self *self) {
	return worker_tend_at_add(b, self, TIME_NONE);
}

size_t worker_tend_at_add(struct batch *b, const struct worker_self *self, int64_t expected) {
	struct arg args[] = {
	    arg_text(self->name), arg_int(self->tries), arg_int(self->chunk), arg_time(expected)};

	return batch_add(b, NULL, QUERY_WORKER_TEND, args, 4, NULL);
}

size_t worker_claim_add(struct batch *b, const struct worker_self *self, int64_t wanted) {
	struct arg args[] = {
	    arg_text(self->name), arg_int(wanted), arg_int(self->deadline + WORKER_CLAIM_GRACE)};
	struct arg name = arg_text(self->name);
	size_t jobs = batch_add(b, "claim", QUERY_WORKER_CLAIM, args, 3, NULL);

	(void)batch_add(b, "leases", QUERY_WORKER_CLAIMED_LEASES, &name, 1, NULL);
	(void)batch_add(b, "commands", QUERY_COMMAND_CLAIMED, &name, 1, NULL);
	return jobs;
}

size_t worker_finish_add(struct batch *b, const struct worker_self *self, struct id command, int64_t epoch,
    bool well, const char *words) {
	struct arg args[] = {arg_text(self->name), arg_id(command), arg_int(epoch), arg_bool(well),
	    arg_text(words), arg_int(self->retry), arg_int(self->tries)};

	return batch_add(b, NULL, QUERY_WORKER_FINISH, args, 7, NULL);
}

size_t worker_return_add(struct batch *b, const struct worker_self *self, struct id command, int64_t epoch) {
	struct arg args[] = {arg_text(self->name), arg_id(command), arg_int(epoch)};

	return batch_add(b, NULL, QUERY_WORKER_RETURN, args, 3, NULL);
}
