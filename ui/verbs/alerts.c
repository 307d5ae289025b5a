#include "ui/verbs/verb.h"

#include <stdint.h>

#include "db/batch/batch.h"
#include "model/alert.h"
#include "ui/cli/output.h"
#include "ui/cli/run.h"
#include "ui/text/shapes.h"
#include "ui/verbs/parse/opt.h"

static bool add_alerts(struct run *run, struct batch *b, struct err *err) {
	int64_t most = 0;

	if (!opt_int(run->args, OPT_LIMIT, 1, INT64_MAX, 0, &most, err)) {
		return false;
	}
	(void)alert_list_add(b, most, NULL);
	return true;
}

static bool answer_alerts(struct run *run, const struct batch *b, struct err *err) {
	run->exit = batch_count(b, run->step) > 0 ? 1 : 0;
	return output_list(&run->sink, &alert_shape, rows_of_step(b, run->step), err);
}

const struct verb alerts_verbs[] = {
    {
	.words = "alerts",
	.examples = "berth alerts\n"
		    "berth alerts --json --limit 1\n",
	.synopsis = "",
	.summary = "what needs a person, worst first; exit 1 if there is anything",
	.options = (const enum option_id[]){OPT_LIMIT, OPT_END},
	.fleet = &fleet_alert_shape,
	.add = add_alerts,
	.answer = answer_alerts,
    },
    {0},
};
