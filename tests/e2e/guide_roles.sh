#!/usr/bin/env bash
# The guide's chapter "Roles and grants".
. tests/lib.sh
. tests/lib/guide.sh

guide_machine
guide_web
transcript_stands '~/' "$HOME/"
transcript_stands localhost "$(cluster_folder main)"
guide_chapter roles
check 'who changed the pools is told' equal anna "$(guide_postgres berth -d berth events pool/lab --json | jq -r '.[0].actor')"
