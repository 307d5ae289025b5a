#include "ui/console/view.h"

#include <string.h>

const struct view *const views[] = {&view_pools, &view_leases, NULL};

int view_sort(const struct view *view) {
	for (int i = 0; view->sorts[i] != NULL; i++) {
		if (strcmp(view->sorts[i], "runs-out") == 0) {
			return i;
		}
	}
	return 0;
}

bool view_find(const char *name, size_t *index) {
	for (size_t i = 0; views[i] != NULL; i++) {
		if (strcmp(views[i]->name, name) == 0) {
			*index = i;
			return true;
		}
	}
	return false;
}
