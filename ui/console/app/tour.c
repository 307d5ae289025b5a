#include "ui/console/app/tour.h"

#include "ui/console/app/app.h"

const struct tour_text tour_texts[TOUR_STEPS] = {
    [TOUR_WORST] = {"7", "see the worst, by name",
	{"The line above the keys names the worst thing on every screen.",
	    "7 lists all that needs a person, the worst first."}},
    [TOUR_CAUSE] = {"Enter", "go to its cause",
	{"Enter on an alert opens its cause: a pool, command or project.",
	    "Esc goes back to where you were."}},
    [TOUR_HOLDERS] = {"Enter", "find who holds a pool",
	{"Enter on a pool lists its leases: each value and its holder.", "/ filters them while you type."}},
    [TOUR_RELEASE] = {"W Space r", "mark and plan a release",
	{"W turns write mode on: type demo. Space marks a lease.",
	    "r plans its release and shows what it would do; y confirms."}},
    [TOUR_UNDO] = {"u", "undo it within 10 s",
	{"The release of one lease waits in the queue for 10 seconds.", "u cancels it; nothing is changed."}},
};

void tour_did(struct tour *tour, enum tour_step step) {
	tour->done[step] = tour->done[step] || tour->on;
}

void tour_watch(struct app *app) {
	const struct pane *pane = app_shown(app);
	const struct pane *below = trail_below(&app->trail);

	if (!app->tour.on) {
		return;
	}
	if (pane->view == &view_alerts) {
		tour_did(&app->tour, TOUR_WORST);
	}
	if (below != NULL && below->view == &view_alerts) {
		tour_did(&app->tour, TOUR_CAUSE);
	}
	if (pane->view == &view_leases && pane->scope.kind == SCOPE_POOL) {
		tour_did(&app->tour, TOUR_HOLDERS);
	}
	if (pending_newest(&app->pending, app->now.steady) != NULL) {
		tour_did(&app->tour, TOUR_RELEASE);
	}
}

enum tour_step tour_next(const struct tour *tour) {
	enum tour_step step = 0;

	while (step < TOUR_STEPS && tour->done[step]) {
		step++;
	}
	return step;
}

void tour_help_add(const struct tour *tour, struct buf *out) {
	for (size_t i = 0; tour->on && i < TOUR_STEPS; i++) {
		const struct tour_text *text = &tour_texts[i];

		buf_printf(out, "%s %s\n%s\n%s\n", text->keys, text->what, text->help[0], text->help[1]);
	}
	buf_puts(out, tour->on ? "\n" : "");
}

bool tour_shown(const struct tour *tour) {
	return tour->on && !tour->hidden;
}

bool tour_hide(struct app *app) {
	if (!tour_shown(&app->tour)) {
		return false;
	}
	app->tour.hidden = true;
	app_say(app, STYLE_NORMAL, "the tour is closed; ? still explains its steps");
	return true;
}
