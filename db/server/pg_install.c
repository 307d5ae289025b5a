#include "db/server/pg_install.h"

#include <glob.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "db/base/mem.h"
#include "db/base/num.h"

#define OLDEST_VERSION 14
#define DEBIAN "/usr/lib/postgresql/"

bool pg_install_user(struct pg_user *user, struct err *err) {
	static const char *const names[] = {"postgres", "nobody"};

	if (geteuid() != 0) {
		*user = (struct pg_user){.uid = geteuid(), .gid = getegid()};
		return true;
	}
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		const struct passwd *entry = getpwnam(names[i]);

		if (entry != NULL && entry->pw_uid != 0) {
			*user = (struct pg_user){.uid = entry->pw_uid, .gid = entry->pw_gid, .drop = true};
			return true;
		}
	}
	return err_set(err, ERR_UNAVAILABLE,
	    "PostgreSQL does not run as root, and there is no user postgres or nobody to run it");
}

static bool has_programs(const char *bin) {
	static const char *const names[] = {"initdb", "pg_ctl", "postgres"};
	bool all = true;

	for (size_t i = 0; all && i < sizeof names / sizeof names[0]; i++) {
		char *path = mem_print("%s/%s", bin, names[i]);

		all = access(path, X_OK) == 0;
		free(path);
	}
	return all;
}

static char *find_in_path(void) {
	const char *rest = getenv("PATH");

	while (rest != NULL && *rest != '\0') {
		size_t n = strcspn(rest, ":");
		char *bin = mem_print("%.*s", (int)n, rest);

		if (bin[0] == '/' && has_programs(bin)) {
			return bin;
		}
		free(bin);
		rest += rest[n] == ':' ? n + 1 : n;
	}
	return NULL;
}

static char *find_newest(void) {
	glob_t found;
	int64_t newest = OLDEST_VERSION - 1;
	char *best = NULL;

	if (glob(DEBIAN "*/bin", GLOB_ONLYDIR, NULL, &found) != 0) {
		return NULL;
	}
	for (size_t i = 0; i < found.gl_pathc; i++) {
		const char *name = found.gl_pathv[i] + strlen(DEBIAN);
		char *digits = mem_print("%.*s", (int)strcspn(name, "/"), name);
		int64_t version = 0;

		if (int_parse(digits, newest + 1, INT16_MAX, &version) && has_programs(found.gl_pathv[i])) {
			newest = version;
			free(best);
			best = mem_text(found.gl_pathv[i]);
		}
		free(digits);
	}
	globfree(&found);
	return best;
}

char *pg_install_find(int64_t version, struct err *err) {
	char *bin = NULL;

	if (version > 0) {
		bin = mem_print(DEBIAN "%lld/bin", (long long)version);
		if (has_programs(bin)) {
			return bin;
		}
		free(bin);
	}
	bin = find_in_path();
	if (bin == NULL) {
		bin = find_newest();
	}
	if (bin == NULL) {
		(void)err_set(err, ERR_UNAVAILABLE,
		    "PostgreSQL's server programs (initdb, pg_ctl, postgres) are not installed");
		(void)err_hint(err, "install Debian's package postgresql, or name a server with -h");
	}
	return bin;
}
