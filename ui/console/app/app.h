/*
 * The console's state, and the effect of keys and answers on it.
 *
 * It has no terminal, connection or clock: ui/console/loop.h passes in key events, answers and the time,
 * draws the result of app_draw(), and carries out the requests. So a test can run a whole session as a
 * function.
 */
#ifndef UI_CONSOLE_APP_APP_H
#define UI_CONSOLE_APP_APP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/base/buf.h"
#include "ui/config/config.h"
#include "ui/console/app/call_mode.h"
#include "ui/console/app/completion.h"
#include "ui/console/app/export_mode.h"
#include "ui/console/app/pending.h"
#include "ui/console/widgets/form.h"
#include "ui/console/app/keymap.h"
#include "ui/console/app/match.h"
#include "ui/console/app/menu_mode.h"
#include "ui/console/app/prompt_mode.h"
#include "ui/console/app/tour.h"
#include "ui/console/app/trail.h"
#include "ui/console/dialogs/plan.h"
#include "ui/console/dialogs/dedupe_plan.h"
#include "ui/console/terminal/key.h"
#include "ui/console/widgets/line_editor.h"
#include "ui/console/widgets/menu.h"
#include "ui/console/terminal/style.h"
#include "ui/console/list/view.h"

struct batch;
struct err;
struct verb;

#define APP_PERIOD INT64_C(2000000)         /* between refreshes, in microseconds */
#define APP_SEARCH_PERIOD INT64_C(10000000) /* the same while a search is long */
#define APP_WRITE INT64_C(600000000)        /* duration of write mode */
#define APP_ALERTS 200                      /* alerts that are asked for beside a list */
#define APP_ALERT_PERIOD INT64_C(5000000)
#define APP_NOTE_PERIOD INT64_C(5000000) /* between two notes of an open plan */
#define APP_TWICE INT64_C(1000000)       /* two interrupts within it quit the console */

struct moment {
	int64_t wall; /* the server's clock, to which the times of rows belong */
	int64_t steady;
};

/* The connection as the first line shows it. The texts are borrowed. */
struct app_link {
	bool up;
	const char *server;
	const char *database;
	const char *user;
	const char *trouble; /* the last error; foreign, "" for none */
	const char *barred;  /* why the server accepts no changes, or NULL */
	bool viewer;         /* the user has no right to change anything */
	int64_t retry;       /* steady time of the next try, or TIME_NONE */

	const char *standby;       /* the server that is read, "" before it is known; NULL: changes and reads
				    * go to the same */
	bool by_standby;           /* it has answered the last read and can answer the next one */
	int64_t behind;            /* age of what the last read saw, in microseconds */
	const char *reads_trouble; /* why it is not read, or why that may be old; NULL: nothing is wrong */
};

enum mode {
	MODE_LIST,
	MODE_FILTER,
	MODE_COMMAND,
	MODE_UNLOCK,
	MODE_FORM,
	MODE_PLAN,
	MODE_MERGE,
	MODE_CALL,
	MODE_MENU,
	MODE_PROMPT,
	MODE_HELP
};

/* The next request to send. */
enum act {
	ACT_NONE,
	ACT_FORM,
	ACT_NAMES,
	ACT_LOOK,
	ACT_QUEUE,
	ACT_MERGE,
	ACT_CALL,
	ACT_COMPLETE,
	ACT_GATHER,
	ACT_NOTE,
	ACT_EXPORT,
	ACT_UNDO
};

/* Requests to the loop, which clears each one that it has carried out. */
struct app_requests {
	bool refresh;
	bool cancel;
	enum act act;
	struct id undo; /* the command to cancel; nil: none */
	bool flush;     /* discard keys typed ahead */
	bool redraw;
	bool suspend;
	bool quit;
	struct buf copy; /* text for the clipboard, when not empty */
	bool mouse_on;
	bool mouse_off;
	struct buf history; /* lines to remember, see ui/config/history.h */
	char *theme;        /* the name of the theme to show; NULL: none */
	struct jump then;   /* the place to go to there; without a view: none */
	char *connect;      /* the profile to connect to, "" for the connection of the start; NULL: none */
};

struct app {
	char *environment;      /* NULL: the database's name */
	enum alarm alarm;       /* of the environment's badge */
	const char *connection; /* see struct console_options; borrowed, may be NULL */
	bool ascii;
	bool read_only;
	struct moment now;
	struct app_link link;
	struct trail trail;
	struct environments fleet; /* that are shown; none: one database */
	bool of_fleet;             /* the way back leads to the fleet */
	uint64_t questions;        /* asked so far */
	enum mode mode;
	struct line_editor filter;
	struct line_editor command;
	char *rejected;            /* the error in the command line, or NULL */
	size_t rejected_at;        /* characters before the word that caused the error */
	const struct verb **verbs; /* of the command line */
	struct completion completion;
	struct offers offers; /* the candidates that Tab has found */
	struct call_mode call;
	struct confirm unlock;
	char *before;     /* the filter that Esc restores */
	char *sought;     /* the address that is searched for, until it is answered; or NULL */
	enum mode behind; /* the mode to return to after the unlock question */
	struct form form;
	struct menu_mode menu;
	struct prompt_mode prompt;
	struct rowset alerts; /* struct alert, the worst first, at most APP_ALERTS */
	int64_t alerted;      /* steady time of that answer; TIME_NONE: never */
	struct rowset others; /* struct open_plan: the plans in other consoles, answered with the alerts */
	struct id self;       /* of this console */
	bool noted;           /* the server knows that a plan is open here, */
	int64_t noted_at;     /* and was told at this steady time; TIME_NONE: never */
	struct plan plan;
	struct dedupe_plan dedupe_plan;
	struct pending pending;
	struct tour tour;  /* of the demo */
	int rows, columns; /* of the screen, as last laid out */
	struct rect shown; /* of the rows of the list, as last laid out; the titles are above it */
	struct export_mode export;
	int help_top;
	struct text_search search; /* in the help */
	int unknown;               /* the last key without a meaning; 0: none */
	struct buf message;        /* foreign */
	enum style message_style;
	int64_t write_until; /* steady; TIME_NONE: read-only */
	int64_t interrupted; /* steady time of the last Ctrl-C */
	bool reads_wrong;    /* it was said why the standby is not read */
	bool running;        /* a query is under way */
	struct app_requests requests;
};

void app_init(struct app *app, const char *environment, bool ascii, bool read_only);
void app_release(struct app *app);

/* Sets the time and updates everything that depends on it. The functions below act at this time. */
void app_tick(struct app *app, struct moment now);

void app_key(struct app *app, const struct key_event *event);

/* Return the pane that is shown; never NULL. */
struct pane *app_pane(struct app *app);
const struct pane *app_shown(const struct app *app);

/* Returns the newest pane of a view: of this tab, else of its own; NULL when there is none. */
struct pane *app_pane_of(struct app *app, const struct view *view);
const char *app_pool(const struct app *app); /* of the screen or of its current row, or NULL */
const char *app_environment(const struct app *app);
bool app_writable(const struct app *app);

/* Returns the time between two refreshes. */
int64_t app_period(const struct pane *pane);

/* Returns true when the data is older than two refreshes or there is no connection: nothing may act on it. */
bool app_stale(const struct app *app);
int64_t app_age(const struct app *app); /* microseconds; -1: no data yet */

/* Returns the next steady time at which a figure on the screen changes. */
int64_t app_next_tick(const struct app *app);

/* Returns why an action with these needs, bits of enum key_need, is not possible now; NULL when it is
 * possible. */
const char *app_refuses(const struct app *app, unsigned need);

/* Shows a message in place of the last one. */
void app_say(struct app *app, enum style style, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Shows an error and its hint as the message. */
void app_tell(struct app *app, enum style style, const struct err *err);

/* Change the question; the list then begins at the first row, but of another order with the cursor on its
 * row. An invalid filter returns false and changes nothing. */
bool app_filter(struct app *app, const char *text);
void app_sort(struct app *app, int sort, bool reverse);

/* Sorts by a sort of the view, and when the list is sorted so already, the other way round; says so. */
void app_sort_or_reverse(struct app *app, int sort);
void app_show(struct app *app, const struct view *view);

void app_all(struct app *app, bool all);

/* Returns whether the search with the filter has stopped before its end; goes on with it from there. */
bool app_searches(const struct pane *pane);
void app_search_on(struct app *app);

/* Appends the rows that it has looked through: "120 000 of about 10 000 000". */
void app_searched(const struct pane *pane, struct buf *out);

/* Opens the filter prompt with a text. */
void app_open_filter(struct app *app, const char *text);

/* Goes to a view with a scope, from where the operator can come back; without a scope, to the list of its
 * tab. Takes the scope. */
void app_scope(struct app *app, const struct view *view, struct scope scope);

/* Goes to the place of a jump, which it takes. */
void app_jump(struct app *app, struct jump *jump);

/* Goes back to the place before; false on the first one. */
bool app_back(struct app *app);

/* Opens the command line on a wrong line. `wrong` is the number of bytes before the word that the error is
 * about. */
void app_reject(struct app *app, const char *line, size_t wrong, const struct err *err);

/* Keeps what was typed after `/` or `:`, the kind, also for later runs; take a line of an earlier run. */
void app_remember(struct app *app, char kind);
void app_recall(struct app *app, char kind, const char *text);

/* Runs one line typed after `:`. */
void command_run(struct app *app, const char *line);

#endif
