#!/usr/bin/env bash
# The screens on a real terminal: their contents, the effects of keys, and leaving.
. tests/lib.sh

new_database
{
	berth pool create fra-edge --kind number 0-9
	berth pool create fra-mgmt --kind number 100-199
	berth pool create osl-v6 --kind ipv6 fd00::/64
	berth allocate fra-edge --count 10 --holder 'ci runner'
	berth allocate fra-mgmt --count 30 --holder web
	berth allocate fra-mgmt --count 2 --holder web --label env=prod --label tier=2
	berth label pool/fra-mgmt env=prod
	berth allocate osl-v6 --holder $'etl\033[31m\033]0;x\007\u202e'
} >"$TMPDIR/made"

BERTH_ENV=prod screen_start 80 24 "$BERTH"
check 'the pools are shown, the full one first and marked' screen_wait '^>.✖ fra-edge .* 100% .*FULL'
check 'the first line names environment and server' screen_wait "^ prod  │ .*$PGDATABASE │ .* │ RO .*● live"
check 'the detail explains the row' screen_wait '10 of 10 held, 0 free'
check 'the worst alert is shown' screen_wait '✖ fra-edge: nothing free'

screen_keys G
check 'G goes to the last row' screen_wait '^>.. *osl-v6'
check 'its size is exact' screen_wait '1 of 18 446 744 073 709 551 616 held'
screen_keys g j
check 'j and k move' screen_wait '^>.. *fra-mgmt'

screen_keys Enter
check 'Enter opens the leases of the pool' screen_wait 'pools > fra-mgmt > leases'
check 'the newest first' screen_wait '^> ▪ HELD +131 '
screen_keys G
check 'and the oldest last' screen_wait '^>.▪ HELD +100 '
screen_keys Escape
check 'Escape goes back to the pool that it came from' screen_wait '^>.. *fra-mgmt'

screen_keys 2
check '2 shows the leases of all' screen_wait '^ leases +sort'
check 'hostile text is shown with marks' screen_wait 'etl‹1B›\[31m'
screen_type '/runner'
check 'the filter works while it is typed' screen_wait '1 of 10$'
screen_keys Escape
check 'Escape drops it' screen_wait 'leases  .* 1 of [0-9]+$'
screen_type '/env=prod,tier in ('
check 'an incomplete selector is marked with a caret' screen_wait '^ {19}\^$'
check '... which its error explains' screen_wait '^ selector: expected a label value'
screen_keys Enter
check 'the line is kept' screen_wait '^/env=prod,tier in \('
screen_type '2, 3)'
screen_keys Enter
check 'a selector of labels, as -l takes it' screen_wait '/env=prod,tier in \(2, 3\) .* 1 of 2$'
screen_keys Escape
screen_type '/!env=prod'
screen_keys Enter
check 'inverted' screen_wait '/!env=prod .* 1 of [0-9]+$'
check 'other leases disappear' screen_wait_gone 'env=prod tier'
screen_keys Escape
screen_type '/PROD'
check 'a word is found in labels' screen_wait '/PROD .* 1 of 2$'
screen_keys Escape
screen_type '/!runner'
screen_keys Enter
check 'an inverted one' screen_wait '/!runner .* 1 of [0-9]+$'
screen_keys Escape
screen_type '/state=held held<1d pool=fra-edge "ci runner"'
screen_keys Enter
check 'fields and words' screen_wait '/state=held held<1d pool=fra-edge .* 1 of 10$'
screen_keys Escape
screen_type '/held>x'
check 'an error of a field is marked with a caret' screen_wait '^ {6}\^ held is a duration'
screen_keys Escape
screen_type ':lease list --pool fra-mgmt --filter "tier=2 expires=never"'
screen_keys Enter
check 'a verb opens the screen with its filter' screen_wait 'fra-mgmt > leases   /tier=2 expires=never .* 1 of 2$'
screen_keys Escape Escape
check 'Escape goes back to all leases' screen_wait '^ leases +sort'
screen_type '/!runner'
screen_keys Enter
check 'the filter is set again' screen_wait '/!runner .* 1 of [0-9]+$'
screen_keys q
check 'q is back one level' screen_wait '^ leases {20}.* 1 of [0-9]+$'

screen_keys '?'
check 'help lists the keys' screen_wait '^  j Down +next row'
screen_keys Escape
screen_type ':leases fra-e'
screen_keys Tab
check 'the command line opens' screen_wait '^:leases fra-edge'
screen_keys Enter
check 'the command line completes' screen_wait 'leases > fra-edge > leases'
screen_type ':frobnicate'
screen_keys Enter
check 'an unknown verb is named' screen_wait "^ *\^ 'frobnicate': no such verb"
check '... and the line stays' screen_wait '^:frobnicate'
screen_keys Escape

screen_keys q
check 'q goes back to all leases' screen_wait '^ leases {20}'
screen_keys q
check 'q goes back to the pools' screen_wait '▸1 Pools'
screen_keys o
check 'o asks by which column' screen_wait '── sort by'
screen_keys f
check '... and sorts by it' screen_wait 'sort ▴ free '
screen_keys o f
check '... the same again reverses' screen_wait 'sort ▾ free '
screen_paste $'q\nq\n'
check 'a paste is ignored' screen_wait 'paste ignored'
screen_keys q
check 'q on the first level leaves with 0' screen_ends 0

# printed screens
check 'a screen as text' prints 'fra-edge' berth --once pools
check 'all rows of it' equal 44 "$(berth --once leases | wc -l)"
check 'as sentences, the important word first' prints 'FULL fra-edge: free 0 of 10' berth --once pools --linear
check 'sentences have exact figures' prints 'free 18 446 744 073 709 551 615 of' berth --once pools --linear
check 'an unknown screen is refused' complains 2 'nonsense' berth --once nonsense
check 'the keys' prints 'next row' berth --keys
once_bytes() {
	berth --once leases --ascii >"$TMPDIR/once" && ! LC_ALL=C grep -q '[^ -~]' "$TMPDIR/once"
}
check 'the output is ASCII only with --ascii' once_bytes
