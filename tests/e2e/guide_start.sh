#!/usr/bin/env bash
# The guide's chapter "Quick start", on a machine without a database.
. tests/lib.sh
. tests/lib/guide.sh

guide_machine
guide_postgres dropdb berth
for role in viewer operator worker admin; do
	guide_postgres dropuser "berth_$role"
done
guide_chapter start
check 'the release was applied' equal destroyed \
	"$(guide_postgres berth -d berth lease show 0a7ac5a6-6a4c-4d0e-8f0e-3c8f4e2f6b11 --json | jq -r .state)"
