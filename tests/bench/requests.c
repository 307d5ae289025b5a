#include "tests/bench/requests.h"

#include "db/base/buf.h"
#include "db/base/clock.h"
#include "gen/queries.h"
#include "model/lease.h"

#define HOLDER "bench"
#define DETAIL "{\"program\": \"bench\"}"

static struct allocate ask(const struct source *s, struct id id) {
	return (struct allocate){.id = id,
	    .pool = s->pool.name,
	    .holder = HOLDER,
	    .until = TIME_NONE,
	    .count = s->count,
	    .priority = LEASE_PRIORITY_UNSAID,
	    .project = s->project,
	    .labels = s->labels,
	    .detail = DETAIL};
}

void request_allocate(struct batch *b, void *source) {
	const struct source *s = source;
	struct allocate a = ask(s, id_new());

	lease_allocate_add(b, &a);
}

void request_insert(struct batch *b, void *source) {
	struct source *s = source;

	query_bench_insert_add(b, id_new(), s->pool.pool, s->pool.resource, s->next++, HOLDER, 0, DETAIL);
}

void request_insert_prepared(struct batch *b, void *source) {
	struct source *s = source;

	query_bench_insert_prepared_add(
	    b, id_new(), s->pool.pool, s->pool.resource, s->next++, HOLDER, 0, DETAIL);
}

void request_insert_labels(struct batch *b, void *source) {
	struct source *s = source;

	query_bench_insert_labels_add(
	    b, id_new(), s->pool.pool, s->pool.resource, s->next++, HOLDER, 0, DETAIL, s->labels);
}

void request_instance(struct batch *b, void *source) {
	struct source *s = source;
	struct id id = id_new();

	query_bench_instance_add(b, HOLDER, id);
	query_bench_api_allocate_add(b, id, s->pool.name, HOLDER);
}

void request_instance_insert(struct batch *b, void *source) {
	query_bench_instance_add(b, HOLDER, id_new());
	request_insert(b, source);
}

void request_insert_many(struct batch *b, void *source) {
	struct source *s = source;
	struct id first = id_new();
	struct buf ids = {0};
	char text[ID_TEXT];

	for (int64_t n = 1; n <= s->count; n++) {
		buf_char(&ids, n == 1 ? '{' : ',');
		buf_puts(&ids, id_text(id_derive(first, (uint64_t)n), text));
	}
	buf_char(&ids, '}');
	query_bench_insert_many_add(
	    b, buf_text(&ids), s->pool.pool, s->pool.resource, s->next, HOLDER, 0, DETAIL);
	s->next += (uint64_t)s->count;
	buf_release(&ids);
}

static struct id next_id(struct source *s) {
	return s->ids[s->at++ % s->id_count];
}

void request_replay(struct batch *b, void *source) {
	struct source *s = source;
	struct allocate a = ask(s, next_id(s));

	lease_allocate_add(b, &a);
}

void request_select(struct batch *b, void *source) {
	struct source *s = source;

	query_bench_select_add(b, next_id(s));
}

void request_scan(struct batch *b, void *source) {
	const struct source *s = source;

	query_bench_scan_add(b, s->pool.resource, (int64_t)s->next);
}

void request_refill(void *source) {
	const struct source *s = source;
	char pool[ID_TEXT];

	id_text(s->pool.pool, pool);
	stage_run(s->stage,
	    "with gone as ("
	    "	update berth.lease set state = 'destroyed', destroyed = now()"
	    "	where pool = '%s' and holder = '" HOLDER
	    "' and state <> 'destroyed' returning resource, value"
	    "), back as ("
	    "	select s.resource, s.first, range_agg(numrange(g.value, g.value + 1)) as free, count(*) as "
	    "room"
	    "	from gone g join berth.stripe s on s.resource = g.resource and g.value between s.first and "
	    "s.last"
	    "	group by s.resource, s.first"
	    ")"
	    "update berth.stripe s set free = s.free + back.free, room = s.room + back.room, open = usable "
	    "from back where s.resource = back.resource and s.first = back.first",
	    pool);
}
