-- Tenants: organizations and their projects, and the limits of both.

-- `projects` are those that are not destroyed. A limit may be set below the use: it only stops new ones, so it is
-- guarded where they are counted (berth.charge_organization) and not by a check. Null is no limit.
create table berth.organization (
	id uuid not null constraint organization_pkey primary key,
	name text not null constraint organization_name_key unique,
	max_projects bigint,
	projects bigint not null default 0,
	generation bigint not null default 1,
	created timestamptz not null default now(),
	created_by text not null default session_user,
	constraint organization_name_form check (name ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$'),
	constraint organization_limit_positive check (max_projects >= 0),
	constraint organization_projects_positive check (projects >= 0)
);

-- `leases` counts those that wait or hold a value, but only under a limit: without one nobody writes this row to
-- allocate. It keeps its id when it is destroyed. `born` is the transaction that made it, by which the parts of one
-- request to create it know whether it was made just now; `counted` that its organization knows of it.
create table berth.project (
	id uuid not null constraint project_pkey primary key,
	organization uuid not null constraint project_organization_fkey references berth.organization,
	name text not null,
	max_leases bigint,
	leases bigint not null default 0,
	state text not null default 'active' constraint project_state_known check (state in ('active', 'deleting', 'destroyed')),
	generation bigint not null default 1,
	born xid8 not null default pg_current_xact_id(),
	counted bool not null default false,
	created timestamptz not null default now(),
	created_by text not null default session_user,
	destroyed timestamptz,
	constraint project_name_form check (name ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$'),
	constraint project_limit_positive check (max_leases >= 0),
	constraint project_leases_positive check (leases >= 0)
);
create unique index project_name_key on berth.project (organization, name) where state <> 'destroyed';

-- A pool of a project gives to that project only.
alter table berth.pool add column project uuid constraint pool_project_fkey references berth.project;
create index pool_project on berth.pool (project) where project is not null and destroyed is null;
create index command_stuck on berth.command (lane) where state = 'quarantined';
create index lease_project on berth.lease (project, seq) where project is not null and state <> 'destroyed';

alter table berth.command drop constraint command_action_known, add constraint command_action_known check (action in
	('release', 'reclaim', 'cordon', 'uncordon', 'extend', 'activate', 'retry', 'skip', 'force', 'delete'));
