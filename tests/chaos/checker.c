#include "tests/chaos/checker.h"

#include <stdarg.h>
#include <stdlib.h>

#include "db/base/buf.h"
#include "db/base/mem.h"

const char *const check_names[CHECKS] = {
    [CHECK_HELD_IN_ORDER] = "one holder per value, by the order of events",
    [CHECK_HELD_IN_TIME] = "one holder per value, by the times of the rows",
    [CHECK_HELD_AS_TOLD] = "one holder per value, by what clients were told",
    [CHECK_ONE_VALUE] = "one value per id",
    [CHECK_ACKNOWLEDGED] = "acknowledged means there",
    [CHECK_DENIED] = "denied means never",
    [CHECK_WHOLE] = "batches and counts are whole",
    [CHECK_EVENTS_STATE] = "events lead to the state of the rows",
    [CHECK_COMMANDS_ONCE] = "commands are applied once",
    [CHECK_COMMANDS_FINAL] = "the end of a command is its end",
    [CHECK_FENCES] = "fences hold",
    [CHECK_ENDS] = "no program dies or tells of a defect",
    [CHECK_REST] = "everything comes to rest",
    [CHECK_DOCTOR] = "doctor finds nothing",
};

void verdict_add(
    struct verdict *v, enum check check, bool holds, struct id a, struct id b, const char *format, ...) {
	struct finding_of *finding;
	struct buf text = {0};
	va_list args;

	v->looked[check]++;
	if (holds) {
		return;
	}
	v->found[check]++;
	va_start(args, format);
	buf_vprintf(&text, format, args);
	va_end(args);
	v->findings = mem_grow(v->findings, v->count + 1, sizeof *v->findings);
	finding = &v->findings[v->count++];
	*finding = (struct finding_of){.check = check, .text = mem_text(buf_text(&text))};
	finding->ids[0] = a;
	finding->ids[1] = b;
	buf_release(&text);
}

void verdict_release(struct verdict *v) {
	for (size_t i = 0; i < v->count; i++) {
		free(v->findings[i].text);
	}
	free(v->findings);
	*v = (struct verdict){0};
}

void checker_run(const struct history *h, const struct final *f, struct verdict *v) {
	check_holders(h, f, v);
	check_answers(h, f, v);
	check_events(f, v);
	check_commands(h, f, v);
}
