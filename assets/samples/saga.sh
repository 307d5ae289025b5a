#!/bin/sh
# A saga: an instance gets an address and a port, and both are given back when a later step fails.
#
#     saga.sh ID NAME COMMAND...        COMMAND makes the instance, with ADDRESS (of the pool vm-net) and PORT (of vm-ports)
#                                       in its environment
#
# ID is a UUID that the caller has stored before. The ids of all steps are made of it, so that a saga that was interrupted
# is run again with the same ID: what was done is replayed and has the same values. A saga that was undone is over.
set -eu

saga=$1
name=$2
shift 2

step() {
	uuidgen --sha1 --namespace "$saga" --name "$1"
}

# take POOL: prints a value of the pool, or nothing
take() {
	berth -q allocate "$1" --id "$(step "$1")" --holder "$name" --json | jq -r .value
}

undo() {
	for pool in vm-ports vm-net; do
		berth -q release "$(step "$pool")" --id "$(step "undo $pool")" --reason "the saga of $name failed" >/dev/null 2>&1 || true
	done
	echo "$name: undone" >&2
	exit 1
}

ADDRESS=$(take vm-net)
PORT=$(take vm-ports)
export ADDRESS PORT
[ -n "$ADDRESS" ] && [ -n "$PORT" ] && "$@" || undo
