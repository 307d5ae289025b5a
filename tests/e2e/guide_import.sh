#!/usr/bin/env bash
# The guide's chapter "Importing what is there".
. tests/lib.sh
. tests/lib/guide.sh

guide_machine
guide_reader
transcript_stands /tmp/hosts "$TMPDIR/hosts"
guide_chapter import
check 'the leases are there' equal 8 "$(berth lease list --json | jq length)"
