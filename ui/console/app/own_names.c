#include "ui/console/app/own_names.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "db/base/err.h"
#include "ui/config/config.h"
#include "ui/config/place.h"
#include "ui/config/views.h"
#include "ui/console/list/view.h"
#include "ui/console/terminal/theme.h"

static bool profiles(offer_name *offer, void *data, struct err *err) {
	struct config config = {0};

	if (!config_read(&config, err)) {
		return false;
	}
	for (size_t i = 0; i < config.count; i++) {
		offer(data, config.profiles[i].name);
	}
	config_release(&config);
	return true;
}

/* Offers what may follow `berth @`. */
static bool environments(offer_name *offer, void *data, struct err *err) {
	offer(data, "fleet");
	return profiles(offer, data, err);
}

static bool views_of_user(offer_name *offer, void *data, struct err *err) {
	struct saved_views saved = {0};

	if (!saved_views_read(&saved, err)) {
		return false;
	}
	for (size_t i = 0; i < saved.count; i++) {
		offer(data, saved.items[i].name);
	}
	saved_views_release(&saved);
	return true;
}

static bool is_builtin(const char *name) {
	const struct theme_file *file = theme_files;

	while (file->name != NULL && strcmp(file->name, name) != 0) {
		file++;
	}
	return file->name != NULL;
}

/* Offers the built-in themes and the files of the user, of which one may replace a built-in theme. */
static bool themes(offer_name *offer, void *data, struct err *err) {
	char *path = place_config("themes");
	DIR *folder = path == NULL ? NULL : opendir(path);
	const struct dirent *entry;

	(void)err;
	for (const struct theme_file *file = theme_files; file->name != NULL; file++) {
		offer(data, file->name);
	}
	while (folder != NULL && (entry = readdir(folder)) != NULL) {
		if (entry->d_name[0] != '.' && !is_builtin(entry->d_name)) {
			offer(data, entry->d_name);
		}
	}
	if (folder != NULL) {
		(void)closedir(folder);
	}
	free(path);
	return true;
}

static bool screens(offer_name *offer, void *data, struct err *err) {
	(void)err;
	for (size_t i = 0; views[i] != NULL; i++) {
		offer(data, views[i]->name);
	}
	return true;
}

bool own_names(const char *called, size_t n, offer_name *offer, void *data, struct err *err) {
	static const struct {
		const char *called;
		bool (*all)(offer_name *offer, void *data, struct err *err);
	} kinds[] = {{"PROFILE", profiles}, {"ENVIRONMENT", environments}, {"VIEW", views_of_user},
	    {"THEME", themes}, {"SCREEN", screens}};

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		if (strlen(kinds[i].called) <= n &&
		    strncmp(called, kinds[i].called, strlen(kinds[i].called)) == 0) {
			return kinds[i].all(offer, data, err);
		}
	}
	return true;
}
