#!/usr/bin/env bash
# The units of systemd: valid, in a sandbox, and the two of the worker alike.
. tests/lib.sh

mkdir "$TMPDIR/units"
for unit in assets/berth-worker.service assets/berth-worker@.service assets/monitoring/berth-metrics.{service,timer}; do
	sed -E "s|^ExecStart=[^ ]*/berth |ExecStart=$BERTH |" "$unit" >"$TMPDIR/units/${unit##*/}"
done
cd "$TMPDIR/units" || exit 1
for unit in *; do
	name=${unit/@./@db.}
	[ "$name" = "$unit" ] || ln -s "$unit" "$name"
	check "$unit is valid" exits 0 systemd-analyze verify --man=no "./$name"
	check '... without a warning' equal '' "$stdout$stderr"
	[[ $unit == *.timer ]] || check '... exposes at most 1.5' exits 0 systemd-analyze security --offline=true --threshold=15 "./$unit"
done
printf '[Service]\nExecStart=/bin/true\n' >open.service
check 'a unit without a sandbox exposes more' prints 'UNSAFE' systemd-analyze security --offline=true ./open.service
check '... which is refused' exits 1 systemd-analyze security --offline=true --threshold=15 ./open.service

settings() {
	sed -n '/^\[Unit\]/,$p' "$1" | grep -vE '^(Description|EnvironmentFile)='
}
check 'the template differs in the database only' equal "$(settings berth-worker.service)" "$(settings berth-worker@.service)"
check '... which its name says' grep -qx 'EnvironmentFile=/etc/berth/worker-%i.env' berth-worker@.service
