#include "ui/verbs/demo_dice.h"

#include <stdlib.h>

unsigned dice_roll(unsigned *dice, unsigned sides) {
	return (unsigned)rand_r(dice) % sides;
}

struct id dice_id(unsigned *dice) {
	struct id id;

	for (size_t i = 0; i < sizeof id.bytes; i++) {
		id.bytes[i] = (unsigned char)dice_roll(dice, 256);
	}
	return id;
}
