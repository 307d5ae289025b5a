#include "ui/console/app/keymap.h"

#include "db/base/buf.h"
#include "ui/console/list/list.h"
#include "ui/console/dialogs/plan.h"
#include "ui/console/widgets/form.h"
#include "ui/console/terminal/key.h"
#include "ui/console/list/view.h"

const struct key keys[] = {{REQUEST_OPEN, 0, {KEY_CODE_ENTER, 'l', KEY_CODE_RIGHT}, "Enter l Right", "leases",
			       "the leases of this pool", PLACE_POOLS, NEED_ROW},
    {REQUEST_OPEN, 0, {KEY_CODE_ENTER, 'l', KEY_CODE_RIGHT}, "Enter l Right", "leases",
	"the leases of this project", PLACE_PROJECTS, NEED_ROW},
    {REQUEST_OPEN, 0, {KEY_CODE_ENTER, 'l', KEY_CODE_RIGHT}, "Enter l Right", "more",
	"all about this row; PgUp PgDn scroll it",
	PLACE_LEASES | PLACE_RESOURCES | PLACE_LOOKALIKES | PLACE_DUPLICATE_ROWS | PLACE_DEDUPE_RUNS,
	NEED_ROW},
    {REQUEST_OPEN, 0, {KEY_CODE_ENTER, 'l', KEY_CODE_RIGHT}, "Enter l Right", "more",
	"the items of a bulk; all about another command", PLACE_QUEUE, NEED_ROW},
    {REQUEST_OPEN, 0, {KEY_CODE_ENTER, 'l', KEY_CODE_RIGHT}, "Enter l Right", "values",
	"the values of this key", PLACE_LABELS, NEED_ROW},
    {REQUEST_OPEN, 0, {KEY_CODE_ENTER, 'l', KEY_CODE_RIGHT}, "Enter l Right", "targets",
	"what has this label", PLACE_VALUES, NEED_ROW},
    {REQUEST_OPEN, 0, {KEY_CODE_ENTER, 'l', KEY_CODE_RIGHT}, "Enter l Right", "open", "it on its own screen",
	PLACE_TARGETS, NEED_ROW},
    {REQUEST_HELP, 0, {'?', KEY_CODE_F1}, "? F1", "help", "this help", PLACE_ANY, 0},
    {REQUEST_MOVE, MOVE_DOWN, {'j', KEY_CODE_DOWN}, "j Down", NULL, "next row", PLACE_ANY, 0},
    {REQUEST_MOVE, MOVE_UP, {'k', KEY_CODE_UP}, "k Up", NULL, "row before", PLACE_ANY, 0},
    {REQUEST_MOVE, MOVE_PAGE_DOWN, {KEY_CODE_PAGE_DOWN, KEY_CODE_CTRL('f')}, "PgDn ^F", NULL, "next page",
	PLACE_ANY, 0},
    {REQUEST_MOVE, MOVE_PAGE_UP, {KEY_CODE_PAGE_UP, KEY_CODE_CTRL('b')}, "PgUp ^B", NULL, "page before",
	PLACE_ANY, 0},
    {REQUEST_MOVE, MOVE_HALF_DOWN, {KEY_CODE_CTRL('d')}, "^D", NULL, "half a page down", PLACE_ANY, 0},
    {REQUEST_MOVE, MOVE_HALF_UP, {KEY_CODE_CTRL('u')}, "^U", NULL, "half a page up", PLACE_ANY, 0},
    {REQUEST_MOVE, MOVE_FIRST, {'g', KEY_CODE_HOME}, "g Home", NULL, "first row", PLACE_ANY, 0},
    {REQUEST_MOVE, MOVE_LAST, {'G', KEY_CODE_END}, "G End", NULL, "last row", PLACE_ANY, 0},
    {REQUEST_FILTER, 0, {'/'}, "/", "filter",
	"filter as you type: word or selector (env=prod); ! first inverts", PLACE_ANY, 0},
    {REQUEST_SORT, 0, {'o'}, "o", "sort", "sort by the next column that can be sorted by",
	PLACE_POOLS | PLACE_PROJECTS, 0},
    {REQUEST_FORM, FORM_ALLOCATE, {'a'}, "a", "allocate", "allocate from this pool: opens a form",
	PLACE_ANY & ~PLACE_PROJECTS, NEED_CHANGE},
    {REQUEST_FORM, FORM_PROJECT, {'a'}, "a", "new", "make a project, with its pools: opens a form",
	PLACE_PROJECTS, NEED_CHANGE},
    {REQUEST_FORM, FORM_ORG, {'O'}, "O", NULL, "make an organization: opens a form", PLACE_PROJECTS,
	NEED_CHANGE},
    {REQUEST_FORM, FORM_LIMIT, {'L'}, "L", "limit", "set the limit of this project: opens a form",
	PLACE_PROJECTS, NEED_PLAN},
    {REQUEST_FORM, FORM_ORG_LIMIT, {'P'}, "P", NULL,
	"set how many projects its organization may have: opens a form", PLACE_PROJECTS, NEED_PLAN},
    {REQUEST_PLAN, PLAN_DELETE, {'r', 'D'}, "r D", "delete",
	"plan to delete the project, with its leases and pools", PLACE_PROJECTS, NEED_PLAN},
    {REQUEST_MERGE, 0, {'m'}, "m", "fix", "plan to take the duplicates out, and attach a constraint",
	PLACE_DUPLICATE_ROWS, NEED_PLAN},
    {REQUEST_MERGE, 0, {'u'}, "u", "undo", "plan to put back what this run has taken out", PLACE_DEDUPE_RUNS,
	NEED_PLAN},
    {REQUEST_UNDO, 0, {'u'}, "u", NULL, "take the newest release back that still waits", PLACE_ANY, 0},
    {REQUEST_PLAN, PLAN_RELEASE, {'r'}, "r", "release",
	"plan a release: of the marked leases, else of this one", PLACE_LEASES, NEED_PLAN},
    {REQUEST_PLAN, PLAN_RELEASE, {'r'}, "r", "release", "plan a release of all leases of this pool",
	PLACE_POOLS, NEED_PLAN},
    {REQUEST_PLAN, PLAN_DRAIN, {'D'}, "D", "drain", "plan to drain: release all leases, allocate no more",
	PLACE_POOLS | PLACE_RESOURCES, NEED_PLAN},
    {REQUEST_PLAN, PLAN_CORDON, {'K'}, "K", "cordon", "plan to cordon the resource, or to lift that",
	PLACE_RESOURCES, NEED_PLAN},
    {REQUEST_PLAN, PLAN_CANCEL, {'x'}, "x", "cancel", "plan to cancel the command", PLACE_QUEUE, NEED_PLAN},
    {REQUEST_PLAN, PLAN_RETRY, {'t'}, "t", "retry", "plan to run the hook of a stuck command again",
	PLACE_QUEUE, NEED_PLAN},
    {REQUEST_PLAN, PLAN_SKIP, {'S'}, "S", "skip", "plan to go on as if its hook had ended well", PLACE_QUEUE,
	NEED_PLAN},
    {REQUEST_PLAN, PLAN_FORCE, {'F'}, "F", "force", "plan to destroy its lease, without hook or delay",
	PLACE_QUEUE, NEED_PLAN},
    {REQUEST_EXTEND, 0, {'E'}, "E", NULL, "plan to extend the lease: opens the command line", PLACE_LEASES,
	NEED_PLAN},
    {REQUEST_MARK, 0, {' '}, "Space", "mark", "mark the row for a plan, or not; Esc drops all marks",
	PLACE_LEASES, NEED_ROW},
    {REQUEST_MARK_SHOWN, 0, {'*'}, "*", NULL, "mark all rows on the screen, or none", PLACE_LEASES, NEED_ROW},
    {REQUEST_RESOURCES, 0, {'R'}, "R", NULL, "the resources of this pool", PLACE_POOLS, NEED_ROW},
    {REQUEST_ALL, 0, {'A'}, "A", "all", "also what has ended; again: only what is open", PLACE_QUEUE, 0},
    {REQUEST_WRITE, 0, {'W'}, "W", "write", "turn write mode on for 10 minutes, or off", PLACE_ANY, 0},
    {REQUEST_HOLD, 0, {'z'}, "z", "hold", "hold the order of the rows; again: catch up", PLACE_ANY, 0},
    {REQUEST_COPY_CELL, 0, {'y'}, "y", "copy", "copy the name or value", PLACE_ANY, NEED_ROW},
    {REQUEST_COPY_ROW, 0, {'Y'}, "Y", NULL, "copy the row", PLACE_ANY, NEED_ROW},
    {REQUEST_COPY_JSON, 0, {'J'}, "J", NULL, "copy the row as JSON", PLACE_ANY, NEED_ROW},
    {REQUEST_COPY_COMMAND, 0, {'C'}, "C", NULL, "copy the berth command that shows it", PLACE_ANY, NEED_ROW},
    {REQUEST_COMMAND, 0, {':'}, ":", "command", "command line; Tab completes", PLACE_ANY, 0},
    {REQUEST_VIEW, 0, {'1'}, "1", NULL, "pools", PLACE_ANY, 0},
    {REQUEST_VIEW, 1, {'2'}, "2", NULL, "leases", PLACE_ANY, 0},
    {REQUEST_VIEW, 2, {'3'}, "3", NULL, "the queue", PLACE_ANY, 0},
    {REQUEST_VIEW, 3, {'4'}, "4", NULL, "labels", PLACE_ANY, 0},
    {REQUEST_VIEW, 4, {'5'}, "5", NULL, "what looks alike", PLACE_ANY, 0},
    {REQUEST_VIEW, 5, {'6'}, "6", NULL, "projects", PLACE_ANY, 0},
    {REQUEST_NEXT_VIEW, 0, {KEY_CODE_TAB}, "Tab", NULL, "next screen", PLACE_ANY, 0},
    {REQUEST_BACK, 0, {KEY_CODE_ESCAPE, 'h', KEY_CODE_LEFT, KEY_CODE_BACKSPACE}, "Esc h Left", NULL,
	"back: close the detail, drop marks, filter, then to the pools", PLACE_ANY, 0},
    {REQUEST_REFRESH, 0, {KEY_CODE_CTRL('r'), KEY_CODE_F5}, "^R F5", NULL, "ask the server now", PLACE_ANY,
	0},
    {REQUEST_REDRAW, 0, {KEY_CODE_CTRL('l')}, "^L", NULL, "draw the screen anew", PLACE_ANY, 0},
    {REQUEST_SUSPEND, 0, {KEY_CODE_CTRL('z')}, "^Z", NULL, "suspend", PLACE_ANY, 0},
    {REQUEST_INTERRUPT, 0, {KEY_CODE_CTRL('c')}, "^C", NULL, "cancel the running query; twice: leave",
	PLACE_ANY, 0},
    {REQUEST_QUIT, 0, {'q', KEY_CODE_F10}, "q F10", "quit", "back one level; on the first one: leave",
	PLACE_ANY, 0},
    {REQUEST_NONE, 0, {0}, NULL, NULL, NULL, 0, 0}};

const struct key *key_find(int press, unsigned place) {
	for (const struct key *key = keys; key->request != REQUEST_NONE; key++) {
		for (size_t i = 0; i < 4 && key->presses[i] != 0; i++) {
			if (key->presses[i] == press && (key->place & place) != 0) {
				return key;
			}
		}
	}
	return NULL;
}

/* " (pools, leases)"; nothing of a key that works everywhere. */
static void print_places(unsigned places, struct buf *out) {
	const char *between = " (";

	for (size_t i = 0; places != PLACE_ANY && views[i] != NULL; i++) {
		if ((places & 1U << i) != 0) {
			buf_puts(out, between);
			buf_puts(out, views[i]->name);
			between = ", ";
		}
	}
	buf_puts(out, places == PLACE_ANY ? "" : ")");
}

void keys_print(struct buf *out) {
	for (const struct key *key = keys; key->request != REQUEST_NONE; key++) {
		buf_printf(out, "%-14s  %s", key->names, key->help);
		print_places(key->place, out);
		if ((key->need & NEED_WRITE) != 0) {
			buf_puts(out, " (write mode)");
		}
		buf_char(out, '\n');
	}
}
