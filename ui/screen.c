#include "ui/screen.h"

#include "ui/console/view.h"

bool screen_exists(const char *name) {
	size_t index;

	return view_find(name, &index);
}
