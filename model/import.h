/*
 * The files of `pool import` and `lease import`: berth's own CSV, what other programs export, and any other
 * CSV with a map of its columns.
 *
 *     pool,kind,range[,space,labels,exclude]                      one range a line
 *     pool,value[,holder,project,until,labels,id,created]         one lease a line
 *
 * Columns are in any order; labels are a=b;c=d, or a JSON object as berth exports them; exclude has values
 * and ranges of the row's range that are excluded, separated by ";". The whole file is read before anything
 * is sent, and has a verdict for each row: it is sent, it is skipped, since it holds nothing to bring in, or
 * it is refused. Refused rows are sent too, so that the server names the first one in the order of the file.
 * The layouts of other programs are in model/import/.
 */
#ifndef MODEL_IMPORT_H
#define MODEL_IMPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/base/buf.h"
#include "db/base/err.h"
#include "db/base/id.h"
#include "db/base/num.h"
#include "db/batch/rows.h"
#include "model/import/layout.h"

struct batch;

enum import_format { IMPORT_NETBOX, IMPORT_PHPIPAM, IMPORT_KEA, IMPORT_DHCPD, IMPORT_NIPAP, IMPORT_OWN };

/* "netbox", "phpipam", "kea", "dhcpd", "nipap", ended by NULL; berth's own format has no name. */
extern const char *const import_format_names[];

/* At most so many leases are imported in one transaction, and so many in one chunk. */
#define IMPORT_MAX_LEASES ((size_t)100000)
#define IMPORT_CHUNK ((size_t)1000)

struct import_ask {
	enum import_what what;
	enum import_format from;
	const char *map; /* "value=Address,holder=Name" or NULL */
	char delimiter;  /* NUL: the one that the header has */
	bool skip;       /* else the first refused range is an error of the file */
	int64_t now;     /* microseconds: leases that end before are over */
};

/* A row with its verdict. Texts are offsets into import_file.names. */
struct import_entry {
	int64_t line;
	const char *skip;   /* why it is not sent, in one word; NULL */
	enum err_code code; /* why it is refused; ERR_NONE */
	char *message;
	size_t at, len;    /* its members in import_file.json */
	size_t pool, text; /* the pool, "" when the space is meant, and the value or range */
	size_t place;      /* the pool or space, and the host: values are compared in one place */
	enum kind kind;
	u128 first, last;
};

/* `struct import_file f = {0}` is empty. */
struct import_file {
	enum import_what what;
	bool log; /* of two entries for one value the later one counts */
	struct import_entry *entries;
	size_t count, room;
	struct buf json;
	struct buf names;
};

bool import_read(const char *text, size_t n, const struct import_ask *ask, struct import_file *file,
    struct err *err) __attribute__((warn_unused_result));
void import_release(struct import_file *file);

/* Returns the rows that are sent. */
size_t import_count(const struct import_file *file);

/* Appends the rows that are skipped by reason: "6 superseded, 4 free"; nothing for none. Returns their
 * number. */
size_t import_skipped(const struct import_file *file, struct buf *out);

/* Appends at most `most` rows as a JSON array, beginning with entry *at, and moves *at after them. */
void import_rows(const struct import_file *file, size_t most, size_t *at, struct buf *out);

/* Adds the step that imports such rows, and returns its index. The answer is one struct document,
 * {"imported", "replayed", "differs", "differing", "refused", "rows": [{"line", "pool", "range" or "value",
 * "error"}]}. `differs` counts the replayed rows that have other labels, exclusions or terms than in the
 * file; `differing` is the line of the first one, or null. */
size_t import_add(
    struct batch *b, enum import_what what, struct id id, const char *rows, bool skip, const char *detail);

#endif
