#include "ui/console/list/filter.h"

#include <string.h>

#include <jansson.h>

#include "db/base/buf.h"
#include "db/base/err.h"
#include "ui/console/list/view.h"

/* Returns the number of characters before the error in a selector. */
static size_t position(const struct err *err) {
	json_t *detail = err->detail == NULL ? NULL : json_loads(err->detail, 0, NULL);
	json_int_t at = json_integer_value(json_object_get(detail, "position"));

	json_decref(detail);
	return at < 0 ? 0 : (size_t)at;
}

bool filter_read(
    const char *text, const struct view *view, struct row_filter *out, size_t *wrong, struct err *err) {
	bool ok = row_filter_parse(text, view->fields, out, err);

	if (!ok) {
		*wrong = position(err);
	}
	return ok;
}

const char *filter_help(const struct view *view) {
	static const char *const fields[FILTER_ROWS] = {
	    [FILTER_LEASES] =
		"words, state=broken held>30d expires<1h holder=ci value=10.0.0.0/24, labels; ! inverts",
	    [FILTER_POOLS] = "words, an address, free<20 used%>90 runs-out<7d kind=ipv4, labels; ! inverts",
	    [FILTER_COMMANDS] =
		"words, state=stuck action=release lag>5m tries>1 by=ci error=text; ! inverts",
	    [FILTER_RESOURCES] =
		"words, an address, state=cordon free<20 used%>90 kind=ipv4, labels; ! inverts",
	    [FILTER_PROJECTS] =
		"words, used%>90 leases>100 limit<50 org=acme state=closed, labels; ! inverts",
	    [FILTER_ALERTS] = "words, kind=stuck severity=critical target=web for>1h; ! inverts",
	    [FILTER_HOLDERS] = "words, leases>100 oldest>30d idle>7d expires<1h pool=web; ! inverts",
	    [FILTER_LABEL_KEYS] = "words, key=env values>1 targets>100 leases=0 pools>2; ! inverts",
	    [FILTER_LABEL_VALUES] = "words, value=prod targets>100 leases=0 pools>2; ! inverts",
	    [FILTER_LABEL_TARGETS] =
		"words, kind=lease target=10.0. pool=web holder=ci state=broken, labels; ! inverts",
	    [FILTER_LOOKALIKES] = "words, group=web n>2 where=holders differ=case; ! inverts",
	    [FILTER_DUPLICATES] = "words, values=differ rows>2 key=text keeps=text equal=trim; ! inverts",
	    [FILTER_RUNS] =
		"words, state=done table=text removed>0 put-back=0 started<7d constraint=text; ! inverts",
	    [FILTER_REMOVED] = "words, removed=text kept=text rule=newest; ! inverts"};

	return fields[view->fields];
}

bool filter_of_selector(
    const struct view *view, const char *text, const struct selector *selector, struct buf *out) {
	bool alone = selector->count == 1 && selector->requirements[0].op == SELECTOR_EXISTS;

	for (size_t i = 0; i < selector->count; i++) {
		const struct requirement *r = &selector->requirements[i];

		if (*r->prefix == '\0' && filter_field_find(view->fields, r->name, strlen(r->name)) != NULL) {
			return false;
		}
	}
	buf_printf(out, "%s%s", *text == '!' ? " " : "", text);
	return !alone;
}
