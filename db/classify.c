#include "db/step.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db/mem.h"
#include "db/query.h"

/* The SQLSTATE of berth.refuse(): the message is a code's name, a newline and a
 * sentence, the detail one JSON object. */
static const char refused[] = "BERTH";

/* Prefixes, the longest that fits wins by standing first. */
static const struct {
	const char *state;
	enum err_code code;
	const char *hint;
} states[] = {
    {"57014", ERR_TIMEOUT, NULL},
    {"57P0", ERR_UNAVAILABLE, NULL},
    {"08", ERR_UNAVAILABLE, NULL},
    {"53", ERR_UNAVAILABLE, NULL},
    {"25006", ERR_READ_ONLY, NULL},
    {"42501", ERR_NOT_ALLOWED,
	"ask for one of the roles berth_viewer, berth_operator, berth_worker, berth_admin"},
    {"40001", ERR_CONFLICT, "too many others change the same things at this moment: try again"},
    {"40P01", ERR_CONFLICT, "too many others change the same things at this moment: try again"},
    {"42P01", ERR_SCHEMA_MISMATCH, "run: berth migrate"},
    {"42883", ERR_SCHEMA_MISMATCH, "run: berth migrate"},
    {"3F000", ERR_SCHEMA_MISMATCH, "run: berth migrate"},
};

static const struct rule *find_rule(const struct step *step, const char *constraint) {
	if (step == NULL || step->rules == NULL || constraint == NULL) {
		return NULL;
	}
	for (const struct rule *rule = step->rules; rule->constraint != NULL; rule++) {
		if (strcmp(rule->constraint, constraint) == 0) {
			return rule;
		}
	}
	return NULL;
}

static const char *text_or(const char *text, const char *other) {
	return text == NULL || text[0] == '\0' ? other : text;
}

char *step_lost(const PGconn *pg) {
	const char *text = text_or(PQerrorMessage(pg), "the server closed the connection");

	return mem_print("%.*s", (int)strcspn(text, "\n"), text);
}

static void fill_refused(const char *message, const PGresult *result, struct err *err) {
	const char *sentence = strchr(message, '\n');
	const char *hint = text_or(PQresultErrorField(result, PG_DIAG_MESSAGE_HINT), NULL);
	char *name =
	    sentence == NULL ? mem_text(message) : mem_print("%.*s", (int)(sentence - message), message);

	err_set(err, err_from_name(name), "%s", sentence == NULL ? message : sentence + 1);
	free(name);
	err->detail = mem_text(PQresultErrorField(result, PG_DIAG_MESSAGE_DETAIL));
	if (hint != NULL) {
		err_hint(err, "%s", hint);
	}
}

static void fill_state(const char *state, const char *message, const PGresult *result, struct err *err) {
	const char *hint = PQresultErrorField(result, PG_DIAG_MESSAGE_HINT);
	enum err_code code = ERR_INTERNAL;

	for (size_t i = 0; i < sizeof states / sizeof *states; i++) {
		if (strncmp(states[i].state, state, strlen(states[i].state)) == 0) {
			code = states[i].code;
			hint = text_or(hint, states[i].hint);
			break;
		}
	}
	err_set(err, code, "%s", message);
	if (hint != NULL) {
		err_hint(err, "%s", hint);
	}
}

void step_failed(const struct step *step, const PGresult *result, struct err *err) {
	const char *state = text_or(PQresultErrorField(result, PG_DIAG_SQLSTATE), "");
	const char *message =
	    text_or(PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY), "the server gave no reason");
	const char *constraint = PQresultErrorField(result, PG_DIAG_CONSTRAINT_NAME);
	const struct rule *rule = find_rule(step, constraint);

	if (strcmp(state, refused) == 0) {
		fill_refused(message, result, err);
		rule = find_rule(step, err_name(err->code));
		err->code = rule == NULL ? err->code : rule->code;
	} else if (rule != NULL) {
		err_set(err, rule->code, "%s", rule->message);
	} else {
		fill_state(state, message, result, err);
	}
	(void)snprintf(err->sqlstate, sizeof err->sqlstate, "%.5s", state);
	err->constraint = mem_text(constraint);
	if (step != NULL) {
		err->step = mem_text(step->name);
		err->line = step->line;
	}
}
