#!/usr/bin/env bash
# The guide's chapter "Connecting safely", with certificates of its own and a server that has TLS.
. tests/lib.sh
. tests/lib/guide.sh

# Only this server listens elsewhere than in a folder of its own, and needs a port that is free.
export PGPORT=$((20000 + $$ % 20000))
guide_machine "-c port=$PGPORT" -c listen_addresses=127.0.0.1
guide_reader
sed -i '/^host /d' "$(cluster_folder main)/data/pg_hba.conf"
unset PGSERVICE
transcript_stands '~/' "$HOME/"
# libpq tells an address that it was given, and else the name and its address.
transcript_stands '"db2.example.net" (10.0.0.1)' '"127.0.0.1"'
transcript_stands 10.0.0. 127.0.0.
transcript_stands 5432 "$PGPORT"
# The names of the servers stand in no DNS.
transcript_stands host=db1.example.net "host=db1.example.net"$'\n'"hostaddr=127.0.0.1"$'\n'"port=$PGPORT"
guide_chapter connect

# says TEXT CMD...: the server is refused for this reason
says() {
	local text=$1
	shift
	complains 3 "$text" "$@"
}
check 'another authority is refused for its signature' says 'certificate verify failed' berth -d "service=berth sslrootcert=$HOME/ca/other.crt" pool list
check '... and no authority' says 'does not exist' berth -d "service=berth sslrootcert=$HOME/ca/none.crt" pool list
check 'without TLS the server has no line' says 'no encryption' berth -d 'service=berth sslmode=disable' pool list
check 'a weaker mode looks at neither' exits 0 berth -d 'service=berth host=db1.example.net sslmode=require sslrootcert=none' pool list
