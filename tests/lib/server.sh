# What the server of the tests can do, after tests/lib.sh. Each test makes the same checks on every version.
#
#     server_since 15             succeeds if it is PostgreSQL 15 or later
#
# Before PostgreSQL 15 a unique constraint takes every NULL for another one, and `dedupe fix` refuses a key that may be
# NULL. A test about something else has a value of its own there, in columns that are NOT NULL:
#
#     unset_key TABLE COLUMN...   makes the columns so; since PostgreSQL 15 it leaves the table alone
#     $unset                      the value, in SQL: null, or '0', which is a text and a number
#     $unset_json                 the same as a text in JSON: null, or "0"
#     $nulls_not_distinct         what such an index has after its columns

server_major=$(PGHOST=$BERTH_TEST_HOST PGUSER=postgres psql -XqAt -d postgres \
	-c "select current_setting('server_version_num')::int / 10000") || exit 1

server_since() {
	[ "$server_major" -ge "$1" ]
}

unset=null unset_json=null nulls_not_distinct=' NULLS NOT DISTINCT'
server_since 15 || unset="'0'" unset_json='"0"' nulls_not_distinct=

unset_key() {
	local table=$1 column
	shift
	server_since 15 && return
	for column; do
		sql "update $table set $column = $unset where $column is null" &&
			sql "alter table $table alter $column set not null" || return 1
	done
	sql "vacuum full $table" # its rows have the places that they would have
}
