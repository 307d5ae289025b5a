#!/usr/bin/env bash
# make install and make uninstall: everything is there, with its paths, and nothing stays.
. tests/lib.sh

build=$(realpath --relative-to=. "$BERTH_BUILD")
root=$TMPDIR/root
share=$root/opt/berth/share

# target NAME: runs the target with another root and prefix
target() {
	env -u MAKEFLAGS make -s "$1" BUILD="$build" DESTDIR="$root" PREFIX=/opt/berth
}

files() {
	(cd "$root" 2>/dev/null && find . -type f | sort)
}

sources() {
	find "$1" -type f | wc -l
}

check 'make install' target install
check 'the program runs' prints 'berth ' "$root/opt/berth/bin/berth" version
check 'the manual' equal 5 "$(sources "$share/man")"
check '... names its own folder' grep -q '/opt/berth/share/berth/themes/' "$share/man/man5/berth.5"
check 'the completion of bash' bash -c '. "$1" && complete -p berth' - "$share/bash-completion/completions/berth"
check 'the completion of zsh' grep -q '^#compdef berth' "$share/zsh/site-functions/_berth"
check 'the completion of fish' fish --no-config -c 'source $argv[1]; complete -C "berth "' "$share/fish/vendor_completions.d/berth.fish"
check 'the unit starts this program' grep -q '^ExecStart=/opt/berth/bin/berth worker' \
	"$root/opt/berth/lib/systemd/system/berth-worker.service"
check '... and that of the timer' grep -q "/opt/berth/bin/berth metrics" "$root/opt/berth/lib/systemd/system/berth-metrics.service"
check 'every unit' equal "$(basename -a assets/*.service assets/monitoring/*.{service,timer} | sort)" "$(ls "$root/opt/berth/lib/systemd/system")"
check 'the files of a cluster' equal "$(ls assets/ha)" "$(ls "$share/berth/ha")"
check 'rules and dashboard' equal "$(basename -a assets/monitoring/*.{json,yml} | sort)" "$(ls "$share/berth/monitoring")"
check 'the themes' equal "$(ls assets/themes)" "$(ls "$share/berth/themes")"
check 'the samples' equal "$(ls assets/samples)" "$(ls "$share/berth/samples")"
check 'the guide' equal "$(ls assets/doc)" "$(ls "$share/doc/berth/guide")"
check '... is named in the manual' grep -q '/opt/berth/share/doc/berth/guide/' "$share/man/man1/berth.1"
check 'the hooks' equal "$(ls assets/hooks)" "$(ls "$share/berth/hooks")"
check 'only the program, the hooks and the saga can be run' equal './opt/berth/bin/berth
./opt/berth/share/berth/hooks/dns-update
./opt/berth/share/berth/hooks/nft-set
./opt/berth/share/berth/samples/saga.sh' "$(cd "$root" && find . -type f -executable | sort)"
check 'make uninstall' target uninstall
check '... leaves no file' equal '' "$(files)"
check '... and no folder of its own' test ! -e "$share/berth" -a ! -e "$share/doc/berth"
