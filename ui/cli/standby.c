#include "ui/cli/standby.h"

#include "db/base/buf.h"
#include "db/base/clock.h"
#include "db/base/err.h"
#include "db/conn/conn.h"
#include "ui/cli/run.h"
#include "ui/text/humanize.h"

#define STALE_FROM (5 * TIME_SECOND)

/* Notes which server is read, and the age of what it has. */
static void note(const struct run *run) {
	int64_t behind = conn_behind(run->conn);
	struct buf text = {0};

	if (!conn_is_standby(run->conn)) {
		buf_printf(&text, "no standby: read from %s, which accepts changes", conn_server(run->conn));
	} else if (behind < TIME_SECOND) {
		buf_printf(&text, "read from the standby %s, which is up to date", conn_server(run->conn));
	} else {
		buf_printf(&text, "%sread from the standby %s, which is ",
		    behind < STALE_FROM ? "" : "STALE: ", conn_server(run->conn));
		humanize_exact(behind, &text);
		buf_puts(&text, " behind");
	}
	run_report(run, behind < STALE_FROM ? REPORT_NOTE : REPORT_WARNING, buf_text(&text));
	buf_release(&text);
}

void standby_use(struct run *run, const struct conn_options *reads) {
	struct conn *standby = conn_new(reads);
	struct err why = {0};

	if (conn_reach(standby, run->deadline, &why)) {
		conn_free(run->conn);
		run->conn = standby;
		run->options = reads;
		note(run);
	} else {
		conn_free(standby);
		run_note(run, "the standby cannot be read: %s; read from the primary", why.message);
	}
	err_release(&why);
}
