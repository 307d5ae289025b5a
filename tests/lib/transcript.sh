# Helpers for tests of documents, after tests/lib.sh: their blocks work as they are printed.
#
#     transcript_stands PRINTED REAL   this text of the document stands for that one in the test
#     transcript FILE                  runs its blocks in their order; adds to transcript_commands and transcript_files
#
# A block ```console has commands, each after "$ ", and below each one its answer: every line of standard output and
# standard error, where "..." stands for any lines.  Ids that a command of the document names are compared; times and
# other ids differ in each run.  A command must succeed; it runs in this shell, and has no standard input.
#
# A block with a path after its language, as in ```ini /etc/berth/worker.env, is the contents of that file.

transcript_commands=0
transcript_files=0
transcript_printed=()
transcript_real=()
transcript_id='[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}'
transcript_keep=

transcript_stands() {
	transcript_printed+=("$1")
	transcript_real+=("$2")
}

# Prints a text of the document as it is meant here.
transcript_meant() {
	local text=$1 i
	for i in "${!transcript_printed[@]}"; do
		text=${text//"${transcript_printed[i]}"/"${transcript_real[i]}"}
	done
	printf '%s' "$text"
}

# Prints the lines of an answer, with one word for each text that is another one in each run or document.
transcript_comparable() {
	local text=$1 i
	for i in "${!transcript_printed[@]}"; do
		text=${text//"${transcript_real[i]}"/"${transcript_printed[i]}"}
	done
	sed -E "$transcript_keep"'s/[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}(\.[0-9]+)?Z/TIME/g; s/[[:space:]]+$//'";s/$transcript_id/ID/g" <<<"$text"
}

# transcript_matches EXPECTED ACTUAL: line by line
transcript_matches() {
	local expected actual line at=0 gap=
	expected=$(transcript_comparable "$1") && actual=$(transcript_comparable "$2") || return 1
	mapfile -t expected <<<"$expected"
	mapfile -t actual <<<"$actual"
	for line in "${expected[@]}"; do
		if [ "$line" = ... ]; then
			gap=yes
			continue
		fi
		while [ -n "$gap" ] && [ "$at" -lt ${#actual[@]} ] && [ "${actual[at]}" != "$line" ]; do
			at=$((at + 1))
		done
		if [ "${actual[at]-}" != "$line" ]; then
			printf 'no line: %s\nin:\n%s\n' "$line" "$2"
			return 1
		fi
		at=$((at + 1))
		gap=
	done
	if [ -z "$gap" ] && [ "$at" -lt ${#actual[@]} ]; then
		printf 'not shown in the document: %s\n' "${actual[at]}"
		return 1
	fi
}

# transcript_answers COMMAND EXPECTED: runs it in this shell
transcript_answers() {
	local code=0
	eval "$(transcript_meant "$1")" >"$TMPDIR/answer" 2>&1 </dev/null || code=$?
	equal 0 "$code" || {
		cat "$TMPDIR/answer"
		return 1
	}
	transcript_matches "$2" "$(<"$TMPDIR/answer")"
}

transcript_command=
transcript_expected=

# Runs the command that is complete now, if there is one.
transcript_tell() {
	if [ -n "$transcript_command" ]; then
		check "$transcript_command" transcript_answers "$transcript_command" "${transcript_expected%$'\n'}"
		transcript_commands=$((transcript_commands + 1))
	fi
	transcript_command=
	transcript_expected=
}

# transcript_write PATH TEXT
transcript_write() {
	local path
	path=$(transcript_meant "$1")
	mkdir -p "$(dirname "$path")" && transcript_meant "$2" >"$path"
}

transcript() {
	local line kind='' words path='' text='' id
	transcript_keep=
	for id in $(sed -n 's/^\$ //p' "$1" | grep -oE "$transcript_id" | sort -u); do
		transcript_keep+="s|$id|${id//-/_}|g;"
	done
	while IFS= read -r -u 4 line; do
		case $kind$line in
		'```'*)
			words=${line#'```'}
			kind=${words%% *}
			kind=${kind:-text}: path='' text=''
			[ "${words#* }" = "$words" ] || path=${words#* }
			;;
		[a-z]*:'```')
			transcript_tell
			if [ -n "$path" ]; then
				check "$path" transcript_write "$path" "$text"
				transcript_files=$((transcript_files + 1))
			fi
			kind=
			;;
		console:'$ '*)
			transcript_tell
			transcript_command=${line#'$ '}
			;;
		console:*) transcript_expected+=$line$'\n' ;;
		[a-z]*:*) text+=$line$'\n' ;;
		esac
	done 4<"$1"
	[ -z "$kind" ] || check "$1: the last block ends" false
}
