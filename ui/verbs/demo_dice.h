/*
 * Choices of the demo: the same seed gives the same ones.
 */
#ifndef UI_VERBS_DEMO_DICE_H
#define UI_VERBS_DEMO_DICE_H

#include "db/base/id.h"

/* Returns a number from 0 to sides - 1. */
unsigned dice_roll(unsigned *dice, unsigned sides);

struct id dice_id(unsigned *dice);

#endif
