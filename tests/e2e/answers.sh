#!/usr/bin/env bash
# Answers as JSON and CSV are an interface: for every reading verb they stay the same, byte for byte, on one
# database.
#
# tests/e2e/answers/ holds the database, the verbs, and their answers. BERTH_GOLDEN=write replaces the answers.
. tests/lib.sh

folder=tests/e2e/answers
new_database
psql -Xq -v ON_ERROR_STOP=1 -f "$folder/data.sql" >"$TMPDIR/loaded" || exit 1

# answered FORMAT VERB...: the answer, and the exit code unless it is 0
answered() {
	local format=$1 status=0
	shift
	berth "$@" "--$format" 2>"$TMPDIR/words" || status=$?
	[ "$status" -eq 0 ] || echo "exit $status"
}

while read -r verb; do
	eval "words=($verb)"
	for format in json csv; do
		file=$folder/expected/$(tr -cs 'A-Za-z0-9=\n' _ <<<"$verb").$format
		answered "$format" "${words[@]}" >"$TMPDIR/answer"
		if [ "${BERTH_GOLDEN-}" = write ]; then
			cp "$TMPDIR/answer" "$file"
		fi
		check "$verb --$format" diff "$file" "$TMPDIR/answer"
	done
done <"$folder/verbs"
check 'every golden file belongs to a verb' equal "$(($(wc -l <"$folder/verbs") * 2))" "$(find "$folder/expected" -type f | wc -l)"
