#include "model/effect.h"

#include "db/base/buf.h"
#include "db/batch/rows.h"
#include "model/text/json.h"

void effect_take(struct effect *effect, const struct batch *b, size_t step) {
	rowset_take(&effect->pools, &row_pool_effect, b, step);
	effect->targets = 0;
	for (size_t i = 0; i < effect->pools.count; i++) {
		effect->targets += ((const struct pool_effect *)effect->pools.rows[i])->leases;
	}
}

void effect_release(struct effect *effect) {
	rowset_release(&effect->pools);
	*effect = (struct effect){0};
}

bool effect_is_empty(const struct effect *effect) {
	return effect->targets == 0 && effect->pools.count == 0;
}

static void put_side(struct json *j, const char *key, const struct count *used, const struct count *held_back,
    const struct count *free) {
	json_put_key(j, key);
	json_open_object(j);
	json_put_key(j, "used");
	json_put_count(j, *used);
	json_put_key(j, "held_back");
	json_put_count(j, *held_back);
	json_put_key(j, "free");
	json_put_count(j, *free);
	json_close_object(j);
}

void effect_json(const struct effect *effect, struct buf *out) {
	struct json j = {.out = out};

	json_open_object(&j);
	for (size_t i = 0; i < effect->pools.count; i++) {
		const struct pool_effect *pool = effect->pools.rows[i];

		json_put_key(&j, pool->pool);
		json_open_object(&j);
		put_side(&j, "before", &pool->used, &pool->held_back, &pool->free);
		put_side(&j, "after", &pool->used_after, &pool->held_back_after, &pool->free_after);
		json_close_object(&j);
	}
	json_close_object(&j);
}
