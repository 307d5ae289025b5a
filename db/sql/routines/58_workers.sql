-- Workers: how they start, live and end.

-- Raises invalid_input when a check has failed, and conflict when the caller has not started the worker in whose name
-- it acts. The login of workers that started before logins were recorded is unknown.
create or replace function berth.accept_worker(token uuid, asked_name text, failed text) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	who name := berth.called_by(token);
begin
	perform berth.accept(coalesce(berth.check_worker(asked_name), failed));
	if not exists (select from berth.worker where name = asked_name and coalesce(login = who, true)) then
		perform berth.refuse('conflict', format('%s has started no worker %s', who, asked_name),
			jsonb_build_object('worker', asked_name));
	end if;
end $$;

-- Adds a worker, and returns it. Its name can be that of a dead worker, whose claims are then free. Raises conflict for
-- the name of a living one.
create or replace function berth.worker_start(asked_name text, asked_host text, asked_pid bigint, asked_every bigint,
	asked_hooks bool,
	asked_started timestamptz, token uuid default berth.caller())
returns setof berth.worker_view language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
	who name := berth.called_by(token);
	w berth.worker_view;
	owner text;
begin
	perform berth.accept(coalesce(
		berth.check_worker(asked_name),
		berth.check_text('host', asked_host, 255),
		berth.check_count('pid', asked_pid, 1, 2147483647),
		berth.check_count('heartbeat in microseconds', asked_every, 100000, 3600000000),
		berth.check_bool('hooks', asked_hooks),
		berth.check_that('started', asked_started is not null, 'a time is needed'),
		berth.check_time('started', asked_started)));
	insert into berth.worker (name, host, pid, every, hooks, started, login)
	values (asked_name, asked_host, asked_pid, asked_every, asked_hooks, asked_started, who)
	on conflict on constraint worker_pkey do nothing;
	if not found then
		select login into owner from berth.worker where name = asked_name for update;
		select * into w from berth.worker_view where name = asked_name;
		if w.alive and (w.started <> asked_started or owner <> who) then
			perform berth.refuse('conflict', format('worker %s is alive: it runs on %s as process %s', w.name, w.host,
				w.pid),
				jsonb_build_object('worker', w.name, 'host', w.host, 'pid', w.pid, 'heartbeat', w.heartbeat),
				'give another --name');
		end if;
		update berth.command set deadline = now() - interval '1 second' where state = 'running' and hook
			and worker = asked_name
			and (w.started <> asked_started or owner <> who);
		update berth.worker
		set host = asked_host, pid = asked_pid, every = asked_every, hooks = asked_hooks, login = who, stopped = false,
			heartbeat = now(),
			consumed = case when started = asked_started then consumed else 0 end, started = asked_started
		where name = asked_name;
	end if;
	delete from berth.caller where xact < pg_snapshot_xmin(pg_current_snapshot());
	-- Workers that ended properly are of interest for a while, others for longer.
	delete from berth.worker where name <> asked_name
		and heartbeat < now() - case when stopped then interval '1 hour' else berth.history() end
			and (stopped or berth.clock_settled());
	return query select * from berth.worker_view where name = asked_name;
end $$;

-- Records that a worker is alive. Returns false if another one has the name by now.
create or replace function berth.worker_beat(asked_name text, asked_started timestamptz,
	token uuid default berth.caller()) returns bool
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
	who name := berth.called_by(token);
begin
	perform berth.accept(coalesce(berth.check_worker(asked_name), berth.check_time('started', asked_started)));
	update berth.worker set heartbeat = now(), stopped = false
	where name = asked_name and started = asked_started and coalesce(login = who, true);
	return found;
end $$;

-- Records that a worker has ended. Returns false if another one has the name by now.
create or replace function berth.worker_stop(asked_name text, asked_started timestamptz,
	token uuid default berth.caller()) returns bool
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
	who name := berth.called_by(token);
begin
	perform berth.accept(coalesce(berth.check_worker(asked_name), berth.check_time('started', asked_started)));
	update berth.worker set stopped = true
	where name = asked_name and started = asked_started and coalesce(login = who, true);
	return found;
end $$;
