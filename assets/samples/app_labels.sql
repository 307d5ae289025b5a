-- A table whose keys should be unique and are not: two writers, and NULL that is never equal to NULL.
create table public.app_labels (
	id bigint primary key,
	app text not null,
	prefix text,
	name text not null,
	value text,
	updated_at timestamptz not null
);

insert into public.app_labels values
	(1, 'shop', null, 'env', 'test', '2026-01-01 10:00+00'),
	(2, 'shop', null, 'env', 'prod', '2026-02-01 10:00+00'),
	(3, 'shop', '', 'env', 'prod', '2026-03-01 10:00+00'),
	(4, 'shop', 'team', 'owner', 'net', '2026-01-01 10:00+00'),
	(5, 'shop', 'team', 'owner', 'net', '2026-01-02 10:00+00'),
	(6, 'blog', 'team', 'owner', 'web', '2026-01-01 10:00+00');
