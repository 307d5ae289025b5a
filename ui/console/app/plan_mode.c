#include "ui/console/app/plan_mode.h"

#include <stdio.h>
#include <stdlib.h>

#include "db/base/buf.h"
#include "db/base/mem.h"
#include "model/lease.h"
#include "model/syntax/target.h"
#include "ui/console/app/app.h"
#include "ui/console/screens/command_badge.h"
#include "ui/console/app/clipboard.h"
#include "ui/text/plain_json.h"
#include "ui/console/screens/project_badge.h"
#include "ui/console/app/write_mode.h"

const char *plan_refuses(enum plan_act plan_act, const struct command *command) {
	bool open = command->state == COMMAND_QUEUED || (command->state == COMMAND_RUNNING && command->bulk);

	if (plan_act == PLAN_CANCEL) {
		return open ? NULL
		       : command->state == COMMAND_QUARANTINED
			   ? "it is stuck: t retries, S skips, F forces it"
		       : command->state == COMMAND_RUNNING ? "it is running and cannot be cancelled"
							   : "it has ended already";
	}
	return command->state == COMMAND_QUARANTINED
		   ? NULL
		   : "only a stuck command can be retried, skipped or forced";
}

void plan_mode_show(struct app *app) {
	app->mode = MODE_PLAN;
	app->wishes.flush = true;
	app->wishes.act = plan_asks(&app->plan) ? ACT_LOOK : ACT_NONE;
	buf_cut(&app->message, 0);
}

static void open_on(struct app *app, enum plan_act plan_act, const struct target *target, char *what) {
	plan_open(&app->plan, plan_act);
	plan_target(&app->plan, target);
	app->plan.what = what;
	plan_describe(&app->plan);
}

static void open_marked(struct app *app, const struct marks *marks) {
	char id[ID_TEXT];

	plan_open(&app->plan, PLAN_RELEASE);
	for (size_t i = 0; i < marks->count; i++) {
		struct target target = {
		    .kind = TARGET_LEASE, .id = marks->items[i].id, .generation = marks->items[i].generation};

		plan_target(&app->plan, &target);
	}
	app->plan.what = marks->count == 1 ? mem_print("lease/%s", id_text(marks->items[0].id, id))
					   : mem_print("%zu marked leases", marks->count);
}

/* "31007 of fra-db-ports, held by ci". */
static char *lease_words(const struct lease *lease) {
	struct buf text = {0};

	if (lease->held) {
		lease_value(lease, &text);
	} else {
		buf_puts(&text, "the request");
	}
	buf_printf(&text, " of %s", lease->pool);
	if (*lease->holder != '\0') {
		buf_printf(&text, ", held by %s", lease->holder);
	}
	return buf_take(&text);
}

static bool open_lease(struct app *app, const struct pane *pane, enum plan_act plan_act, const void *row) {
	const struct lease *lease = row;
	struct target target = {.kind = TARGET_LEASE, .id = lease->id, .generation = lease->generation};

	if (pane->marks.count > 0) {
		open_marked(app, &pane->marks);
		return true;
	}
	open_on(app, plan_act, &target, lease_words(lease));
	return true;
}

static struct target named(enum target_kind kind, const char *name) {
	struct target target = {.kind = kind};

	(void)snprintf(target.name, sizeof target.name, "%s", name);
	return target;
}

static bool open_pool(struct app *app, const struct pane *pane, enum plan_act plan_act, const void *row) {
	const struct pool *pool = row;
	struct target target = named(plan_act == PLAN_DRAIN ? TARGET_POOL : TARGET_LEASES, pool->name);

	(void)pane;
	open_on(app, plan_act, &target,
	    mem_print(
		plan_act == PLAN_DRAIN ? "pool %s: every resource of it" : "all leases of %s", pool->name));
	return true;
}

static bool open_resource(struct app *app, const struct pane *pane, enum plan_act plan_act, const void *row) {
	const struct resource *resource = row;
	struct target target = {.kind = TARGET_RESOURCE, .id = resource->id};

	(void)pane;
	if (resource->state != RESOURCE_ACTIVE) {
		app_say(app, STYLE_WARNING, "it is being drained already");
		return false;
	}
	open_on(app, plan_act == PLAN_CORDON && resource->cordoned ? PLAN_UNCORDON : plan_act, &target,
	    mem_print("%s of %s", resource->name, resource->pool));
	app->plan.generation = plan_act == PLAN_CORDON ? resource->generation : 0;
	return true;
}

/* With its pools by name. One that is closed may be deleted again: that is what is done about a deletion that
 * failed. */
static void note_deletion(struct plan *plan, const struct project *project) {
	bool closed = project->state != PROJECT_ACTIVE;
	struct buf pools = {0};
	char *note;

	plain_json(project->pools, &pools);
	note = mem_print("%s%s%s%s",
	    closed ? "it is closed already, by a deletion that goes on or has failed; " : "",
	    closed ? "once its leases have ended its name is free, and its labels and pools are gone"
		   : plan->note,
	    pools.len == 0 ? "" : ": ", buf_text(&pools));
	free(plan->note);
	plan->note = note;
	buf_release(&pools);
}

static bool open_project(struct app *app, const struct pane *pane, enum plan_act plan_act, const void *row) {
	const struct project *project = row;
	struct buf name = {0};
	struct target target;

	(void)pane;
	project_name(project, &name);
	target = named(TARGET_PROJECT, buf_text(&name));
	target.whole = true;
	open_on(app, plan_act, &target, buf_take(&name));
	app->plan.generation = project->generation;
	note_deletion(&app->plan, project);
	return true;
}

static bool open_command(struct app *app, const struct pane *pane, enum plan_act plan_act, const void *row) {
	const struct command *command = row;
	struct target target = {.kind = TARGET_COMMAND, .id = command->id};
	const char *refused = plan_refuses(plan_act, command);

	(void)pane;
	if (refused != NULL) {
		app_say(app, STYLE_WARNING, "%s", refused);
		return false;
	}
	open_on(app, plan_act, &target, mem_print("the %s of %s", command->action, command_target(command)));
	return true;
}

void plan_mode_row(struct app *app, enum plan_act plan_act) {
	static bool (*const opens[])(struct app *, const struct pane *, enum plan_act, const void *) = {
	    [VIEW_POOLS] = open_pool,
	    [VIEW_LEASES] = open_lease,
	    [VIEW_QUEUE] = open_command,
	    [VIEW_PROJECTS] = open_project,
	    [VIEW_RESOURCES] = open_resource};
	const struct pane *pane = app_pane(app);

	if (opens[app->current](app, pane, plan_act, list_current(&pane->list)->data)) {
		plan_mode_show(app);
	}
}

static void confirm(struct app *app) {
	if (write_mode_confirms(app)) {
		app->plan.busy = true;
		app->wishes.act = ACT_QUEUE;
	}
}

static void leave(struct app *app) {
	char id[ID_TEXT];

	app->mode = MODE_LIST;
	app->wishes.act = ACT_NONE;
	if (app->plan.unsettled) {
		app_say(app, STYLE_DANGER, "may have been queued: berth queue show %s tells",
		    id_text(app->plan.id, id));
	} else {
		app_say(app, STYLE_NORMAL, "nothing was queued");
	}
	plan_release(&app->plan);
}

static void copy(struct app *app, void (*write)(const struct plan *, struct buf *), const char *name) {
	struct buf text = {0};

	write(&app->plan, &text);
	clipboard_text(app, &text, name);
	buf_release(&text);
}

void plan_mode_key(struct app *app, const struct key_event *event) {
	switch (plan_key(&app->plan, event)) {
	case PLAN_CONFIRMED:
		confirm(app);
		break;
	case PLAN_WRONG:
		app_say(app, STYLE_WARNING, "that is another phrase: nothing was queued, the plan stays");
		break;
	case PLAN_COPIES_JSON:
		copy(app, plan_json, "plan as JSON");
		break;
	case PLAN_COPIES_COMMAND:
		copy(app, plan_command, "plan as a command");
		break;
	case PLAN_LEFT:
		leave(app);
		break;
	case PLAN_GOES_ON:
		if (event->key == KEY_CODE_PASTE) {
			app_say(app, STYLE_WARNING, "paste ignored: a plan is confirmed by hand");
		}
		break;
	}
}

void plan_mode_undo(struct app *app) {
	const struct pending_command *newest = pending_newest(&app->pending, app->now.steady);

	if (newest == NULL) {
		app_say(app, STYLE_WARNING, "nothing waits that could be taken back");
	} else {
		app->wishes.undo = newest->id;
	}
}
