# Helpers for the tests of the guide, after tests/lib.sh: a machine as its reader has it, without being root on one.
#
#     guide_machine [OPTION...]   berth as `make install` leaves it, and a PostgreSQL server with options of postgres
#     guide_web                   the pool of "Quick start"
#     guide_reader                the reader is anna, an admin of the database berth, as "Connecting safely" leaves her; the pools
#                                 of the chapters until then are there
#     guide_worker                berth_worker_1 of "The worker as a service" has its connection; `systemctl` can start it
#     guide_services              stops what `systemctl` has started
#     guide_chapter NAME          runs the blocks of a chapter, and checks that there are any
#
# /etc and /usr/share stand for folders below $guide_folder.  `sudo` needs no right, and with `-u
# postgres` it runs a command as the user and with the socket of the server.  `systemctl` runs what the installed unit
# says, with the file of its environment, and waits until it is ready; `journalctl` prints what it has said.

. tests/lib/transcript.sh

guide_folder=$TMPDIR/machine
guide_unset=$(compgen -e PG)

guide_services() {
	local file
	for file in "$guide_folder"/run/*.pid; do
		[ ! -e "$file" ] || kill -TERM "$(<"$file")" 2>/dev/null
		rm -f "$file"
	done
}

guide_end() {
	local code=$?
	guide_services
	(exit "$code")
	tests_end
}
trap guide_end EXIT
. tests/lib/cluster.sh

# guide_program NAME: a program of the machine that stands in for a real one, from standard input
guide_program() {
	cat >"$guide_folder/bin/$1" && chmod 755 "$guide_folder/bin/$1"
}

guide_stand_ins() {
	guide_program sudo <<-END
		#!/usr/bin/env bash
		[ "\$1" = -u ] || exec "\$@"
		shift 2
		unset PGSERVICE PGPASSWORD
		export PGHOST=\${GUIDE_HOST:-$(cluster_folder main)} PGUSER=postgres HOME=$guide_folder/postgres
		cd / && exec ${clusters_owner[*]} "\$@"
	END
	guide_program systemctl <<-END
		#!/usr/bin/env bash
		folder=$guide_folder
		stop() {
			[ ! -e "\$folder/run/\$1.pid" ] || { kill -TERM "\$(<"\$folder/run/\$1.pid")" && tail -f --pid "\$(<"\$folder/run/\$1.pid")" /dev/null; }
			rm -f "\$folder/run/\$1.pid"
		}
		start() {
			local unit=\$folder/usr/lib/systemd/system/\$1.service log=\$folder/journal/\$1
			: >"\$log"
			env -i PATH="\$PATH" LANG=C.UTF-8 bash -c 'set -a && . "\$0" && exec "\$@"' \
				"\$(sed -n "s|^EnvironmentFile=-*|\$folder|p" "\$unit")" \
				\$(sed -n 's/^ExecStart=//p' "\$unit" | sed "s| /etc| \$folder/etc|; s|^/usr|\$folder/usr|") >"\$log" 2>&1 </dev/null &
			echo \$! >"\$folder/run/\$1.pid"
			until grep -q 'at work' "\$log"; do
				[ "\$SECONDS" -lt ${tests_patience} ] && kill -0 \$! 2>/dev/null || { cat "\$log"; exit 1; }
				sleep 0.05
			done
		}
		command=\$1
		unit=\${*: -1}
		[ "\$unit" != postgresql ] || exec $guide_folder/bin/sudo -u postgres pg_ctl -s -D $(cluster_folder main)/data -l $(cluster_folder main)/log -m fast -w restart
		case \$command in
		daemon-reload) ;;
		stop) stop "\$unit" ;;
		enable | restart) stop "\$unit" && start "\$unit" ;;
		is-active) kill -0 "\$(<"\$folder/run/\$unit.pid")" && echo active ;;
		*) exit 1 ;;
		esac
	END
	guide_program journalctl <<-END
		#!/usr/bin/env bash
		cat $guide_folder/journal/\${*: -1}
	END
}

guide_machine() {
	local build
	unset -f berth
	build=$(realpath --relative-to=. "$BERTH_BUILD")
	umask 022
	mkdir -p "$guide_folder"/{bin,run,journal,postgres,etc/berth/hooks,etc/postgresql}
	env -u MAKEFLAGS make -s install BUILD="$build" DESTDIR="$guide_folder" PREFIX=/usr || exit 1
	[ ${#clusters_owner[@]} -eq 0 ] || chown "$clusters_user" "$guide_folder"/{postgres,etc/postgresql}
	guide_stand_ins
	# shellcheck disable=SC2086
	unset $guide_unset
	unset "${!XDG_@}"
	export PATH=$guide_folder/bin:$guide_folder/usr/bin:$PATH HOME=$TMPDIR/home
	mkdir -m 700 "$HOME"
	cluster_new main "$@" >"$TMPDIR/made" || exit 1
	cat >"$(cluster_folder main)/data/pg_hba.conf" <<-END
		local all postgres trust
		local replication postgres trust
		local all all scram-sha-256
		host all all localhost scram-sha-256
	END
	guide_postgres psql -Xqc 'select pg_reload_conf()' >"$TMPDIR/reloaded"
	transcript_stands /etc/ "$guide_folder/etc/"
	transcript_stands /usr/share/ "$guide_folder/usr/share/"
}

# guide_postgres CMD...: what `sudo -u postgres` does on this machine
guide_postgres() {
	"$guide_folder/bin/sudo" -u postgres "$@"
}

guide_web() {
	guide_postgres berth -q -d berth pool create web --kind ipv4 10.20.0.0/24 --usable --exclude 10.20.0.1-10.20.0.9 >"$TMPDIR/made"
}

guide_reader() {
	guide_web
	guide_postgres berth -q -d berth pool create lab --kind number 100-199 >"$TMPDIR/made"
	guide_postgres psql -Xq -d berth -c "create role anna login in role berth_admin password 'good day'"
	printf '*:*:*:anna:good day\n' >"$HOME/.pgpass"
	chmod 600 "$HOME/.pgpass"
	printf '[berth]\nhost=%s\ndbname=berth\nuser=anna\n' "$(cluster_folder main)" >"$HOME/.pg_service.conf"
	export PGSERVICE=berth
}

guide_worker() {
	guide_postgres psql -Xq -d berth -c "create role berth_worker_1 login in role berth_worker password 'good night'"
	printf "PGHOST=%s\nPGDATABASE=berth\nPGUSER=berth_worker_1\nPGPASSWORD='good night'\n" "$(cluster_folder main)" \
		>"$guide_folder/etc/berth/worker.env"
}

guide_chapter() {
	local before=$transcript_commands
	transcript "assets/doc/$1.md"
	check "$1 has commands" test "$transcript_commands" -gt "$before"
}
