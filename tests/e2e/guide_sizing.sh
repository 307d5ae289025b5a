#!/usr/bin/env bash
# The guide's chapter "Sizing": its commands, and its bytes, which are those of this database.
. tests/lib.sh
. tests/lib/guide.sh

guide_machine
guide_reader
transcript_stands /tmp/allocate "$TMPDIR/allocate"
transcript_stands '-T 10' '-t 5'
guide_chapter sizing

bytes() {
	guide_postgres psql -XAt -d berth -c "select sum(pg_total_relation_size(oid)) from pg_class
		where relnamespace = 'berth'::regnamespace and relkind = 'r'"
}
# tells ROW BYTES: the chapter's figure for what begins so is between two thirds and three halves of the bytes
tells() {
	local told
	told=$(sed -n "s/^| $1[^|]*| \([0-9]*\) |.*/\1/p" assets/doc/sizing.md)
	[ $((2 * told)) -le $((3 * $2)) ] && [ $((2 * $2)) -le $((3 * told)) ] || {
		echo "told: $told, measured: $2"
		return 1
	}
}
# The worker that is to release what pgbench has left does so before the measures.
guide_postgres berth -q -d berth worker --until-idle
start=$(bytes)
seq -f 'pool create pool-%g --kind number 1-9 --space space-%g' 500 >"$TMPDIR/pools"
berth -q batch "$TMPDIR/pools" >"$TMPDIR/made"
pools=$(bytes)
check 'bytes of a pool and its range' tells 'a pool or a range' $(((pools - start) / 1000))
berth -q pool create big --kind number 1-100000 >"$TMPDIR/made"
take() {
	berth -q allocate big --count 1000 --holder vm-17 --csv "$@" >"$TMPDIR/made"
}
before=$(bytes)
take && take && take && take
leases=$(bytes)
check 'bytes of a lease' tells 'a live lease' $(((leases - before) / 4000))
before=$leases
take --label env=prod --label app=shop && take --label env=prod --label app=shop
labels=$(bytes)
check 'bytes of a label' tells 'a label of a lease' $(((labels - before - (leases - start) * 0 - 2000 * 450) / 4000))
berth -q release --pool big --filter 'holder=vm-17' --yes >"$TMPDIR/queued" 2>&1 &
guide_postgres berth -q -d berth worker --until-idle
wait $!
ended=$(bytes)
check 'bytes of an ended lease, with its history' tells 'a lease that has ended' $(((ended - labels) / 6000 + 450))
