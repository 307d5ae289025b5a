# bash completion for berth. The candidates come from `berth complete`; this quotes them and puts them in.

_berth_complete() {
	local line=${COMP_LINE:0:COMP_POINT} word=${COMP_WORDS[COMP_CWORD]} head name output status=0
	COMPREPLY=()
	word=${word:0:$((${#word} < COMP_POINT ? ${#word} : COMP_POINT))}
	# Bash ends a word at a = or : and replaces only what follows, so that the candidates lose what is before.
	if [[ -n $word && -z ${word//[=:]/} ]]; then
		word=
	fi
	head=${line##*[[:space:]]}
	head=${head%"$word"}
	if [[ $word == [\"\']* || $head == *[\"\'\\]* ]]; then
		head=
	fi
	output=$(command berth complete -- "$line" 2>/dev/null </dev/null) || status=$?
	while IFS=$'\t' read -r name _; do
		name=${name#"$head"}
		if [[ $name =~ ^[A-Za-z0-9._/:=,@%+-]*$ ]]; then
			[[ -z $name ]] || COMPREPLY+=("$name")
		elif [[ $word != [\"\']* ]]; then
			printf -v name %q "$name"
			COMPREPLY+=("$name")
		elif [[ $name =~ ^[A-Za-z0-9._/:=,@%+\ -]*$ ]]; then
			COMPREPLY+=("$name") # within the quotes of the user; others could end them
		fi
	done <<<"$output"
	if ((status == 1)); then
		compopt -o default
	elif [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *[=/] ]]; then
		compopt -o nospace
	fi
}

complete -F _berth_complete berth
