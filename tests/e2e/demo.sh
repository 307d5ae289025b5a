#!/usr/bin/env bash
# The demo without a terminal: the same seed makes the same demo, and nothing is left.
. tests/lib.sh

unset XDG_DATA_HOME "${!PG@}"

# leases SEED: prints state, value and holder of every lease of that demo
leases() {
	berth demo --seed "$1" --once leases --ascii >"$TMPDIR/leases" && cut -c 1-42 "$TMPDIR/leases"
}

first=$(leases 7)
check 'a demo has thousands of leases' test "$(wc -l <<<"$first")" -gt 3000
check 'the same seed makes the same' equal "$first" "$(leases 7)"
check 'another one makes another' test "$first" != "$(leases 8)"
check 'the alerts' prints 'public.app_labels: its duplicates were put back' berth demo --once alerts
check 'nothing is left' equal '' "$(find "$TMPDIR" -name 'berth-demo-*')"
