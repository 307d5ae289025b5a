# For the shell tests of rights, behind tests/lib.sh and tests/lib/answers.sh: who
# may do what by the table in README.md, and users to try it.
#
#     roles_help                 the commands that berth help lists, one a line
#     roles_documented           the table: lines of  COMMAND|viewer|operator|worker|admin
#     roles_new                  a user who may log in for each of these roles, and one with none:
#                                ${logins[viewer]}, ..., ${logins[nobody]}
#     roles_prepared             what is in PGDATABASE is what everybody begins with;
#                                PGDATABASE becomes a copy of it
#     roles_changed              whether the copy is not as it was prepared
#     roles_restored             makes it so again
#     as ROLE CMD...             run as that user, for no longer than 20 s
#
# Users are of the whole cluster: their names carry the test's number, and the
# end of the script drops them.

declare -A logins=()
roles_patience=20

roles_end() {
	local code=$? login name
	# What users own there would keep them.
	for name in "${tests_databases[@]}"; do
		dropdb --if-exists --force "$name" 2>/dev/null || code=1
	done
	for login in "${logins[@]}"; do
		roles_drop "$login" || code=1
	done
	(exit "$code")
	tests_end
}
trap roles_end EXIT

# With the databases that are its own.
roles_drop() {
	local database
	while IFS= read -r database; do
		[ -z "$database" ] || dropdb --force "$database" || return 1
	done < <(psql -XqAt -d postgres -c "select datname from pg_database where datdba::regrole = '\"$1\"'::regrole")
	psql -XqAt -d postgres -c "drop role \"$1\""
}

roles_help() {
	"$BERTH" help | sed -n '/^Verbs:/,/^$/s/^  \([a-z]\+\( [a-z]\+\)*\)  .*/\1/p'
}

roles_documented() {
	sed -n '/^##* Roles$/,/^#/s/^| `\([^`|]*\)` | \(.*\) |$/\1|\2/p' README.md | sed 's/ *| */|/g'
}

roles_new() {
	local role
	for role in viewer operator worker admin; do
		psql -XqAt -d postgres -c "create role \"${role}_$$\" login in role berth_$role" || return 1
		logins[$role]=${role}_$$
	done
	psql -XqAt -d postgres -c "create role \"nobody_$$\" login" || return 1
	logins[nobody]=nobody_$$
}

roles_prepared() {
	roles_original=$PGDATABASE
	roles_fingerprint=$(fingerprint)
	export PGDATABASE=${roles_original}_copy
	tests_databases+=("$PGDATABASE")
	roles_restored
}

roles_restored() {
	dropdb --if-exists --force "$PGDATABASE" && createdb -T "$roles_original" "$PGDATABASE"
} 2>/dev/null

roles_changed() {
	[ "$(fingerprint)" != "$roles_fingerprint" ]
}

as() {
	local role=$1
	shift
	PGUSER=${logins[$role]} timeout "$roles_patience" "$@"
}
