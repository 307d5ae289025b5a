#include "ui/view_name.h"

#include "ui/console/list/view.h"

bool view_name_exists(const char *name) {
	return view_find(name) != NULL;
}
