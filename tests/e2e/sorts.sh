#!/usr/bin/env bash
# Lists in any order, as scripts ask for them: each sort both ways, pages of an order, and what is refused.
. tests/lib.sh
. tests/lib/answers.sh

new_database
{
	berth pool create a --kind number 1-10
	berth pool create b --kind ipv4 10.0.0.0/30 --space other
	berth allocate a --holder cc --for 5h
	berth allocate b --holder aa --label env=prod
	berth allocate a --holder bb --for 9h
	berth allocate a --for 7h
	berth org create acme
	berth project create acme/web
	berth allocate b --holder dd --project acme/web
} >"$TMPDIR/made"

# Prints a member of the rows of a list: LIST MEMBER ARGUMENT...
rows() {
	berth "${@:3}" --json | tr -d '\n' >"$TMPDIR/rows.json"
	answers "(select string_agg(coalesce(nullif(e->>'$2', ''), '-'), ' ') from jsonb_array_elements(d) e)" "$1" \
		cat "$TMPDIR/rows.json"
}

# --- leases ------------------------------------------------------------------

while IFS='|' read -r sort there back; do
	check "leases by $sort" rows "$there" holder lease list --sort "$sort"
	check "... reverse" rows "$back" holder lease list --sort "$sort" --reverse
done <<'END'
newest|dd - bb aa cc|cc aa bb - dd
state|dd - bb aa cc|dd - bb aa cc
value|aa dd cc bb -|- bb cc dd aa
holder|aa bb cc dd -|dd cc bb aa -
held|cc aa bb - dd|dd - bb aa cc
expires|cc - bb dd aa|bb - cc dd aa
pool|- bb cc dd aa|dd aa - bb cc
project|dd - bb aa cc|dd - bb aa cc
labels|aa dd - bb cc|aa dd - bb cc
END
check '--reverse alone is the oldest first' rows 'cc aa bb - dd' holder lease list --reverse
check 'of a pool' rows 'cc bb -' holder lease list --pool a --sort value
check 'with a filter' rows 'dd cc aa' holder lease list --filter 'holder in (dd,cc,aa)' --sort holder --reverse
check 'with a selector' rows 'aa' holder lease list -l env=prod --sort held
check 'the fields are the same' equal "$(berth lease list --csv | head -n 1)" \
	"$(berth lease list --csv --sort held | head -n 1)"

# Reads all pages of two leases of an order: ARGUMENT...
pages() {
	local after=() id
	while :; do
		berth lease list "$@" --limit 2 "${after[@]}" --csv | tr -d '\r' | tail -n +2 >"$TMPDIR/page"
		id=$(tail -n 1 "$TMPDIR/page" | cut -d, -f1)
		[ -n "$id" ] || return 0
		cat "$TMPDIR/page"
		after=(--after "$id")
	done
}
for sort in state value holder held expires pool project labels; do
	for way in '' --reverse; do
		check "pages by $sort $way" cmp <(pages --sort "$sort" $way) \
			<(berth lease list --sort "$sort" $way --csv | tr -d '\r' | tail -n +2)
	done
done

# --- pools -------------------------------------------------------------------

for sort in name free percent runs-out kind space state waiting size growth; do
	check "pools by $sort, both ways" cmp <(berth pool list --sort "$sort" --csv | tail -n +2 | sort) \
		<(berth pool list --sort "$sort" --reverse --csv | tail -n +2 | sort)
done
check 'the freest first' rows 'a b' name pool list --sort free --reverse
check 'the least free first' rows 'b a' name pool list --sort free
check 'the largest first' rows 'a b' name pool list --sort size

# --- the queue ---------------------------------------------------------------

{
	berth release --pool a --grace 1h --yes --id 11111111-1111-4111-8111-111111111111
	berth resource cordon b/10.0.0.0/30 --id 22222222-2222-4222-8222-222222222222
} >"$TMPDIR/made" 2>&1
check 'by urgency: what is due' rows 'cordon release' action queue list --sort urgent
check '... is first also reverse' rows 'cordon release' action queue list --sort urgent --reverse
check 'by action' rows 'cordon release' action queue list --sort action
check 'by lag: what is not due is last' rows 'cordon release' action queue list --sort lag
check '... also reverse' rows 'cordon release' action queue list --sort lag --reverse
check 'the newest first, as always' rows 'cordon release' action queue list
check 'the oldest first' rows 'release cordon' action queue list --reverse
seq=$(berth queue list --sort action --csv | tr -d '\r' | sed -n 2p | cut -d, -f2)
check 'a page of an order' rows 'release' action queue list --sort action --after "$seq"

# --- holders -----------------------------------------------------------------

check 'holders by name' rows '- aa bb cc dd' holder lease holders --sort name
check '... reverse' rows 'dd cc bb aa -' holder lease holders --sort name --reverse
check 'by pools' rows '- bb cc aa dd' holder lease holders --sort pools

table_of_refusals <<'END'
lease list --sort size              | invalid_input | 'size' is not one of newest, state, value
queue list --sort size              | invalid_input | 'size' is not one of newest, urgent
lease list --sort held --after 11111111-1111-4111-8111-111111111111 | not_found | no lease has this id
queue list --sort lag --after 999999 | not_found | no command has this seq
lease list --value 3 --sort held    | invalid_input | --value
lease list --reverse=yes            | invalid_input | --reverse
END
