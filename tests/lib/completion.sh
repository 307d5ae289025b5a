# Helpers for tests of completion, after tests/lib.sh and new_database:
#
#     completion_data        makes pools, a project, labels and tables to be found; one has a $hostile name
#     patient ARGS...        the program, with a minute instead of a fifth of a second for the server, so that no
#                            test depends on the load of the machine; it is `berth` of PATH, too

hostile='x; touch $HOME/pwned "`touch $HOME/pwned`" '"'"

mkdir -p "$TMPDIR/bin"
cat >"$TMPDIR/bin/berth" <<-END
	#!/bin/sh
	exec "$BERTH" --timeout 60s "\$@"
END
chmod 755 "$TMPDIR/bin/berth"
export PATH=$TMPDIR/bin:$PATH

patient() {
	"$TMPDIR/bin/berth" "$@"
}

completion_data() {
	patient pool create web --kind ipv4 10.0.0.0/24 >/dev/null
	patient pool create wob --kind ipv4 10.1.0.0/24 >/dev/null
	patient label pool/web env=prod team/owner=net >/dev/null
	patient org create acme >/dev/null
	patient project create acme/shop >/dev/null
	sql "create table \"${hostile//\"/\"\"}\" (a int, b int); create table tame (key int, other int);
		create table \"e[2Jvil$(printf '\033')\" (a int)" >/dev/null
}
