#!/usr/bin/env bash
# lease import: what is refused and why, all or none, in chunks, again, and what is exported.
. tests/lib.sh
. tests/lib/answers.sh

new_database
berth -q batch - >"$TMPDIR/made" <<'END'
pool create web --kind ipv4 10.0.0.0/22
pool create six --kind ipv6 2001:db8::/64
pool create num --kind number 1-100 --space lab --activate-hook configure --ttl 1h
pool create rack --kind host host1:4
pool create shut --kind number 900-999 --space shut
pool create mine --kind number 1-9 --space mine
pool create few --kind number 1-2 --space few
org create acme
project create acme/web
project create acme/small --max-leases 2
project create acme/own --pool owned=ipv4:10.9.0.0/24
