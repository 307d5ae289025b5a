/*
 * The console's state, and what keys and answers do to it.
 *
 * It knows no terminal, no connection and no clock: ui/console/loop.h brings
 * presses, answers and the time, draws what app_draw() says, and carries out the
 * wishes.  That is why a whole session can be tested as a function.
 */
#ifndef UI_CONSOLE_APP_APP_H
#define UI_CONSOLE_APP_APP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/base/buf.h"
#include "ui/console/app/call_mode.h"
#include "ui/console/app/completion.h"
#include "ui/console/app/pending.h"
#include "ui/console/widgets/form.h"
#include "ui/console/app/keymap.h"
#include "ui/console/list/list.h"
#include "ui/console/list/marks.h"
#include "ui/console/dialogs/plan.h"
#include "ui/console/dialogs/dedupe_plan.h"
#include "ui/console/terminal/key.h"
#include "ui/console/widgets/line_editor.h"
#include "ui/console/terminal/style.h"
#include "ui/console/list/view.h"

struct batch;
struct err;
struct verb;

#define APP_VIEWS 16
#define APP_PERIOD INT64_C(2000000)  /* between refreshes, in microseconds */
#define APP_WRITE INT64_C(600000000) /* how long write mode lasts */
#define APP_TWICE INT64_C(1000000)   /* two interrupts within it leave */

struct moment {
	int64_t wall; /* the server's, by which rows are as old as they are */
	int64_t steady;
};

/* The connection, as the first line shows it. The texts are borrowed. */
struct app_link {
	bool up;
	const char *server;
	const char *database;
	const char *user;
	const char *trouble; /* foreign; "" while there is none */
	const char *barred;  /* why the server takes no changes, or NULL */
	int64_t retry;       /* steady time of the next try, or TIME_NONE */
};

/* One view and what is being looked at in it. */
struct pane {
	const struct view *view;
	struct list list;
	char *filter; /* as typed, "!" included; never NULL */
	struct scope scope;
	int sort;
	int64_t total;
	bool all; /* also what has ended */
	struct marks marks;
	struct rowset more[VIEW_SETS]; /* what belongs to one row, copies */
	struct id more_of;             /* that row */
	bool roomy;                    /* the screen has room for them */
	bool expanded;                 /* the detail has the whole screen */
	int detail_top;                /* its first row there */
	struct rowset head[VIEW_SETS]; /* what belongs to the screen, copies */
	bool headed;                   /* they have been answered */
	int64_t fetched;               /* steady time of the last answer; TIME_NONE: never */
	int64_t failed;                /* ... of the last failure since; TIME_NONE: none */
	uint64_t question;             /* counts them; an answer to an older one is dropped */
	bool fresh;                    /* the question has changed since the last answer */
	bool moved;                    /* ... and the cursor, or the size of the screen */
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
	MODE_HELP
};

/* What is to be sent. */
enum act { ACT_NONE, ACT_FORM, ACT_LOOK, ACT_QUEUE, ACT_MERGE, ACT_CALL, ACT_COMPLETE, ACT_UNDO };

/* What the loop is to do; it clears what it has done. */
struct wishes {
	bool refresh;
	bool cancel;
	enum act act;
	struct id undo; /* the command to be taken back; nil: none */
	bool flush;     /* forget keys typed ahead */
	bool redraw;
	bool suspend;
	bool quit;
	struct buf copy; /* to the clipboard, when not empty */
};

struct app {
	char *environment;      /* NULL: the database's name */
	const char *connection; /* see struct console_options; borrowed, may be NULL */
	bool ascii;
	bool read_only;
	struct moment now;
	struct app_link link;
	struct pane panes[APP_VIEWS];
	size_t current;
	enum mode mode;
	struct line_editor filter;
	struct line_editor command;
	char *rejected;            /* what is wrong with the line in it, or NULL */
	size_t rejected_at;        /* characters before the word that this is about */
	const struct verb **verbs; /* of the command line */
	struct completion completion;
	struct call_mode call;
	struct confirm unlock;
	char *before;     /* the filter that Esc brings back */
	enum mode behind; /* what the question for the environment's name goes back to */
	struct form form;
	struct plan plan;
	struct dedupe_plan dedupe_plan;
	struct pending pending;
	int help_top;
	struct buf message; /* foreign */
	enum style message_style;
	int64_t write_until; /* steady; TIME_NONE: read-only */
	int64_t interrupted; /* steady time of the last Ctrl-C */
	bool running;        /* a query is under way */
	struct wishes wishes;
};

void app_init(struct app *app, const char *environment, bool ascii, bool read_only);
void app_release(struct app *app);

/* Sets the time and what it brings about; everything below acts at that time. */
void app_tick(struct app *app, struct moment now);

void app_key(struct app *app, const struct key_event *event);

struct pane *app_pane(struct app *app);
struct pane *app_pane_of(struct app *app, const struct view *view);
const char *app_pool(const struct app *app); /* that the screen or its row is about, or NULL */
const char *app_environment(const struct app *app);
bool app_writable(const struct app *app);

/* Between two refreshes; and the age from which on at least two were missed. */
int64_t app_period(const struct pane *pane);
int64_t app_stale_from(const struct app *app);

/* Data older than two refreshes, or no connection: nothing may act on it. */
bool app_stale(const struct app *app);
int64_t app_age(const struct app *app); /* microseconds; -1: no data yet */

/* The next steady time at which a figure on the screen ticks. */
int64_t app_next_tick(const struct app *app);

/* Why what has these needs cannot be done now, bits of enum key_need; NULL when it can. */
const char *app_refuses(const struct app *app, unsigned need);

/* Tells something, in place of what was told before. */
void app_say(struct app *app, enum style style, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Changes of the question; all begin at its first row. A filter that cannot be read is false and changes
 * nothing. */
bool app_filter(struct app *app, const char *text);
void app_sort(struct app *app, int sort);
void app_show(struct app *app, const struct view *view);
void app_all(struct app *app, bool all);

/* Opens the prompt of the filter on a text. */
void app_open_filter(struct app *app, const char *text);

/* Shows a view with a scope, which it takes. */
void app_scope(struct app *app, const struct view *view, struct scope scope);

/* Goes to a place, which it takes. */
void app_jump(struct app *app, struct jump *jump);

/* Opens the command line on a line that was wrong, with the word that the error is about: so many bytes are
 * before it. */
void app_reject(struct app *app, const char *line, size_t wrong, const struct err *err);

/* Carries out one line of `:`. */
void command_run(struct app *app, const char *line);

#endif
