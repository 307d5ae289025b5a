#!/usr/bin/env bash
# The guide's chapter "Migrating legacy label tables", with the tables of the package.
. tests/lib.sh
. tests/lib/guide.sh

guide_machine
guide_reader
guide_chapter duplicates
check 'all rows are back' equal '6 5' "$(psql -XAtc 'select (select count(*) from app_labels), (select count(*) from app_tags)' | tr '|' ' ')"
