#!/usr/bin/env bash
# Completion: the candidates for command lines, with names of the database, and what bash, zsh and fish make of them.
. tests/lib.sh
. tests/lib/completion.sh

new_database
unreachable=$TMPDIR/nowhere
mkdir -p "$HOME/.config/berth/themes"
printf '[profile stage]\nhost = nowhere\n[profile prod]\nhost = %s\ndbname = %s\nuser = %s\n' "$PGHOST" "$PGDATABASE" "$PGUSER" \
	>"$HOME/.config/berth/config"
: >"$HOME/.config/berth/themes/loud"

completion_data

# line LINE: prints the candidates without what they are
line() {
	patient complete -- "$1" | cut -f 1
}

# completes LINE WORDS: the candidates are these words
completes() {
	equal "$2" "$(line "$1" | paste -sd ' ')"
}

while IFS='|' read -r typed words; do
	typed=${typed%"${typed##*[! ]}"}
	typed=${typed//_/ }
	check "berth $typed" completes "berth $typed" "${words# }"
done <<'END'
po                              | pool
pool_li                         | list
pool_list_--so                  | --sort
pool_list_--sort_p              | percent
pool_list_--sort=p              | --sort=percent
--color_                        | auto always never
-h_x_pool_li                    | list
@prod_pool_li                   | list
@                               | @fleet @stage @prod
@f                              | @fleet
help_proj                       | project
--theme_lo                      | loud
--once_po                       | pools
pool_show_w                     | web wob
pool_show_--_w                  | web wob
'pool'_show_"w                  | web wob
pool_list_-l_e                  | env
pool_list_-l_env=               | env=prod
pool_list_-l_env=prod,te        | env=prod,team/owner
release_--pool=we               | --pool=web
label_pool/w                    | pool/web pool/wob
label_pool/web_en               | env=
label_pool/web_env=p            | env=prod
allocate_web_--project_a        | acme/shop
org_show_a                      | acme
pool_list_--filter_stat         | status
lease_list_--filter='held>1d_state=bro | --filter=held>1d state=broken
dedupe_check_--table_ta         | public.tame
dedupe_check_--table_tame_--key_o | other
END

check 'a verb says what it is' prints "list	list pools and how full they are" berth complete 'berth pool li'
check 'files are asked for by exit 1' exits 1 berth complete 'berth batch '
check 'the program alone has no candidates' equal '' "$(line 'berth')"
check 'an unfinished word is no error' equal 'web wob' "$(line 'berth pool show \' | paste -sd ' ')"
check 'no verb of the list is hidden' prints complete berth help complete
check 'help does not list the hidden verb' equal '' "$(berth help | grep '^  complete')"

# The bound and the silence.
quick() {
	local began=${EPOCHREALTIME/./} took
	run "$@"
	took=$((${EPOCHREALTIME/./} - began))
	[ "$took" -lt 5000000 ] || { echo "$took us"; return 1; }
	[ "$status" -eq 0 ] && [ -z "$stdout$stderr" ]
}
check 'silent without a server' quick berth complete "berth -h $unreachable pool show w"
check 'silent with an address that never answers' quick berth complete 'berth -h 192.0.2.1 pool show w'
check 'silent with a wrong profile' quick berth complete 'berth @none pool show w'
check 'silent with a wrong option' quick berth complete 'berth -p x --nonsense pool show w'
check '-W does not ask' quick berth complete "berth -W -h $unreachable pool show w"
check '--local starts nothing' quick berth complete 'berth --local pool show w'
check '... and creates nothing' test ! -e "$HOME/.local/share/berth"
check 'the configuration may be wrong' bash -c 'mkdir -p "$1/berth" && echo nonsense >"$1/berth/config" &&
	[ -z "$(XDG_CONFIG_HOME=$1 "$2" complete "berth @p" 2>&1)" ]' - "$TMPDIR/wrong" "$BERTH"
check 'a name with an escape sequence is left out' equal '' "$(line 'berth dedupe check --table public.\"e' | grep vil)"
check 'a hostile name is a candidate as it is' equal "public.$hostile" "$(line 'berth dedupe check --table x;')"

# The function of bash without a terminal: what it would put into the line.
# fills LINE WORD...: with these words of the line, which bash has split, prints what comes in the place of the last
fills() {
	local line=$1
	shift
	(
		. assets/completion/berth.bash
		compopt() { echo "($2)"; }
		COMP_LINE=$line COMP_POINT=${#line} COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
		_berth_complete
		[ ${#COMPREPLY[@]} -eq 0 ] || printf '%s\n' "${COMPREPLY[@]}"
	) | paste -sd ' '
}
check 'bash: the part after =' equal 'percent' "$(fills 'berth pool list --sort=pe' berth pool list --sort = pe)"
check 'bash: nothing after = yet' equal 'newest' "$(fills 'berth dedupe fix --survivor=' berth dedupe fix --survivor = | cut -d ' ' -f 1)"
check 'bash: no blank after the key of a label' equal '(nospace) env=' "$(fills 'berth label pool/web en' berth label pool/web en)"
check 'bash: files' equal '(default)' "$(fills 'berth batch x' berth batch x)"
check 'bash: an open quote' equal 'web' "$(fills "berth pool show 'we" berth pool show "'we")"
check 'bash: a hostile name is quoted' equal "$(printf %q "public.$hostile")" \
	"$(fills 'berth dedupe check --table x;' berth dedupe check --table 'x;')"
check 'bash: ... but not put into a quote' equal '' "$(fills "berth dedupe check --table 'x;" berth dedupe check --table "'x;")"
check 'bash: what is put in runs nothing' test ! -e "$HOME/pwned"

