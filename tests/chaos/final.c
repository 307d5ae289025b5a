#include "tests/chaos/final.h"

#include <stdlib.h>
#include <string.h>

static int by_id(const void *a, const void *b) {
	return memcmp(a, b, sizeof(struct id));
}

static int by_target(const void *a, const void *b) {
	const struct event_row *x = a;
	const struct event_row *y = b;
	int order = by_id(&x->target, &y->target);

	return order != 0 ? order : (x->seq > y->seq) - (x->seq < y->seq);
}

_Static_assert(offsetof(struct lease_row, id) == 0, "rows are found by the id that they begin with");
_Static_assert(offsetof(struct resource_row, id) == 0, "rows are found by the id that they begin with");
_Static_assert(offsetof(struct command_row, id) == 0, "rows are found by the id that they begin with");

static const void *find(const void *rows, size_t count, size_t size, struct id id) {
	return count == 0 ? NULL : bsearch(&id, rows, count, size, by_id);
}

const struct lease_row *final_lease(const struct final *f, struct id id) {
	return find(f->leases, f->lease_count, sizeof *f->leases, id);
}

const struct command_row *final_command(const struct final *f, struct id id) {
	return find(f->commands, f->command_count, sizeof *f->commands, id);
}

bool final_request(const struct final *f, struct id id) {
	return find(f->requests, f->request_count, sizeof *f->requests, id) != NULL;
}

const struct event_row *final_events(const struct final *f, struct id target, size_t *count) {
	size_t low = 0;
	size_t high = f->event_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (by_id(&f->events[middle].target, &target) < 0) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	while (high < f->event_count && id_equal(f->events[high].target, target)) {
		high++;
	}
	*count = high - low;
	return f->events == NULL ? NULL : f->events + low;
}

static void sort(void *rows, size_t count, size_t size, int (*order)(const void *, const void *)) {
	if (count > 0) {
		qsort(rows, count, size, order);
	}
}

void final_sort(struct final *f) {
	sort(f->leases, f->lease_count, sizeof *f->leases, by_id);
	sort(f->resources, f->resource_count, sizeof *f->resources, by_id);
	sort(f->commands, f->command_count, sizeof *f->commands, by_id);
	sort(f->requests, f->request_count, sizeof *f->requests, by_id);
	sort(f->events, f->event_count, sizeof *f->events, by_target);
}

void final_release(struct final *f) {
	free(f->leases);
	free(f->resources);
	free(f->commands);
	free(f->requests);
	free(f->events);
	free(f->jumps);
	*f = (struct final){0};
}
