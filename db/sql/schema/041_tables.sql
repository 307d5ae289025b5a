-- Dedupe of tables whose rows count only while a column is NULL, whose keys have no case, and whose rows are identified
-- by several columns or by none: requests say so, and those of earlier runs did not.
update berth.dedupe_run set
	ask = ask || jsonb_build_object('fold', '[]'::jsonb, 'live', null, 'repoint', false, 'row_id',
		case when ask->>'row_id' is null then '[]' else jsonb_build_array(ask->'row_id') end),
	request = request || jsonb_build_object('fold', '[]'::jsonb, 'live', null, 'repoint', false, 'row_id',
		case when request->>'row_id' is null then '[]' else jsonb_build_array(request->'row_id') end);

-- References to removed rows are moved to the survivors: the foreign keys of a run, by their columns and those that they
-- refer to, with the columns that identify a row of theirs.
create table berth.dedupe_reference (
	run uuid not null constraint dedupe_reference_run references berth.dedupe_run on delete cascade,
	place int not null,
	key oid not null,
	relation oid not null,
	columns text[] not null,
	targets text[] not null,
	ids text[] not null,
	constraint dedupe_reference_pkey primary key (run, place)
);
-- The reference of a moved row, its columns before and after; `row_id` finds the row afterwards.
alter table berth.dedupe_row add column place int, add column was text[], add column became text[];
alter table berth.dedupe_run add column repointed bigint not null default 0;
