-- Who calls a function that runs with the rights of berth's owner. `session_user` does not tell: what the owner of a table has
-- written runs as himself in the session of whoever analyzes the table. A caller leaves a row here by berth.caller(); the
-- server fills in whose rights he has, and the function that he calls takes the row away.
create unlogged table berth.caller (
	token uuid not null constraint caller_pkey primary key,
	xact xid8 not null default pg_current_xact_id(),
	who name not null default current_user
);
