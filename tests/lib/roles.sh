# Helpers for shell tests of rights, after tests/lib.sh and tests/lib/answers.sh: the
# table of rights in CONTRIBUTING.md, and users to test it with.
#
#     roles_help                 prints the verbs that berth help lists, one on each line
#     roles_documented           prints the table: lines of  COMMAND|viewer|operator|worker|admin
#     roles_new                  creates a login for each role, and one without a role:
#                                ${logins[viewer]}, ..., ${logins[nobody]}
#     roles_prepared             keeps PGDATABASE as the start of every test;
#                                PGDATABASE becomes a copy of it
#     roles_changed              succeeds when the copy differs from that
#     roles_restored             makes a new copy
#     as ROLE CMD...             runs CMD as that user, for at most 20 s
#
# Users belong to the cluster: their names contain the test's number, and they are
# dropped at the end of the script.

declare -A logins=()
roles_patience=20

roles_end() {
	local code=$? login name
	# Users cannot be dropped while they own objects there.
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

# Drops the user's databases too.
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
	sed -n '/^##* Rights$/,/^#/s/^| `\([^`|]*\)` | \(.*\) |$/\1|\2/p' CONTRIBUTING.md | sed 's/ *| */|/g'
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
