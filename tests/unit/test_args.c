/*
 * The command line: accepted forms and their results; everything else is
 * refused by name.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "db/base/buf.h"
#include "db/base/clock.h"
#include "db/base/err.h"
#include "model/project.h"
#include "ui/verbs/parse/args.h"
#include "ui/verbs/verb.h"
#include "ui/verbs/help.h"
#include "ui/verbs/parse/opt.h"

#define LENGTH(array) (sizeof(array) / sizeof(array)[0])
#define MAX_WORDS 12

static bool add_nothing(struct run *run, struct batch *b, struct err *err) {
	(void)run;
	(void)b;
	(void)err;
	return true;
}

static bool run(struct run *run, struct err *err) {
	(void)run;
	(void)err;
	return true;
}

static const struct verb family[] = {
    {
	.words = "pool create",
	.synopsis = "NAME --kind K [RANGE…]",
	.summary = "make a pool",
	.options = (const enum option_id[]){OPT_KIND, OPT_TTL, OPT_END},
	.min = 1,
	.max = OPERANDS_ANY,
	.flags = VERB_MUTATES,
	.add = add_nothing,
    },
    {
	.words = "pool list",
	.synopsis = "[-l SEL]",
	.summary = "list pools",
	.options = (const enum option_id[]){OPT_SELECTOR, OPT_SORT, OPT_END},
    },
    {
	.words = "allocate",
	.synopsis = "POOL",
	.summary = "take a lease",
	.notes = "The lowest free value.\n",
	.options = (const enum option_id[]){OPT_COUNT, OPT_HOLDER, OPT_UNTIL, OPT_FOR, OPT_PRIORITY, OPT_WAIT,
	    OPT_PROJECT, OPT_MAX_LEASES, OPT_END},
	.repeated = (const enum option_id[]){OPT_LABEL, OPT_END},
	.min = 1,
	.max = 1,
	.flags = VERB_MUTATES,
	.add = add_nothing,
    },
    {
	.words = "release",
	.synopsis = "T…",
	.summary = "give back",
	.options = (const enum option_id[]){OPT_POOL, OPT_YES, OPT_END},
	.max = OPERANDS_ANY,
	.flags = VERB_QUEUES,
	.add = add_nothing,
    },
    {.words = "worker",
	.synopsis = "",
	.summary = "work",
	.options = (const enum option_id[]){OPT_NAME, OPT_END},
	.run = run},
    {.words = "worker list", .synopsis = "", .summary = "list workers"},
    {.words = "label",
	.synopsis = "T [K=V…] [K-…]",
	.summary = "label",
	.min = 1,
	.max = OPERANDS_ANY,
	.flags = VERB_MUTATES,
	.add = add_nothing},
    {.words = "pool import", .synopsis = "FILE|-", .summary = "import", .min = 1, .max = 1},
    {0},
};

static const struct verb *const table[] = {family, NULL};

static int count_words(const char *const *words) {
	int n = 0;

	while (n < MAX_WORDS && words[n] != NULL) {
		n++;
	}
	return n;
}

static bool parse(const char *const *words, enum args_mode mode, struct args *args, struct err *err) {
	char *argv[MAX_WORDS + 2] = {NULL};
	char name[] = "berth";
	int argc = count_words(words) + 1;

	argv[0] = name;
	for (int i = 1; i < argc; i++) {
		memcpy(&argv[i], &words[i - 1], sizeof argv[i]);
	}
	return args_parse(argc, argv, table, mode, args, err);
}

/* "words: operand operand; --option=value" */
static void describe(const struct args *args, struct buf *out) {
	buf_printf(out, "%s:", args->verb == NULL ? "" : args->verb->words);
	for (size_t i = 0; i < args->count; i++) {
		buf_printf(out, " %s", operand(args, i));
	}
	for (size_t i = 0; i < args->given_count; i++) {
		buf_printf(out, "; %s", option_specs[args->given[i].option].name);
		if (args->given[i].value != NULL) {
			buf_printf(out, "=%s", args->given[i].value);
		}
	}
}

static const struct {
	const char *words[MAX_WORDS];
	const char *becomes;
} accepted[] = {
    {{NULL}, ":"},
    {{"--json"}, ":; json"},
    {{"-d", "", "-hdb.example", "-p", "5433", "-U", "me", "-wW"},
	":; dbname=; host=db.example; port=5433; username=me; no-password; password"},
    {{"pool", "list"}, "pool list:"},
    {{"--json", "pool", "list"}, "pool list:; json"},
    {{"pool", "--json", "list"}, "pool list:; json"},
    {{"pool", "list", "--json"}, "pool list:; json"},
    {{"pool", "list", "--json", "--json"}, "pool list:; json; json"},
    {{"pool", "list", "-l", ""}, "pool list:; selector="},
    {{"pool", "list", "-la=b"}, "pool list:; selector=a=b"},
    {{"pool", "list", "--selector", "a,!b"}, "pool list:; selector=a,!b"},
    {{"pool", "list", "--timeout=5s", "--timeout", "6s"}, "pool list:; timeout=5s; timeout=6s"},
    {{"pool", "create", "web", "--kind", "ipv4", "10.0.0.0/24", "10.1.0.0/24"},
	"pool create: web 10.0.0.0/24 10.1.0.0/24; kind=ipv4"},
    {{"--kind=ipv4", "pool", "create", "-n", "web"}, "pool create: web; kind=ipv4; dry-run"},
    {{"-nq", "pool", "create", "web"}, "pool create: web; dry-run; quiet"},
    {{"pool", "create", "--", "--kind", "-n"}, "pool create: --kind -n"},
    {{"pool", "create", "web", "--reason="}, "pool create: web; reason="},
    {{"--", "pool", "create", "web"}, "pool create: web"},
    {{"pool", "import", "-"}, "pool import: -"},
    {{"allocate", "web", "--wait"}, "allocate: web; wait"},
    {{"allocate", "--wait", "web"}, "allocate: web; wait"},
    {{"allocate", "web", "--wait=5s"}, "allocate: web; wait=5s"},
    {{"allocate", "web", "--priority", "-5"}, "allocate: web; priority=-5"},
    {{"allocate", "web", "--holder", ""}, "allocate: web; holder="},
    {{"allocate", "web", "--holder", "--json"}, "allocate: web; holder=--json"},
    {{"allocate", "web", "--holder=Zoë 北"}, "allocate: web; holder=Zoë 北"},
    {{"allocate", "web", "--label", "a=1", "--label=b=2"}, "allocate: web; label=a=1; label=b=2"},
    {{"release", "lease/x", "--grace", "1m", "--expect-generation=3", "--wait", "--id", "x"},
	"release: lease/x; grace=1m; expect-generation=3; wait; id=x"},
    {{"release"}, "release:"},
    {{"worker"}, "worker:"},
    {{"worker", "list"}, "worker list:"},
    {{"label", "pool/web", "a=b", "c-"}, "label: pool/web a=b c-"},
    {{"--local", "worker"}, "worker:; local"},
    {{"--local=/tmp/x", "worker"}, "worker:; local=/tmp/x"},
    {{"--help"}, ":; help"},
    {{"-?"}, ":; help"},
    {{"pool", "create", "--help"}, "pool create:; help"},
    {{"pool", "create", "-n?"}, "pool create:; dry-run; help"},
    {{"pool", "--help"}, ": pool; help"},
};

static void test_accepted(void **state) {
	(void)state;
	for (size_t i = 0; i < LENGTH(accepted); i++) {
		struct args args = {0};
		struct err err = {0};
		struct buf text = {0};

		if (!parse(accepted[i].words, ARGS_PROGRAM, &args, &err)) {
			fail_msg("%s: %s", accepted[i].becomes, err.message);
		}
		describe(&args, &text);
		assert_string_equal(buf_text(&text), accepted[i].becomes);
		buf_release(&text);
		args_release(&args);
	}
}

static const struct {
	const char *words[MAX_WORDS];
	const char *message; /* a part of it */
	const char *hint;    /* a part of it, or NULL */
} refused[] = {
    {{"--quux"}, "--quux: no such option", "berth help"},
    {{"--quux=secret"}, "--quux: no such option", NULL},
    {{"-x"}, "-x: no such option", NULL},
    {{"-nx"}, "-x: no such option", NULL},
    {{"-5"}, "-5: no such option", "--"},
    {{"-é"}, "-é: no such option", NULL},
    {{"-né"}, "-né: no such option", NULL},
    {{"--jso"}, "--jso: no such option", "--json"},
    {{"--jso", "pool", "list"}, "--jso: no such option", "--json"},
    {{"pool", "list", "--jso"}, "--jso: no such option", "--json"},
    {{"pool", "create", "web", "--kin", "ipv4"}, "--kin: no such option", "--kind"},
    {{"pool", "create", "web", "--kin=ipv4"}, "--kin: no such option", "--kind"},
    {{"pool", "create", "web", "--kin"}, "--kin: no such option", "--kind"},
    {{"--re"}, "--re: no such option", NULL},
    {{"--json=1"}, "--json: takes no value", NULL},
    {{"--timeout"}, "--timeout: needs a value", NULL},
    {{"pool", "list", "-l"}, "-l: needs a value", NULL},
    {{"-h"}, "-h: needs a value", NULL},
    {{"allocate", "web", "--for="}, "--for: its value must not be empty", NULL},
    {{"allocate", "web", "--for", ""}, "--for: its value must not be empty", NULL},
    {{"allocate", "web", "--wait="}, "--wait: its value must not be empty", NULL},
    {{"--local="}, "--local: its value must not be empty", NULL},
    {{"allocate", "web", "--for", "1h", "--for", "2h"}, "--for: given twice", NULL},
    {{"release", "--pool", "a", "--pool", "b"}, "--pool: given twice", NULL},
    {{"pool", "list", "--kind", "ipv4"}, "--kind: not an option of 'pool list'", "berth help pool list"},
    {{"pool", "list", "-n"}, "--dry-run: not an option of 'pool list'", NULL},
    {{"pool", "create", "web", "--grace", "1s"}, "--grace: not an option of 'pool create'", NULL},
    {{"pool", "create", "web", "--wait"}, "--wait: not an option of 'pool create'", NULL},
    {{"worker", "list", "--name", "x"}, "--name: not an option of 'worker list'", NULL},
    {{"--kind", "ipv4"}, "--kind: not an option without a verb", NULL},
    {{"pool", "list", "--json", "--csv"}, "--csv: not together with --json", NULL},
    {{"pool"}, "pool: a word is missing", "pool create, pool list, pool import"},
    {{"pool", "crate", "web"}, "'pool crate': no such verb", "pool create"},
    {{"frobnicate"}, "'frobnicate': no such verb", "berth help"},
    {{"alocate", "web"}, "'alocate': no such verb", "did you mean allocate?"},
    {{"list"}, "'list': no such verb", "berth help"},
    {{"frobnicate", "--help"}, "'frobnicate': no such verb", NULL},
    {{""}, "'': no such verb", NULL},
    {{"pool", "create"}, "pool create: missing operand: NAME", "usage: berth pool create NAME --kind K"},
    {{"allocate", "a", "b"}, "allocate: unexpected operand: 'b'", "usage: berth allocate POOL"},
    {{"worker", "lists"}, "'worker lists': no such verb", "did you mean worker list?"},
    {{"allocate", "web", "--holder", "\xff"}, "UTF-8", NULL},
    {{"allocate", "\xc0\xaf"}, "UTF-8", NULL},
    {{"--\xe2\x80"}, "UTF-8", NULL},
};

static void assert_contains(const char *text, const char *part) {
	if (text == NULL || strstr(text, part) == NULL) {
		fail_msg("'%s' does not contain '%s'", text == NULL ? "(nothing)" : text, part);
	}
}

static void test_refused(void **state) {
	(void)state;
	for (size_t i = 0; i < LENGTH(refused); i++) {
		struct args args = {0};
		struct err err = {0};

		if (parse(refused[i].words, ARGS_PROGRAM, &args, &err)) {
			fail_msg("accepted, but should say: %s", refused[i].message);
		}
		assert_int_equal(err.code, ERR_INVALID_INPUT);
		assert_contains(err.message, refused[i].message);
		if (refused[i].hint != NULL) {
			assert_contains(err.hint, refused[i].hint);
		}
		assert_null(args.operands);
		err_release(&err);
	}
}

static const struct {
	const char *words[MAX_WORDS];
	const char *message; /* NULL: accepted */
} lines[] = {
    {{"pool", "create", "web", "--kind", "ipv4", "--id", "x", "--reason", "r"}, NULL},
    {{"release", "lease/x", "--grace=1m", "--expect-generation", "2"}, NULL},
    {{"allocate", "web", "--wait"}, "--wait: not in a line of a batch"},
    {{"pool", "create", "web", "-n"}, "--dry-run: not in a line of a batch"},
    {{"pool", "create", "web", "--json"}, "--json: not in a line of a batch"},
    {{"-d", "x", "pool", "create", "web"}, "--dbname: not in a line of a batch"},
    {{"pool", "create", "--help"}, "--help: not in a line of a batch"},
    {{"pool", "--help"}, "begins with a verb"},
    {{"--yes"}, "begins with a verb"},
    {{"pool", "list"}, "pool list: not in a batch"},
    {{"worker"}, "worker: not in a batch"},
    {{"frob"}, "'frob': no such verb"},
};

static void test_line_of_a_batch(void **state) {
	(void)state;
	for (size_t i = 0; i < LENGTH(lines); i++) {
		struct args args = {0};
		struct err err = {0};
		bool ok = parse(lines[i].words, ARGS_LINE, &args, &err);

		if (lines[i].message == NULL) {
			assert_true(ok);
			args_release(&args);
		} else {
			assert_false(ok);
			assert_contains(err.message, lines[i].message);
			err_release(&err);
		}
	}
}

/* A failure in the middle of "-nx…" must not leave getopt there. */
static void test_parses_again_after_a_failure(void **state) {
	static const char *const wrong[MAX_WORDS] = {"-xnq", "pool"};
	static const char *const right[MAX_WORDS] = {"worker", "list"};
	struct args args = {0};
	struct err err = {0};

	(void)state;
	assert_false(parse(wrong, ARGS_PROGRAM, &args, &err));
	err_release(&err);
	assert_true(parse(right, ARGS_PROGRAM, &args, &err));
	assert_string_equal(args.verb->words, "worker list");
	assert_int_equal(args.given_count, 0);
	args_release(&args);
}

/* The environment must not change where options are accepted. */
static void test_ignores_posixly_correct(void **state) {
	static const char *const words[MAX_WORDS] = {"worker", "list", "--json"};
	struct args args = {0};
	struct err err = {0};

	(void)state;
	assert_int_equal(setenv("POSIXLY_CORRECT", "1", 1), 0);
	assert_true(parse(words, ARGS_PROGRAM, &args, &err));
	assert_int_equal(unsetenv("POSIXLY_CORRECT"), 0);
	assert_true(opt_given(&args, OPT_JSON));
	args_release(&args);
}

static void test_want_json(void **state) {
	static const struct {
		const char *words[4];
		bool wanted;
	} cases[] = {
	    {{"--json"}, true},
	    {{"--frob", "--json"}, true},
	    {{"pool", "\xff", "--json"}, true},
	    {{"--jso"}, false},
	    {{"--json=1"}, false},
	    {{"--", "--json"}, false},
	    {{"pool", "list"}, false},
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		char *argv[6] = {NULL};
		int argc = 1;

		for (; argc < 5 && cases[i].words[argc - 1] != NULL; argc++) {
			memcpy(&argv[argc], &cases[i].words[argc - 1], sizeof argv[0]);
		}
		assert_int_equal(args_want_json(argc, argv), cases[i].wanted);
	}
}

/* The typed readers of an option. */
enum reader {
	READ_INT,
	READ_ID,
	READ_DURATION,
	READ_INSTANT,
	READ_ENUM,
	READ_NEED,
	READ_EXCLUSIVE,
	READ_LIMIT,
	READ_PROJECT
};

static const char *const sorts[] = {"name", "free", NULL};

static const struct {
	const char *words[MAX_WORDS];
	enum reader reader;
	int64_t value;
	const char *message; /* NULL: succeeds */
} typed[] = {
    {{"allocate", "web"}, READ_INT, 7, NULL},
    {{"allocate", "web", "--count", "10000"}, READ_INT, 10000, NULL},
    {{"allocate", "web", "--count", "0"}, READ_INT, 0, "--count: '0' is not a whole number from 1 to 10000"},
    {{"allocate", "web", "--count", "10001"}, READ_INT, 0, "--count: '10001'"},
    {{"allocate", "web", "--count", "1x"}, READ_INT, 0, "--count: '1x'"},
    {{"allocate", "web", "--count", "99999999999999999999"}, READ_INT, 0, "--count:"},
    {{"allocate", "web"}, READ_ID, 0, NULL},
    {{"allocate", "web", "--id", "5e0d6a3c-0f7b-4b43-9a51-6f6f0b1c2d3e"}, READ_ID, 0x5e, NULL},
    {{"allocate", "web", "--id", "5e0d6a3c"}, READ_ID, 0, "--id: '5e0d6a3c' is not an id"},
    {{"allocate", "web", "--id", "00000000-0000-0000-0000-000000000000"}, READ_ID, 0, "--id:"},
    {{"allocate", "web"}, READ_DURATION, 9, NULL},
    {{"allocate", "web", "--wait"}, READ_DURATION, 9, NULL},
    {{"allocate", "web", "--wait=0s"}, READ_DURATION, 0, NULL},
    {{"allocate", "web", "--wait=90s"}, READ_DURATION, 90 * TIME_SECOND, NULL},
    {{"allocate", "web", "--wait=90"}, READ_DURATION, 0, "--wait: "},
    {{"allocate", "web"}, READ_INSTANT, TIME_NONE, NULL},
    {{"allocate", "web", "--until", "1970-01-02T00:00:01Z"}, READ_INSTANT, 86401 * TIME_SECOND, NULL},
    {{"allocate", "web", "--until", "tomorrow"}, READ_INSTANT, 0, "--until: "},
    {{"pool", "list"}, READ_ENUM, -1, NULL},
    {{"pool", "list", "--sort", "free"}, READ_ENUM, 1, NULL},
    {{"pool", "list", "--sort", "fre"}, READ_ENUM, 0, "--sort: 'fre' is not one of name, free"},
    {{"pool", "create", "web", "--kind", "ipv4"}, READ_NEED, 0, NULL},
    {{"pool", "create", "web"}, READ_NEED, 0, "--kind: must be given"},
    {{"allocate", "web", "--for", "1h"}, READ_EXCLUSIVE, 0, NULL},
    {{"allocate", "web", "--for", "1h", "--until", "x"}, READ_EXCLUSIVE, 0,
	"--for: not together with --until"},
    {{"allocate", "web"}, READ_LIMIT, NO_LIMIT, NULL},
    {{"allocate", "web", "--max-leases", "none"}, READ_LIMIT, NO_LIMIT, NULL},
    {{"allocate", "web", "--max-leases", "0"}, READ_LIMIT, 0, NULL},
    {{"allocate", "web", "--max-leases", "9223372036854775807"}, READ_LIMIT, INT64_MAX, NULL},
    {{"allocate", "web", "--max-leases", "-1"}, READ_LIMIT, 0,
	"--max-leases: '-1' is neither a whole number from 0 on nor none"},
    {{"allocate", "web", "--max-leases", "None"}, READ_LIMIT, 0, "--max-leases: 'None'"},
    {{"allocate", "web"}, READ_PROJECT, 0, NULL},
    {{"allocate", "web", "--project", "acme/web"}, READ_PROJECT, 1, NULL},
    {{"allocate", "web", "--project", "project/acme/web"}, READ_PROJECT, 1, NULL},
    {{"allocate", "web", "--project", "acme"}, READ_PROJECT, 0,
	"--project: project \"acme\": expected ORG/NAME"},
    {{"allocate", "web", "--project", "pool/web"}, READ_PROJECT, 0, "--project: pool/web: expected project/"},
};

static bool read_typed(const struct args *args, enum reader reader, int64_t *value, struct err *err) {
	const char *text = NULL;
	struct id id = {{0}};
	int index = 0;
	bool ok = false;

	*value = 0;
	switch (reader) {
	case READ_INT:
		return opt_int(args, OPT_COUNT, 1, 10000, 7, value, err);
	case READ_ID:
		ok = opt_id(args, OPT_ID, &id, err);
		*value = id.bytes[0];
		return ok;
	case READ_DURATION:
		return opt_duration(args, OPT_WAIT, 9, value, err);
	case READ_INSTANT:
		return opt_instant(args, OPT_UNTIL, value, err);
	case READ_ENUM:
		ok = opt_enum(args, OPT_SORT, sorts, -1, &index, err);
		*value = index;
		return ok;
	case READ_NEED:
		return opt_need(args, OPT_KIND, &text, err) && strcmp(text, "ipv4") == 0;
	case READ_EXCLUSIVE:
		return opt_exclusive(args, OPT_UNTIL, OPT_FOR, err);
	case READ_LIMIT:
		return opt_limit(args, OPT_MAX_LEASES, value, err);
	case READ_PROJECT:
		ok = opt_project(args, &text, err);
		*value = ok && text != NULL && strcmp(text, "acme/web") == 0;
		return ok;
	}
	return false;
}

static void test_typed_options(void **state) {
	(void)state;
	for (size_t i = 0; i < LENGTH(typed); i++) {
		struct args args = {0};
		struct err err = {0};
		int64_t value = 0;

		assert_true(parse(typed[i].words, ARGS_PROGRAM, &args, &err));
		bool ok = read_typed(&args, typed[i].reader, &value, &err);

		if (typed[i].message == NULL) {
			assert_true(ok);
			assert_true(value == typed[i].value);
		} else {
			assert_false(ok);
			assert_int_equal(err.code, ERR_INVALID_INPUT);
			assert_contains(err.message, typed[i].message);
		}
		err_release(&err);
		args_release(&args);
	}
}

static void test_repeated_option(void **state) {
	static const char *const words[MAX_WORDS] = {
	    "allocate", "web", "--label=a=1", "--holder", "me", "--label", "b=2"};
	struct args args = {0};
	struct err err = {0};
	size_t at = 0;

	(void)state;
	assert_true(parse(words, ARGS_PROGRAM, &args, &err));
	assert_int_equal(opt_count(&args, OPT_LABEL), 2);
	assert_string_equal(opt_next(&args, OPT_LABEL, &at), "a=1");
	assert_string_equal(opt_next(&args, OPT_LABEL, &at), "b=2");
	assert_null(opt_next(&args, OPT_LABEL, &at));
	assert_string_equal(opt(&args, OPT_HOLDER), "me");
	assert_null(opt(&args, OPT_FOR));
	assert_null(operand(&args, 1));
	args_release(&args);
}

/* Every entry can be typed and explained, and no two are the same. */
static void test_option_table(void **state) {
	(void)state;
	for (int i = OPT_END + 1; i < OPT_COUNT_OF; i++) {
		const struct option_spec *a = &option_specs[i];

		assert_non_null(a->name);
		assert_non_null(a->help);
		assert_int_equal(a->metavar == NULL, a->takes == TAKES_NOTHING);
		for (int k = i + 1; k < OPT_COUNT_OF; k++) {
			assert_string_not_equal(a->name, option_specs[k].name);
			assert_true(a->letter == 0 || a->letter != option_specs[k].letter);
		}
	}
}

static const struct {
	const char *words[MAX_WORDS];
	const char *has;
	const char *lacks; /* or NULL */
} helps[] = {
    {{NULL}, "  pool create                     make a pool\n", NULL},
    {{NULL}, "  -d, --dbname CONNINFO|URI", "--kind"},
    {{NULL}, "  -?, --help", NULL},
    {{"pool"}, "pool list", "allocate"},
    {{"pool", "create"}, "usage: berth pool create NAME --kind K [RANGE…]\nmake a pool\n", NULL},
    {{"pool", "create"}, "      --kind K ", "--grace"},
    {{"pool", "create"}, "  -n, --dry-run", "--sort"},
    {{"allocate"}, "      --wait[=DUR]", NULL},
    {{"allocate"}, "\nThe lowest free value.\n", NULL},
    {{"allocate"}, "--label K=V", NULL},
    {{"release"}, "--expect-generation N", NULL},
    {{"worker"}, "usage: berth worker\nwork\n", NULL},
};

static void test_target_name(void **state) {
	static const struct {
		const char *kind;
		const char *target;
		const char *name;
	} targets[] = {
	    {"pool", "web", "web"},
	    {"pool", "pool/web", "web"},
	    {"pool", "pool", "pool"},
	    {"pool", "pool/", ""},
	    {"pool", "pools/web", "pools/web"},
	    {"pool", "lease/web", "lease/web"},
	    {"resource", "resource/web/10.0.0.0/8", "web/10.0.0.0/8"},
	    {"resource", "web/10.0.0.0/8", "web/10.0.0.0/8"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof targets / sizeof *targets; i++) {
		assert_string_equal(target_name(targets[i].kind, targets[i].target), targets[i].name);
	}
	assert_null(target_name("pool", NULL));
}

static void test_help(void **state) {
	(void)state;
	for (size_t i = 0; i < LENGTH(helps); i++) {
		struct buf text = {0};
		struct err err = {0};

		assert_true(
		    help_words(table, helps[i].words, (size_t)count_words(helps[i].words), &text, &err));
		assert_contains(buf_text(&text), helps[i].has);
		if (helps[i].lacks != NULL) {
			assert_null(strstr(buf_text(&text), helps[i].lacks));
		}
		buf_release(&text);
	}
}

static void test_help_for_nothing(void **state) {
	static const char *const words[] = {"pool", "crate"};
	struct buf text = {0};
	struct err err = {0};

	(void)state;
	assert_false(help_words(table, words, 2, &text, &err));
	assert_int_equal(err.code, ERR_INVALID_INPUT);
	assert_int_equal(text.len, 0);
	err_release(&err);
}

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_accepted),
	    cmocka_unit_test(test_refused),
	    cmocka_unit_test(test_line_of_a_batch),
	    cmocka_unit_test(test_parses_again_after_a_failure),
	    cmocka_unit_test(test_ignores_posixly_correct),
	    cmocka_unit_test(test_want_json),
	    cmocka_unit_test(test_typed_options),
	    cmocka_unit_test(test_repeated_option),
	    cmocka_unit_test(test_option_table),
	    cmocka_unit_test(test_target_name),
	    cmocka_unit_test(test_help),
	    cmocka_unit_test(test_help_for_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
