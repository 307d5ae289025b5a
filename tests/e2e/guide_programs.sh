#!/usr/bin/env bash
# The guide's chapter "berth in a program": the shell, SQL and Python run; Go is shown.
. tests/lib.sh
. tests/lib/guide.sh

guide_machine
guide_reader
transcript_stands /tmp/web- "$TMPDIR/web-"
guide_chapter programs
check 'each instance has its address' equal 'web-1 web-2 web-3' \
	"$(psql -XAtc "select string_agg(name, ' ' order by name) from instance join berth_api.lease l on l.id = lease")"
