#!/usr/bin/env bash
# Duplicate rows of a table on a real terminal: found, removed by a plan with a phrase, stopped and continued,
# put back.
. tests/lib.sh

new_database
make_table() {
	sql "create table public.tags (id int primary key, owner text not null, tag text not null, said text, created_at timestamptz default now());
		insert into public.tags select i, 'o' || i % 3, 't' || i % 2, case i when 8 then 'prod ' else 'prod' end,
			'2026-01-01'::timestamptz + i * interval '1 hour' from generate_series(1, 9) i;
		create table public.many as select i as id, i / 2 as k from generate_series(1, 6000) i;
		alter table public.many add primary key (id), alter k set not null"
}
check 'tables with duplicates' make_table
berth migrate --check
berth pool create edge --kind number 0-9 >"$TMPDIR/made"
unlock() {
	screen_keys W
	screen_wait 'to enable writes' && screen_type prod && screen_keys Enter && screen_wait '^ prod .* RW '
}

BERTH_ENV=prod screen_start 110 30 "$BERTH"
check 'it starts' screen_wait '^>.. *edge'
screen_type ':dedupe check'
screen_keys Enter
check 'the tables of berth hold none' screen_wait "berth's own tables have none"
screen_type ':dedupe check --table public.tags'
screen_keys Enter
check 'a key is needed' screen_wait '\-\-key: must be given'
screen_keys Escape
screen_type ':dedupe check --table public.tags --key owner,tag --value said'
screen_keys Enter
check 'the groups' screen_wait '^>.▪ SAME +tag=t1 owner=o0 +2 '
check 'a group whose values differ' screen_wait '^ +≠ DIFFER +tag=t0 owner=o2 +2 +8 '
screen_type '/o2'
screen_keys Enter
check 'the filter' screen_wait ' > .* > groups   /o2'
check 'the rows side by side, the kept one first' screen_wait '▪ id +KEPT 8 +goes 2'
check 'a column that differs is marked as a whole' screen_wait '≠ said +prod‹20› +prod$'
check 'and one that is equal is not' screen_wait '│   owner +o2 +o2$'
screen_keys q
screen_keys m
check 'read-only at the start' screen_wait 'read-only: W turns write mode on'
check 'the environment is named' unlock
screen_keys m
check 'the plan' screen_wait 'removes +3 rows'
check 'with the rule in words' screen_wait 'keeps +the newest by created_at +Tab'
check 'and groups as examples' screen_wait '▪ KEPT 8 of 2: tag=t0 owner=o2 +≠ different values'
screen_type 'fix 3'
screen_keys Tab
check 'another rule' screen_wait 'keeps +the oldest by created_at'
check '... keeps another row' screen_wait '▪ KEPT 2 of 2: tag=t0 owner=o2'
check '... and what was typed' screen_wait '^ +fix 3$'
screen_keys Tab
check 'the lowest' screen_wait 'keeps +the lowest id'
screen_keys Tab
check 'the highest' screen_wait 'keeps +the highest id'
screen_keys Tab
check 'a rule that the server refuses' screen_wait 'have rows of different values'
check '... is left for the one before' screen_wait 'keeps +the highest id'
screen_keys Tab
check '... and not offered again' screen_wait 'keeps +the newest by created_at'
screen_keys C-u
screen_keys C
check 'the plan as a command' screen_wait 'copied the plan as a command'
screen_keys J
check 'and as JSON' screen_wait 'copied the plan as JSON'
check 'with its constraint' screen_wait 'adds +tags_owner_tag_berth'
check 'and its phrase' screen_wait '^ +fix 3 public\.tags$'
screen_keys Enter
check 'Enter alone does not confirm' screen_wait 'Wrong phrase: nothing was started'
screen_paste 'fix 3 public.tags'
screen_keys Enter
check 'a paste does not confirm' equal 9 "$(sql 'select count(*) from public.tags')"
screen_keys Escape
check 'Escape leaves it' screen_wait 'nothing was started$'
screen_keys m
check 'again' screen_wait '^ +fix 3 public\.tags$'
screen_type 'fix 3 public.tags'
screen_keys Enter
check 'it runs to its end' screen_wait 'done: the key is unique'
check 'the rows are gone' equal 6 "$(sql 'select count(*) from public.tags')"
screen_keys Escape
check 'the runs' screen_wait '^> ● done +public\.tags +3 '
screen_keys Enter
check 'Enter shows what a run has removed' screen_wait 'public\.tags > rows +sort'
check '... three rows, with the one that is kept' screen_wait '^> .*tag=t[0-9].* newest'
screen_keys Escape
check 'Escape leads back' screen_wait '^> ● done +public\.tags +3 '
screen_keys u
check 'undo is a plan too' screen_wait '^ +undo 3 public\.tags$'
screen_type 'undo 3 public.tags'
screen_keys Enter
check 'it puts them back' screen_wait 'undone: 3 rows put back, the duplicates are there again'
check 'all of them' equal 9 "$(sql 'select count(*) from public.tags')"
screen_keys Escape
check 'the undone run is shown' screen_wait '^> ○ undone +public\.tags +3 +3 '
screen_keys q
check 'the groups are read anew' screen_wait '≠ DIFFER +tag=t0 owner=o2 +2 +8 '

# after someone's transaction, where it can be stopped
holder() {
	psql -qAtX -c 'begin' -c 'select count(*) from public.many' -c "select pg_sleep(600)" >"$TMPDIR/held" 2>&1 &
	holder=$!
	until [ "$(sql "select count(*) from pg_stat_activity where query like '%pg_sleep(600)%' and pid <> pg_backend_pid()")" = 1 ]; do
		:
	done
}
holder
screen_type ':dedupe fix --table public.many --key k'
screen_keys Enter
check 'another plan' screen_wait '^ +fix 2999 public\.many$'
screen_type 'fix 2999 public.many'
screen_keys Enter
check 'it waits, and shows its phase' screen_wait 'running: (index|guard|find|remove|rewrite|unique|attach)'
screen_keys C-c
check 'Ctrl-C stops it' screen_wait 'stopped; the same command continues it'
kill "$holder"
sql "select pg_terminate_backend(pid) from pg_stat_activity where query like '%pg_sleep(600)%' and pid <> pg_backend_pid()" >"$TMPDIR/ended"
screen_keys Escape
check 'the unfinished run is listed' screen_wait '^> … running +public\.many '
screen_type ':dedupe fix --table public.many --key k'
screen_keys Enter
check 'the same words' screen_wait '^ +fix [0-9]+ public\.many$'
screen_type "fix $(sql 'select count(*) - count(distinct k) from public.many') public.many"
screen_keys Enter
check 'the run is continued' screen_wait 'done: the key is unique'
check 'to its end' equal 3001 "$(sql 'select count(*) from public.many')"
check 'in one run' equal 1 "$(sql "select count(*) from berth.dedupe_view where \"table\" = 'public.many'")"
screen_keys Escape
screen_keys C-c
screen_keys C-c C-c
check 'the console ends' screen_ends 0
check 'the runs as text' prints 'public.tags' berth --once runs
