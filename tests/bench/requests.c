#include "tests/bench/requests.h"

#include "db/base/buf.h"
#include "db/base/clock.h"
#include "model/lease.h"

#define HOLDER "bench"
#define DETAIL "{\"program\": \"bench\"}"

static struct allocate ask(const struct source *s, struct id id) {
	return (struct allocate){.id = id,
	    .pool = s->pool.name,
	    .holder = HOLDER,
	    .until = TIME_NONE,
	    .count = s->count,
	    .detail = DETAIL};
}

void request_allocate(struct batch *b, void *source) {
	const struct source *s = source;
	struct allocate a = ask(s, id_new());

	lease_allocate_add(b, &a);
}

void request_insert(struct batch *b, void *source) {
	struct source *s = source;
	struct arg args[] = {
	    arg_id(id_new()),
	    arg_id(s->pool.pool),
	    arg_id(s->pool.resource),
	    arg_value(s->next++),
	    arg_text(HOLDER),
	    arg_int(0),
	    arg_json(DETAIL),
	};

	batch_add(b, NULL, QUERY_BENCH_INSERT, args, sizeof args / sizeof *args, NULL);
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
	struct arg args[] = {
	    arg_text(buf_text(&ids)),
	    arg_id(s->pool.pool),
	    arg_id(s->pool.resource),
	    arg_value(s->next),
	    arg_text(HOLDER),
	    arg_int(0),
	    arg_json(DETAIL),
	};
	batch_add(b, NULL, QUERY_BENCH_INSERT_MANY, args, sizeof args / sizeof *args, NULL);
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
	struct arg args[] = {arg_id(next_id(s))};

	batch_add(b, NULL, QUERY_BENCH_SELECT, args, 1, NULL);
}

void request_scan(struct batch *b, void *source) {
	const struct source *s = source;
	struct arg args[] = {arg_id(s->pool.resource), arg_int((int64_t)s->next)};

	batch_add(b, NULL, QUERY_BENCH_SCAN, args, 2, NULL);
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
