/*
 * The configuration: profiles and settings are read, and every fault is told with its line.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "db/base/buf.h"
#include "db/base/err.h"
#include "db/base/mem.h"
#include "ui/config/config.h"
#include "ui/config/place.h"

#define LENGTH(array) (sizeof(array) / sizeof(array)[0])

/* Makes a fresh $XDG_CONFIG_HOME, and the file in it. */
static int make_folder(void **state) {
	char *folder = mem_print("%s/config-XXXXXX", getenv("TMPDIR"));

	assert_non_null(mkdtemp(folder));
	assert_int_equal(setenv("XDG_CONFIG_HOME", folder, 1), 0);
	*state = folder;
	return 0;
}

static int forget_folder(void **state) {
	free(*state);
	return 0;
}

static char *write_config(const char *text) {
	char *path = place_config("config");
	struct err err = {0};

	assert_true(place_write(path, text, strlen(text), &err));
	return path;
}

static void test_good(void **state) {
	static const char text[] = "\xEF\xBB\xBF# settings\r\n"
				   "theme=light\r\n"
				   "  mouse =  on  \n"
				   "\n"
				   "[profile prod]\n"
				   "host = db1,db2\n"
				   "dbname = service=x sslmode=require\n"
				   "read-only = yes\n"
				   "[ profile  stage ]\n"
				   "user = mira\n"
				   "environment = STAGE 2\n"
				   "colour = yellow\n"
				   "[profile live-2]\n"
				   "environment = Live\n"
				   "[profile production]\n"
				   "colour = none";
	struct config config = {0};
	struct err err = {0};
	const struct profile *p;

	(void)state;
	free(write_config(text));
	assert_true(config_read(&config, &err));
	assert_string_equal(config.theme, "light");
	assert_true(config.mouse);
	assert_int_equal(config.count, 4);
	p = config_profile(&config, "prod", &err);
	assert_string_equal(profile_value(p, "host"), "db1,db2");
	assert_string_equal(profile_value(p, "dbname"), "service=x sslmode=require");
	assert_null(profile_value(p, "read-only"));
	assert_string_equal(p->environment, "prod");
	assert_true(p->read_only);
	assert_int_equal(p->alarm, ALARM_RED);
	p = config_profile(&config, "stage", &err);
	assert_string_equal(p->environment, "STAGE 2");
	assert_int_equal(p->alarm, ALARM_YELLOW);
	assert_false(p->read_only);
	assert_int_equal(config_profile(&config, "live-2", &err)->alarm, ALARM_RED);
	assert_int_equal(config_profile(&config, "production", &err)->alarm, ALARM_NONE);
	assert_null(config_profile(&config, "stge", &err));
	assert_string_equal(err.message, "@stge: no such profile");
	assert_string_equal(err.hint, "did you mean @stage?");
	err_release(&err);
	config_release(&config);
}

/* Compares a keyword of `reads`, of which the last one counts; NULL: there is none. */
static void reads(const struct config *config, const char *profile, const char *keyword, const char *value) {
	struct err err = {0};
	const struct profile *p = config_profile(config, profile, &err);
	const char *found = NULL;

	assert_non_null(p);
	for (size_t i = 0; i < p->reads.count; i++) {
		found = strcmp(p->reads.keywords[i], keyword) == 0 ? p->reads.values[i] : found;
	}
	assert_true(found == NULL ? value == NULL : value != NULL && strcmp(found, value) == 0);
}

/* A connection for reads is that for changes, but for the server. */
static void test_reads(void **state) {
	static const char text[] = "[profile a]\n"
				   "host = db1\n"
				   "hostaddr = 192.0.2.1\n"
				   "port = 5433\n"
				   "user = mira\n"
				   "dbname = shop\n"
				   "reads = host=db2,db3 connect_timeout=3\n"
				   "[profile b]\n"
				   "dbname = host=db1 hostaddr=192.0.2.1 dbname=shop user=mira\n"
				   "reads = postgres://db2:5434/\n"
				   "[profile c]\n"
				   "host = db1,db2\n"
				   "reads = target_session_attrs=standby\n"
				   "[profile d]\n"
				   "host = db1\n";
	static const struct {
		const char *profile, *keyword, *value;
	} expected[] = {{"a", "host", "db2,db3"}, {"a", "hostaddr", NULL}, {"a", "port", NULL},
	    {"a", "user", "mira"}, {"a", "dbname", "shop"}, {"a", "connect_timeout", "3"},
	    {"a", "target_session_attrs", "prefer-standby"}, {"b", "host", "db2"}, {"b", "port", "5434"},
	    {"b", "hostaddr", NULL}, {"b", "dbname", "shop"}, {"b", "user", "mira"}, {"c", "host", "db1,db2"},
	    {"c", "target_session_attrs", "standby"}, {"d", "host", NULL}};
	struct config config = {0};
	struct err err = {0};

	(void)state;
	free(write_config(text));
	assert_true(config_read(&config, &err));
	for (size_t i = 0; i < LENGTH(expected); i++) {
		reads(&config, expected[i].profile, expected[i].keyword, expected[i].value);
	}
	config_release(&config);
}

/* The fleet is what the file names, or all profiles; a profile of that name hides it. */
static void test_fleet(void **state) {
	static const struct {
		const char *text;
		bool is;
		const char *names; /* of its profiles */
	} cases[] = {{"[profile a]\n[profile b]\n", true, "a b "},
	    {"fleet = b\n[profile a]\n[profile b]\n", true, "b "},
	    {"fleet = b \t a\n[profile a]\n[profile b]\n[profile c]\n", true, "b a "}, {"", true, ""},
	    {"[profile fleet]\n", false, "fleet "}};

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		struct config config = {0};
		struct err err = {0};
		struct buf names = {0};

		free(write_config(cases[i].text));
		assert_true(config_read(&config, &err));
		assert_int_equal(config_is_fleet(&config, "fleet"), cases[i].is);
		assert_false(config_is_fleet(&config, "a"));
		for (size_t j = 0; j < config.fleet_count; j++) {
			buf_printf(&names, "%s ", config.profiles[config.fleet[j]].name);
		}
		assert_string_equal(buf_text(&names), cases[i].names);
		buf_release(&names);
		config_release(&config);
	}
}

static const struct {
	const char *text;
	const char *why;  /* after the path */
	const char *hint; /* a part; NULL: none */
} faults[] = {
    {"\n\nthem = dark\n", ":3: unknown key \"them\"", "did you mean \"theme\"?"},
    {"\nfleet = prod stag\n[profile prod]\n[profile stage]\n", ":2: fleet: no such profile: \"stag\"",
	"did you mean stage?"},
    {"fleet = a\nfleet = a\n[profile a]\n", ":2: fleet is set twice in this section", NULL},
    {"host = x\n", ":1: unknown key \"host\"", NULL},
    {"mouse = perhaps\n", ":1: mouse: unknown value \"perhaps\"", "no, yes, off, on, false, true"},
    {"mouse = flase\n", ":1: mouse: unknown value \"flase\"", "did you mean \"false\"?"},
    {"theme = ../x\n", ":1: theme: not a name: \"../x\"", NULL},
    {"theme = dark\ntheme = dark\n", ":2: theme is set twice in this section", NULL},
    {"theme\n", ":1: expected KEY = VALUE or [SECTION]", NULL},
    {"= x\n", ":1: expected KEY = VALUE or [SECTION]", NULL},
    {"theme = \xff\n", ":1: the line is not valid UTF-8", NULL},
    {"[profile prod\n", ":1: missing ] at the end of the section", NULL},
    {"[profil prod]\n", ":1: unknown section \"profil prod\"", NULL},
    {"[profile]\n", ":1: [profile NAME]: not a name: \"\"", NULL},
    {"[profile -x]\n", ":1: [profile NAME]: not a name: \"-x\"", NULL},
    {"[profile a]\n[profile a]\n", ":2: profile a is there already, in line 1", NULL},
    {"[profile a]\nhots = x\n", ":2: unknown key of a profile \"hots\"", "did you mean \"host\"?"},
    {"[profile a]\ncolor = red\n", ":2: unknown key of a profile \"color\"", "did you mean \"colour\"?"},
    {"[profile a]\ncolour = rde\n", ":2: colour: unknown value \"rde\"", "did you mean \"red\"?"},
    {"[profile a]\nhost = x\nhost = y\n", ":3: host is set twice in this section", NULL},
    {"[profile a]\nread-only = yes\nread-only = no\n", ":3: read-only is set twice in this section", NULL},
    {"[profile a]\nenvironment =\n", ":2: environment: it must not be empty", NULL},
    {"[profile a]\nport = s3cret\n", ":2: port: not a number from 1 to 65535", NULL},
    {"[profile a]\npassword = s3cret\n", ":2: password: passwords do not belong here", "~/.pgpass"},
    {"[profile a]\nsslpassword = s3cret\n", ":2: sslpassword: passwords do not belong here", "~/.pgpass"},
    {"[profile a]\ndbname = postgres://u:s3cret@h/db\n", ":2: dbname: passwords do not belong here",
	"service"},
    {"[profile a]\ndbname = host=h password=s3cret\n", ":2: dbname: passwords do not belong here", "service"},
    {"[profile a]\ndbname = password='s3cret\n", ":2: dbname: ", NULL},
    {"[profile a]\nreads = db2\n", ":2: reads: not a connection string: \"db2\"", "host=db2"},
    {"[profile a]\nreads = host=h password=s3cret\n", ":2: reads: passwords do not belong here", "service"},
    {"[profile a]\nreads = hots=h\n", ":2: reads: ", NULL},
    {"[profile a]\npassword s3cret\n", ":2: expected KEY = VALUE or [SECTION]", NULL},
};

static void test_faults(void **state) {
	(void)state;
	for (size_t i = 0; i < LENGTH(faults); i++) {
		char *path = write_config(faults[i].text);
		struct config config = {0};
		struct err err = {0};
		char *start;

		assert_false(config_read(&config, &err));
		assert_int_equal(err.code, ERR_INVALID_INPUT);
		start = mem_print("%s%s", path, faults[i].why);
		if (strncmp(err.message, start, strlen(start)) != 0) {
			print_error("%s\nis not: %s\n", err.message, start);
		}
		assert_int_equal(strncmp(err.message, start, strlen(start)), 0);
		assert_true(
		    faults[i].hint == NULL || (err.hint != NULL && strstr(err.hint, faults[i].hint) != NULL));
		assert_null(strstr(err.message, "s3cret"));
		assert_null(config.profiles);
		free(start);
		free(path);
		err_release(&err);
	}
}

static void test_others(void **state) {
	char *path = write_config("theme = dark\n");
	struct config config = {0};
	struct err err = {0};
	struct stat found;

	assert_int_equal(stat(path, &found), 0);
	assert_int_equal(found.st_mode & 0777, 0600);
	assert_int_equal(chmod(path, 0644), 0);
	assert_true(config_read(&config, &err));
	config_release(&config);

	assert_int_equal(chmod(path, 0664), 0);
	assert_false(config_read(&config, &err));
	assert_non_null(strstr(err.message, "others may write it"));
	assert_non_null(strstr(err.hint, "chmod go-w"));
	err_release(&err);

	assert_int_equal(chmod(path, 0600), 0);
	assert_int_equal(chmod(*state, 0777), 0);
	assert_true(config_read(&config, &err)); /* the folder berth in it is private */
	config_release(&config);
	*strrchr(path, '/') = '\0';
	assert_int_equal(chmod(path, 0777), 0);
	assert_false(config_read(&config, &err));
	assert_non_null(strstr(err.message, "others may write it"));
	err_release(&err);
	free(path);
}

/* A file that is kept elsewhere and linked stays linked. */
static void test_link(void **state) {
	char *path = place_config("config");
	char *other = mem_print("%s/dotfile", (const char *)*state);
	char *folder = mem_text(path);
	struct config config = {0};
	struct err err = {0};
	struct stat found;

	assert_true(place_write(other, "theme = dark\n", 13, &err));
	*strrchr(folder, '/') = '\0';
	assert_int_equal(mkdir(folder, 0700), 0);
	assert_int_equal(symlink(other, path), 0);
	free(write_config("theme = light\n"));
	assert_int_equal(lstat(path, &found), 0);
	assert_true(S_ISLNK(found.st_mode));
	assert_true(config_read(&config, &err));
	assert_string_equal(config.theme, "light");
	config_release(&config);
	free(folder);
	free(other);
	free(path);
}

static void test_none(void **state) {
	struct config config = {0};
	struct err err = {0};
	const char *home = getenv("XDG_CONFIG_HOME");
	char *path = place_config("config");

	(void)state;
	assert_true(config_read(&config, &err));
	assert_null(config.theme);
	assert_non_null(home);
	assert_int_equal(home == NULL ? 0 : mkdir(home, 0700), -1);
	*strrchr(path, '/') = '\0';
	assert_int_equal(mkdir(path, 0700), 0);
	free(path);
	path = place_config("config");
	assert_int_equal(mkdir(path, 0700), 0);
	assert_false(config_read(&config, &err));
	assert_non_null(strstr(err.message, "no regular file"));
	err_release(&err);
	free(path);
}

static void test_places(void **state) {
	char *path;

	(void)state;
	assert_int_equal(setenv("HOME", "/h", 1), 0);
	assert_int_equal(setenv("XDG_CONFIG_HOME", "relative", 1), 0);
	path = place_config("config");
	assert_string_equal(path, "/h/.config/berth/config");
	free(path);
	assert_int_equal(unsetenv("XDG_STATE_HOME"), 0);
	path = place_state("history");
	assert_string_equal(path, "/h/.local/state/berth/history");
	free(path);
	assert_int_equal(setenv("XDG_STATE_HOME", "/s", 1), 0);
	path = place_state("history");
	assert_string_equal(path, "/s/berth/history");
	free(path);
	assert_int_equal(unsetenv("HOME"), 0);
	assert_null(place_config("config"));
}

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(test_good, make_folder, forget_folder),
	    cmocka_unit_test_setup_teardown(test_reads, make_folder, forget_folder),
	    cmocka_unit_test_setup_teardown(test_fleet, make_folder, forget_folder),
	    cmocka_unit_test_setup_teardown(test_faults, make_folder, forget_folder),
	    cmocka_unit_test_setup_teardown(test_others, make_folder, forget_folder),
	    cmocka_unit_test_setup_teardown(test_link, make_folder, forget_folder),
	    cmocka_unit_test_setup_teardown(test_none, make_folder, forget_folder),
	    cmocka_unit_test(test_places),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
