#!/usr/bin/env bash
# The guide's chapter "Writing hooks": the hooks of the package, run by a worker. nft and nsupdate, which change what is not
# ours, are stand-ins: one keeps a set, the other records what it is told. Where the machine has nft and lets root make a
# network of its own, the hook is tried on it, too.
. tests/lib.sh
. tests/lib/guide.sh

guide_machine
guide_reader
guide_worker

# As nft has it: an element that is there can be added, and one that is not there cannot be deleted.
guide_program nft <<END
#!/usr/bin/env bash
set=$guide_folder/set
touch "\$set"
if [ "\$1" = list ]; then
	printf 'table inet berth {\n\tset leased {\n\t\ttype ipv4_addr\n\t\tflags interval\n'
	[ ! -s "\$set" ] || printf '\t\telements = { %s }\n' "\$(paste -sd , "\$set" | sed 's/,/, /g')"
	printf '\t}\n}\n'
elif [ "\$1" = -f ]; then
	while read -r verb element family table name open value close; do
		[ "\$element \$family \$table \$name \$open \$close" = 'element inet berth leased { }' ] || exit 1
		case \$verb in
		add) grep -qxF "\$value" "\$set" || echo "\$value" >>"\$set" ;;
		delete) grep -qxF "\$value" "\$set" && sed -i "/^\${value//./[.]}\\\$/d" "\$set" || exit 1 ;;
		esac
	done
fi
END
guide_program nsupdate <<END
#!/usr/bin/env bash
echo "\$@" >>$guide_folder/updates
cat >>$guide_folder/updates
END
# The stand-ins of systemctl and of root write as one user; a postgres of its own reads the hooks.
[ ${#clusters_owner[@]} -eq 0 ] || chmod 755 "$guide_folder" "$guide_folder/etc/berth/hooks"
guide_chapter hooks

updates='-k /run/credentials/berth-worker.service/dns.key
server ns1.example.net
update add ip-10-21-0-7.dyn.example.net. 300 A 10.21.0.7
send
update add 7.0.21.10.in-addr.arpa. 300 PTR ip-10-21-0-7.dyn.example.net.
send'
check 'the name and its reverse are set' equal "$updates" "$(<"$guide_folder/updates")"

# run_hook NAME EVENT VALUE: as a worker runs it
run_hook() {
	(cd "$guide_folder/etc/berth/hooks" && env -i PATH="$PATH" LANG=C.UTF-8 "./$1" "$2" 9a0c1f5b-0d3f-4e52-9a53-1c0f5b3f8a01 "$3" </dev/null)
}
# told NAME EVENT VALUE: what nsupdate is told
told() {
	: >"$guide_folder/updates"
	run_hook "$@" && grep '^update' "$guide_folder/updates"
}
check 'a release deletes this record and no other' equal 'update delete ip-10-21-0-7.dyn.example.net. A 10.21.0.7
update delete 7.0.21.10.in-addr.arpa. PTR ip-10-21-0-7.dyn.example.net.' "$(told dns-update release 10.21.0.7)"
check 'an address of IPv6 has a name' equal 'update add ip-2001-db8--5.dyn.example.net. 300 AAAA 2001:db8::5' \
	"$(told dns-update activate 2001:db8::5)"
check '... that does not end with a hyphen' equal 'update add ip-2001-db8--0.dyn.example.net. 300 AAAA 2001:db8::' \
	"$(told dns-update activate 2001:db8::)"
check 'a block has none' complains 1 'a block' run_hook dns-update activate 2001:db8::/64
for event in activate activate release release; do
	check "nft-set $event" exits 0 run_hook nft-set "$event" 10.20.0.9
done

# The drop-ins are what systemd takes.
units=$TMPDIR/units
mkdir -p "$units"
sed -E "s|^ExecStart=[^ ]*/berth |ExecStart=$BERTH |" assets/berth-worker.service >"$units/berth-worker.service"
cp -R "$guide_folder/etc/systemd/system/berth-worker.service.d" "$units"
check 'the drop-ins are valid' exits 0 systemd-analyze verify --man=no "$units/berth-worker.service"
check '... without a warning' equal '' "$stdout$stderr"

# with_nft: tries the hook on the real one, in a network of its own
with_nft() {
	local real
	real=$(PATH=$BERTH_TEST_PATH:/usr/sbin type -P nft) && unshare -n "$real" list tables >"$TMPDIR/tables" 2>&1 || return 0
	mkdir -p "$TMPDIR/real" && ln -sf "$real" "$TMPDIR/real/nft" || return 1
	PATH=$TMPDIR/real:$PATH unshare -n bash -ec '
		nft add table inet berth
		nft add set inet berth leased "{ type ipv4_addr; flags interval; }"
		nft add set inet berth leased6 "{ type ipv6_addr; flags interval; }"
		hook() { "$0" "$1" 9a0c1f5b-0d3f-4e52-9a53-1c0f5b3f8a01 "$2"; }
		for value in 10.20.0.9 10.20.1.0/28 2001:db8::/64 2001:db8:1::5; do
			for event in release activate activate; do hook "$event" "$value"; done
			nft list table inet berth | grep -qF "$value"
			for event in release release; do hook "$event" "$value"; done
			! nft list table inet berth | grep -qF "$value"
		done' "$PWD/assets/hooks/nft-set"
}
check 'nft-set works with the nft of this machine, if it has one' with_nft
