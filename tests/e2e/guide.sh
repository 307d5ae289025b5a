#!/usr/bin/env bash
# The guide as a whole: each chapter is in its list and has a test, its links lead somewhere, and everything is in blocks that
# are run, or is known to be shown only. The chapters themselves are run by guide_*.sh.
. tests/lib.sh

guide=assets/doc
mapfile -t chapters < <(basename -s .md -a $guide/*.md | grep -vx README)

# Prints the files that a file links to, in its order.
links() {
	grep -oE '\]\([^)#]+' "$1" | sed 's/^](//' | grep -v '^https:'
}

leads() {
	local link
	for link in $(links "$1"); do
		[ -e "$guide/$link" ] || {
			echo "$link"
			return 1
		}
	done
}

check 'the list has every chapter' equal "$(printf '%s.md\n' "${chapters[@]}" | sort)" "$(links $guide/README.md | sort)"
check 'there is a test for each' equal "$(printf 'guide_%s.sh\n' "${chapters[@]}" | sort)" "$(cd tests/e2e && ls guide_*.sh)"
for chapter in "${chapters[@]}"; do
	check "$chapter: its test runs it" grep -qx "guide_chapter $chapter" "tests/e2e/guide_$chapter.sh"
	check "$chapter: its links lead somewhere" leads "$guide/$chapter.md"
	check "$chapter: its title is that of the list" grep -qF "[$(sed -n '1s/^# //p' "$guide/$chapter.md")]($chapter.md)" $guide/README.md
done

# Prints the commands of indented blocks.
shown() {
	sed '/^```/,/^```$/d' "$guide/$1.md" | sed -n 's/^    \([a-z][a-z_]* .*\)/\1/p'
}
# What is only shown: an installation, the server on another machine, a cluster, and a hook by hand.
known='sudo apt install ./berth_0.1.0_amd64.deb postgresql
berth demo
restore_command = .*
recovery_target_time = .*
recovery_target_action = .*
pg_basebackup -h db1.example.net .*
patronictl -c /etc/patroni/patroni.yml switchover
host = db1.example.net,db2.example.net
reads = host=db2.example.net
sudo /etc/berth/hooks/nft-set activate .*'
check 'other blocks have only what is known to be shown' equal '' \
	"$(for chapter in "${chapters[@]}"; do shown "$chapter"; done | grep -vxE "$known")"
check 'blocks are commands, files, and Go' equal $'console\ngo' \
	"$(sed -n 's/^```\([a-z][a-z]*\)$/\1/p' $guide/*.md | sort -u)"

check 'README.md links to it' grep -qF "]($guide/README.md)" README.md
check 'so does the manual' grep -q '/share/doc/berth/guide/' assets/manual/berth.1
version=$(sed -n 's/.*BERTH_VERSION "\(.*\)"/\1/p' ui/text/version.h)
check 'it installs the package of this version' grep -qF "berth_${version}_amd64.deb" $guide/start.md
