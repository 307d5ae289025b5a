#include "model/worker.h"

#include "db/base/clock.h"
#include "db/batch/batch.h"
#include "gen/queries.h"

size_t worker_start_add(struct batch *b, const struct worker_self *self) {
	return query_worker_start_add(
	    b, self->name, self->host, self->pid, self->heartbeat, self->hooks, self->started);
}

size_t worker_listen_add(struct batch *b) {
	return query_listen_add(b);
}

size_t worker_beat_add(struct batch *b, const struct worker_self *self) {
	return query_worker_beat_add(b, self->name, self->started);
}

size_t worker_stop_add(struct batch *b, const struct worker_self *self) {
	return query_worker_stop_add(b, self->name, self->started);
}

size_t worker_list_add(struct batch *b) {
	return query_worker_list_add(b);
}

size_t worker_apply_add(struct batch *b, const struct worker_self *self) {
	return query_worker_apply_add(b, self->name, self->chunk);
}

size_t worker_fan_out_add(struct batch *b, const struct worker_self *self) {
	return query_worker_fan_out_add(b, self->name, self->chunk);
}

size_t worker_maintain_add(struct batch *b, const struct worker_self *self) {
	return worker_maintain_at_add(b, self, TIME_NONE);
}

size_t worker_maintain_at_add(struct batch *b, const struct worker_self *self, int64_t expected) {
	return query_worker_maintain_add(b, self->name, self->tries, self->chunk, expected);
}

size_t worker_claim_add(struct batch *b, const struct worker_self *self, int64_t wanted) {
	size_t jobs = query_worker_claim_add(b, self->name, wanted, self->deadline + WORKER_CLAIM_GRACE);

	batch_name(b, jobs, "claim");
	batch_name(b, query_worker_claimed_leases_add(b, self->name), "leases");
	batch_name(b, query_command_claimed_add(b, self->name), "commands");
	return jobs;
}

size_t worker_finish_add(struct batch *b, const struct worker_self *self, struct id command, int64_t epoch,
    bool well, const char *words) {
	return query_worker_finish_add(b, self->name, command, epoch, well, words, self->retry, self->tries);
}

size_t worker_return_add(struct batch *b, const struct worker_self *self, struct id command, int64_t epoch) {
	return query_worker_return_add(b, self->name, command, epoch);
}
