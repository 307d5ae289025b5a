#include "tests/chaos/summary.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "tests/chaos/checker.h"
#include "tests/chaos/final.h"
#include "tests/chaos/history.h"

enum { SHOWN = 5, CODES = 71 };

void summary_calls(const struct history *h) {
	size_t codes[CODES] = {0};
	size_t kinds[DEED_KINDS] = {0};
	size_t batches = 0;
	size_t killed = 0;

	for (size_t i = 0; i < history_count(h); i++) {
		const struct call *call = history_at(h, i);

		if (call->code >= 0 && call->code < CODES) {
			codes[call->code]++;
		} else {
			killed++;
		}
		if (!id_is_nil(call->batch)) {
			batches++;
		} else {
			kinds[call->deeds[0].kind]++;
		}
	}
	(void)printf("calls: %zu;", history_count(h));
	for (size_t i = 0; i < DEED_KINDS; i++) {
		(void)printf(" %s %zu,", deed_names[i], kinds[i]);
	}
	(void)printf(" batch %zu\noutcomes:", batches);
	for (size_t i = 0; i < CODES; i++) {
		if (codes[i] > 0) {
			(void)printf(" exit %zu: %zu,", i, codes[i]);
		}
	}
	(void)printf(" killed %zu\n", killed);
}

void summary_faults(const struct nemesis *n) {
	(void)printf("faults:");
	for (size_t i = 0; i < FAULTS; i++) {
		(void)printf("%s %s %zu", i == 0 ? "" : ",", fault_names[i], n->counts[i]);
	}
	(void)printf("\n");
}

static void print_side(const struct side *side) {
	if (!side->there) {
		(void)printf("nothing");
	} else {
		(void)printf("%s %" PRId64 " %s%s", side->state, side->generation, side->value, side->labels);
	}
}

static void print_event(const struct event_row *e) {
	char id[ID_TEXT];

	(void)printf("  event %" PRId64 " %s of %s %s", e->seq, e->action, e->kind, id_text(e->target, id));
	if (!id_is_nil(e->command)) {
		(void)printf(" by command %s", id_text(e->command, id));
	}
	(void)printf(": ");
	print_side(&e->before);
	(void)printf(" -> ");
	print_side(&e->after);
	(void)printf("\n");
}

static void print_id(const struct history *h, const struct final *f, struct id id) {
	const struct lease_row *l = final_lease(f, id);
	const struct command_row *c = final_command(f, id);
	char text[ID_TEXT];

	(void)printf("  -- %s\n", id_text(id, text));
	for (size_t i = 0; i < history_count(h); i++) {
		if (call_is_about(history_at(h, i), id)) {
			call_print(history_at(h, i), stdout);
		}
	}
	if (l != NULL) {
		(void)printf("  lease: %s %s of %s, seq %" PRId64 ", generation %" PRId64
			     ", acquired %" PRId64 ", destroyed %" PRId64 "\n",
		    l->state, l->value, l->pool, l->seq, l->generation, l->acquired, l->destroyed);
	}
	if (c != NULL) {
		(void)printf("  command: %s of %s %s, %s %s, epoch %" PRId64 ", expects %" PRId64 "\n",
		    c->action, c->kind, id_text(c->target, text), c->state, c->outcome, c->epoch,
		    c->expected);
	}
	for (size_t i = 0; i < f->event_count; i++) {
		if (id_equal(f->events[i].target, id) || id_equal(f->events[i].command, id)) {
			print_event(&f->events[i]);
		}
	}
}

static void print_findings(
    const struct verdict *v, enum check check, const struct history *h, const struct final *f) {
	size_t shown = 0;

	for (size_t i = 0; i < v->count && shown < SHOWN; i++) {
		const struct finding_of *finding = &v->findings[i];

		if (finding->check != check) {
			continue;
		}
		shown++;
		(void)printf("VIOLATION: %s: %s\n", check_names[check], finding->text);
		for (size_t n = 0; n < FINDING_IDS; n++) {
			if (!id_is_nil(finding->ids[n])) {
				print_id(h, f, finding->ids[n]);
			}
		}
	}
	if (v->found[check] > shown) {
		(void)printf("  ... and %zu more of this kind\n", v->found[check] - shown);
	}
}

size_t summary_failed(const struct verdict *v) {
	size_t failed = 0;

	for (size_t i = 0; i < CHECKS; i++) {
		failed += v->found[i] > 0 || v->looked[i] == 0 ? 1 : 0;
	}
	return failed;
}

void summary_verdict(const struct verdict *v, const struct history *h, const struct final *f) {
	for (enum check i = 0; i < CHECKS; i++) {
		print_findings(v, i, h, f);
	}
	for (size_t i = 0; i < CHECKS; i++) {
		(void)printf("%s %-50s looked %zu times, found %zu%s\n",
		    v->found[i] > 0 || v->looked[i] == 0 ? "not ok" : "ok", check_names[i], v->looked[i],
		    v->found[i], v->looked[i] == 0 ? ": the run was too short" : "");
	}
	(void)printf("%zu passed, %zu failed\n", CHECKS - summary_failed(v), summary_failed(v));
}
