#!/usr/bin/env bash
# The guide's chapter "High availability", with a standby that takes over.
. tests/lib.sh
. tests/lib/guide.sh

guide_machine
check 'a standby' cluster_standby db2 main
guide_reader
streams() {
	[ "$(guide_postgres psql -XAtc "select count(*) from pg_stat_replication where state = 'streaming'")" = 1 ]
}
check '... receives every change' wait_for streams
# The first machine stops its server at once; the second is there by its socket.
guide_program ssh <<END
#!/usr/bin/env bash
exec env GUIDE_HOST="\$1" bash -c "\$2"
END
guide_program systemctl <<END
#!/usr/bin/env bash
cd / && exec ${clusters_owner[*]} pg_ctl -s -D $(cluster_folder main)/data -m immediate -w stop
END
transcript_stands '~/' "$HOME/"
transcript_stands db1.example.net "$(cluster_folder main)"
transcript_stands db2.example.net "$(cluster_folder db2)"
guide_chapter availability
