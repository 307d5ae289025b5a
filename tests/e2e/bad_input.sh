#!/usr/bin/env bash
# Every malformed input is named in the error, and changes nothing.
. tests/lib.sh
. tests/lib/answers.sh

new_database
id=11111111-1111-4111-8111-111111111111
berth -q pool create web --kind ipv4 10.0.0.0/24 >"$TMPDIR/made"
berth -q pool create vlan --kind number 100-199 >"$TMPDIR/made"
berth -q pool create six --kind ipv6 fd00::/64 >"$TMPDIR/made"
berth -q pool create rack --kind host host1:4 >"$TMPDIR/made"
berth -q allocate web --id $id >"$TMPDIR/made"

table_of_refusals <<'END'
# names
pool create '' --kind ipv4                   | invalid_input | pool: a name must not be empty
pool create .x --kind ipv4                   | invalid_input | pool ".x": a name is letters
pool create 'a b' --kind ipv4                | invalid_input | pool "a b"
pool create a/b --kind ipv4                  | invalid_input | pool "a/b"
pool create ü --kind ipv4                    | invalid_input | pool "ü"
pool create $(printf 'a%.0s' {1..64}) --kind ipv4 | invalid_input | at most 63 characters
pool create x --kind ipv4 --space 'a b'      | invalid_input | space "a b"
pool create x --kind ipv4 --activate-hook ../x | invalid_input | --activate-hook: hook "../x"
pool create x --kind ipv4 --release-hook x/y | invalid_input | --release-hook: hook "x/y"
pool show pool/                              | invalid_input | pool: a name must not be empty
pool show ..                                 | invalid_input | pool ".."
pool free a/b                                | invalid_input | pool "a/b"
pool delete ''                               | invalid_input | pool: a name must not be empty
resource list ..                             | invalid_input | pool ".."
lease list --pool 'a b'                      | invalid_input | pool "a b"
allocate 'we b'                              | invalid_input | pool "we b"
# kinds, percents, durations, ids
pool create x                                | invalid_input | --kind: must be given
pool create x --kind ipv5                    | invalid_input | 'ipv5' is not one of ipv4, ipv6, number, host
pool create x --kind IPV4                    | invalid_input | 'IPV4' is not one of
pool create x --kind ipv4 --warn 90 --crit 80 | invalid_input | --warn 90 is above --crit 80
pool create x --kind ipv4 --warn 91          | invalid_input | --warn 91 is above --crit 90
pool create x --kind ipv4 --warn 101         | invalid_input | --warn: '101'
pool create x --kind ipv4 --crit -1          | invalid_input | --crit: '-1'
pool create x --kind ipv4 --warn 80.5        | invalid_input | --warn: '80.5'
pool create x --kind ipv4 --warn ' 80'       | invalid_input | --warn: ' 80'
pool create x --kind ipv4 --ttl 5            | invalid_input | --ttl: duration "5"
pool create x --kind ipv4 --ttl 5w           | invalid_input | --ttl: duration "5w"
pool create x --kind ipv4 --ttl -5s          | invalid_input | --ttl: duration "-5s"
pool create x --kind ipv4 --reuse-delay 1.5h | invalid_input | --reuse-delay: duration "1.5h"
pool create x --kind ipv4 --ttl 99999999999d | invalid_input | --ttl: duration "99999999999d"
pool create x --kind ipv4 --id 5             | invalid_input | --id: '5' is not an id
pool create x --kind ipv4 --id 00000000-0000-0000-0000-000000000000 | invalid_input | is not an id
pool create x --kind ipv4 --id 11111111-1111-4111-8111-11111111111  | invalid_input | is not an id
pool create x --kind ipv4 --id 11111111-1111-4111-8111-1111111111111 | invalid_input | is not an id
pool create x --kind ipv4 --reason "$(printf 'x%.0s' {1..1001})" | invalid_input | reason: 1001 characters, at most 1000
# ranges
pool create x --kind ipv4 10.0.0.1/24        | invalid_input | did you mean 10.0.0.0/24?
pool create x --kind ipv4 10.0.0/24          | invalid_input | "10.0.0" is not an IPv4 address
pool create x --kind ipv4 010.0.0.0/8        | invalid_input | "010.0.0.0" is not an IPv4 address
pool create x --kind ipv4 10.0.0.256         | invalid_input | "10.0.0.256"
pool create x --kind ipv4 10.0.0.0/33        | invalid_input | "33" is not a prefix length from 0 to 32
pool create x --kind ipv4 10.0.0.0/          | invalid_input | "" is not a prefix length
pool create x --kind ipv4 10.0.0.0/08        | invalid_input | "08" is not a prefix length
pool create x --kind ipv4 10.0.0.0/24/3      | invalid_input | "24/3" is not a prefix length
pool create x --kind ipv4 10.0.0.0/-1        | invalid_input | "-1" is not a prefix length
pool create x --kind ipv4 '10.0.0.0 /24'     | invalid_input | "10.0.0.0 "
pool create x --kind ipv4 ' 10.0.0.0/24'     | invalid_input | " 10.0.0.0"
pool create x --kind ipv4 10.0.0.9-10.0.0.5  | invalid_input | did you mean 10.0.0.5-10.0.0.9?
pool create x --kind ipv4 10.0.0.0-10        | invalid_input | "10" is not an IPv4 address
pool create x --kind ipv4 10.0.0.1-          | invalid_input | "" is not an IPv4 address
pool create x --kind ipv4 ''                 | invalid_input | "" is not an IPv4 address
pool create x --kind ipv4 fd00::/64          | invalid_input | "fd00::" is not an IPv4 address
pool create x --kind ipv4 10.5.0.0/24 10.6.0.1/24 | invalid_input | 10.6.0.1/24
pool create x --kind ipv6 fd00::1/64         | invalid_input | did you mean fd00::/64?
pool create x --kind ipv6 fd00::/129         | invalid_input | "129" is not a prefix length from 0 to 128
pool create x --kind ipv6 :::                | invalid_input | ":::" is not an IPv6 address
pool create x --kind ipv6 1:2:3:4:5:6:7:8:9  | invalid_input | is not an IPv6 address
pool create x --kind ipv6 fe80::1%eth0       | invalid_input | "fe80::1%eth0"
pool create x --kind ipv6 10.0.0.0/8         | invalid_input | "10.0.0.0" is not an IPv6 address
pool create x --kind number 9223372036854775808 | invalid_input | is not a number from 0 to 2^63 - 1
pool create x --kind number -- -5            | invalid_input | "" is not a number
pool create x --kind number 5-4              | invalid_input | did you mean 4-5?
pool create x --kind number 0x5              | invalid_input | "0x5" is not a number
pool create x --kind number 1e3              | invalid_input | "1e3" is not a number
pool create x --kind number +5               | invalid_input | "+5" is not a number
pool create x --kind number 5,6              | invalid_input | "5,6" is not a number
pool create x --kind host host1:             | invalid_input | a slot of a host is a number from 1
pool create x --kind host host1:0            | invalid_input | a slot of a host is a number from 1
pool create x --kind host host1:x            | invalid_input | a slot of a host is a number from 1
pool create x --kind host a/b                | invalid_input | host "a/b"
pool create x --kind host .h:2               | invalid_input | host ".h"
pool add web '?'                             | invalid_input | range "?"
pool add web ''                              | invalid_input | range ""
pool add web 10.3.0.0/24 10.4.0.0/24 5       | invalid_input | "5" is not an IPv4 address
pool add web 5-6                             | invalid_input | pool web is of kind ipv4, and 5-6 is number
pool add vlan 10.3.0.0/24                    | invalid_input | pool vlan is of kind number, and 10.3.0.0/24 is ipv4
pool add rack fd00::/64                      | invalid_input | pool rack is of kind host
pool remove web 10.0.0.0/255.255.255.0       | invalid_input | is not a prefix length
pool remove web bogus/5                      | invalid_input | bogus/5
resource show web                            | invalid_input | expected an id, or POOL/RANGE, or POOL/HOST
resource show web/                           | invalid_input | range ""
resource show web/10.0.0.1/24                | invalid_input | host bits
resource show /10.0.0.0/24                   | invalid_input | pool: a name must not be empty
# allocate
allocate web --count 0                       | invalid_input | '0' is not a whole number from 1 to 10000
allocate web --count 10001                   | invalid_input | '10001'
allocate web --count x                       | invalid_input | --count: 'x'
allocate web --count 2 --value 10.0.0.9      | invalid_input | --value: not together with --count
allocate web --value 10.0.0.7/32             | invalid_input | "10.0.0.7/32"
allocate web --value 10.0.0                  | invalid_input | "10.0.0"
allocate web --value '?'                     | invalid_input | --value: "?"
allocate web --value 10.0.1.0                | invalid_input | value 10.0.1.0 is in no live resource of pool web
allocate web --value 7                       | invalid_input | value 7 is in no live resource
allocate rack --value host1                  | invalid_input | did you mean host1:1?
allocate rack --value host1:5                | invalid_input | value host1:5 is in no live resource
allocate rack --value host1:0                | invalid_input | host1:0
allocate web --until 2020-01-01T00:00:00Z    | invalid_input | --until 2020-01-01T00:00:00Z is in the past
allocate web --until tomorrow                | invalid_input | --until: time "tomorrow"
allocate web --until 2999-01-01T00:00:00     | invalid_input | with offset
allocate web --until 2999-13-01T00:00:00Z    | invalid_input | --until: time "2999-13-01
allocate web --until 2999-02-29T00:00:00Z    | invalid_input | --until: time "2999-02-29
allocate web --until 2999-01-01T00:00:00Z --for 5m | invalid_input | --for: not together with --until
allocate web --for 5                         | invalid_input | --for: duration "5"
allocate web --for 0s                        | invalid_input | --for 0s
allocate web --for -5m                       | invalid_input | --for: duration "-5m"
allocate web --for 1e9d                      | invalid_input | --for: duration "1e9d"
allocate web --id x                          | invalid_input | --id: 'x'
allocate web --id=                           | invalid_input | --id: its value must not be empty
allocate web --id 11111111-1111-4111-8111-111111111111 --id 11111111-1111-4111-8111-111111111112 | invalid_input | --id: given twice
allocate web --priority high                 | invalid_input | --priority: 'high'
allocate web --priority 99999999999999999999 | invalid_input | --priority
allocate web --holder "$(printf 'x%.0s' {1..201})" | invalid_input | holder: 201 characters, at most 200
allocate web --holder $'a\xff'               | invalid_input | not valid UTF-8
# lists
pool list --sort shoe                        | invalid_input | 'shoe' is not one of name, free, percent, runs-out
pool list --status full                      | invalid_input | 'full' is not one of ok, warning, critical, exhausted
pool free web --limit 0                      | invalid_input | --limit: '0'
pool free web --limit x                      | invalid_input | --limit: 'x'
lease list --state activ                     | invalid_input | --state "activ": the states are pending
lease list --state active,                   | invalid_input | --state "active,"
lease list --state ,                         | invalid_input | --state ","
lease list --limit -1                        | invalid_input | --limit: '-1'
lease list --limit 9223372036854775808       | invalid_input | --limit
lease list --after x                         | invalid_input | --after: 'x' is not an id
lease list --after 99999999-1111-4111-8111-111111111111 | not_found | no lease has this id
lease list --at 2026-01-01                   | invalid_input | --at: needs --value
lease list --value 5 --at yesterday          | invalid_input | --at: time "yesterday"
lease list --value 10.0.0                    | invalid_input | "10.0.0"
lease show x                                 | invalid_input | lease "x": not a UUID
lease show lease/                            | invalid_input | not a UUID
# missing objects
pool show nope                               | not_found | pool nope does not exist
pool free nope                               | not_found | pool nope does not exist
pool add nope 5                              | not_found | pool nope does not exist
pool remove nope 5                           | not_found | pool nope does not exist
pool remove web 10.0.0.0/25                  | in_use | range 10.0.0.0/25 of pool web has leases: 10.0.0.0
pool remove web 10.99.0.0/25                 | not_found | pool web has no live resource 10.99.0.0/25
pool remove rack host1                       | not_found | pool rack has no live resource host1
pool remove rack host1                       | not_found | host1 has 4 slots: berth pool remove rack host1:4
pool delete nope                             | not_found | pool nope does not exist
resource list nope                           | not_found | pool nope does not exist
resource show nope/5                         | not_found | resource nope/5 does not exist
resource show web/10.0.1.0                   | not_found | resource web/10.0.1.0 does not exist
resource show web/167772160-167772415        | not_found | does not exist
resource show rack/host2                     | not_found | resource rack/host2 does not exist
resource show rack/host1:9                   | not_found | resource rack/host1:9 does not exist
resource show 11111111-1111-4111-8111-111111111111 | not_found | does not exist
allocate nope                                | not_found | pool nope does not exist
lease list --pool nope                       | not_found | pool nope does not exist
lease show 99999999-1111-4111-8111-111111111111 | not_found | lease 99999999-1111-4111-8111-111111111111 does not exist
# obstacles
pool create web --kind ipv4                  | already_exists | pool web exists already
pool create x --kind ipv4 10.0.0.128/25      | overlap | range 10.0.0.128/25 overlaps 10.0.0.0/24 of pool web
pool create x --kind ipv4 10.9.0.0/24 10.9.0.5 | overlap | range 10.9.0.5 overlaps 10.9.0.0/24 of pool x
pool create x --kind host host1              | overlap | range host1 overlaps host1 of pool rack
pool create x --kind ipv6 ::/0               | overlap | overlaps fd00::/64 of pool six
pool add vlan 199-200                        | overlap | range 199-200 overlaps 100-199 of pool vlan
pool add web 10.9.0.0/24 10.0.0.255          | overlap | range 10.0.0.255 overlaps 10.0.0.0/24
pool remove web 10.0.0.0/24                  | in_use | resource 10.0.0.0/24 of pool web has leases: 10.0.0.0
pool delete web                              | in_use | pool web has resources: 10.0.0.0/24; its leases: 10.0.0.0
allocate web --value 10.0.0.0                | conflict | is held by lease 11111111-1111-4111-8111-111111111111 since
allocate web --count 256                     | pool_exhausted | pool web
pool create x --kind ipv4 --read-only        | read_only | pool create: --read-only
pool add web 10.9.0.0/24 --read-only         | read_only | pool add: --read-only
allocate web --read-only                     | read_only | allocate: --read-only
# files
pool import                                  | invalid_input | usage: berth pool import FILE
pool import ''                               | invalid_input | No such file
pool import /nonexistent                     | invalid_input | file "/nonexistent": No such file or directory
pool import /                                | invalid_input | file "/": Is a directory
pool import - --on-conflict ignore           | invalid_input | 'ignore' is not one of abort, skip
pool import -                                | invalid_input | the file is empty
END
