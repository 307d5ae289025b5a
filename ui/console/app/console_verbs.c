#include "ui/console/app/console_verbs.h"

#include "db/base/mem.h"

/* Verbs that only the console has: short ones for its screens, and those for the current screen. */
static const struct verb own[] = {
    {.words = "pools", .synopsis = "", .summary = "show the pools"},
    {.words = "leases", .synopsis = "[POOL]", .summary = "show the leases of one pool or of all", .max = 1},
    {.words = "resources", .synopsis = "[POOL]", .summary = "show the resources", .max = 1},
    {.words = "queue", .synopsis = "", .summary = "show the queue"},
    {.words = "labels", .synopsis = "[KEY[=VALUE]]", .summary = "show the labels", .max = 1},
    {.words = "duplicates", .synopsis = "", .summary = "show the look-alikes"},
    {.words = "projects", .synopsis = "", .summary = "show the projects"},
    {.words = "sort",
	.synopsis = "BY",
	.summary = "sort this screen",
	.options = (const enum option_id[]){OPT_REVERSE, OPT_END},
	.min = 1,
	.max = 1},
    {.words = "filter", .synopsis = "[FILTER]", .summary = "filter this screen", .max = OPERANDS_ANY},
    {.words = "connect",
	.synopsis = "[PROFILE]",
	.summary = "connect to a profile; without one, to the first connection again",
	.max = 1},
    {.words = "mouse", .synopsis = "on|off", .summary = "switch the mouse on or off", .min = 1, .max = 1},
    {.words = "export",
	.synopsis = "FILE",
	.summary = "write the rows of this screen to FILE.csv, FILE.json or FILE.txt",
	.notes =
	    "All rows that match the scope and the filter, as the verbs of the command line print them.\n",
	.options = (const enum option_id[]){OPT_FORCE, OPT_END},
	.texts = (const struct option_text[]){{OPT_FORCE, NULL, "replace a file that exists"}, {OPT_END}},
	.min = 1,
	.max = 1},
    {.words = "save",
	.synopsis = "VIEW",
	.summary = "save this screen as a view",
	.options = (const enum option_id[]){OPT_FORCE, OPT_END},
	.texts = (const struct option_text[]){{OPT_FORCE, NULL, "replace a view of that name"}, {OPT_END}},
	.min = 1,
	.max = 1},
    {.words = "view", .synopsis = "VIEW", .summary = "show a saved view", .min = 1, .max = 1},
    {.words = "theme", .synopsis = "THEME", .summary = "change the colours", .min = 1, .max = 1},
    {.words = "quit", .synopsis = "", .summary = "quit the console"},
    {.words = "q", .synopsis = "", .summary = "quit the console"},
    {0},
};

const struct verb **console_verbs(void) {
	const struct verb **table;
	size_t n = 0;

	while (verbs[n] != NULL) {
		n++;
	}
	table = mem_new(n + 2, sizeof(void *));
	table[0] = own;
	for (size_t i = 0; i <= n; i++) {
		table[i + 1] = verbs[i];
	}
	return table;
}
