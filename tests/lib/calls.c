#include "tests/lib/calls.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "db/base/buf.h"
#include "db/base/mem.h"
#include "tests/lib/caller.h"
#include "tests/lib/database.h"
#include "tests/lib/roles.h"

#define LEASE "11111111-1111-4111-8111-111111111111"
#define COMMAND "22222222-2222-4222-8222-222222222222"
#define PROJECT "33333333-3333-4333-8333-333333333333"
#define NIL "00000000-0000-0000-0000-000000000000"
#define NEW "gen_random_uuid()"
#define DETAIL "'{\"os_user\": \"me\", \"host\": \"here\"}'"
#define LONG_NAME "repeat('a', 64)"
#define MEGABYTE "repeat('a', 1000000)"
#define LONGEST "86400000000000001"
#define FILTER_OF(words, terms, labels)                                                                      \
	"'{\"invert\": false, \"words\": [" words "], \"terms\": [" terms "], \"labels\": " labels "}'"
#define FILTER FILTER_OF("{\"text\": \"a\"}", "", "[]")

const struct call_argument call_arguments[] = {
    {"allocate", "asked_id", NEW, "id"},
    {"allocate", "asked_pool", "'a'", "name"},
    {"allocate", "asked_holder", "'me'", "holder or none"},
    {"allocate", "asked_until", "null", "end"},
    {"allocate", "asked_duration", "null", "span or none"},
    {"allocate", "asked_priority", "0", "priority or none"},
    {"allocate", "asked_detail", DETAIL, "detail"},
    {"allocate", "asked_labels", "'{\"a\": \"b\"}'", "labels or none"},
    {"allocate", "asked_wait", "false", "bool"},
    {"allocate", "asked_project", "null", "project or none"},
    {"allocate_value", "asked_id", NEW, "id"},
    {"allocate_value", "asked_pool", "'a'", "name"},
    {"allocate_value", "asked_kind", "'number'", "kind"},
    {"allocate_value", "asked_value", "77", "value"},
    {"allocate_value", "asked_host", "''", "no host"},
    {"allocate_value", "asked_text", "'77'", "text of 200"},
    {"allocate_value", "asked_holder", "'me'", "holder or none"},
    {"allocate_value", "asked_until", "null", "end"},
    {"allocate_value", "asked_duration", "null", "span or none"},
    {"allocate_value", "asked_priority", "0", "priority or none"},
    {"allocate_value", "asked_detail", DETAIL, "detail"},
    {"allocate_value", "asked_labels", "'{\"a\": \"b\"}'", "labels or none"},
    {"allocate_value", "asked_project", "null", "project or none"},
    {"allocate_many", "asked_ids", "array[" NEW ", " NEW "]", "ids"},
    {"allocate_many", "asked_pool", "'a'", "name"},
    {"allocate_many", "asked_holder", "'me'", "holder or none"},
    {"allocate_many", "asked_until", "null", "end"},
    {"allocate_many", "asked_duration", "null", "span or none"},
    {"allocate_many", "asked_priority", "0", "priority or none"},
    {"allocate_many", "asked_detail", DETAIL, "detail"},
    {"allocate_many", "asked_labels", "'{\"a\": \"b\"}'", "labels or none"},
    {"allocate_many", "asked_project", "null", "project or none"},
    {"queue", "asked_id", NEW, "id"},
    {"queue", "asked_action", "'release'", "action"},
    {"queue", "asked_targets", "'[{\"kind\": \"lease\", \"id\": \"" LEASE "\"}]'", "targets"},
    {"queue", "asked_reason", "''", "reason or none"},
    {"queue", "asked_grace", "0", "grace or none"},
    {"queue", "asked_generation", "null", "generation"},
    {"queue", "asked_until", "null", "no end"},
    {"queue", "asked_duration", "null", "no span"},
    {"queue", "asked_shorten", "false", "bool"},
    {"queue", "asked_detail", DETAIL, "detail"},
    {"queue", "asked_labels", "null", "no labels"},
    {"queue", "asked_holder", "null", "no holder"},
    {"batch_begin", "asked_id", NEW, "id"},
    {"batch_begin", "asked_digest", "gen_random_uuid()::text", "digest"},
    {"batch_begin", "asked_places", "'1+0,2+1'", "places"},
    {"queue_cancel", "asked_command", "'" COMMAND "'", "id"},
    {"queue_cancel", "asked_reason", "''", "reason"},
    {"queue_cancel", "asked_detail", DETAIL, "detail"},
    {"queue_cancel_all", "asked_commands", "array['" COMMAND "'::uuid]", "ids"},
    {"queue_cancel_all", "asked_reason", "''", "reason"},
    {"queue_cancel_all", "asked_detail", DETAIL, "detail"},
    {"may_queue", NULL, NULL, NULL},
    {"edit_metadata", "asked_id", NEW, "id"},
    {"edit_metadata", "asked_what", "'label'", "metadata"},
    {"edit_metadata", "asked_target", "'{\"kind\": \"pool\", \"name\": \"a\"}'", "target"},
    {"edit_metadata", "asked_set", "'{\"a\": \"b\"}'", "labels"},
    {"edit_metadata", "asked_gone", "'[\"c\"]'", "texts"},
    {"edit_metadata", "asked_detail", DETAIL, "detail"},
    {"listen", NULL, NULL, NULL},
    {"caller", NULL, NULL, NULL},
    {"worker_start", "asked_name", "'x'", "worker"},
    {"worker_start", "asked_host", "'here'", "text of 255"},
    {"worker_start", "asked_pid", "1", "pid"},
    {"worker_start", "asked_every", "1000000", "heartbeat"},
    {"worker_start", "asked_hooks", "true", "bool"},
    {"worker_start", "asked_started", "now()", "moment"},
    {"worker_start", "token", "berth.caller()", NULL},
    {"worker_beat", "asked_name", "'w'", "worker"},
    {"worker_beat", "asked_started", "now()", "time"},
    {"worker_beat", "token", "berth.caller()", NULL},
    {"worker_stop", "asked_name", "'w'", "worker"},
    {"worker_stop", "asked_started", "now()", "time"},
    {"worker_stop", "token", "berth.caller()", NULL},
    {"apply", "asked_worker", "'w'", "worker"},
    {"apply", "chunk", "10", "chunk"},
    {"apply", "token", "berth.caller()", NULL},
    {"fan_out", "asked_worker", "'w'", "worker"},
    {"fan_out", "chunk", "10", "chunk"},
    {"fan_out", "token", "berth.caller()", NULL},
    {"maintain", "asked_worker", "'w'", "worker"},
    {"maintain", "tries", "5", "tries"},
    {"maintain", "chunk", "10", "chunk"},
    {"maintain", "expected", "null", NULL},
    {"maintain", "token", "berth.caller()", NULL},
    {"claim_hooks", "asked_worker", "'w'", "worker"},
    {"claim_hooks", "wanted", "1", "wanted"},
    {"claim_hooks", "span", "1000000", "claim"},
    {"claim_hooks", "token", "berth.caller()", NULL},
    {"finish_hook", "asked_worker", "'w'", "worker"},
    {"finish_hook", "asked_command", "'" COMMAND "'", "id"},
    {"finish_hook", "asked_epoch", "1", "epoch"},
    {"finish_hook", "well", "true", "bool"},
    {"finish_hook", "words", "''", "text of 2000"},
    {"finish_hook", "base", "1", "base"},
    {"finish_hook", "tries", "5", "tries"},
    {"finish_hook", "token", "berth.caller()", NULL},
    {"return_hook", "asked_worker", "'w'", "worker"},
    {"return_hook", "asked_command", "'" COMMAND "'", "id"},
    {"return_hook", "asked_epoch", "1", "epoch"},
    {"return_hook", "token", "berth.caller()", NULL},
    {"pool_create", "asked_id", NEW, "id"},
    {"pool_create", "asked_name", "'fresh'", "name"},
    {"pool_create", "asked_kind", "'number'", "kind"},
    {"pool_create", "asked_space", "'fresh'", "name"},
    {"pool_create", "asked_project", "null", "project or none"},
    {"pool_create", "asked_warn", "80", "percent"},
    {"pool_create", "asked_crit", "90", "percent"},
    {"pool_create", "asked_ttl", "0", "span"},
    {"pool_create", "asked_reuse_delay", "0", "span"},
    {"pool_create", "asked_activate_hook", "null", "name or none"},
    {"pool_create", "asked_release_hook", "null", "name or none"},
    {"pool_create", "ranges", "'[{\"name\": \"7-9\", \"first\": 7, \"last\": 9, \"host\": \"\"}]'", "ranges"},
    {"pool_create", "detail", DETAIL, "detail"},
    {"pool_add", "asked_id", NEW, "id"},
    {"pool_add", "asked_pool", "'empty'", "name"},
    {"pool_add", "asked_kind", "'number'", "kind"},
    {"pool_add", "ranges", "'[{\"name\": \"7-9\", \"first\": 7, \"last\": 9, \"host\": \"\"}]'",
	"some ranges"},
    {"pool_add", "detail", DETAIL, "detail"},
    {"pool_remove", "asked_id", NEW, "id"},
    {"pool_remove", "asked_pool", "'a'", "name"},
    {"pool_remove", "asked_kind", "'number'", "kind"},
    {"pool_remove", "asked_name", "'5000-6000'", "range name"},
    {"pool_remove", "asked_first", "5000", "first"},
    {"pool_remove", "asked_last", "6000", "last"},
    {"pool_remove", "asked_host", "''", "no host"},
    {"pool_remove", "detail", DETAIL, "detail"},
    {"pool_set", "asked_id", NEW, "id"},
    {"pool_set", "asked_pool", "'a'", "name"},
    {"pool_set", "asked_warn", "70", "percent or none"},
    {"pool_set", "asked_crit", "90", "percent or none"},
    {"pool_set", "asked_ttl", "0", "grace or none"},
    {"pool_set", "asked_reuse_delay", "null", "grace or none"},
    {"pool_set", "asked_activate_hook", "''", "hook or none"},
    {"pool_set", "asked_release_hook", "null", "hook or none"},
    {"pool_set", "detail", DETAIL, "detail"},
    {"pool_rename", "asked_id", NEW, "id"},
    {"pool_rename", "asked_pool", "'a'", "name"},
    {"pool_rename", "asked_name", "'fresh'", "name"},
    {"pool_rename", "detail", DETAIL, "detail"},
    {"pool_delete", "asked_id", NEW, "id"},
    {"pool_delete", "asked_pool", "'empty'", "name"},
    {"pool_delete", "detail", DETAIL, "detail"},
    {"pool_import", "asked_id", NEW, "id"},
    {"pool_import", "ranges",
	"'[{\"line\": 2, \"pool\": \"fresh\", \"kind\": \"number\", \"space\": \"fresh\", \"name\": \"7-9\", "
	"\"first\": 7, \"last\": 9, \"host\": \"\", \"labels\": {\"a\": \"b\"}}]'",
	"rows"},
    {"pool_import", "skip", "false", "bool"},
    {"pool_import", "detail", DETAIL, "detail"},
    {"lease_import", "asked_id", NEW, "id"},
    {"lease_import", "leases",
	"'[{\"line\": 2, \"pool\": \"a\", \"kind\": \"number\", \"text\": \"78\", \"host\": \"\", \"value\": "
	"78, "
	"\"holder\": \"me\", \"labels\": {\"a\": \"b\"}}]'",
	"leases"},
    {"lease_import", "skip", "false", "bool"},
    {"lease_import", "detail", DETAIL, "detail"},
    {"org_create", "asked_id", NEW, "id"},
    {"org_create", "asked_name", "'fresh'", "name"},
    {"org_create", "asked_max", "null", "limit"},
    {"org_create", "asked_detail", DETAIL, "detail"},
    {"org_limit", "asked_id", NEW, "id"},
    {"org_limit", "asked_name", "'acme'", "name"},
    {"org_limit", "asked_max", "null", "limit"},
    {"org_limit", "asked_detail", DETAIL, "detail"},
    {"project_create", "asked_id", NEW, "id"},
    {"project_create", "asked_name", "'acme/fresh'", "project"},
    {"project_create", "asked_max", "null", "limit"},
    {"project_create", "asked_content", "'{}'", "object"},
    {"project_create", "asked_detail", DETAIL, "detail"},
    {"charge_organization", "asked_project", "'" PROJECT "'", "id"},
    {"part_of", "asked_project", "'" PROJECT "'", NULL},
    {"part_of", "asked_part", NEW, NULL},
    {"project_limit", "asked_id", NEW, "id"},
    {"project_limit", "asked_name", "'acme/web'", "project"},
    {"project_limit", "asked_max", "null", "limit"},
    {"project_limit", "asked_detail", DETAIL, "detail"},
    {"project_delete", "asked_id", NEW, "id"},
    {"project_delete", "asked_name", "'acme/web'", "project"},
    {"project_delete", "asked_reason", "''", "reason or none"},
    {"project_delete", "asked_grace", "0", "grace or none"},
    {"project_delete", "asked_generation", "null", "generation"},
    {"project_delete", "asked_detail", DETAIL, "detail"},
    {"lease_window", "live", "true", "bool"},
    {"lease_window", "states", "array['active']", NULL},
    {"lease_window", "asked_pool", "'a'", NULL},
    {"lease_window", "asked_holder", "null", NULL},
    {"lease_window", "filter", FILTER, "filter"},
    {"lease_window", "newer", "false", "bool"},
    {"lease_window", "edge", "null", NULL},
    {"lease_window", "most", "10", "most or all"},
    {"lease_window", "selector",
	"'[{\"op\": \"in\", \"prefix\": \"\", \"name\": \"a\", \"values\": [\"b\"]}]'", "selector"},
    {"lease_window", "asked_project", "null", NULL},
    {"lease_window", "patience", "1000", "most or all"},
    {"lease_meeting", "ids", "array[" NEW "]", NULL},
    {"lease_meeting", "filter", FILTER, "filter"},
    {"lease_search", "asked_pool", "'a'", NULL},
    {"lease_search", "asked_holder", "'h'", NULL},
    {"lease_search", "asked_project", "null", NULL},
    {"lease_search", "filter", FILTER, "filter"},
    {"lease_search", "selector", "null", NULL},
    {"lease_search", "newer", "false", NULL},
    {"lease_search", "patience", "1000", "most or all"},
    {"lease_sorted", "states", "array['active']", NULL},
    {"lease_sorted", "asked_pool", "'a'", NULL},
    {"lease_sorted", "asked_holder", "null", NULL},
    {"lease_sorted", "filter", FILTER, "filter"},
    {"lease_sorted", "selector", "null", NULL},
    {"lease_sorted", "asked_project", "null", NULL},
    {"lease_sorted", "patience", "1000", "most or all"},
    {"lease_sorted", "asked_order", "'{\"sort\": \"value\", \"reverse\": true, \"most\": 10}'", "order"},
    {"command_window", "states", "array['queued']", NULL},
    {"command_window", "asked_kind", "null", NULL},
    {"command_window", "asked_target", "null", NULL},
    {"command_window", "asked_parent", "null", NULL},
    {"command_window", "filter", FILTER, "filter"},
    {"command_window", "newer", "false", "bool"},
    {"command_window", "edge", "null", NULL},
    {"command_window", "most", "10", "most or all"},
    {"command_window", "patience", "1000", "most or all"},
    {"command_search", "states", "array['queued']", NULL},
    {"command_search", "asked_parent", "null", NULL},
    {"command_search", "filter", FILTER, "filter"},
    {"command_search", "newer", "false", NULL},
    {"command_search", "patience", "1000", "most or all"},
    {"command_sorted", "states", "array['queued']", NULL},
    {"command_sorted", "asked_kind", "null", NULL},
    {"command_sorted", "asked_target", "null", NULL},
    {"command_sorted", "asked_parent", "null", NULL},
    {"command_sorted", "filter", FILTER, "filter"},
    {"command_sorted", "patience", "1000", "most or all"},
    {"command_sorted", "asked_order", "'{\"sort\": \"urgent\", \"reverse\": true, \"most\": 10}'", "order"},
    {"pool_window", "filter", FILTER, "filter"},
    {"pool_window", "asked_status", "null", NULL},
    {"pool_window", "selector", "null", NULL},
    {"pool_window", "asked_order", "'{\"sort\": \"free\", \"reverse\": true, \"most\": 10}'", "order"},
    {"project_window", "match", "null", NULL},
    {"project_window", "invert", "false", "bool"},
    {"project_window", "selector", "null", NULL},
    {"project_window", "filter", "null", NULL},
    {"project_window", "most", "10", "most or all"},
    {"project_window", "asked_order", "'{\"sort\": \"name\", \"reverse\": true, \"most\": 10}'", "order"},
    {"value_leases", "asked_kind", "'number'", "kind"},
    {"value_leases", "asked_value", "7", "value"},
    {"value_leases", "asked_host", "''", "no host"},
    {"value_leases", "asked_time", "null", NULL},
    {"value_leases", "states", "array['active']", NULL},
    {"resources_matching", "filter", FILTER, "filter"},
    {"projects_matching", "filter", FILTER, "filter"},
    {"alert_find", "most", "10", "most or all"},
    {"alert_find", "filter", FILTER, "filter"},
    {"find_values", "asked_kind", "'number'", "kind"},
    {"find_values", "asked_host", "''", "no host"},
    {"find_values", "asked_first", "1", "value"},
    {"find_values", "asked_last", "9", "value"},
    {"find_values", "asked_space", "null", "name or none"},
    {"find_values", "most", "10", "wanted rows"},
    {"event_window", "asked_kind", "'pool'", "event kind"},
    {"event_window", "asked_target", NEW, NULL},
    {"event_window", "edge", "null", NULL},
    {"event_window", "since", "null", NULL},
    {"event_window", "newest", "true", "bool"},
    {"event_window", "most", "10", "most or all"},
    {"event_news", "asked_kind", "null", "event kind"},
    {"event_news", "asked_target", "null", NULL},
    {"event_news", "edge", "null", NULL},
    {"event_news", "since", "null", NULL},
    {"event_news", "newest", "true", "bool"},
    {"event_news", "most", "10", "most or all"},
    {"event_news", "place", "'{\"seen\": \"3:3:\", \"from\": 0, \"top\": 5, \"marks\": [[\"3\", 1]]}'",
	"place"},
    {"resource_at", "asked_pool", "'a'", "name"},
    {"resource_at", "asked_kind", "'number'", "kind"},
    {"resource_at", "asked_host", "''", "no host"},
    {"resource_at", "asked_first", "5000", "first"},
    {"resource_at", "asked_last", "6000", "last"},
    {"waiting", "asked_lease", "'" LEASE "'", NULL},
    {"queue_stats", NULL, NULL, NULL},
    {"sorted_report", NULL, NULL, NULL},
    {"doctor", NULL, NULL, NULL},
    {"doctor_piece", "asked_part", "'leases'", "part"},
    {"doctor_piece", "after", "'5'", "key"},
    {"doctor_piece", "most", "10", "piece"},
    {"alerts", "most", "10", "most or all"},
    {"release_busy", "asked_targets", "'[{\"kind\": \"pool\", \"name\": \"a\"}]'", "targets"},
    {"release_busy", "most", "10", "most or all"},
    {"note_plan", "asked_id", NEW, "id"},
    {"note_plan", "asked_doing", "'release all'", NULL},
    {"release_plan", "asked_targets", "'[{\"kind\": \"pool\", \"name\": \"a\"}]'", "targets"},
    {"bulk_plan", "asked_action", "'label'", "action word"},
    {"bulk_plan", "asked_targets", "'[{\"kind\": \"pool\", \"name\": \"a\"}]'", "targets"},
    {"bulk_sample", "asked_action", "'release'", "action word"},
    {"bulk_sample", "asked_targets", "'[{\"kind\": \"pool\", \"name\": \"a\"}]'", "targets"},
    {"bulk_sample", "most", "10", "most or all"},
    {"label_key_window", "word", "null", NULL},
    {"label_key_window", "invert", "false", "bool"},
    {"label_key_window", "edge", "null", NULL},
    {"label_key_window", "with_edge", "false", "bool"},
    {"label_key_window", "backwards", "false", "bool"},
    {"label_key_window", "most", "10", "most"},
    {"label_key_window", "counted", "10", "most"},
    {"label_key_window", "counted_values", "10", "most"},
    {"label_value_window", "asked_key", "'a'", NULL},
    {"label_value_window", "word", "null", NULL},
    {"label_value_window", "invert", "false", "bool"},
    {"label_value_window", "edge", "null", NULL},
    {"label_value_window", "with_edge", "false", "bool"},
    {"label_value_window", "backwards", "false", "bool"},
    {"label_value_window", "most", "10", "most"},
    {"label_value_window", "counted", "10", "most"},
    {"label_target_window", "asked_key", "'a'", NULL},
    {"label_target_window", "asked_value", "'b'", NULL},
    {"label_target_window", "word", "null", NULL},
    {"label_target_window", "invert", "false", "bool"},
    {"label_target_window", "newer", "false", "bool"},
    {"label_target_window", "edge", "null", NULL},
    {"label_target_window", "most", "10", "most"},
    {"label_target_window", "patience", "1000", "most or all"},
    {"label_target_search", "asked_key", "'a'", NULL},
    {"label_target_search", "asked_value", "'b'", NULL},
    {"label_target_search", "newer", "false", NULL},
    {"lookalike_texts", "most", "10", "most"},
    {"holder_window", "asked_pool", "'a'", NULL},
    {"holder_window", "match", "null", NULL},
    {"holder_window", "invert", "false", "bool"},
    {"holder_window", "after", "null", NULL},
    {"holder_window", "asked_order", "'{\"sort\": \"idle\", \"reverse\": true, \"most\": 10}'", "order"},
    {"id_of", "words", NEW "::text", NULL},
    {"time_of", "words", "'2030-01-01'", NULL},
    {"labels_text", "labels", "'{}'", NULL},
    {"scopes_in", "arguments", "'{}'", NULL},
    {"value_text", "kind", "'ipv4'", NULL},
    {"value_text", "host", "''", NULL},
    {"value_text", "value", "1", NULL},
    {"target_text", "kind", "'lease'", NULL},
    {"target_text", "target", NEW, NULL},
    {"target_text", "arguments", "null", NULL},
    {"ipv6_text", "value", "1", NULL},
    {"pool_text", "asked", NEW, NULL},
    {"organization_text", "asked", NEW, NULL},
    {"project_text", "asked", NEW, NULL},
    {"first_holder", "lease", NEW, NULL},
    {"first_holder", "holder", "'it'", NULL},
    {"project_leases", "asked_project", NEW, NULL},
    {"project_leases", "most", "10", NULL},
    {"hook_event", "action", "'retry'", NULL},
    {"hook_event", "arguments", "'{}'", NULL},
    {"key_text", "prefix", "''", NULL},
    {"key_text", "name", "'a'", NULL},
    {"metadata", "asked_what", "'label'", NULL},
    {"metadata", "asked_target", NEW, NULL},
    {"ordered_json", "object", "'{}'", NULL},
    {"label_number", "value", "'1'", NULL},
    {"label_holds", "op", "'in'", NULL},
    {"label_holds", "value", "'a'", NULL},
    {"label_holds", "asked", "array['a']", NULL},
    {"unmet_requirements", "selector", "'[]'", NULL},
    {"unmet_requirements", "asked_target", NEW, NULL},
    {"range_contains", "kind", "'number'", NULL},
    {"range_contains", "host", "''", NULL},
    {"range_contains", "first", "1", NULL},
    {"range_contains", "last", "2", NULL},
    {"range_contains", "word", "'{\"kind\": \"number\", \"first\": \"1\", \"last\": \"1\", \"host\": \"\"}'",
	NULL},
    {"has_label_word", "asked_target", NEW, NULL},
    {"has_label_word", "word", "'a'", NULL},
    {"serialization_key", "asked_kind", "'lease'", NULL},
    {"serialization_key", "asked_target", NEW, NULL},
    {"dry_run", NULL, NULL, NULL},
    {"refuse", "code", "'conflict'", NULL},
    {"refuse", "sentence", "'no'", NULL},
    {"refuse", "detail", "'{}'", NULL},
    {"refuse", "hint", "null", NULL},
    {NULL, NULL, NULL, NULL},
};

enum { MOST_BAD = 40 };

static const struct {
	const char *name;
	const char *bad[MOST_BAD];
} kinds[] = {
    {"id", {"null", "'" NIL "'", NULL}},
    {"ids", {"null", "'{}'", "array[null]::uuid[]", "array[" NEW ", null]",
		"array["
		"'" NIL "'"
		"]::uuid[]",
		"'{{" LEASE "," COMMAND "}}'", "'[2:3]={" LEASE "," COMMAND "}'",
		"array_fill("
		"'" LEASE "'"
		"::uuid, array[2])",
		"array(select " NEW " from generate_series(1, 10001))", NULL}},
    {"name",
	{"null", "''", "'-a'", "'a b'", "'a/b'", "e'a\\n'", "'ä'", LONG_NAME, MEGABYTE, "'a'';drop'", NULL}},
    {"name or none",
	{"''", "'-a'", "'a b'", "'a/b'", "e'a\\n'", "'ä'", LONG_NAME, MEGABYTE, "'a'';drop'", NULL}},
    {"project", {"null", "''", "'acme'", "'acme/'", "'/web'", "'acme/web/x'", "'acme/a b'", MEGABYTE, NULL}},
    {"project or none", {"''", "'acme'", "'acme/'", "'/web'", "'acme/web/x'", "'acme/a b'", MEGABYTE, NULL}},
    {"worker", {"null", "''", "'-w'", "'w x'", "repeat('w', 129)", MEGABYTE, NULL}},
    {"holder or none", {"repeat('x', 201)", MEGABYTE, NULL}},
    {"text of 200", {"null", "repeat('x', 201)", MEGABYTE, NULL}},
    {"text of 255", {"null", "repeat('x', 256)", NULL}},
    {"text of 2000", {"null", "repeat('x', 2001)", NULL}},
    {"reason", {"null", "repeat('x', 1001)", MEGABYTE, NULL}},
    {"reason or none", {"repeat('x', 1001)", MEGABYTE, NULL}},
    {"time", {"'infinity'", "'-infinity'", "'1969-12-31'", "'10000-01-02'", NULL}},
    {"end", {"'-infinity'", "'1969-12-31'", "'10000-01-02'", NULL}},
    {"moment", {"null", "'infinity'", "'-infinity'", "'1969-12-31'", "'10000-01-02'", NULL}},
    {"no end", {"'infinity'", "'1969-12-31'", "'9999-01-01'", NULL}},
    {"no span", {"1", "0", "-1", LONGEST, NULL}},
    {"span", {"null", "-1", LONGEST, "9223372036854775807", NULL}},
    {"span or none", {"0", "-1", LONGEST, "9223372036854775807", NULL}},
    {"grace or none", {"-1", LONGEST, "9223372036854775807", NULL}},
    {"priority or none", {"1000001", "-1000001", "9223372036854775807", NULL}},
    {"detail",
	{"null", "'null'", "'[]'", "'1'", "'\"x\"'", "jsonb_build_object('reason', " MEGABYTE ")", NULL}},
    {"labels",
	{"null", "'null'", "'[]'", "'1'", "'{\"a\": 1}'", "'{\"a\": null}'", "'{\"a\": {\"b\": \"c\"}}'",
	    "'{\"\": \"b\"}'", "'{\"-a\": \"b\"}'", "'{\"a\": \"b c\"}'", "'{\"/a\": \"b\"}'",
	    "'{\"a/b/c\": \"d\"}'", "'{\"a_b/c\": \"d\"}'", "jsonb_build_object(" LONG_NAME ", 'b')",
	    "jsonb_build_object('a', " LONG_NAME ")", "jsonb_build_object(repeat('a.', 126) || 'aa/b', 'c')",
	    "jsonb_build_object('a', " MEGABYTE ")", NULL}},
    {"labels or none",
	{"'null'", "'[]'", "'1'", "'{\"a\": 1}'", "'{\"a\": null}'", "'{\"a\": {\"b\": \"c\"}}'",
	    "'{\"\": \"b\"}'", "'{\"-a\": \"b\"}'", "'{\"a\": \"b c\"}'", "'{\"/a\": \"b\"}'",
	    "'{\"a/b/c\": \"d\"}'", "'{\"a_b/c\": \"d\"}'", "jsonb_build_object(" LONG_NAME ", 'b')",
	    "jsonb_build_object('a', " LONG_NAME ")", "jsonb_build_object(repeat('a.', 126) || 'aa/b', 'c')",
	    "jsonb_build_object('a', " MEGABYTE ")", NULL}},
    {"no labels", {"'{\"set\": {}, \"gone\": [\"a\"]}'", "'[]'", NULL}},
    {"no holder", {"''", "'x'", NULL}},
    {"bool", {"null", NULL}},
    {"kind", {"null", "''", "'IPV4'", "'any'", MEGABYTE, NULL}},
    {"value", {"null", "10.5", "-1", "'NaN'", "'infinity'", "9223372036854775808", "1e300", NULL}},
    {"no host", {"null", "'h'", "'a b'", NULL}},
    {"action",
	{"null", "''", "'delete'", "'activate'", "'RE" LEASE "'", "'extend'", "'transfer'", "'x'", NULL}},
    {"action word", {"null", "''", "'delete'", "'activate'", "'x'", NULL}},
    {"metadata", {"null", "''", "'labels'", "'x'", NULL}},
    {"target",
	{"null", "'null'", "'[]'", "'1'", "'{}'", "'{\"kind\": null}'", "'{\"kind\": \"selection\"}'",
	    "'{\"kind\": [\"lease\"]}'", "'{\"kind\": \"lease\"}'", "'{\"kind\": \"lease\", \"id\": \"x\"}'",
	    "'{\"kind\": \"lease\", \"id\": 7}'", "'{\"kind\": \"lease\", \"id\": \"" NIL "\"}'",
	    "'{\"kind\": \"lease\", \"id\": \"" LEASE "\", \"generation\": 0}'",
	    "'{\"kind\": \"lease\", \"id\": \"" LEASE "\", \"generation\": 1.5}'",
	    "'{\"kind\": \"lease\", \"id\": \"" LEASE "\", \"generation\": \"1\"}'",
	    "'{\"kind\": \"lease\", \"id\": \"" LEASE "\", \"generation\": 1e400}'",
	    "'{\"kind\": \"lease\", \"id\": \"" LEASE "\", \"more\": 1}'", "'{\"kind\": \"pool\"}'",
	    "'{\"kind\": \"pool\", \"name\": \"a b\"}'", "'{\"kind\": \"project\", \"name\": \"acme\"}'",
	    "'{\"kind\": \"project\", \"id\": \"x\"}'",
	    "'{\"kind\": \"pool\", \"name\": \"a\", \"whole\": 1}'",
	    "'{\"kind\": \"resource\", \"pool\": \"a\"}'",
	    "'{\"kind\": \"resource\", \"pool\": \"a\", \"type\": \"number\", \"host\": \"\", \"range\": "
	    "\"1-2\", \"first\": 1.5, \"last\": 2}'",
	    "'{\"kind\": \"resource\", \"pool\": \"a\", \"type\": \"number\", \"host\": \"\", \"range\": "
	    "\"1-2\"}'",
	    "'{\"kind\": \"leases\", \"states\": \"active\"}'",
	    "'{\"kind\": \"leases\", \"states\": [\"gone\"]}'", "'{\"kind\": \"leases\", \"states\": [7]}'",
	    "'{\"kind\": \"leases\", \"pool\": 7}'", "'{\"kind\": \"leases\", \"selector\": {}}'",
	    "'{\"kind\": \"pools\", \"states\": []}'",
	    "'{\"kind\": \"leases\", \"selector\": [{\"op\": \"like\", \"prefix\": \"\", \"name\": \"a\", "
	    "\"values\": []}]}'",
	    NULL}},
    {"targets",
	{"null", "'null'", "'{}'", "'1'", "'[]'", "'[null]'", "'[[]]'", "'[1]'", "'[{}]'",
	    "'[{\"kind\": null}]'", "'[{\"kind\": \"selection\"}]'", "'[{\"kind\": [\"lease\"]}]'",
	    "'[{\"kind\": \"lease\"}]'", "'[{\"kind\": \"lease\", \"id\": \"x\"}]'",
	    "'[{\"kind\": \"lease\", \"id\": 7}]'", "'[{\"kind\": \"lease\", \"id\": \"" NIL "\"}]'",
	    "'[{\"kind\": \"lease\", \"id\": \"" LEASE "\", \"generation\": 0}]'",
	    "'[{\"kind\": \"lease\", \"id\": \"" LEASE "\", \"generation\": 1.5}]'",
	    "'[{\"kind\": \"lease\", \"id\": \"" LEASE "\", \"generation\": \"1\"}]'",
	    "'[{\"kind\": \"lease\", \"id\": \"" LEASE "\", \"generation\": 1e400}]'",
	    "'[{\"kind\": \"lease\", \"id\": \"" LEASE "\", \"more\": 1}]'", "'[{\"kind\": \"pool\"}]'",
	    "'[{\"kind\": \"pool\", \"name\": \"a b\"}]'", "'[{\"kind\": \"project\", \"name\": \"acme\"}]'",
	    "'[{\"kind\": \"project\", \"id\": \"x\"}]'",
	    "'[{\"kind\": \"pool\", \"name\": \"a\", \"whole\": 1}]'",
	    "'[{\"kind\": \"resource\", \"pool\": \"a\"}]'",
	    "'[{\"kind\": \"resource\", \"pool\": \"a\", \"type\": \"number\", \"host\": \"\", \"range\": "
	    "\"1-2\", \"first\": 1.5, \"last\": 2}]'",
	    "'[{\"kind\": \"resource\", \"pool\": \"a\", \"type\": \"number\", \"host\": \"\", \"range\": "
	    "\"1-2\"}]'",
	    "'[{\"kind\": \"leases\", \"states\": \"active\"}]'",
	    "'[{\"kind\": \"leases\", \"states\": [\"gone\"]}]'",
	    "'[{\"kind\": \"leases\", \"states\": [7]}]'", "'[{\"kind\": \"leases\", \"pool\": 7}]'",
	    "'[{\"kind\": \"leases\", \"holder\": 7}]'", "'[{\"kind\": \"leases\", \"holder\": null}]'",
	    "'[{\"kind\": \"leases\", \"selector\": {}}]'",
	    "'[{\"kind\": \"leases\", \"selector\": [{\"op\": \"like\", \"prefix\": \"\", \"name\": \"a\", "
	    "\"values\": []}]}]'",
	    NULL}},
    {"texts", {"null", "'null'", "'{}'", "'1'", "'[1]'", "'[null]'", "'[\"a\"]'", NULL}},
    {"object", {"null", "'null'", "'[]'", "'1'", NULL}},
    {"generation", {"0", "-1", NULL}},
    {"pid", {"null", "0", "-1", "2147483648", NULL}},
    {"heartbeat", {"null", "0", "-1", "99999", "3600000001", NULL}},
    {"chunk", {"null", "0", "-1", "5001", "1000000000", NULL}},
    {"tries", {"null", "0", "-1", "1000001", NULL}},
    {"wanted", {"null", "0", "-1", "257", NULL}},
    {"claim", {"null", "0", "-1", "999", "608400000001", NULL}},
    {"epoch", {"null", "-1", NULL}},
    {"base", {"null", "-1", "3600000001", NULL}},
    {"percent", {"null", "-1", "101", NULL}},
    {"percent or none", {"-1", "101", NULL}},
    {"hook or none", {"'a b'", "'-a'", MEGABYTE, NULL}},
    {"wanted rows", {"null", "0", "-1", "1000000001", NULL}},
    {"limit", {"-1", NULL}},
    {"most", {"null", "-1", "1000000001", NULL}},
    {"most or all", {"-1", NULL}},
    {"order", {"null", "'null'", "'[]'", "'1'", "'{}'", "'{\"sort\": 1}'", "'{\"sort\": \"x\"}'",
		  "'{\"sort\": \"name; drop\"}'", "'{\"sort\": \"name\", \"reverse\": 1}'",
		  "'{\"sort\": \"name\", \"most\": -1}'", "'{\"sort\": \"name\", \"skip\": \"1 or 1\"}'",
		  "'{\"sort\": \"name\", \"after\": []}'",
		  "'{\"sort\": \"name\", \"after\": {\"oldest\": \"x\", \"created\": \"x\"}}'",
		  "'{\"sort\": \"name\", \"keep\": {}}'", NULL}},
    {"ranges", {"null", "'null'", "'{}'", "'1'", "'[1]'", "'[null]'", "'[{}]'",
		   "'[{\"name\": \"1-2\", \"first\": 10.5, \"last\": 11, \"host\": \"\"}]'",
		   "'[{\"name\": \"1-2\", \"first\": 1, \"last\": 2.5, \"host\": \"\"}]'",
		   "'[{\"name\": \"1-2\", \"first\": 2, \"last\": 1, \"host\": \"\"}]'",
		   "'[{\"name\": \"1-2\", \"first\": -1, \"last\": 1, \"host\": \"\"}]'",
		   "'[{\"name\": \"1-2\", \"first\": 0, \"last\": 9223372036854775808, \"host\": \"\"}]'",
		   "'[{\"name\": \"1-2\", \"first\": 1, \"last\": 1e300, \"host\": \"\"}]'",
		   "'[{\"name\": \"1-2\", \"first\": \"1\", \"last\": 2, \"host\": \"\"}]'",
		   "'[{\"name\": \"1-2\", \"first\": null, \"last\": 2, \"host\": \"\"}]'",
		   "'[{\"name\": \"1-2\", \"first\": 1, \"last\": 2, \"host\": \"h\"}]'",
		   "'[{\"name\": null, \"first\": 1, \"last\": 2, \"host\": \"\"}]'",
		   "'[{\"name\": \"\", \"first\": 1, \"last\": 2, \"host\": \"\"}]'",
		   "'[{\"name\": \"a b\", \"first\": 1, \"last\": 2, \"host\": \"\"}]'",
		   "'[{\"name\": \"\\u001b[2J\", \"first\": 1, \"last\": 2, \"host\": \"\"}]'", NULL}},
    {"some ranges",
	{"null", "'null'", "'{}'", "'1'", "'[1]'", "'[null]'", "'[{}]'",
	    "'[{\"name\": \"1-2\", \"first\": 10.5, \"last\": 11, \"host\": \"\"}]'",
	    "'[{\"name\": \"1-2\", \"first\": 1, \"last\": 2.5, \"host\": \"\"}]'",
	    "'[{\"name\": \"1-2\", \"first\": 2, \"last\": 1, \"host\": \"\"}]'",
	    "'[{\"name\": \"1-2\", \"first\": -1, \"last\": 1, \"host\": \"\"}]'",
	    "'[{\"name\": \"1-2\", \"first\": 0, \"last\": 9223372036854775808, \"host\": \"\"}]'",
	    "'[{\"name\": \"1-2\", \"first\": 1, \"last\": 1e300, \"host\": \"\"}]'",
	    "'[{\"name\": \"1-2\", \"first\": \"1\", \"last\": 2, \"host\": \"\"}]'",
	    "'[{\"name\": \"1-2\", \"first\": null, \"last\": 2, \"host\": \"\"}]'",
	    "'[{\"name\": \"1-2\", \"first\": 1, \"last\": 2, \"host\": \"h\"}]'",
	    "'[{\"name\": null, \"first\": 1, \"last\": 2, \"host\": \"\"}]'",
	    "'[{\"name\": \"\", \"first\": 1, \"last\": 2, \"host\": \"\"}]'",
	    "'[{\"name\": \"a b\", \"first\": 1, \"last\": 2, \"host\": \"\"}]'",
	    "'[{\"name\": \"\\u001b[2J\", \"first\": 1, \"last\": 2, \"host\": \"\"}]'", "'[]'", NULL}},
    {"leases",
	{"null", "'null'", "'{}'", "'1'", "'[1]'", "'[null]'", "'[[]]'",
	    "'[{\"line\": null, \"pool\": \"a\", \"kind\": \"number\", \"text\": \"1\", \"value\": 1}]'",
	    "'[{\"line\": 0, \"pool\": \"a\", \"kind\": \"number\", \"text\": \"1\", \"value\": 1}]'",
	    "'[{\"line\": 1.5, \"pool\": \"a\", \"kind\": \"number\", \"text\": \"1\", \"value\": 1}]'",
	    "'[{\"line\": \"x\", \"pool\": \"a\", \"kind\": \"number\", \"text\": \"1\", \"value\": 1}]'",
	    "'[{\"line\": 2, \"kind\": \"number\", \"text\": \"1\", \"value\": 1}]'",
	    "'[{\"line\": 2, \"pool\": \"a b\", \"kind\": \"number\", \"text\": \"1\", \"value\": 1}]'",
	    "'[{\"line\": 2, \"kind\": \"number\", \"text\": \"1\", \"value\": 1, \"space\": \"a b\"}]'",
	    "'[{\"line\": 2, \"pool\": \"a\", \"kind\": \"x\", \"text\": \"1\", \"value\": 1}]'",
	    "'[{\"line\": 2, \"pool\": \"a\", \"text\": \"1\", \"value\": 1}]'",
	    "'[{\"line\": 2, \"pool\": \"a\", \"kind\": \"number\", \"text\": \"1\", \"value\": null}]'",
	    "'[{\"line\": 2, \"pool\": \"a\", \"kind\": \"number\", \"text\": \"1\", \"value\": -1}]'",
	    "'[{\"line\": 2, \"pool\": \"a\", \"kind\": \"number\", \"text\": \"1\", \"value\": 1.5}]'",
	    "'[{\"line\": 2, \"pool\": \"a\", \"kind\": \"number\", \"text\": \"1\", \"value\": \"x\"}]'",
	    "'[{\"line\": 2, \"pool\": \"a\", \"kind\": \"host\", \"text\": \"1\", \"value\": 1, \"host\": "
	    "\"a b\"}]'",
	    "'[{\"line\": 2, \"pool\": \"a\", \"kind\": \"number\", \"text\": \"1\", \"value\": 1, \"host\": "
	    "\"h\"}]'",
	    "'[{\"line\": 2, \"pool\": \"a\", \"kind\": \"number\", \"value\": 1}]'",
	    "'[{\"line\": 2, \"pool\": \"a\", \"kind\": \"number\", \"text\": \"1\", \"value\": 1, "
	    "\"holder\": "
	    "\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
	    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
	    "xxxxxxxxxxx\"}]'",
	    "'[{\"line\": 2, \"pool\": \"a\", \"kind\": \"number\", \"text\": \"1\", \"value\": 1, "
	    "\"project\": \"acme\"}]'",
	    "'[{\"line\": 2, \"pool\": \"a\", \"kind\": \"number\", \"text\": \"1\", \"value\": 1, "
	    "\"until\": \"x\"}]'",
	    "'[{\"line\": 2, \"pool\": \"a\", \"kind\": \"number\", \"text\": \"1\", \"value\": 1, "
	    "\"until\": \"infinity\"}]'",
	    "'[{\"line\": 2, \"pool\": \"a\", \"kind\": \"number\", \"text\": \"1\", \"value\": 1, "
	    "\"created\": \"0001-01-01\"}]'",
	    "'[{\"line\": 2, \"pool\": \"a\", \"kind\": \"number\", \"text\": \"1\", \"value\": 1, "
	    "\"labels\": {\"a\": 1}}]'",
	    "'[{\"line\": 2, \"pool\": \"a\", \"kind\": \"number\", \"text\": \"1\", \"value\": 1, "
	    "\"labels\": {\"a\": \"b c\"}}]'",
	    "'[{\"line\": 2, \"pool\": \"a\", \"kind\": \"number\", \"text\": \"1\", \"value\": 1, "
	    "\"labels\": []}]'",
	    "'[{\"line\": 2, \"pool\": \"a\", \"kind\": \"number\", \"text\": \"1\", \"value\": 1, \"id\": "
	    "\"x\"}]'",
	    "'[{\"line\": 2, \"pool\": \"a\", \"kind\": \"number\", \"text\": \"1\", \"value\": 1, \"id\": "
	    "\"00000000-0000-0000-0000-000000000000\"}]'",
	    "'[{\"line\": 2, \"pool\": \"a\", \"kind\": \"number\", \"text\": \"1\", \"value\": 1, "
	    "\"error\": {}}]'",
	    "'[{\"line\": 2, \"pool\": \"a\", \"kind\": \"number\", \"text\": \"1\", \"value\": 1, "
	    "\"error\": {\"code\": \"internal\", \"message\": \"x\", \"detail\": {}}}]'",
	    "'[{\"line\": 2, \"pool\": \"a\", \"kind\": \"number\", \"text\": \"1\", \"value\": 1, "
	    "\"error\": {\"code\": \"conflict\", \"message\": null, \"detail\": {}}}]'",
	    NULL}},
    {"rows", {"null", "'null'", "'{}'", "'1'", "'[1]'", "'[null]'", "'[[]]'",
		 "'[{\"line\": null, \"pool\": \"fresh\", \"kind\": \"number\", \"space\": \"fresh\", "
		 "\"name\": \"1-2\", \"first\": 1, \"last\": 2, \"host\": \"\", \"labels\": {}}]'",
		 "'[{\"line\": 0, \"pool\": \"fresh\", \"kind\": \"number\", \"space\": \"fresh\", \"name\": "
		 "\"1-2\", \"first\": 1, \"last\": 2, \"host\": \"\", \"labels\": {}}]'",
		 "'[{\"line\": 1.5, \"pool\": \"fresh\", \"kind\": \"number\", \"space\": \"fresh\", "
		 "\"name\": \"1-2\", \"first\": 1, \"last\": 2, \"host\": \"\", \"labels\": {}}]'",
		 "'[{\"line\": \"x\", \"pool\": \"fresh\", \"kind\": \"number\", \"space\": \"fresh\", "
		 "\"name\": \"1-2\", \"first\": 1, \"last\": 2, \"host\": \"\", \"labels\": {}}]'",
		 "'[{\"line\": 2, \"pool\": null, \"kind\": \"number\", \"space\": \"fresh\", \"name\": "
		 "\"1-2\", \"first\": 1, \"last\": 2, \"host\": \"\", \"labels\": {}}]'",
		 "'[{\"line\": 2, \"pool\": \"a b\", \"kind\": \"number\", \"space\": \"fresh\", \"name\": "
		 "\"1-2\", \"first\": 1, \"last\": 2, \"host\": \"\", \"labels\": {}}]'",
		 "'[{\"line\": 2, \"pool\": [], \"kind\": \"number\", \"space\": \"fresh\", \"name\": "
		 "\"1-2\", \"first\": 1, \"last\": 2, \"host\": \"\", \"labels\": {}}]'",
		 "'[{\"line\": 2, \"pool\": \"fresh\", \"kind\": \"x\", \"space\": \"fresh\", \"name\": "
		 "\"1-2\", \"first\": 1, \"last\": 2, \"host\": \"\", \"labels\": {}}]'",
		 "'[{\"line\": 2, \"pool\": \"fresh\", \"kind\": \"number\", \"space\": null, \"name\": "
		 "\"1-2\", \"first\": 1, \"last\": 2, \"host\": \"\", \"labels\": {}}]'",
		 "'[{\"line\": 2, \"pool\": \"fresh\", \"kind\": \"number\", \"space\": \"fresh\", \"name\": "
		 "null, \"first\": 1, \"last\": 2, \"host\": \"\", \"labels\": {}}]'",
		 "'[{\"line\": 2, \"pool\": \"fresh\", \"kind\": \"number\", \"space\": \"fresh\", \"name\": "
		 "\"1-2\", \"first\": 10.5, \"last\": 2, \"host\": \"\", \"labels\": {}}]'",
		 "'[{\"line\": 2, \"pool\": \"fresh\", \"kind\": \"number\", \"space\": \"fresh\", \"name\": "
		 "\"1-2\", \"first\": \"x\", \"last\": 2, \"host\": \"\", \"labels\": {}}]'",
		 "'[{\"line\": 2, \"pool\": \"fresh\", \"kind\": \"number\", \"space\": \"fresh\", \"name\": "
		 "\"1-2\", \"first\": 1, \"last\": 0, \"host\": \"\", \"labels\": {}}]'",
		 "'[{\"line\": 2, \"pool\": \"fresh\", \"kind\": \"number\", \"space\": \"fresh\", \"name\": "
		 "\"1-2\", \"first\": 1, \"last\": 9223372036854775808, \"host\": \"\", \"labels\": {}}]'",
		 "'[{\"line\": 2, \"pool\": \"fresh\", \"kind\": \"number\", \"space\": \"fresh\", \"name\": "
		 "\"1-2\", \"first\": 1, \"last\": 2, \"host\": \"h\", \"labels\": {}}]'",
		 "'[{\"line\": 2, \"pool\": \"fresh\", \"kind\": \"ipv4\", \"space\": \"fresh\", \"name\": "
		 "\"1-2\", \"first\": 1, \"last\": 4294967296, \"host\": \"\", \"labels\": {}}]'",
		 "'[{\"line\": 2, \"pool\": \"fresh\", \"kind\": \"host\", \"space\": \"fresh\", \"name\": "
		 "\"1-2\", \"first\": 1, \"last\": 2, \"host\": null, \"labels\": {}}]'",
		 "'[{\"line\": 2, \"pool\": \"fresh\", \"kind\": \"number\", \"space\": \"fresh\", \"name\": "
		 "\"1-2\", \"first\": 1, \"last\": 2, \"host\": \"\", \"labels\": null}]'",
		 "'[{\"line\": 2, \"pool\": \"fresh\", \"kind\": \"number\", \"space\": \"fresh\", \"name\": "
		 "\"1-2\", \"first\": 1, \"last\": 2, \"host\": \"\", \"labels\": []}]'",
		 "'[{\"line\": 2, \"pool\": \"fresh\", \"kind\": \"number\", \"space\": \"fresh\", \"name\": "
		 "\"1-2\", \"first\": 1, \"last\": 2, \"host\": \"\", \"labels\": 1}]'",
		 "'[{\"line\": 2, \"pool\": \"fresh\", \"kind\": \"number\", \"space\": \"fresh\", \"name\": "
		 "\"1-2\", \"first\": 1, \"last\": 2, \"host\": \"\", \"labels\": {\"a\": 1}}]'",
		 "'[{\"line\": 2, \"pool\": \"fresh\", \"kind\": \"number\", \"space\": \"fresh\", \"name\": "
		 "\"1-2\", \"first\": 1, \"last\": 2, \"host\": \"\", \"labels\": {\"a\": \"b c\"}}]'",
		 "'[{\"line\": 2, \"pool\": \"fresh\", \"kind\": \"number\", \"space\": \"fresh\", \"name\": "
		 "\"1-2\", \"first\": 1, \"last\": 2, \"host\": \"\", \"labels\": {}, \"error\": {}}]'",
		 "'[{\"line\": 2, \"pool\": \"fresh\", \"kind\": \"number\", \"space\": \"fresh\", \"name\": "
		 "\"1-2\", \"first\": 1, \"last\": 2, \"host\": \"\", \"labels\": {}, \"error\": {\"code\": "
		 "\"internal\", \"message\": \"x\", \"detail\": {}}}]'",
		 "'[{\"line\": 2, \"pool\": \"fresh\", \"kind\": \"number\", \"space\": \"fresh\", \"name\": "
		 "\"1-2\", \"first\": 1, \"last\": 2, \"host\": \"\", \"labels\": {}, \"error\": {\"code\": "
		 "\"invalid_input\", \"message\": null, \"detail\": {}}}]'",
		 NULL}},
    {"range name", {"null", "''", "'a b'", "repeat('1', 101)", NULL}},
    {"first", {"null", "5000.5", "-1", "6001", "'NaN'", "'infinity'", NULL}},
    {"last", {"null", "6000.5", "4999", "9223372036854775808", "'NaN'", "'infinity'", NULL}},
    {"selector", {"'null'", "'{}'", "'1'", "'[1]'", "'[null]'", "'[[]]'", "'[{}]'",
		     "'[{\"op\": \"in\", \"prefix\": \"\", \"name\": \"a\"}]'",
		     "'[{\"op\": \"in\", \"prefix\": \"\", \"name\": \"a\", \"values\": \"b\"}]'",
		     "'[{\"op\": \"in\", \"prefix\": \"\", \"name\": \"a\", \"values\": [1]}]'",
		     "'[{\"op\": \"greater\", \"prefix\": \"\", \"name\": \"a\", \"values\": [\"x\"]}]'",
		     "'[{\"op\": \"less\", \"prefix\": \"\", \"name\": \"a\", \"values\": []}]'",
		     "'[{\"op\": \"less\", \"prefix\": \"\", \"name\": \"a\", \"values\": "
		     "[\"9223372036854775808\"]}]'",
		     "'[{\"op\": \"exists\", \"prefix\": \"\", \"name\": null, \"values\": []}]'",
		     "'[{\"op\": \"exists\", \"name\": \"a\", \"values\": []}]'",
		     "'[{\"op\": \"exists\", \"prefix\": \"%\", \"name\": \"a\", \"values\": []}]'", NULL}},
    {"filter",
	{"'null'", "'[]'", "'1'", "'{}'", "'{\"invert\": 1, \"words\": [], \"terms\": [], \"labels\": []}'",
	    FILTER_OF("1", "", "[]"), FILTER_OF("{}", "", "[]"), FILTER_OF("{\"text\": 1}", "", "[]"),
	    FILTER_OF("{\"text\": \"a\", \"kind\": \"x\"}", "", "[]"),
	    FILTER_OF("{\"text\": \"a\", \"kind\": \"ipv4\", \"first\": \"x\", \"last\": \"1\", "
		      "\"host\": \"\"}",
		"", "[]"),
	    FILTER_OF("", "1", "[]"), FILTER_OF("", "{}", "[]"),
	    FILTER_OF("", "{\"field\": \"nothing\", \"op\": \"=\", \"values\": [\"a\"]}", "[]"),
	    FILTER_OF("", "{\"field\": \"state\", \"op\": \"or\", \"values\": [\"a\"]}", "[]"),
	    FILTER_OF("", "{\"field\": \"state\", \"op\": \"=\", \"values\": []}", "[]"),
	    FILTER_OF("", "{\"field\": \"state\", \"op\": \"=\", \"values\": [\"a\", \"b\"]}", "[]"),
	    FILTER_OF("", "{\"field\": \"state\", \"op\": \"<\", \"values\": [\"a\"]}", "[]"),
	    FILTER_OF("", "{\"field\": \"state\", \"op\": \"=\", \"values\": [1]}", "[]"),
	    FILTER_OF("", "{\"field\": \"state\", \"op\": \"=\", \"values\": [null]}", "[]"),
	    FILTER_OF("", "{\"field\": \"held\", \"op\": \"<\", \"values\": [\"1h\"]}", "[]"),
	    FILTER_OF("", "{\"field\": \"used\", \"op\": \"<\", \"values\": [\"-1\"]}", "[]"),
	    FILTER_OF("", "{\"field\": \"expires\", \"op\": \"<\", \"values\": [\"never\"]}", "[]"),
	    FILTER_OF("", "{\"field\": \"value\", \"op\": \"=\", \"values\": [\"ipv4\", \"1\"]}", "[]"),
	    FILTER_OF("", "", "1"), FILTER_OF("", "", "[1]"), NULL}},
    {"digest", {"null", "''", "'x'", MEGABYTE, NULL}},
    {"places", {"null", "'x'", "'1'", "'1+'", "'1+0,'", "'1+99999999999999999999'", NULL}},
    {"place",
	{"'null'", "'[]'", "'1'", "'\"x\"'", "'{\"seen\": \"x\"}'", "'{\"seen\": \"5:3:\"}'",
	    "'{\"sight\": 7}'", "'{\"from\": \"x\"}'", "'{\"top\": 1e30}'", "'{\"edge\": 1.5}'",
	    "'{\"marks\": 1}'", "'{\"marks\": [[\"x\", 1]]}'", "'{\"marks\": [[\"1\", \"x\"]]}'", NULL}},
    {"event kind", {"''", "'x'", NULL}},
    {"part", {"''", "'x'", "'Leases'", NULL}},
    {"key", {"''", "'x'", "'-1'", "'1.5'", "'" LEASE "'", NULL}},
    {"piece", {"null", "0", "-1", "1000000001", NULL}},
};

size_t call_size(const struct call_argument *call) {
	size_t n = 0;

	while (call[n].function != NULL && strcmp(call[n].function, call->function) == 0) {
		n++;
	}
	return n;
}

const char *const *calls_bad(const char *kind) {
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		if (strcmp(kinds[i].name, kind) == 0) {
			return kinds[i].bad;
		}
	}
	fail_msg("no kind of arguments is called %s", kind);
	abort();
}

void calls_prepare(struct roles *r) {
	struct caller *worker = caller_new(r, WORKER);

	database_run(r->database,
	    "select berth.allocate('" LEASE
	    "', 'a', 'it', null, null, 0, '{}', '{\"a\": \"b\", \"x.y/n\": \"7\"}');"
	    "select berth.pool_add(gen_random_uuid(), 'a', 'number',"
	    " '[{\"name\": \"5000-6000\", \"first\": 5000, \"last\": 6000, \"host\": \"\"}]', '{}');"
	    "select berth.pool_create(gen_random_uuid(), 'empty', 'number', 'empty', null, 80, 90, 0, 0, "
	    "null, null, "
	    "'[]', '{}');"
	    "select berth.org_create(gen_random_uuid(), 'acme', null, '{}');"
	    "select berth.project_create('" PROJECT "', 'acme/web', null, '{}', '{}');"
	    "select berth.charge_organization('" PROJECT "');"
	    "select berth.queue('" COMMAND
	    "', 'cordon', '[{\"kind\": \"resource\", \"pool\": \"a\", \"type\": "
	    "\"number\", \"host\": \"\", \"range\": \"5000-6000\", \"first\": 5000, \"last\": 6000}]',"
	    " '', 3600000000, null, null, null, false, '{}')");
	caller_run(worker, "select berth.worker_start('w', 'here', 1, 3600000000, true, '2026-01-01')");
	caller_free(worker);
}

char *calls_text(const struct call_argument *call, size_t spoiled, const char *bad) {
	struct buf sql = {0};
	size_t n = call_size(call);

	buf_puts(&sql, "select * from berth.");
	buf_puts(&sql, call->function);
	buf_char(&sql, '(');
	for (size_t i = 0; i < n && call[i].name != NULL; i++) {
		buf_puts(&sql, i == 0 ? "" : ", ");
		buf_puts(&sql, call[i].name);
		buf_puts(&sql, " => ");
		buf_puts(&sql, bad != NULL && i == spoiled ? bad : call[i].good);
	}
	buf_puts(&sql, ")");
	return buf_take(&sql);
}
