#include "tests/chaos/choice.h"

#include <inttypes.h>
#include <stdio.h>

#include "db/base/clock.h"

static struct id new_id(struct chooser *c) {
	return id_derive(c->base, c->made++);
}

static const struct place *choose_place(struct chooser *c) {
	unsigned weights[8];

	for (size_t i = 0; i < place_count; i++) {
		weights[i] = places[i].weight;
	}
	return &places[dice_weighted(&c->dice, weights, place_count)];
}

static struct deed allocation(struct chooser *c, const struct place *place) {
	struct deed deed = {.kind = DEED_ALLOCATE, .id = new_id(c), .count = 1};

	(void)snprintf(deed.pool, sizeof deed.pool, "%s", place->name);
	if (dice_percent(&c->dice, 40)) {
		deed.span = dice_between(&c->dice, 1, 15) * TIME_SECOND;
	}
	if (dice_percent(&c->dice, 15)) {
		(void)snprintf(deed.project, sizeof deed.project, PROJECT);
	}
	return deed;
}

static struct deed allocate(struct chooser *c) {
	return allocation(c, choose_place(c));
}

/* Allocates one of the first values, so that clients compete. */
static struct deed allocate_value(struct chooser *c) {
	const struct place *place = choose_place(c);
	struct deed deed = allocation(c, place);

	(void)snprintf(
	    deed.value, sizeof deed.value, "%" PRId64, place->first + dice_between(&c->dice, 0, 7));
	return deed;
}

static struct deed allocate_many(struct chooser *c) {
	struct deed deed = allocate(c);

	deed.count = dice_between(&c->dice, 2, 6);
	return deed;
}

static struct deed allocate_waiting(struct chooser *c) {
	struct deed deed = allocation(c, &places[dice_below(&c->dice, 2)]);

	deed.wait = true;
	return deed;
}

/* Makes a deed about an existing lease; an allocation when there is none. */
static struct deed about_lease(struct chooser *c, enum deed_kind kind, int64_t *generation) {
	struct deed deed = {.kind = kind, .target_count = 1};

	if (!world_lease(c->world, &c->dice, &deed.targets[0], generation)) {
		return allocate(c);
	}
	deed.id = new_id(c);
	return deed;
}

static struct deed release(struct chooser *c) {
	int64_t generation = 0;
	struct deed deed = about_lease(c, DEED_RELEASE, &generation);

	if (deed.kind == DEED_RELEASE) {
		deed.generation = dice_percent(&c->dice, 25) ? generation : 0;
		deed.span = dice_percent(&c->dice, 15) ? TIME_SECOND : 0;
		deed.wait = dice_percent(&c->dice, 30);
	}
	return deed;
}

static struct deed release_many(struct chooser *c) {
	int64_t generation;
	struct deed deed = about_lease(c, DEED_RELEASE, &generation);

	if (deed.kind != DEED_RELEASE) {
		return deed;
	}
	if (dice_percent(&c->dice, 20)) {
		deed.target_count = 0;
		deed.wait = true;
		(void)snprintf(deed.pool, sizeof deed.pool, "%s", choose_place(c)->name);
		return deed;
	}
	while (deed.target_count < DEED_TARGETS &&
	       world_lease(c->world, &c->dice, &deed.targets[deed.target_count], &generation)) {
		deed.target_count++;
	}
	return deed;
}

static struct deed extend(struct chooser *c) {
	int64_t generation = 0;
	struct deed deed = about_lease(c, DEED_EXTEND, &generation);

	if (deed.kind == DEED_EXTEND) {
		deed.span = dice_between(&c->dice, 5, 20) * TIME_SECOND;
		deed.generation = dice_percent(&c->dice, 25) ? generation : 0;
		deed.wait = dice_percent(&c->dice, 20);
	}
	return deed;
}

static struct deed cordon(struct chooser *c) {
	return (struct deed){.kind = dice_percent(&c->dice, 50) ? DEED_CORDON : DEED_UNCORDON,
	    .id = new_id(c),
	    .targets = {world_resource(c->world, &c->dice)},
	    .target_count = 1,
	    .wait = dice_percent(&c->dice, 30)};
}

static struct deed label(struct chooser *c) {
	int64_t generation;
	struct deed deed = about_lease(c, DEED_LABEL, &generation);
	char id[ID_TEXT];

	if (deed.kind == DEED_LABEL) {
		(void)snprintf(deed.value, sizeof deed.value, "m%s", id_text(deed.id, id));
	}
	return deed;
}

static struct deed cancel(struct chooser *c) {
	struct deed deed = {.kind = DEED_CANCEL, .target_count = 1};

	return world_command(c->world, &c->dice, &deed.targets[0]) ? deed : allocate(c);
}

/* Makes a deed about a quarantined command. */
static struct deed mend(struct chooser *c) {
	static const char *const ways[] = {"retry", "skip", "force"};
	struct deed deed = {.kind = DEED_MEND, .target_count = 2};

	if (!world_stuck(c->world, &c->dice, &deed.targets[0], &deed.targets[1])) {
		return allocate(c);
	}
	deed.id = new_id(c);
	(void)snprintf(deed.value, sizeof deed.value, "%s", ways[dice_below(&c->dice, 3)]);
	return deed;
}

/* Makes a batch: two or three allocations, a label for the first, and a release of some lease. */
static void batch(struct chooser *c, struct call *call) {
	int64_t generation;

	call->batch = new_id(c);
	for (int64_t n = dice_between(&c->dice, 2, 3); n > 0; n--) {
		call->deeds[call->deed_count++] =
		    dice_percent(&c->dice, 20) ? allocate_value(c) : allocate(c);
	}
	call->deeds[call->deed_count] = label(c);
	if (call->deeds[call->deed_count].kind == DEED_LABEL) {
		call->deeds[call->deed_count].targets[0] = call->deeds[0].id;
	}
	call->deed_count++;
	if (dice_percent(&c->dice, 50)) {
		call->deeds[call->deed_count++] = about_lease(c, DEED_RELEASE, &generation);
	}
}

void choose_call(struct chooser *c, struct call *call) {
	static struct deed (*const choices[])(struct chooser *) = {allocate, allocate_value, allocate_many,
	    allocate_waiting, release, release_many, extend, cordon, label, cancel, mend};
	static const unsigned weights[] = {24, 8, 5, 8, 20, 3, 7, 4, 6, 3, 6};

	/* A client that sends no batches repeats none. */
	if (dice_percent(&c->dice, 12) && world_repeat(c->world, &c->dice, call) &&
	    (c->batches || id_is_nil(call->batch))) {
		return;
	}
	call->batch = (struct id){{0}};
	call->deed_count = 0;
	if (c->batches && dice_percent(&c->dice, 10)) {
		batch(c, call);
		return;
	}
	call->deeds[0] = choices[dice_weighted(&c->dice, weights, sizeof weights / sizeof *weights)](c);
	call->deed_count = 1;
}
