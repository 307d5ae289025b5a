#include "ui/verbs/verb.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "db/batch/batch.h"
#include "db/base/buf.h"
#include "db/base/err.h"
#include "db/base/mem.h"
#include "model/import.h"
#include "ui/cli/context.h"
#include "ui/cli/perform.h"
#include "ui/cli/run.h"
#include "ui/verbs/import_report.h"
#include "ui/verbs/parse/args.h"
#include "ui/verbs/parse/opt.h"

static const char *const on_conflict_names[] = {"abort", "skip", NULL};

static enum import_what what_of(const struct run *run) {
	return strcmp(run->args->verb->words, "lease import") == 0 ? IMPORT_LEASES : IMPORT_RANGES;
}

/* Says where in the file an error is. In a batch its line is that of the batch file, and the message names
 * the line of the file. */
static bool blame(const struct run *run, struct err *err) {
	if (run->line != 0 && err->line != 0) {
		char *message =
		    mem_print("\"%s\", line %" PRId64 ": %s", operand(run->args, 0), err->line, err->message);

		free(err->message);
		err->message = message;
	}
	return false;
}

/* Finds the line of a refusal from the server in its detail. */
static void find_line(struct run *run, struct err *err) {
	json_t *detail = err->detail == NULL ? NULL : json_loads(err->detail, 0, NULL);
	int64_t line = json_integer_value(json_object_get(detail, "line"));

	json_decref(detail);
	if (line > 0) {
		err->line = line;
		(void)blame(run, err);
	}
}

/* Refuses standard input in a batch, which may be read from there. */
static bool check_file(const struct run *run, struct err *err) {
	return run->line == 0 || strcmp(operand(run->args, 0), "-") != 0 ||
	       err_set(err, ERR_INVALID_INPUT, "%s -: not in a line of a batch", run->args->verb->words);
}

static bool read_delimiter(const struct args *args, char *delimiter, struct err *err) {
	const char *text = opt(args, OPT_DELIMITER);

	if (text == NULL) {
		return true;
	}
	*delimiter = strcmp(text, "tab") == 0 ? '\t' : text[0];
	if ((text[0] != '\0' && text[1] == '\0' && strchr("\"\r\n", text[0]) == NULL &&
		(text[0] & 0x80) == 0) ||
	    *delimiter == '\t') {
		return true;
	}
	return err_set(
	    err, ERR_INVALID_INPUT, "--delimiter: \"%s\" is neither one ASCII character nor tab", text);
}

static bool read_ask(const struct run *run, struct import_ask *ask, struct err *err) {
	int skip = 0, from = IMPORT_OWN;

	*ask = (struct import_ask){.what = what_of(run), .map = opt(run->args, OPT_MAP)};
	if (!opt_enum(run->args, OPT_ON_CONFLICT, on_conflict_names, 0, &skip, err) ||
	    !opt_enum(run->args, OPT_FROM, import_format_names, IMPORT_OWN, &from, err) ||
	    !read_delimiter(run->args, &ask->delimiter, err)) {
		return false;
	}
	ask->skip = skip == 1;
	ask->from = (enum import_format)from;
	return ask->from != IMPORT_DHCPD || ask->map == NULL ||
	       opt_exclusive(run->args, OPT_FROM, OPT_MAP, err);
}

/* Keeps the number of rows that hold nothing, for the answer. */
static void keep_passed(struct run *run, const struct import_file *file) {
	struct buf text = {0};

	run->passed = (int64_t)import_skipped(file, &text);
	(void)snprintf(run->passed_text, sizeof run->passed_text, "%s", buf_text(&text));
	buf_release(&text);
}

/* Checks that the file fits into the one transaction that it needs. */
static bool check_size(const struct import_ask *ask, const struct import_file *file, struct err *err) {
	size_t count = import_count(file);

	if (ask->what == IMPORT_RANGES || ask->skip || count <= IMPORT_MAX_LEASES) {
		return true;
	}
	err_set(err, ERR_INVALID_INPUT, "the file has %zu leases, of which one transaction takes at most %zu",
	    count, IMPORT_MAX_LEASES);
	return err_hint(err, "--on-conflict skip imports any number, in chunks");
}

/* An import under way: what is read of its arguments. */
struct import {
	struct import_ask ask;
	struct import_file file;
	struct id id;
	char *detail;
};

static void import_end(struct import *im) {
	import_release(&im->file);
	free(im->detail);
}

static bool import_begin(struct run *run, struct import *im, struct err *err) {
	struct buf text = {0};
	bool ok = read_ask(run, &im->ask, err) && run_id(run, &im->id, err) &&
		  context_read(run->args, &im->detail, err) && check_file(run, err) &&
		  run_input(run, operand(run->args, 0), &text, &im->ask.now, err) &&
		  ((import_read(buf_text(&text), text.len, &im->ask, &im->file, err) &&
		       check_size(&im->ask, &im->file, err)) ||
		      blame(run, err));

	if (ok) {
		keep_passed(run, &im->file);
	}
	buf_release(&text);
	return ok;
}

/* Adds the step of a chunk that begins with entry *at. The first one has the id of the request, the others
 * ids that are derived from it. */
static void add_chunk(const struct import *im, size_t most, size_t chunk, size_t *at, struct batch *b) {
	struct id id = chunk == 0 ? im->id : id_derive(im->id, chunk);
	struct buf rows = {0};

	import_rows(&im->file, most, at, &rows);
	import_add(b, im->ask.what, id, buf_text(&rows), im->ask.skip, im->detail);
	buf_release(&rows);
}

/* Returns how many rows make a step: a few of many leases that can be refused one by one, else all. */
static size_t chunk_size(const struct import *im) {
	return im->ask.what == IMPORT_LEASES && im->ask.skip ? IMPORT_CHUNK : SIZE_MAX;
}

/* Adds all chunks to one transaction. */
static bool add_import(struct run *run, struct batch *b, struct err *err) {
	struct import im = {0};
	size_t at = 0, chunk = 0;
	bool ok = import_begin(run, &im, err);

	while (ok && (chunk == 0 || at < im.file.count)) {
		add_chunk(&im, chunk_size(&im), chunk++, &at, b);
	}
	import_end(&im);
	return ok;
}

static bool answer_import(struct run *run, const struct batch *b, struct err *err) {
	struct import_report report = {.what = what_of(run)};

	for (size_t step = run->step; step <= run->last; step++) {
		const struct document *answer = batch_row(b, step, 0);

		if (!report_take(&report, answer->document, err)) {
			report_release(&report);
			return false;
		}
	}
	return report_print(&report, run, err);
}

/* Shows how far a long import has come, on a terminal. */
static void show_progress(const struct run *run, size_t done, size_t all) {
	if (!run->quiet && isatty(fileno(run->err)) == 1) {
		(void)fprintf(run->err, done < all ? "\r%zu of %zu rows" : "\r\033[K", done, all);
		(void)fflush(run->err);
	}
}

/* Sends a chunk in a transaction of its own. */
static bool send_chunk(struct run *run, const struct import *im, size_t chunk, size_t *at,
    struct import_report *report, struct err *err) {
	struct batch *b = batch_new(BATCH_WRITE);
	bool ok;

	add_chunk(im, IMPORT_CHUNK, chunk, at, b);
	ok = run_batch(run, b, err);
	if (ok) {
		const struct document *answer = batch_row(b, 0, 0);

		ok = report_take(report, answer->document, err);
	} else if (chunk > 0 && err->hint == NULL) {
		err_hint(err, "the rows before are imported; the same command again goes on");
	}
	batch_free(b);
	return ok;
}

/* Imports leases in chunks, each in a transaction of its own. */
static bool run_chunks(struct run *run, struct import *im, struct err *err) {
	struct import_report report = {.what = IMPORT_LEASES};
	size_t at = 0, chunk = 0;
	bool ok = true;

	while (ok && (chunk == 0 || at < im->file.count)) {
		show_progress(run, at, im->file.count);
		ok = send_chunk(run, im, chunk++, &at, &report, err);
	}
	show_progress(run, im->file.count, im->file.count);
	if (!ok) {
		report_release(&report);
		return false;
	}
	perform_print_id(run);
	return report_print(&report, run, err);
}

/* Imports leases: with --on-conflict skip in chunks. A dry run is one transaction, so that its verdicts are
 * those of the import, in which a chunk sees those before it. */
static bool run_leases(struct run *run, struct err *err) {
	struct import im = {0};
	bool ok;

	if (run->dry_run ||
	    strcmp(opt(run->args, OPT_ON_CONFLICT) == NULL ? "" : opt(run->args, OPT_ON_CONFLICT), "skip") !=
		0) {
		return perform_parts(run, err);
	}
	ok = import_begin(run, &im, err) && run_chunks(run, &im, err);
	import_end(&im);
	return ok;
}

#define OPTIONS                                                                                              \
	(const enum option_id[]) {                                                                           \
		OPT_ON_CONFLICT, OPT_FROM, OPT_MAP, OPT_DELIMITER, OPT_END                                   \
	}

const struct verb import_verbs[] = {
    {
	.words = "pool import",
	.examples = "berth pool import ranges.csv --on-conflict skip\n"
		    "berth pool import - < ranges.csv\n"
		    "berth pool import prefixes.csv --from netbox\n"
		    "berth pool import nets.csv --map 'pool=Name,range=CIDR,space=VRF'\n",
	.synopsis = "FILE|-",
	.summary = "import ranges from CSV",
	.notes = "The header is pool,kind,range[,space,labels,exclude,unit]; labels (a=b;c=d) are those\n"
		 "of the resource, exclude (10.0.0.1;10.0.0.240/28) excludes values of the range, and\n"
		 "unit (/64, or 64 for numbers) makes a new pool one of blocks.\n"
		 "Of overlapping ranges the earlier one counts: --on-conflict skip reports the others,\n"
		 "abort (the default) imports nothing and names the first. An existing range is replayed\n"
		 "and keeps its labels and exclusions: differs counts those with others in the file. What\n"
		 "'resource list --csv' writes is read as it is. --from reads prefixes, ranges or VLANs as\n"
		 "another program exports them: a range that contains others is skipped, and a pool is\n"
		 "named after its space and its range.\n",
	.options = OPTIONS,
	.min = 1,
	.max = 1,
	.flags = VERB_MUTATES | VERB_TELLS_ID,
	.add = add_import,
	.answer = answer_import,
	.explain = find_line,
    },
    {0},
};

const struct verb lease_import_verbs[] = {
    {
	.words = "lease import",
	.examples = "berth lease import leases.csv --dry-run\n"
		    "berth lease import addresses.csv --from netbox --on-conflict skip\n"
		    "berth lease import hosts.csv --map 'pool=Net,value=Address,holder=Host name'\n",
	.synopsis = "FILE|-",
	.summary = "import leases that exist already from CSV",
	.notes =
	    "The header is pool,value[,holder,project,until,labels,id,created]; a blank until is never.\n"
	    "A column space can stand in for the pool: then it is the one that has the value. An\n"
	    "imported lease is active at once, without a hook. A value that is excluded, or held by\n"
	    "another lease, is refused. --on-conflict abort (the default)\n"
	    "imports all rows or none, at most 100000, and names the first that is refused; skip\n"
	    "imports 1000 rows a transaction and reports those that are refused. The same file again\n"
	    "changes nothing: ids that are not given are derived from the pool and the value.\n"
	    "What 'lease list --csv' writes is read as it is. Prefixes that NetBox and phpIPAM list are\n"
	    "leases of pools that give prefixes of their length.\n",
	.options = OPTIONS,
	.min = 1,
	.max = 1,
	.flags = VERB_MUTATES | VERB_TELLS_ID,
	.run = run_leases,
	.add = add_import,
	.answer = answer_import,
	.explain = find_line,
    },
    {0},
};
