#!/usr/bin/env bash
# Completion in real shells: bash, zsh and fish in a terminal, with Tab.
. tests/lib.sh
. tests/lib/completion.sh

new_database
completion_data

# Each shell has `show`, which is completed as berth is, and prints its arguments.
cat >"$TMPDIR/bashrc" <<-'END'
	PS1='> '
	bind 'set bell-style none'
	. assets/completion/berth.bash
	show() { printf 'ARGS'; printf ' <%s>' "$@"; echo; }
	complete -F _berth_complete show
END
cat >"$TMPDIR/.zshrc" <<-'END'
	PS1='> '
	fpath=($PWD/assets/completion $fpath)
	autoload -Uz compinit && compinit -u -D
	show() { printf 'ARGS'; printf ' <%s>' "$@"; echo }
	compdef _berth show
END
cat >"$TMPDIR/config.fish" <<-'END'
	function fish_prompt; printf '> '; end
	function fish_greeting; end
	set -g fish_autosuggestion_enabled 0
	source assets/completion/berth.fish
	function show; printf ARGS; printf ' <%s>' $argv; echo; end
	complete -c show -f -a '(__berth_complete)'
END

shell_start() {
	case $1 in
	bash) screen_start 200 50 bash --rcfile "$TMPDIR/bashrc" -i ;;
	zsh) screen_start 200 50 env ZDOTDIR="$TMPDIR" zsh -i ;;
	fish) screen_start 200 50 fish --no-config -i -C "source $TMPDIR/config.fish" ;;
	esac
	screen_wait '^> *$'
}

# tab TYPED LINE ARGS: Tab after the words makes a line of them that matches, and a command with these arguments
tab() {
	screen_keys C-l
	screen_wait_gone 'ARGS' && screen_wait '^> *$' || return 1
	screen_type "show $1"
	screen_keys Tab
	screen_wait "^> show $2" || return 1
	screen_keys Enter
	screen_wait '^ARGS' || return 1
	screen_text | grep -qF -- "ARGS $3" || { screen_text; return 1; }
}

for shell in bash zsh fish; do
	check "$shell starts" shell_start "$shell"
	check "$shell: the second word of a verb" tab 'pool sho' 'pool show' '<pool> <show>'
	check "$shell: a value after =" tab 'pool list --sort=perc' 'pool list --sort=percent' '<pool> <list> <--sort=percent>'
	check "$shell: the name of a pool" tab 'pool show we' 'pool show web' '<pool> <show> <web>'
	check "$shell: a hostile name" tab 'dedupe check --table public.x' 'dedupe check --table .*touch' "<dedupe> <check> <--table> <public.$hostile>"
	check "$shell: ... runs nothing" test ! -e "$HOME/pwned"
	screen_stop
done
