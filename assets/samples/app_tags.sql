-- A table of labels with soft deletion and keys in any case, and a table that refers to it.
create table public.app_tags (
	id bigint primary key,
	owner text not null,
	name text not null,
	value text,
	created_at timestamptz not null,
	deleted_at timestamptz
);
create table public.app_tag_uses (host text primary key, tag bigint not null references public.app_tags);

insert into public.app_tags values
	(1, 'shop', 'Env', 'prod', '2026-01-01 10:00+00', null),
	(2, 'shop', 'env', 'prod', '2026-02-01 10:00+00', null),
	(3, 'shop', 'ENV', 'test', '2026-03-01 10:00+00', '2026-03-02 10:00+00'),
	(4, 'shop', 'tier', '2', '2026-01-01 10:00+00', null),
	(5, 'blog', 'env', 'prod', '2026-01-01 10:00+00', null);
insert into public.app_tag_uses values ('vm-1', 1), ('vm-2', 2), ('vm-3', 4);
