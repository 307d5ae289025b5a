-- Runs of `dedupe`, which removes duplicates from any table of the database.

-- Objects that stand in the user's table while a run lasts need functions and tables that
-- belong to whoever runs it: they have a schema of their own, which is empty otherwise.
create schema if not exists berth_guard;

-- A run: what was asked for, how far it has come, what it did. Whoever works on it has
-- the claim of this epoch; the process of the server shows whether they still live.
-- `locked` is when the last step got a lock that writers wait for: the next step tells
-- how long they may have waited. `indexed`: its guard sees every row of the table, by an
-- index; `round` counts how often duplicates were looked for, and `gone` the keys of the
-- last time whose rows were not where they had been found.
create table berth.dedupe_run (
	id uuid not null constraint dedupe_run_pkey primary key,
	seq bigint not null generated always as identity,
	relation oid not null,
	name text not null,
	ask jsonb not null,
	request jsonb not null,
	columns jsonb not null,
	constraint_name text not null,
	standing bool not null,
	author text not null default session_user,
	detail jsonb,
	state text not null default 'running' constraint dedupe_run_state_known
		check (state in ('running', 'done', 'undoing', 'undone')),
	phase text not null constraint dedupe_run_phase_known check (phase in
		('index', 'guard', 'find', 'remove', 'rewrite', 'unique', 'drop', 'attach', 'clean', 'detach', 'unindex', 'restore', 'end')),
	started timestamptz not null default now(),
	finished timestamptz,
	epoch bigint not null default 1,
	pid int not null,
	backend_start timestamptz not null,
	total bigint not null default 0,
	looked bigint not null default 0,
	chunk int not null default 32,
	mark bigint not null default 0,
	groups bigint not null default 0,
	removed bigint not null default 0,
	conflicting bigint not null default 0,
	rewritten bigint not null default 0,
	restored bigint not null default 0,
	longest_block bigint not null default 0,
	locked timestamptz,
	indexed bool not null,
	round int not null default 0,
	gone bigint not null default 0
);
create unique index dedupe_run_open on berth.dedupe_run (relation) where state in ('running', 'undoing');

-- The rows that were taken out: each field as its type writes it, so that it can be put back byte
-- for byte; the columns are those of the run. Of a rewritten row the names of the
-- columns that were NULL.
create table berth.dedupe_row (
	run uuid not null constraint dedupe_row_run references berth.dedupe_run on delete cascade,
	seq bigint not null generated always as identity,
	row_id text not null,
	survivor text,
	rule text not null,
	fields text[],
	emptied text[],
	constraint dedupe_row_pkey primary key (run, seq)
);

-- The hashes of the keys that more than one row has, as far as they are still to be looked at; where their rows were, unless
-- an index finds them; and whether rows of other values have been taken out already.
create table berth.dedupe_todo (
	run uuid not null,
	hash bigint not null,
	place bigint not null generated always as identity,
	differed bool not null default false,
	at tid[],
	constraint dedupe_todo_pkey primary key (run, hash)
);
-- Of a key with very many rows it changes at every step, and is not worth compressing.
alter table berth.dedupe_todo alter at set storage external;
create index dedupe_todo_place on berth.dedupe_todo (run, place);
