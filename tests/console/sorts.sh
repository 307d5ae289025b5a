#!/usr/bin/env bash
# Sorting on a real terminal: the menu, the same again, the cursor on its row, saved views, export, lines, and the queue.
. tests/lib.sh

export XDG_CONFIG_HOME=$TMPDIR/config XDG_STATE_HOME=$TMPDIR/state
new_database
{
	for n in 1 2 3 4 5; do
		berth pool create "p$n" --kind number "${n}01-${n}99" --space "s$((6 - n))"
		berth allocate "p$n" --count "$((n * 9))" --holder "h$((n % 3))" --for "$((9 - n))h"
	done
	berth allocate p1 --holder zz
} >"$TMPDIR/made"
cd "$TMPDIR" || exit 1

say() {
	screen_type ":$1"
	screen_keys Enter
}

screen_start 110 30 "$BERTH"
check 'it starts' screen_wait '^>.. *p[1-5]'
screen_keys o
check 'o asks by which column' screen_wait '── sort by'
screen_keys n
check 'by name' screen_wait '^> . p1 '
check '... the head shows the direction' screen_wait ' POOL▴'
screen_keys j
check 'the second' screen_wait '^> . p2 '
screen_keys o f
check 'by free: the cursor stays on its row' screen_wait '^> . p2 '
check '... which is the last but one' screen_wait '4 of 5'
check '... and the head shows it' screen_wait '▴FREE'
screen_keys o f
check 'the same again reverses' screen_wait '▾FREE'
check '... and the cursor stays' screen_wait '^> . p2 '
check '... on the second now' screen_wait '2 of 5'
screen_keys w
screen_type 'freest'
screen_keys Enter
check 'it is saved' screen_wait 'saved as freest'
check '... with its direction' grep -q '^sort = free reverse$' "$XDG_CONFIG_HOME/berth/views"
screen_keys 2
check 'the leases' screen_wait 'sort ▾ newest'
screen_keys o h
check 'by holder' screen_wait 'HOLDER▴'
screen_keys g
check '... the first' screen_wait '^> .* h0 '
screen_keys o h
check '... the other way round' screen_wait 'HOLDER▾'
screen_keys g
check '... the last is first' screen_wait '^> .* zz '
screen_keys G
check '... and the end is there' screen_wait '136 of 136'
screen_keys o x
check 'by the end of the lease' screen_wait 'EXPIRES▴'
screen_keys o n
check 'newest first' screen_wait 'sort ▾ newest'
screen_keys o n g
check 'oldest first' screen_wait 'sort ▴ newest'
check '... from the first lease on' screen_wait '^> .* 101 +h1 '
say 'sort value'
say 'export leases.csv'
check 'the export' screen_wait 'leases\.csv: 136 rows written'
check '... has the order' cmp <(tail -n +2 leases.csv | cut -d, -f4) <(tail -n +2 leases.csv | cut -d, -f4 | sort -n)
say 'view freest'
check 'the saved view' screen_wait '▾FREE'
say 'lease holders --sort oldest --reverse'
check 'an order of another screen' screen_wait '▴OLDEST'
say 'resources'
screen_keys o u
check 'rows that are sorted here' screen_wait '▾USED'
screen_keys g
check '... the most used first' screen_wait '^> .* 501-599 '
screen_keys 3
check 'the queue begins with what needs a person' screen_wait 'sort ▾ urgent'
screen_keys q q q q q q q q
check 'it ends' screen_ends 0

screen_start 110 30 "$BERTH" --linear
check 'as lines' screen_wait 'pools, 5 in all, sorted by runs-out'
screen_keys o Enter f Enter o Enter f Enter
check 'a letter is a line' screen_wait 'pools, 5 in all, sorted by free reverse'
screen_keys q Enter
check 'the lines end' screen_ends 0
check '--once has the mark' prints '▴RUNS OUT' berth --once pools
check '... and the words' prints 'sorted by runs-out' berth --once pools --linear
