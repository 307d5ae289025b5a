/*
 * Verdicts that need the whole file: values that occur twice, and ranges that only group others.
 */
#ifndef MODEL_IMPORT_ORDER_H
#define MODEL_IMPORT_ORDER_H

#include <stdbool.h>

struct import_file;

/* Refuses the second of two leases of one value, naming the line of the first; in a log it skips the earlier
 * one ("superseded"). With `nested`, a range that contains another one of its space is skipped ("parent"):
 * other programs keep networks within networks, and the innermost become ranges of pools. */
void order_judge(struct import_file *file, bool nested);

#endif
