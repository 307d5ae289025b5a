#!/usr/bin/env bash
# The guide's chapter "Sizing": its commands, and its bytes, which are those of this database.
. tests/lib.sh
. tests/lib/guide.sh

guide_machine
guide_reader
guide_worker
systemctl enable --now berth-worker
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
start=$(bytes)
seq 500 | sed 's/.*/pool create pool-& --kind number 1-9 --space space-&/' >"$TMPDIR/pools"
berth -q batch "$TMPDIR/pools" >"$TMPDIR/made"
check 'bytes of a pool and of a range' tells 'a pool or a range' $((($(bytes) - start) / 1000))

berth -q pool create big --kind number 1-100000 --space big >"$TMPDIR/made"
# take N [LABELS]: takes N thousand leases; prints the bytes of one
take() {
	local n=$1 before i
	shift
	before=$(bytes)
	for ((i = 0; i < n; i++)); do
		berth -q allocate big --count 1000 --holder vm-17 --csv "$@" >"$TMPDIR/made"
	done
	echo $((($(bytes) - before) / (1000 * n)))
}
lease=$(take 4)
check 'bytes of a lease' tells 'a live lease' "$lease"
labelled=$(take 2 --label env=prod --label app=shop)
check 'bytes of a label' tells 'a label of a lease' $(((labelled - lease) / 2))
start=$(bytes)
check 'all end' exits 0 berth release --pool big --yes --wait
check 'bytes of an ended lease, with its history' tells 'a lease that has ended' $((($(bytes) - start) / 6000 + lease))
