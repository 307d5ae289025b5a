#include "ui/console/app/keymap.h"

#include "db/base/buf.h"
#include "ui/console/list/list.h"
#include "ui/console/dialogs/plan.h"
#include "ui/console/widgets/form.h"
#include "ui/console/terminal/key.h"
#include "ui/console/list/view.h"

const struct key keys[] = {{REQUEST_OPEN, 0, {KEY_CODE_ENTER, 'l', KEY_CODE_RIGHT}, "Enter l Right", "leases",
			       "the leases of this pool", ACTION_POOL_LEASES, NEED_ROW},
    {REQUEST_OPEN, 0, {KEY_CODE_ENTER, 'l', KEY_CODE_RIGHT}, "Enter l Right", "open",
	"the console of this environment, at the pool", ACTION_ENVIRONMENT, NEED_ROW},
    {REQUEST_OPEN, 0, {KEY_CODE_ENTER, 'l', KEY_CODE_RIGHT}, "Enter l Right", "leases",
	"the leases of this project", ACTION_PROJECT_LEASES, NEED_ROW},
    {REQUEST_OPEN, 0, {KEY_CODE_ENTER, 'l', KEY_CODE_RIGHT}, "Enter l Right", "leases",
	"the leases of this holder", ACTION_HOLDER_LEASES, NEED_ROW},
    {REQUEST_OPEN, 0, {KEY_CODE_ENTER, 'l', KEY_CODE_RIGHT}, "Enter l Right", "more",
	"details of this row; PgUp PgDn scroll them", ACTION_DETAIL, NEED_ROW},
    {REQUEST_OPEN, 0, {KEY_CODE_ENTER, 'l', KEY_CODE_RIGHT}, "Enter l Right", "more",
	"items of a bulk; details of another command", ACTION_ITEMS, NEED_ROW},
    {REQUEST_OPEN, 0, {KEY_CODE_ENTER, 'l', KEY_CODE_RIGHT}, "Enter l Right", "values",
	"the values of this key", ACTION_VALUES, NEED_ROW},
    {REQUEST_OPEN, 0, {KEY_CODE_ENTER, 'l', KEY_CODE_RIGHT}, "Enter l Right", "targets",
	"the targets of this label", ACTION_TARGETS, NEED_ROW},
    {REQUEST_OPEN, 0, {KEY_CODE_ENTER, 'l', KEY_CODE_RIGHT}, "Enter l Right", "open",
	"the target on its own screen", ACTION_TARGET, NEED_ROW},
    {REQUEST_OPEN, 0, {KEY_CODE_ENTER, 'l', KEY_CODE_RIGHT}, "Enter l Right", "rows",
	"the rows that this run has removed", ACTION_REMOVED, NEED_ROW},
    {REQUEST_OPEN, 0, {KEY_CODE_ENTER, 'l', KEY_CODE_RIGHT}, "Enter l Right", "cause",
	"the cause of this alert", ACTION_CAUSE, NEED_ROW},
    {REQUEST_HELP, 0, {'?', KEY_CODE_F1}, "? F1", "help", "this help", ACTION_NONE, 0},
    {REQUEST_MOVE, MOVE_DOWN, {'j', KEY_CODE_DOWN}, "j Down", NULL, "next row", ACTION_NONE, 0},
    {REQUEST_MOVE, MOVE_UP, {'k', KEY_CODE_UP}, "k Up", NULL, "previous row", ACTION_NONE, 0},
    {REQUEST_MOVE, MOVE_PAGE_DOWN, {KEY_CODE_PAGE_DOWN, KEY_CODE_CTRL('f')}, "PgDn ^F", NULL, "next page",
	ACTION_NONE, 0},
    {REQUEST_MOVE, MOVE_PAGE_UP, {KEY_CODE_PAGE_UP, KEY_CODE_CTRL('b')}, "PgUp ^B", NULL, "previous page",
	ACTION_NONE, 0},
    {REQUEST_MOVE, MOVE_HALF_DOWN, {KEY_CODE_CTRL('d')}, "^D", NULL, "half a page down", ACTION_NONE, 0},
    {REQUEST_MOVE, MOVE_HALF_UP, {KEY_CODE_CTRL('u')}, "^U", NULL, "half a page up", ACTION_NONE, 0},
    {REQUEST_MOVE, MOVE_FIRST, {'g', KEY_CODE_HOME}, "g Home", NULL, "first row", ACTION_NONE, 0},
    {REQUEST_MOVE, MOVE_LAST, {'G', KEY_CODE_END}, "G End", NULL, "last row", ACTION_NONE, 0},
    {REQUEST_FILTER, 0, {'/'}, "/", "filter", "filter as you type: words, free<20, env=prod; ! first inverts",
	ACTION_NONE, 0},
    {REQUEST_FOLLOW, 0, {'f'}, "f", "follow", "go to what the row names: its pool, project, commands, ...",
	ACTION_FOLLOW, NEED_ROW},
    {REQUEST_SORT, 0, {'o'}, "o", "sort", "sort by a column: o, its letter; the same again reverses",
	ACTION_NONE, 0},
    {REQUEST_FORM, FORM_ALLOCATE, {'a'}, "a", "allocate", "allocate from this pool: opens a form",
	ACTION_NONE, NEED_CHANGE},
    {REQUEST_FORM, FORM_PROJECT, {'a'}, "a", "new", "create a project, with its pools: opens a form",
	ACTION_NEW_PROJECT, NEED_CHANGE},
    {REQUEST_FORM, FORM_ORG, {'O'}, "O", NULL, "create an organization: opens a form", ACTION_NEW_ORG,
	NEED_CHANGE},
    {REQUEST_FORM, FORM_LIMIT, {'L'}, "L", "limit", "set the limit of this project: opens a form",
	ACTION_LIMIT, NEED_PLAN},
    {REQUEST_FORM, FORM_ORG_LIMIT, {'P'}, "P", NULL, "set the limit of its organization: opens a form",
	ACTION_ORG_LIMIT, NEED_PLAN},
    {REQUEST_PLAN, PLAN_DELETE, {'r', 'D'}, "r D", "delete",
	"plan to delete the project, with its leases and pools", ACTION_DELETE, NEED_PLAN},
    {REQUEST_MERGE, 0, {'m'}, "m", "fix", "plan to remove the duplicates and add a constraint", ACTION_FIX,
	NEED_PLAN},
    {REQUEST_MERGE, 0, {'u'}, "u", "undo", "plan to put back the rows that this run removed", ACTION_UNDO_RUN,
	NEED_PLAN},
    {REQUEST_UNDO, 0, {'u'}, "u", NULL, "cancel the newest command that still waits", ACTION_NONE, 0},
    {REQUEST_PLAN, PLAN_RELEASE, {'r'}, "r", "release",
	"plan a release of the marked leases, else of this one", ACTION_RELEASE, NEED_PLAN},
    {REQUEST_PLAN, PLAN_RELEASE, {'r'}, "r", "release", "plan a release of all leases of this pool",
	ACTION_RELEASE_ALL, NEED_PLAN},
    {REQUEST_PLAN, PLAN_RELEASE, {'r'}, "r", "release", "plan a release of all leases of this holder",
	ACTION_RELEASE_HOLDER, NEED_PLAN},
    {REQUEST_PLAN, PLAN_DRAIN, {'D'}, "D", "drain", "plan to drain: release all leases, allocate no more",
	ACTION_DRAIN, NEED_PLAN},
    {REQUEST_PLAN, PLAN_CORDON, {'K'}, "K", "cordon", "plan to cordon or uncordon the resource",
	ACTION_CORDON, NEED_PLAN},
    {REQUEST_PLAN, PLAN_CANCEL, {'x'}, "x", "cancel", "plan to cancel the command", ACTION_CANCEL, NEED_PLAN},
    {REQUEST_PLAN, PLAN_RETRY, {'t'}, "t", "retry", "plan to run the hook of a stuck command again",
	ACTION_RETRY, NEED_PLAN},
    {REQUEST_PLAN, PLAN_SKIP, {'S'}, "S", "skip", "plan to continue as if its hook had succeeded",
	ACTION_SKIP, NEED_PLAN},
    {REQUEST_PLAN, PLAN_FORCE, {'F'}, "F", "force", "plan to destroy its lease, without hook or delay",
	ACTION_FORCE, NEED_PLAN},
    {REQUEST_EXTEND, 0, {'e'}, "e", NULL,
	"plan to extend the marked leases, else this one: asks for their end", ACTION_EXTEND, NEED_PLAN},
    {REQUEST_LABEL, 0, {'L'}, "L", NULL, "plan to set or delete labels of the marked rows, else of this one",
	ACTION_LABEL, NEED_PLAN},
    {REQUEST_MARK, 0, {' '}, "Space", "mark", "mark or unmark the row for a plan; Esc drops all marks",
	ACTION_MARK, NEED_ROW | NEED_LIVE},
    {REQUEST_MARK_RANGE, 0, {'V'}, "V", NULL, "mark a range: V, move, V", ACTION_MARK_RANGE,
	NEED_ROW | NEED_LIVE},
    {REQUEST_MARK_SHOWN, 0, {'*'}, "*", NULL, "mark the rows on the screen; twice: all that match",
	ACTION_MARK_SHOWN, NEED_ROW},
    {REQUEST_HOLDERS, 0, {'i'}, "i", "holders", "the holders of this pool: who has how many leases",
	ACTION_HOLDERS, NEED_ROW},
    {REQUEST_RESOURCES, 0, {'R'}, "R", NULL, "the resources of this pool", ACTION_RESOURCES, NEED_ROW},
    {REQUEST_ALL, 0, {'A'}, "A", "all", "show ended ones too; again: only open ones", ACTION_ALL, 0},
    {REQUEST_WRITE, 0, {'W'}, "W", "write", "turn write mode on for 10 minutes, or off", ACTION_NONE,
	NEED_RIGHT},
    {REQUEST_HOLD, 0, {'z'}, "z", "hold", "hold the order of the rows; again: catch up", ACTION_NONE, 0},
    {REQUEST_COPY_CELL, 0, {'y'}, "y", "copy", "copy the name or value", ACTION_NONE, NEED_ROW},
    {REQUEST_COPY_ROW, 0, {'Y'}, "Y", NULL, "copy the row", ACTION_NONE, NEED_ROW},
    {REQUEST_COPY_JSON, 0, {'J'}, "J", NULL, "copy the row as JSON", ACTION_NONE, NEED_ROW},
    {REQUEST_COPY_COMMAND, 0, {'C'}, "C", NULL, "copy the berth command that shows it", ACTION_NONE,
	NEED_ROW},
    {REQUEST_COLUMNS, 0, {'c'}, "c", NULL, "choose the columns of this screen", ACTION_NONE, 0},
    {REQUEST_SAVE_VIEW, 0, {'w'}, "w", NULL, "save this screen, with its filter and sort, under a name",
	ACTION_NONE, 0},
    {REQUEST_VIEWS, 0, {'v'}, "v", NULL, "choose a saved view", ACTION_NONE, 0},
    {REQUEST_EXPORT, 0, {'E'}, "E", NULL, "write the rows of this screen to a file: CSV, JSON or text",
	ACTION_NONE, 0},
    {REQUEST_COMMAND, 0, {':'}, ":", "command", "command line; Tab completes", ACTION_NONE, 0},
    {REQUEST_VIEW, 0, {'1'}, "1", NULL, NULL, ACTION_NONE, 0},
    {REQUEST_VIEW, 0, {'2'}, "2", NULL, NULL, ACTION_NONE, 0},
    {REQUEST_VIEW, 0, {'3'}, "3", NULL, NULL, ACTION_NONE, 0},
    {REQUEST_VIEW, 0, {'4'}, "4", NULL, NULL, ACTION_NONE, 0},
    {REQUEST_VIEW, 0, {'5'}, "5", NULL, NULL, ACTION_NONE, 0},
    {REQUEST_VIEW, 0, {'6'}, "6", NULL, NULL, ACTION_NONE, 0},
    {REQUEST_VIEW, 0, {'7'}, "7", NULL, NULL, ACTION_NONE, 0},
    {REQUEST_NEXT_VIEW, 1, {KEY_CODE_TAB}, "Tab", NULL, "next screen", ACTION_NONE, 0},
    {REQUEST_NEXT_VIEW, -1, {KEY_CODE_BACK_TAB}, "Shift-Tab", NULL, "previous screen", ACTION_NONE, 0},
    {REQUEST_BACK, 0, {KEY_CODE_ESCAPE, 'h', KEY_CODE_LEFT, KEY_CODE_BACKSPACE}, "Esc h Left", NULL,
	"back: close the detail, drop marks and filter, then to the place before", ACTION_NONE, 0},
    {REQUEST_VISITS, 0, {'H'}, "H", NULL, "places where you have been: choose one", ACTION_NONE, 0},
    {REQUEST_WORST, 0, {'!'}, "!", NULL, "the cause of the worst alert, which is named above the keys",
	ACTION_NONE, 0},
    {REQUEST_REFRESH, 0, {KEY_CODE_CTRL('r'), KEY_CODE_F5}, "^R F5", NULL, "refresh now", ACTION_NONE, 0},
    {REQUEST_REDRAW, 0, {KEY_CODE_CTRL('l')}, "^L", NULL, "redraw the screen", ACTION_NONE, 0},
    {REQUEST_SUSPEND, 0, {KEY_CODE_CTRL('z')}, "^Z", NULL, "suspend", ACTION_NONE, 0},
    {REQUEST_INTERRUPT, 0, {KEY_CODE_CTRL('c')}, "^C", NULL, "cancel the running query; twice: quit",
	ACTION_NONE, 0},
    {REQUEST_QUIT, 0, {'q', KEY_CODE_F10}, "q F10", "quit", "back one level; on the first one: quit",
	ACTION_NONE, 0},
    {REQUEST_NONE, 0, {0}, NULL, NULL, NULL, 0, 0}};

const struct view *key_view(int press) {
	size_t i = 0;

	while (i < (size_t)(press - '1') && views[i] != NULL) {
		i++;
	}
	return views[i];
}

const char *key_help(const struct key *key) {
	return key->help != NULL ? key->help : key_view(key->presses[0])->plural;
}

static const struct key *find(int press, const struct view *view, bool own) {
	for (const struct key *key = keys; key->request != REQUEST_NONE; key++) {
		bool here = own ? view_has(view, key->action) : key->action == ACTION_NONE;

		for (size_t i = 0; here && i < 4 && key->presses[i] != 0; i++) {
			if (key->presses[i] == press) {
				return key;
			}
		}
	}
	return NULL;
}

const struct key *key_find(int press, const struct view *view) {
	const struct key *own = find(press, view, true);

	return own != NULL ? own : find(press, view, false);
}

bool key_works(const struct key *key, const struct view *view) {
	return key_find(key->presses[0], view) == key;
}

void key_note(const struct key *key, struct buf *out) {
	const char *between = " (";

	for (size_t i = 0; key->action != ACTION_NONE && views[i] != NULL; i++) {
		if (view_has(views[i], key->action)) {
			buf_printf(out, "%s%s", between, views[i]->name);
			between = ", ";
		}
	}
	buf_puts(out, key->action == ACTION_NONE ? "" : ")");
	buf_puts(out, (key->need & NEED_WRITE) != 0 ? " (write mode)" : "");
}

void keys_print(struct buf *out) {
	for (const struct key *key = keys; key->request != REQUEST_NONE; key++) {
		buf_printf(out, "%-14s  %s", key->names, key_help(key));
		key_note(key, out);
		buf_char(out, '\n');
	}
}
