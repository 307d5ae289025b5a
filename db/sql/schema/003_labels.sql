-- Words of people about things: labels to select by, annotations to read.

-- Keys and labels are ASCII: they are compared byte by byte, which is fast and the same everywhere. What the
-- program refuses the tables refuse too.
alter table berth.label
	alter column prefix type text collate "C",
	alter column name type text collate "C",
	alter column value type text collate "C",
	add constraint label_prefix_short check (char_length(prefix) <= 253),
	add constraint label_name_form check (name ~ '^[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$'),
	add constraint label_value_form check (value ~ '^([A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?)?$');

-- A selector that is looked for in a million leases, newest first, must not read
-- them all: the order of birth of a lease stands beside its labels, so that one
-- index gives those of a value, and another those of a key, in that order. Other
-- things are few, and have 0.
alter table berth.label add column seq bigint not null default 0;
update berth.label b set seq = l.seq from berth.lease l where l.id = b.target;
create index label_value on berth.label (kind, prefix, name, value, seq);
create index label_key on berth.label (kind, prefix, name, seq);

create table berth.annotation (
	kind text not null,
	target uuid not null,
	prefix text collate "C" not null constraint annotation_prefix_short check (char_length(prefix) <= 253),
	name text collate "C" not null
		constraint annotation_name_form check (name ~ '^[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$'),
	value text not null constraint annotation_value_short check (char_length(value) <= 5000),
	constraint annotation_pkey primary key (target, prefix, name)
);
