#include "model/import/order.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "db/base/mem.h"
#include "model/import.h"

/* An entry and the text of its place, by which the entries are sorted. */
struct placed {
	const char *place;
	struct import_entry *entry;
};

static int compare_u128(u128 a, u128 b) {
	return (a > b) - (a < b);
}

/* Orders by place and kind, then by the first value, the larger range first, then by line. */
static int compare(const void *left, const void *right) {
	const struct placed *a = left, *b = right;
	int order = a->place == b->place ? 0 : strcmp(a->place, b->place);

	if (order == 0) {
		order = (a->entry->kind > b->entry->kind) - (a->entry->kind < b->entry->kind);
	}
	if (order == 0) {
		order = compare_u128(a->entry->first, b->entry->first);
	}
	if (order == 0) {
		order = compare_u128(b->entry->last, a->entry->last);
	}
	return order != 0 ? order : (a->entry > b->entry) - (a->entry < b->entry);
}

static bool same_place(const struct placed *a, const struct placed *b) {
	return a->entry->kind == b->entry->kind && (a->place == b->place || strcmp(a->place, b->place) == 0);
}

static bool same_value(const struct placed *a, const struct placed *b) {
	return same_place(a, b) && a->entry->first == b->entry->first && a->entry->last == b->entry->last;
}

static void refuse_second(
    const struct import_file *file, const struct import_entry *first, struct import_entry *entry) {
	entry->code = ERR_CONFLICT;
	entry->message = mem_print(
	    "value \"%s\" stands on line %" PRId64 " already", file->names.text + entry->text, first->line);
}

static void judge_leases(const struct import_file *file, const struct placed *sorted, size_t n) {
	const struct placed *first = sorted;

	for (size_t i = 1; i < n; i++) {
		bool same = same_value(&sorted[i - 1], &sorted[i]);

		first = same ? first : &sorted[i];
		if (same && file->log) {
			sorted[i - 1].entry->skip = "superseded";
		} else if (same) {
			refuse_second(file, first->entry, sorted[i].entry);
		}
	}
}

/* The next range in order that is another one lies in this range, if any does. */
static void judge_ranges(const struct placed *sorted, size_t n) {
	size_t next = n;

	for (size_t i = n; i-- > 0;) {
		if (i + 1 < n && !same_value(&sorted[i], &sorted[i + 1])) {
			next = i + 1;
		}
		if (sorted[i].entry->skip == NULL && next < n && same_place(&sorted[i], &sorted[next]) &&
		    sorted[next].entry->last <= sorted[i].entry->last) {
			sorted[i].entry->skip = "parent";
		}
	}
}

void order_judge(struct import_file *file, bool nested) {
	struct placed *sorted = mem_new(file->count, sizeof *sorted);
	size_t n = 0;

	for (size_t i = 0; i < file->count; i++) {
		struct import_entry *entry = &file->entries[i];

		/* A skipped row counts where it replaces an earlier one, or contains others. */
		bool counts = entry->skip == NULL || file->log || file->what == IMPORT_RANGES;

		if (entry->code == ERR_NONE && entry->place > 0 && counts) {
			sorted[n++] = (struct placed){file->names.text + entry->place, entry};
		}
	}
	qsort(sorted, n, sizeof *sorted, compare);
	if (file->what == IMPORT_LEASES) {
		judge_leases(file, sorted, n);
	} else if (nested) {
		judge_ranges(sorted, n);
	}
	free(sorted);
}
