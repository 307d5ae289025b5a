#!/usr/bin/env bash
# The guide's chapter "The worker as a service", with the command and the environment of the installed unit.
. tests/lib.sh
. tests/lib/guide.sh

guide_machine
guide_reader
guide_postgres psql -Xq -d berth -c "create role berth_worker_1 login in role berth_worker password 'good night'"
transcript_stands db1.example.net "$(cluster_folder main)"
guide_chapter service
check 'others cannot read the connection' equal 600 "$(stat -c %a "$guide_folder/etc/berth/worker.env")"
check 'the worker is gone' equal 0 "$(berth worker list --json | jq '[.[] | select(.alive)] | length')"
