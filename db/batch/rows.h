/*
 * What the server answers, as C structs.
 *
 * One struct a noun, one table a struct.  The struct is the only description of
 * a result: every query that declares `:one lease` or `:many lease` gives the
 * columns of row_lease in that order, decoded by the type of the member, and
 * the tests prepare each query on a real server and compare names and types.
 *
 * Texts are borrowed from the rows they were decoded into.  NULL is: NULL for a
 * text, nil for an id, TIME_NONE for a time, and an error for anything else.
 */
#ifndef DB_BATCH_ROWS_H
#define DB_BATCH_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/base/id.h"
#include "db/base/num.h"
#include "db/batch/rows_hello.h"
#include "db/batch/rows_label.h"

enum field_type {
	FIELD_BOOL,  /* bool        bool */
	FIELD_INT,   /* int64_t     int8, int4 */
	FIELD_REAL,  /* double      float8 */
	FIELD_TEXT,  /* const char* text; NULL allowed */
	FIELD_JSON,  /* const char* json, jsonb, as text; NULL allowed */
	FIELD_ID,    /* struct id   uuid; nil for NULL */
	FIELD_TIME,  /* int64_t     timestamptz; TIME_NONE for NULL, PostgreSQL's infinities refused */
	FIELD_COUNT, /* struct count  numeric, whole and not negative */
	FIELD_VALUE, /* u128        numeric, whole, 0 to 2^128 - 1; 0 for NULL */
	FIELD_ENUM   /* int         text, one of `names`; the index */
};

struct field {
	const char *name;
	enum field_type type;
	size_t offset;
	const char *const *names; /* of FIELD_ENUM, ended by NULL */
};

struct row_type {
	const char *name;
	size_t size;
	const struct field *fields;
	size_t count;
};

enum kind { KIND_IPV4, KIND_IPV6, KIND_NUMBER, KIND_HOST };
enum lease_state {
	LEASE_PENDING,
	LEASE_ACQUIRED,
	LEASE_ACTIVE,
	LEASE_RELEASED,
	LEASE_DESTROYED,
	LEASE_BROKEN
};
enum resource_state { RESOURCE_ACTIVE, RESOURCE_RELEASED, RESOURCE_DESTROYED, RESOURCE_BROKEN };
enum command_state { COMMAND_QUEUED, COMMAND_RUNNING, COMMAND_DONE, COMMAND_QUARANTINED, COMMAND_CANCELLED };
enum project_state { PROJECT_ACTIVE, PROJECT_DELETING };
enum pool_status { POOL_OK, POOL_WARNING, POOL_CRITICAL, POOL_EXHAUSTED };

/* Their words, in the order of the enums, ended by NULL. */
extern const char *const kind_names[];
extern const char *const lease_state_names[];
extern const char *const resource_state_names[];
extern const char *const pool_status_names[];
extern const char *const command_state_names[];
extern const char *const project_state_names[];

struct pool {
	struct id id;
	const char *name;
	int kind; /* enum kind */
	const char *space;
	const char *project; /* "org/name" or NULL */
	struct count capacity;
	struct count used;
	struct count held_back;
	struct count free;
	double percent; /* 100 * used / capacity, 0 for an empty pool */
	int status;     /* enum pool_status */
	int64_t pending;
	int64_t warn; /* percent */
	int64_t crit;
	int64_t resources;
	double flow; /* net values taken per hour, a decayed mean over six hours */
	int64_t runs_out;
	const char *trend;   /* one JSON object, NULL where there is none */
	int64_t ttl;         /* microseconds, 0 for none */
	int64_t reuse_delay; /* microseconds */
	const char *activate_hook;
	const char *release_hook;
	int64_t created;
	const char *labels; /* one JSON object */
	bool replayed;      /* of a change: it was made before */
};

struct resource {
	struct id id;
	const char *pool;
	int kind;
	const char *name; /* the range as people write it, or the host */
	u128 first;       /* host: 1 and its number of slots */
	u128 last;
	struct count capacity;
	struct count used;
	struct count held_back;
	struct count free;
	int state; /* enum resource_state */
	bool cordoned;
	int64_t generation;
	int64_t created;
	const char *labels;
	bool replayed; /* of a change: it was made before */
};

struct lease {
	struct id id;
	int64_t seq; /* order of birth */
	const char *pool;
	int kind;
	bool held; /* false: there is no value (pending, or destroyed while pending) */
	u128 value;
	const char *host;   /* of a host's slot, else "" */
	struct id resource; /* nil while pending */
	int state;          /* enum lease_state */
	const char *holder; /* foreign text; "" for none */
	const char *project;
	int64_t priority;
	int64_t until;
	int64_t created;
	int64_t acquired;
	int64_t activated;
	int64_t released;
	int64_t destroyed;
	int64_t generation;
	const char *created_by;
	const char *labels;
	bool replayed;       /* of an allocate: it was there before */
	const char *differs; /* of a replay: {"holder": the first one}, where it asks for another; or NULL */
};

/* A tenant, and a part of it. */
struct org {
	struct id id;
	const char *name;
	int64_t max_projects; /* -1: no limit */
	int64_t projects;
	int64_t generation;
	int64_t created;
	const char *labels;
	bool replayed; /* of a change: it was made before */
};

struct project {
	struct id id;
	const char *organization;
	const char *name;
	int64_t max_leases; /* -1: no limit */
	int64_t leases;     /* that wait or hold a value */
	const char *pools;  /* one JSON array of names: those that give to it alone */
	int state;          /* enum project_state */
	int64_t generation;
	int64_t created;
	const char *labels;
	bool replayed;
};

/* One change: before and after are JSON objects, before NULL at a creation. */
struct event {
	int64_t seq;
	int64_t at;
	const char *actor;
	const char *action;
	const char *kind;   /* of the target */
	const char *target; /* as people write it: "lease/UUID", "pool/NAME" */
	struct id target_id;
	struct id command; /* nil for none */
	const char *before;
	const char *after;
};

/* A wish in the queue, and what became of it. */
struct command {
	struct id id;
	int64_t seq;
	const char *action;
	const char *kind;   /* of the target */
	const char *target; /* as people write it; NULL: several */
	struct id target_id;
	const char *subject; /* what the target is called: "10.0.0.7 of web"; NULL when it is forgotten */
	const char *author;
	const char *reason;      /* foreign text; "" for none */
	int state;               /* enum command_state */
	const char *outcome;     /* applied, noop, rejected, failed; NULL before the end and when cancelled */
	const char *explanation; /* foreign text, or NULL */
	int64_t created, not_before;
	int64_t attempts; /* runs of its hook begun */
	int64_t consumed_at;
	const char *consumed_by;
	struct id parent;                                   /* nil for none */
	int64_t expect_generation;                          /* 0 for none */
	bool bulk;                                          /* it has children, and progress: */
	int64_t done, total;                                /* ended in any way, of so many leases */
	int64_t applied, noop, rejected, failed, cancelled; /* the parts of `done`; failed: or stuck */
	const char *worker;                                 /* that runs its hook, or NULL */
	int64_t until;                                      /* what an extend asks for */
	bool hook;                                          /* it takes a worker with hooks */
	struct id made_good_by; /* of a failed one: the retry, skip or force applied in its place, or nil */
	bool replayed;          /* of a queue: it was there before */
	const char *differs;    /* of one that was: as a lease's */
};

/* A process that consumes the queue. */
struct worker {
	const char *name;
	const char *host;
	int64_t pid;
	int64_t started;
	int64_t heartbeat;
	bool alive;
	struct id running; /* the oldest hook that it runs; nil for none */
	int64_t since;
	int64_t consumed; /* commands, by this process */
	bool hooks;       /* whether it can run any */
};

/* A hook that a worker has claimed. */
struct job {
	struct id command;
	struct id lease;
	int64_t epoch;   /* what its finish must name */
	int64_t attempt; /* from 1 */
	const char *hook;
	const char *event; /* "activate" or "release" */
	const char *worker;
};

/* What a round of tending has done, and when the clock asks for the next. */
struct tended {
	int64_t done;
	int64_t next;
	int64_t present; /* the server's clock */
};

/* Why a lease waits. */
struct waiting {
	int64_t place, ahead; /* place: from 1 */
	const char *reasons;  /* one JSON array of texts */
	bool hook;            /* it takes a worker with hooks to give values back */
};

struct queue_stats {
	int64_t queued;
	int64_t running;
	int64_t quarantined;
	double oldest_seconds; /* since the oldest due one could have been consumed */
	int64_t applied_last_minute;
	int64_t workers_alive;
	int64_t consumed_last_minute; /* with whatever outcome */
	int64_t arrived_last_minute;
	int64_t overdue; /* leases whose time is over and that keep their value still */
};

/* Values free to take now, as one range. */
struct free_range {
	int kind;
	u128 first, last;
	const char *host; /* of a host's slots, else "" */
	struct count count;
};

/* One invariant of doctor. */
struct finding {
	const char *name;
	bool ok;
	int64_t found;
	const char *examples; /* one JSON array of texts */
};

/* Rows of a table with the same key. */
struct duplicate {
	const char *table;
	const char *key; /* one JSON object */
	int64_t rows;
	bool conflicting;     /* whether their values differ */
	const char *values;   /* one JSON array of the different ones */
	const char *survivor; /* the id of the one that a fix keeps, as JSON */
	const char *collides; /* "exact", "null" or "trim": what makes the keys equal */
};

/* The right to go on with a run of dedupe. */
struct dedupe_claim {
	struct id run; /* nil: there was nothing to do */
	int64_t epoch;
	const char *state;
	const char *table;
	const char *constraint;
	int64_t restored;
};

/* How far it has come, and how it goes on. */
struct dedupe_progress {
	struct id run;
	const char *state;
	const char *phase;
	bool alone; /* what comes next is a statement by itself */
	int64_t done;
	int64_t total;   /* 0: nobody knows */
	int64_t pause;   /* microseconds before the next step */
	int64_t blocker; /* a process that is in the way, or 0 */
};

/* What a BATCH_ALONE sends by itself; NULL for nothing. */
struct dedupe_statement {
	const char *sql;
};

struct dedupe_blocker {
	int64_t pid;
};

struct dedupe_run {
	struct id run; /* nil: none was made */
	const char *table;
	const char *state;
	const char *phase;
	int64_t started;
	int64_t finished;
	int64_t groups;
	int64_t removed;
	int64_t conflicting;
	int64_t rewritten;
	int64_t restored;
	const char *constraint;
	double longest_write_block_ms;
	const char
	    *takes_null; /* columns in which NULL counted as empty, and that still take it; NULL for none */
};

struct dedupe_removed {
	const char *removed;  /* the row, as a JSON object */
	const char *survivor; /* its id, as JSON */
	const char *rule;
};

/* How many there are of something. */
struct total {
	int64_t total;
};

/* An answer that is one JSON document. */
struct document {
	const char *document;
};

/* The server's clock. */
struct present {
	int64_t present;
};

/* Nothing that anybody reads. */
struct nothing {
	char none;
};

/* The member of that name; that there is none is a broken invariant. */
const struct field *row_field(const struct row_type *type, const char *name) __attribute__((returns_nonnull));

extern const struct row_type row_pool;
extern const struct row_type row_resource;
extern const struct row_type row_lease;
extern const struct row_type row_org;
extern const struct row_type row_project;
extern const struct row_type row_event;
extern const struct row_type row_command;
extern const struct row_type row_worker;
extern const struct row_type row_job;
extern const struct row_type row_tended;
extern const struct row_type row_waiting;
extern const struct row_type row_queue_stats;
extern const struct row_type row_free_range;
extern const struct row_type row_finding;
extern const struct row_type row_duplicate;
extern const struct row_type row_dedupe_claim;
extern const struct row_type row_dedupe_progress;
extern const struct row_type row_dedupe_statement;
extern const struct row_type row_dedupe_blocker;
extern const struct row_type row_dedupe_run;
extern const struct row_type row_dedupe_removed;
extern const struct row_type row_total;
extern const struct row_type row_document;
extern const struct row_type row_present;
extern const struct row_type row_nothing;
extern const struct row_type row_hello;

#endif
