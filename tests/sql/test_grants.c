/*
 * Rights: everything that the commands and the worker send, as each of the
 * roles; and everything else that a caller can try in the schema.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "db/batch/batch.h"
#include "db/conn/conn.h"
#include "db/base/mem.h"
#include "model/import.h"
#include "model/syntax/label_list.h"
#include "model/lease.h"
#include "model/metadata.h"
#include "model/order.h"
#include "model/exclusion.h"
#include "model/pool.h"
#include "model/project.h"
#include "model/queue.h"
#include "model/resource.h"
#include "model/text/script.h"
#include "model/syntax/filter.h"
#include "model/syntax/selector.h"
#include "model/syntax/range.h"
#include "model/worker.h"
#include "tests/lib/database.h"
#include "tests/lib/roles.h"
#include "tests/lib/calls.h"
#include "tests/lib/client.h"
#include "tests/lib/work.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static void add_pool_create(struct batch *b) {
	struct pool_new pool = {
	    .id = id_new(), .name = "new", .kind = KIND_NUMBER, .space = "new", .warn = 80, .crit = 90};

	pool_create_add(b, &pool, "{}");
}

static void add_pool_add(struct batch *b) {
	struct range range = {.kind = KIND_NUMBER, .first = 2000, .last = 3000};

	pool_add_add(b, id_new(), "a", &range, 1, NULL, "{}");
}

static void add_pool_remove(struct batch *b) {
	struct range range = {.kind = KIND_NUMBER, .first = 5000, .last = 6000};

	pool_remove_add(b, id_new(), "a", &range, "{}");
}

/* The number 1 of the pool. */
static struct exclude one = {.range = {.kind = KIND_NUMBER, .first = 1, .last = 1}};

static void add_pool_exclude(struct batch *b) {
	pool_exclude_add(b, id_new(), "a", &(struct exclusions){&one, 1}, "{}");
}

static void add_pool_include(struct batch *b) {
	pool_include_add(b, id_new(), "a", &(struct exclusions){&one, 1}, "{}");
}

static void add_pool_set(struct batch *b) {
	const int64_t warn = 70;

	pool_set_add(b, id_new(), "a", &(struct pool_settings){.warn = &warn}, "{}");
}

static void add_pool_rename(struct batch *b) {
	pool_rename_add(b, id_new(), "a", "renamed", "{}");
}

static void add_pool_delete(struct batch *b) {
	pool_delete_add(b, id_new(), "empty", "{}");
}

static void add_lease_import(struct batch *b) {
	import_add(b, IMPORT_LEASES, id_new(), "[]", true, "{}");
}

static void add_import(struct batch *b) {
	import_add(b, IMPORT_RANGES, id_new(), "[]", true, "{}");
}

static void add_org_create(struct batch *b) {
	org_create_add(b, id_new(), "new", NO_LIMIT, "{}");
}

static void add_org_limit(struct batch *b) {
	org_limit_add(b, id_new(), "acme", 3, "{}");
}

static void add_project_create(struct batch *b) {
	struct range range = {.kind = KIND_NUMBER, .first = 2000, .last = 3000};
	struct project_pool pool = {.name = "api-1", .kind = KIND_NUMBER, .ranges = &range, .count = 1};
	struct project_new project = {.id = id_new(),
	    .name = "acme/api",
	    .max_leases = 3,
	    .space = "global",
	    .pools = &pool,
	    .count = 1,
	    .warn = 80,
	    .crit = 90,
	    .labels = "{\"a\":\"b\"}"};

	project_create_add(b, &project, "{}");
}

static void add_project_limit(struct batch *b) {
	project_limit_add(b, id_new(), "acme/web", 3, "{}");
}

static void add_project_delete(struct batch *b) {
	struct target target = {.kind = TARGET_PROJECT, .name = "acme/web"};
	struct queue_request request = work_request(QUEUE_DELETE, &target);

	request.id = id_new();
	queue_add(b, &request);
}

static void add_allocate(struct batch *b) {
	struct allocate ask = client_ask("a", id_new());

	lease_allocate_add(b, &ask);
}

static void add_allocate_value(struct batch *b) {
	struct allocate ask = session_ask_value("a", id_new(), KIND_NUMBER, "77");

	lease_allocate_add(b, &ask);
}

static void add_allocate_many(struct batch *b) {
	struct allocate ask = client_ask("a", id_new());

	ask.count = 3;
	lease_allocate_add(b, &ask);
}

static void add_batch(struct batch *b) {
	script_begin_add(b, id_new(), id_new(), "1+1");
}

/* A command in the queue while every role tries. */
static struct id waiting_command(void) {
	struct id id;

	assert_true(id_parse("7b3d5e0a-93a5-4a3c-8f2e-0d2f5a1c9e11", &id));
	return id;
}

static void add_queue(struct batch *b) {
	struct target target = work_on_pool("a");
	struct queue_request request = work_request(QUEUE_RELEASE, &target);

	queue_add(b, &request);
}

static void add_right(struct batch *b) {
	queue_right_add(b);
}

static void add_cancel(struct batch *b) {
	struct id command = waiting_command();

	queue_cancel_add(b, command, "", "{}");
	queue_cancel_all_add(b, &command, 1, "", "{}");
}

static void add_queue_readings(struct batch *b) {
	struct target target = work_on_pool("a"), resources = target_named(TARGET_RESOURCES, "a");
	struct queue_request cordon = work_request(QUEUE_CORDON, &resources),
			     release = work_request(QUEUE_RELEASE, &target);
	struct row_filter word = row_filter_word("release");
	struct queue_ask open = {0}, all = {.states = QUEUE_ALL, .filter = &word};
	struct event_ask events = {0},
			 of_one = {.kind = "lease", .target = waiting_command(), .newest = true};

	queue_list_add(b, &open);
	queue_list_add(b, &all);
	queue_search_add(b, &all);
	row_filter_release(&word);
	queue_show_add(b, waiting_command());
	queue_of_lease_add(b, waiting_command());
	queue_stats_add(b);
	queue_plan_add(b, &release);
	queue_sample_add(b, &release, 10);
	queue_plan_add(b, &cordon);
	queue_sample_add(b, &cordon, 10);
	event_list_add(b, &events);
	event_list_add(b, &of_one);
	event_news_add(b, &events, NULL);
	worker_list_add(b);
	lease_waiting_add(b, waiting_command());
}

static void add_worker(struct batch *b) {
	struct worker_self self = work_self("w");

	worker_start_add(b, &self);
	worker_listen_add(b);
	worker_beat_add(b, &self);
	worker_apply_add(b, &self);
	worker_fan_out_add(b, &self);
	worker_maintain_add(b, &self);
	worker_claim_add(b, &self, 8);
	worker_finish_add(b, &self, waiting_command(), 1, true, "");
	worker_return_add(b, &self, waiting_command(), 1);
	worker_stop_add(b, &self);
}

static void edit(struct batch *b, enum metadata what) {
	struct target target = work_on_pool("a");
	struct metadata_edit edit = {0};
	struct err err = {0};

	assert_true(metadata_parse(what, (const char *const[]){"k=v", "l-"}, 2, &edit, &err));
	metadata_edit_add(b, what, id_new(), &target, &edit, "{}");
	metadata_release(&edit);
}

static void add_label(struct batch *b) {
	edit(b, METADATA_LABEL);
}

static void add_annotate(struct batch *b) {
	edit(b, METADATA_ANNOTATION);
}

/* With a word, and label lists. */
static void add_searches(struct batch *b) {
	struct row_filter word = row_filter_word("a1");
	struct pool_ask pools = {.filter = &word};
	struct lease_ask leases = {.filter = &word, .patience = 1000};
	struct resource_ask resources = {.filter = &word};
	struct label_ask labels = {.filter = &word, .limit = 9}, last = {.backwards = true, .limit = 9};

	pool_list_add(b, &pools);
	lease_list_add(b, &leases);
	lease_search_add(b, &leases);
	leases.sort = LEASE_BY_HELD;
	lease_list_add(b, &leases);
	leases.patience = 0;
	lease_list_add(b, &leases);
	resource_window_add(b, &resources);
	label_keys_add(b, &labels);
	label_values_add(b, "k", &labels);
	label_values_add(b, "k", &last);
	label_search_add(b, &last);
	label_targets_add(b, "k", "v", &labels);
	label_targets_add(b, "k", "v", &last);
	label_target_search_add(b, "k", "v", &last);
	row_filter_release(&word);
	alike_texts_add(b);
	alike_cut_add(b);
}

/* With a selector, and with metadata of a target. */
static void add_selected_readings(struct batch *b) {
	struct selector selector = {0};
	struct row_filter filter = {0};
	struct err err = {0};

	assert_true(selector_parse("a=1,b,!c,d in (e,f),g!=h,n>1", &selector, &err));
	struct pool_ask pools = {.selector = &selector};
	struct lease_ask leases = {.selector = &selector};
	struct lease_ask holding = {
	    .selector = &selector, .by_value = true, .unit = {KIND_NUMBER, .first = 1}};
	struct target target = work_on_leases("a", 0);
	struct queue_request release;

	target.selector = &selector;
	pool_list_add(b, &pools);
	resource_window_add(b, &(struct resource_ask){.selector = &selector});
	assert_true(row_filter_parse("!held>1h expires=never,a>=3", FILTER_LEASES, &filter, &err));
	leases.filter = &filter;
	lease_list_add(b, &leases);
	leases.filter = NULL;
	lease_list_add(b, &leases);
	row_filter_release(&filter);
	lease_list_add(b, &holding);
	release = work_request(QUEUE_RELEASE, &target);
	queue_plan_add(b, &release);
	queue_sample_add(b, &release, 10);
	metadata_show_add(b, METADATA_LABEL, id_new());
	metadata_of_pool_add(b, METADATA_ANNOTATION, "a");
	selector_release(&selector);
}

static void add_readings(struct batch *b) {
	struct pool_ask pools = {0};
	struct lease_ask leases = {0};
	struct lease_ask holding = {.by_value = true, .unit = {KIND_NUMBER, .first = 1}};
	struct range range = {.kind = KIND_NUMBER, .first = 1, .last = 1000};

	pool_list_add(b, &pools);
	sorted_report_add(b);
	lease_list_add(b, &(struct lease_ask){.sort = LEASE_BY_EXPIRES, .patience = 1000});
	lease_list_add(b, &(struct lease_ask){.sort = LEASE_BY_VALUE, .pool = "a", .patience = 1000});
	lease_list_add(b, &(struct lease_ask){.sort = LEASE_BY_LABELS});
	queue_list_add(b, &(struct queue_ask){.sort = QUEUE_BY_URGENCY, .patience = 1000});
	queue_list_add(b, &(struct queue_ask){.sort = QUEUE_BY_OUTCOME});
	project_page_add(b, &(struct project_ask){.sort = PROJECT_BY_LIMIT, .limit = 10});
	pools.by_status = true;
	pool_show_add(b, "a");
	pool_free_add(b, "a", 0);
	pool_renamed_add(b, "z");
	pool_find_add(b, &range, NULL, 10);
	resource_window_add(b, &(struct resource_ask){0});
	resource_find_add(b, "a", &range, false);
	resource_show_add(b, id_new());
	lease_list_add(b, &leases);
	leases.backwards = true;
	lease_list_add(b, &leases);
	lease_list_add(b, &holding);
	lease_show_add(b, id_new());
	lease_seq_add(b, id_new());
	lease_history_add(b, id_new());
	project_list_add(b, &(struct project_ask){0});
	project_show_add(b, "acme/web");
	org_list_add(b, &(struct project_ask){0});
	org_show_add(b, "acme");
	doctor_add(b);
}

/* Every step is a dry run, so that the roles do not affect each other. */
static const struct {
	const char *name;
	void (*add)(struct batch *b);
	bool allowed[ROLES];
} matrix[] = {
    {"readings", add_readings, {[VIEWER] = true, [OPERATOR] = true, [WORKER] = true, [ADMIN] = true}},
    {"readings of the queue", add_queue_readings,
	{[VIEWER] = true, [OPERATOR] = true, [WORKER] = true, [ADMIN] = true}},
    {"readings with a selector", add_selected_readings,
	{[VIEWER] = true, [OPERATOR] = true, [WORKER] = true, [ADMIN] = true}},
    {"searches", add_searches, {[VIEWER] = true, [OPERATOR] = true, [WORKER] = true, [ADMIN] = true}},
    {"label", add_label, {[OPERATOR] = true, [ADMIN] = true}},
    {"annotate", add_annotate, {[OPERATOR] = true, [ADMIN] = true}},
    {"queue", add_queue, {[OPERATOR] = true, [ADMIN] = true}},
    {"right to queue", add_right, {[OPERATOR] = true, [ADMIN] = true}},
    {"cancel", add_cancel, {[OPERATOR] = true, [ADMIN] = true}},
    {"work", add_worker, {[WORKER] = true}},
    {"allocate", add_allocate, {[OPERATOR] = true, [ADMIN] = true}},
    {"allocate value", add_allocate_value, {[OPERATOR] = true, [ADMIN] = true}},
    {"allocate many", add_allocate_many, {[OPERATOR] = true, [ADMIN] = true}},
    {"batch", add_batch, {[OPERATOR] = true, [ADMIN] = true}},
    {"pool create", add_pool_create, {[ADMIN] = true}},
    {"pool add", add_pool_add, {[ADMIN] = true}},
    {"pool remove", add_pool_remove, {[ADMIN] = true}},
    {"pool set", add_pool_set, {[ADMIN] = true}},
    {"pool rename", add_pool_rename, {[ADMIN] = true}},
    {"pool exclude", add_pool_exclude, {[ADMIN] = true}},
    {"pool include", add_pool_include, {[ADMIN] = true}},
    {"pool delete", add_pool_delete, {[ADMIN] = true}},
    {"pool import", add_import, {[ADMIN] = true}},
    {"lease import", add_lease_import, {[OPERATOR] = true, [ADMIN] = true}},
    {"org create", add_org_create, {[ADMIN] = true}},
    {"org limit", add_org_limit, {[ADMIN] = true}},
    {"project create", add_project_create, {[ADMIN] = true}},
    {"project limit", add_project_limit, {[ADMIN] = true}},
    {"project delete", add_project_delete, {[ADMIN] = true}},
};

static void try_as(struct roles *r, enum role role, size_t i) {
	struct conn *c = client_new(database_as(r->database, r->logins[role]));
	struct batch *b = batch_new(BATCH_DRY);
	struct err err = {0};
	bool done;

	matrix[i].add(b);
	done = client_try(c, b, &err);
	if (done != matrix[i].allowed[role] || (!done && err.code != ERR_NOT_ALLOWED)) {
		fail_msg("%s as %s: %s: %s", matrix[i].name,
		    role_groups[role] == NULL ? "nobody" : role_groups[role],
		    done ? "done" : err_name(err.code), done ? "" : err.message);
	}
	assert_true(done || strcmp(err.sqlstate, "42501") == 0 || role == NOBODY);
	err_release(&err);
	batch_free(b);
	conn_free(c);
}

static void commands_are_for_their_roles(void **state) {
	struct roles *r = *state;
	struct pool_new empty = {
	    .id = id_new(), .name = "empty", .kind = KIND_NUMBER, .space = "new", .warn = 80, .crit = 90};
	struct target target = work_on_pool("a");
	struct queue_request request = work_request(QUEUE_RELEASE, &target);
	struct project_new project = {
	    .id = id_new(), .name = "acme/web", .max_leases = NO_LIMIT, .space = "global"};
	struct batch *b = batch_new(BATCH_WRITE);

	request.id = waiting_command();
	pool_create_add(b, &empty, "{}");
	org_create_add(b, id_new(), "acme", NO_LIMIT, "{}");
	project_create_add(b, &project, "{}");
	queue_add(b, &request);
	client_run(r->owner, b);
	batch_free(b);
	session_add_range(r->owner, "a", KIND_NUMBER, "5000-6000");
	for (size_t i = 0; i < COUNT(matrix) * ROLES; i++) {
		try_as(r, (enum role)(i % ROLES), i / ROLES);
	}
}

/* Events name the login role that made the change. */
static void the_author_is_who_logged_in(void **state) {
	struct roles *r = *state;
	struct conn *c = client_new(database_as(r->database, r->logins[OPERATOR]));
	struct allocate ask = client_ask("a", id_new());
	struct batch *b = batch_new(BATCH_WRITE);
	const struct lease *lease;

	lease_allocate_add(b, &ask);
	client_run(c, b);
	lease = batch_row(b, 0, 0);
	assert_string_equal(lease->created_by, r->logins[OPERATOR]);
	batch_free(b);
	conn_free(c);
}

/* --- other attempts --- */

/* The functions that a role can call, by the first letters of the roles. Only the owner can call all others.
 * */
static const struct {
	const char *name;
	const char *roles;
} functions[] = {
    {"ipv6_text", "vowa"},
    {"lookalike_texts", "vowa"},
    {"allocate", "oa"},
    {"allocate_many", "oa"},
    {"allocate_value", "oa"},
    {"api_state", "vowa"},
    {"apply", "w"},
    {"batch_begin", "oa"},
    {"caller", "wa"},
    {"charge_organization", "a"},
    {"claim_hooks", "w"},
    {"command_search", "vowa"},
    {"command_sorted", "vowa"},
    {"command_window", "vowa"},
    {"dedupe_names", "vowa"},
    {"dedupe_folded", "vowa"},
    {"dedupe_live", "vowa"},
    {"dedupe_refuse_columns", "vowa"},
    {"dedupe_refuse_fold", "vowa"},
    {"dedupe_refuse_live", "vowa"},
    {"dedupe_id_text", "vowa"},
    {"dedupe_by_index", "a"},
    {"dedupe_index_columns", "a"},
    {"dedupe_alike", "a"},
    {"dedupe_id_part", "a"},
    {"dedupe_id_equals", "a"},
    {"dedupe_refuse_long", "a"},
    {"dedupe_refuse_same", "a"},
    {"dedupe_survivor_json", "a"},
    {"dedupe_reference_columns", "a"},
    {"dedupe_identity", "a"},
    {"dedupe_unmovable", "a"},
    {"dedupe_hold_moved", "a"},
    {"dedupe_moved_by", "a"},
    {"dedupe_refuse_moved", "a"},
    {"dedupe_movable", "a"},
    {"dedupe_pinned_moved", "a"},
    {"dedupe_moves", "a"},
    {"dedupe_repoint", "a"},
    {"dedupe_ways", "a"},
    {"dedupe_meet_text", "a"},
    {"dedupe_move_text", "a"},
    {"dedupe_refuse_reference", "a"},
    {"dedupe_refuse_unindexed", "a"},
    {"dedupe_move", "a"},
    {"dedupe_move_back", "a"},
    {"dedupe_changed", "a"},
    {"dedupe_refuse_shared", "a"},
    {"dedupe_refuse_merged", "a"},
    {"dedupe_refuse_unchecked", "a"},
    {"dedupe_refuse_repoint", "a"},
    {"dedupe_publication", "a"},
    {"dedupe_shown", "a"},
    {"dedupe_impure", "vowa"},
    {"dedupe_equals", "a"},
    {"dedupe_alone", "a"},
    {"dedupe_archive", "a"},
    {"dedupe_asked", "vowa"},
    {"dedupe_attach", "a"},
    {"dedupe_attached", "vowa"},
    {"dedupe_author", "vowa"},
    {"dedupe_base", "vowa"},
    {"dedupe_based", "vowa"},
    {"dedupe_begin", "a"},
    {"dedupe_blockers", "a"},
    {"dedupe_casts", "vowa"},
    {"dedupe_check", "vowa"},
    {"dedupe_chosen", "a"},
    {"dedupe_related", "vowa"},
    {"dedupe_columns", "vowa"},
    {"dedupe_progress_of", "a"},
    {"dedupe_constraint", "a"},
    {"dedupe_detach", "a"},
    {"dedupe_empties", "vowa"},
    {"dedupe_empty", "a"},
    {"dedupe_end", "a"},
    {"dedupe_enter", "a"},
    {"dedupe_doubled", "a"},
    {"dedupe_examples", "a"},
    {"dedupe_find", "a"},
    {"dedupe_fires", "vowa"},
    {"dedupe_lock_for_reader", "vowa"},
    {"dedupe_followers", "vowa"},
    {"dedupe_foreign", "vowa"},
    {"dedupe_forget", "a"},
    {"dedupe_forgotten", "a"},
    {"dedupe_found", "a"},
    {"dedupe_group", "vowa"},
    {"dedupe_grouped", "vowa"},
    {"dedupe_guard", "a"},
    {"dedupe_guard_body", "a"},
    {"dedupe_guard_function", "a"},
    {"dedupe_guard_name", "a"},
    {"dedupe_guarded", "a"},
    {"dedupe_has_lock", "vowa"},
    {"dedupe_children", "vowa"},
    {"dedupe_held", "a"},
    {"dedupe_hold", "vowa"},
    {"dedupe_holders", "a"},
    {"dedupe_index", "a"},
    {"dedupe_index_name", "a"},
    {"dedupe_is_guard", "vowa"},
    {"dedupe_is_guarded", "a"},
    {"dedupe_leave", "a"},
    {"dedupe_leftover", "a"},
    {"dedupe_limits", "a"},
    {"dedupe_lives", "a"},
    {"dedupe_lock", "a"},
    {"dedupe_lock_related", "vowa"},
    {"dedupe_look", "vowa"},
    {"dedupe_looked", "a"},
    {"dedupe_looked_at", "vowa"},
    {"dedupe_looked_key", "vowa"},
    {"dedupe_most", "a"},
    {"dedupe_name", "vowa"},
    {"dedupe_note", "a"},
    {"dedupe_open", "a"},
    {"dedupe_orders", "vowa"},
    {"dedupe_own", "a"},
    {"dedupe_pace", "a"},
    {"dedupe_parts", "vowa"},
    {"dedupe_pin", "vowa"},
    {"dedupe_pinned", "vowa"},
    {"dedupe_json", "vowa"},
    {"dedupe_put_back", "a"},
    {"dedupe_put_text", "a"},
    {"dedupe_ranked", "vowa"},
    {"dedupe_ranked_where", "vowa"},
    {"dedupe_ranks", "vowa"},
    {"dedupe_references", "a"},
    {"dedupe_refuse_busy", "a"},
    {"dedupe_refuse_differing", "a"},
    {"dedupe_refuse_empty", "a"},
    {"dedupe_refuse_foreign", "vowa"},
    {"dedupe_refuse_heirs", "a"},
    {"dedupe_refuse_lost", "a"},
    {"dedupe_refuse_malformed", "vowa"},
    {"dedupe_refuse_name", "a"},
    {"dedupe_refuse_published", "a"},
    {"dedupe_refuse_referenced", "a"},
    {"dedupe_refuse_rows", "a"},
    {"dedupe_refuse_table", "a"},
    {"dedupe_refuse_taken", "a"},
    {"dedupe_refuse_under_way", "a"},
    {"dedupe_remove", "a"},
    {"dedupe_remember", "vowa"},
    {"dedupe_removed", "a"},
    {"dedupe_restore", "a"},
    {"dedupe_restored", "a"},
    {"dedupe_rewrite", "a"},
    {"dedupe_row_json", "a"},
    {"dedupe_since", "a"},
    {"dedupe_slice", "a"},
    {"dedupe_sliced", "a"},
    {"dedupe_existing", "a"},
    {"dedupe_some_doubled", "a"},
    {"dedupe_statement", "a"},
    {"dedupe_step", "a"},
    {"dedupe_table", "vowa"},
    {"dedupe_take_over", "a"},
    {"dedupe_trusts", "vowa"},
    {"dedupe_trusts_role", "vowa"},
    {"dedupe_try", "vowa"},
    {"dedupe_try_delete", "a"},
    {"dedupe_try_rewrite", "a"},
    {"dedupe_try_rows", "a"},
    {"dedupe_turns", "a"},
    {"dedupe_typed", "a"},
    {"dedupe_undo", "a"},
    {"dedupe_unfinished", "a"},
    {"dedupe_unguard", "a"},
    {"dedupe_unguard_function", "a"},
    {"dedupe_unique", "vowa"},
    {"dedupe_uses", "vowa"},
    {"dedupe_value", "a"},
    {"dedupe_would", "a"},
    {"dedupe_would_remove", "a"},
    {"dedupe_text", "vowa"},
    {"edit_metadata", "oa"},
    {"metadata", "vowa"},
    {"hook_event", "vowa"},
    {"doctor", "vowa"},
    {"doctor_piece", "vowa"},
    {"alerts", "vowa"},
    {"dry_run", "vowa"},
    {"event_news", "vowa"},
    {"event_window", "vowa"},
    {"find_values", "vowa"},
    {"finish_hook", "w"},
    {"first_holder", "vowa"},
    {"holder_window", "vowa"},
    {"id_of", "vowa"},
    {"ordered_json", "vowa"},
    {"key_text", "vowa"},
    {"label_holds", "vowa"},
    {"label_key_window", "vowa"},
    {"label_number", "vowa"},
    {"label_search", "vowa"},
    {"label_target_search", "vowa"},
    {"label_target_window", "vowa"},
    {"label_value_window", "vowa"},
    {"organization_text", "vowa"},
    {"own_events", "vowa"},
    {"own_evidence", "vowa"},
    {"expect_evidence", "vowa"},
    {"named_targets", "vowa"},
    {"pool_text", "vowa"},
    {"serialization_key", "vowa"},
    {"pool_status", "vowa"},
    {"lease_meeting", "vowa"},
    {"lease_search", "vowa"},
    {"lease_sorted", "vowa"},
    {"lease_window", "vowa"},
    {"listen", "w"},
    {"may_queue", "oa"},
    {"org_create", "a"},
    {"org_limit", "a"},
    {"part_of", "a"},
    {"pool_add", "a"},
    {"pool_create", "a"},
    {"pool_delete", "a"},
    {"resources_matching", "vowa"},
    {"projects_matching", "vowa"},
    {"alert_find", "vowa"},
    {"pool_exclude", "a"},
    {"pool_import", "a"},
    {"lease_import", "oa"},
    {"pool_include", "a"},
    {"pool_remove", "a"},
    {"pool_window", "vowa"},
    {"pool_rename", "a"},
    {"pool_set", "a"},
    {"project_create", "a"},
    {"project_delete", "a"},
    {"project_leases", "vowa"},
    {"project_limit", "a"},
    {"project_text", "vowa"},
    {"project_window", "vowa"},
    {"queue", "oa"},
    {"queue_cancel", "oa"},
    {"queue_cancel_all", "oa"},
    {"queue_stats", "vowa"},
    {"range_contains", "vowa"},
    {"sorted_report", "vowa"},
    {"refuse", "vowa"},
    {"berth_api.allocate", "oa"},
    {"berth_api.release", "oa"},
    {"berth_api.extend", "oa"},
    {"berth_api.transfer", "oa"},
    {"berth_api.label", "oa"},
    {"berth_api.cancel", "oa"},
    {"in_api", "vowa"},
    {"release_plan", "vowa"},
    {"bulk_plan", "vowa"},
    {"bulk_sample", "vowa"},
    {"release_busy", "vowa"},
    {"note_plan", "oa"},
    {"resource_at", "vowa"},
    {"return_hook", "w"},
    {"has_label_word", "vowa"},
    {"labels_text", "vowa"},
    {"scopes_in", "vowa"},
    {"fan_out", "w"},
    {"target_text", "vowa"},
    {"maintain", "w"},
    {"time_of", "vowa"},
    {"unmet_requirements", "vowa"},
    {"value_leases", "vowa"},
    {"value_text", "vowa"},
    {"forecast_counts", "vowa"},
    {"forecast_days", "vowa"},
    {"range_text", "vowa"},
    {"exclusions_text", "vowa"},
    {"free_count", "vowa"},
    {"unit_count", "vowa"},
    {"held_text", "vowa"},
    {"waiting", "vowa"},
    {"worker_beat", "w"},
    {"worker_start", "w"},
    {"worker_stop", "w"},
};

/* A function that tries a statement as a user and rolls it back; "" when no missing right stopped it. */
static const char try_it[] =
    "create function public.try(who text, what text) returns text language plpgsql as $$"
    " begin"
    "  perform set_config('role', who, true);"
    "  execute what;"
    "  raise exception 'done';"
    " exception when others then"
    "  return case when sqlstate = '42501' then sqlerrm else '' end;"
    " end $$;"
    "create table public.may (function text, roles text);"
    "create view public.who as select role, case when role like 'berth%' then substr(role, 7, 1) else '-' "
    "end as letter"
    " from (select unnest(array['berth_viewer', 'berth_operator', 'berth_worker', 'berth_admin']) union all"
    "  select rolname from pg_roles where rolname = left(current_database(), 40) || ' as 0') r (role)";

static void no_row(struct database *d, const char *sql) {
	const char *row = database_ask(d, sql);

	if (row[0] != '\0') {
		fail_msg("%s", row);
	}
}

static void functions_are_for_their_roles(void **state) {
	struct roles *r = *state;

	for (size_t i = 0; i < COUNT(functions); i++) {
		char *sql = mem_print(
		    "insert into public.may values ('%s', '%s')", functions[i].name, functions[i].roles);

		database_run(r->database, sql);
		free(sql);
	}
	no_row(r->database, "select function || ' is not there' from public.may where function not in"
			    " (select name from " CALLS_FUNCTIONS " f)");
	/* Calls it with nothing to do: a caller without the right is refused at the function, others are not
	 * refused inside it. */
	no_row(r->database,
	    "select format('%s as %s: %s', f.name, w.role, t.answer) from ("
	    "  select p.name, p.schema, p.proname, format('select %I.%I(%s)', p.schema, p.proname, (select "
	    "string_agg(format('null::%s', format_type(type, null)), ', ') from unnest(p.proargtypes::oid[]) "
	    "type)) as call"
	    "  from " CALLS_FUNCTIONS " p) f"
	    " left join public.may on may.function = f.name"
	    " cross join public.who w cross join lateral (select public.try(w.role, f.call)) t (answer)"
	    " where t.answer <> case when strpos(coalesce(may.roles, ''), w.letter) > 0 then ''"
	    "  when w.letter = '-' then 'permission denied for schema ' || f.schema else 'permission denied "
	    "for "
	    "function ' || f.proname end");
}

/* Only functions write the tables. Only the admin reads the rows that dedupe removed, the answers of requests
 * and the detail of changes. */
static void tables_are_only_read(void **state) {
	struct roles *r = *state;

	no_row(r->database,
	    "select format('%s as %s', s.what, w.role) from pg_class c cross join lateral ("
	    "  select attname as a from pg_attribute where attrelid = c.oid and attnum > 0 "
	    "and attidentity = '' limit 1) f"
	    " cross join lateral (values"
	    "  (true, format('select * from berth.%I limit 0', relname)), (false, "
	    "format('insert into berth.%I default values', relname)),"
	    "  (false, format('update berth.%I set %I = %2$I where false', relname, f.a)),"
	    "  (false, format('delete from berth.%I where false', relname)), (false, "
	    "format('truncate berth.%I', relname)),"
	    "  (false, format('select * from berth.%I limit 0 for update', relname)), "
	    "(false, format('drop table berth.%I', relname))"
	    " ) s (reads, what) cross join public.who w"
	    " where relnamespace = 'berth'::regnamespace and relkind in ('r', 'p')"
	    " and (public.try(w.role, s.what) = '') <> (s.reads and w.letter <> '-' and not relispartition"
	    " and (w.letter = 'a' or relname not in ('dedupe_row', 'dedupe_reference', 'request', 'lease', "
	    "'command', 'event')))");
	/* The column `detail` of these, with user and host, is for the admin; the other columns are for every
	 * role. */
	no_row(r->database,
	    "select format('%s.%s as %s', relname, attname, w.role) from pg_class c join pg_attribute a on "
	    "attrelid = c.oid and attnum > 0 cross join public.who w"
	    " where c.oid in ('berth.lease'::regclass, 'berth.command'::regclass, 'berth.event'::regclass)"
	    " and (public.try(w.role, format('select %I from berth.%I limit 0', attname, relname)) = '')"
	    " <> (w.letter = 'a' or (attname <> 'detail' and w.letter <> '-'))");
	no_row(r->database, "select w.role from public.who w, (values ('create table berth.mine ()'),"
			    " ('select nextval(''berth.event_seq'')'), ('create or replace view "
			    "berth.lease_view as select 1')) s (what)"
			    " where public.try(w.role, s.what) = ''");
	no_row(r->database, "select w.role || c.oid::regclass from public.who w, pg_class c"
			    " where relnamespace in ('berth'::regnamespace, 'berth_api'::regnamespace)"
			    " and relkind = 'v' and (public.try(w.role, format('select * from %s limit 1', "
			    "c.oid::regclass)) = "
			    "'')"
			    " <> (w.letter <> '-')");
}

static int open_roles(void **state) {
	struct roles *r = roles_new();

	database_run(r->database, try_it);
	*state = r;
	return 0;
}

static int close_roles(void **state) {
	roles_free(*state);
	return 0;
}

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(commands_are_for_their_roles),
	    cmocka_unit_test(the_author_is_who_logged_in),
	    cmocka_unit_test(functions_are_for_their_roles),
	    cmocka_unit_test(tables_are_only_read),
	};

	return cmocka_run_group_tests_name("grants", tests, open_roles, close_roles);
}
