#include "db/conn/sqlstate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db/batch/step.h"
#include "db/conn/encoding.h"
#include "db/base/mem.h"
#include "db/batch/query.h"
#include "db/conn/secret.h"

/* The SQLSTATE of berth.refuse(): the message is the name of an error code, a newline and a sentence; the
 * detail is one JSON object. */
static const char refused[] = "BERTH";

static const char busy[] = "too many concurrent changes to the same objects: try again";
static const char mismatch[] = "run: berth migrate";
static const char ailing[] = "the server has an internal problem: see its log";

const struct sqlstate sqlstates[] = {
    {"08", ERR_UNAVAILABLE, NULL},
    {"0A", ERR_PRECONDITION_FAILED, "the server does not support this"},
    {"22021", ERR_INVALID_INPUT, NULL},
    {"22P05", ERR_INVALID_INPUT, NULL},
    {"25006", ERR_READ_ONLY, NULL},
    {"25P03", ERR_UNAVAILABLE, NULL}, /* idle_in_transaction_session_timeout */
    {"25P04", ERR_UNAVAILABLE, NULL}, /* transaction_timeout */
    {"28", ERR_NOT_ALLOWED, NULL},
    {"2BP01", ERR_PRECONDITION_FAILED, NULL},
    {"3D000", ERR_UNAVAILABLE, NULL},
    {"3F000", ERR_SCHEMA_MISMATCH, mismatch},
    {"40003", ERR_OUTCOME_UNKNOWN, NULL},
    {"40", ERR_CONFLICT, busy},
    {"42501", ERR_NOT_ALLOWED,
	"reading needs the role berth_viewer; leases, labels and commands berth_operator; pools, projects "
	"and dedupe berth_admin; a worker berth_worker"},
    {"42703", ERR_SCHEMA_MISMATCH, mismatch},
    {"42883", ERR_SCHEMA_MISMATCH, mismatch},
    {"42P01", ERR_SCHEMA_MISMATCH, mismatch},
    {"53", ERR_UNAVAILABLE, ailing},
    {"54", ERR_LIMIT_EXCEEDED, NULL},
    {"55006", ERR_CONFLICT, busy},
    {"55P03", ERR_TIMEOUT, "another session holds a lock that this needs: try again"},
    {"55", ERR_PRECONDITION_FAILED, NULL},
    {"57014", ERR_TIMEOUT, NULL},
    {"57P", ERR_UNAVAILABLE, NULL},
    {"58", ERR_UNAVAILABLE, ailing},
    {"72", ERR_CONFLICT, busy},
    {"F0", ERR_UNAVAILABLE, ailing},
    {"HV", ERR_PRECONDITION_FAILED, NULL},
    {"P0001", ERR_PRECONDITION_FAILED, NULL}, /* raised by foreign code in the database */
    {"XX001", ERR_UNAVAILABLE, ailing},       /* damaged data */
    {"XX002", ERR_UNAVAILABLE, ailing},       /* a damaged index */
    {0},
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

	char *line = mem_print("%.*s", (int)strcspn(text, "\n"), text);
	char *hidden = secret_hide(line);

	free(line);
	return hidden;
}

bool step_may_retry(const PGresult *result) {
	const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);

	return state != NULL && (strcmp(state, "40001") == 0 || strcmp(state, "40P01") == 0);
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

static void reword(struct err *err, char *message) {
	free(err->message);
	err->message = message;
}

/* Names what stopped a statement, as far as the server's message tells. */
static void tell_cause(const char *state, struct err *err) {
	if (strcmp(state, "57014") == 0 && strstr(err->message, "statement timeout") != NULL) {
		reword(err, mem_text("cancelled by the server's statement_timeout"));
	} else if (strcmp(state, "57014") == 0) {
		reword(err, mem_print("cancelled on the server, not by berth: %s", err->message));
	} else if (strcmp(state, "55P03") == 0 && strstr(err->message, "lock timeout") != NULL) {
		reword(err, mem_text("cancelled by the server's lock_timeout"));
	}
}

static void fill_state(const char *state, const char *message, const PGresult *result, struct err *err) {
	const char *hint = PQresultErrorField(result, PG_DIAG_MESSAGE_HINT);
	enum err_code code = ERR_INTERNAL;

	for (const struct sqlstate *s = sqlstates; s->prefix != NULL; s++) {
		if (strncmp(s->prefix, state, strlen(s->prefix)) == 0) {
			code = s->code;
			hint = text_or(hint, s->hint);
			break;
		}
	}
	err_set(err, code, "%s", message);
	if (hint != NULL) {
		err_hint(err, "%s", hint);
	}
	tell_cause(state, err);
}

void step_failed(const struct step *step, const PGresult *result, const PGconn *pg, struct err *err) {
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
		encoding_explain(state, step, pg, err);
	}
	(void)snprintf(err->sqlstate, sizeof err->sqlstate, "%.5s", state);
	err->constraint = mem_text(constraint);
	if (step != NULL) {
		err->step = mem_text(step->name);
		err->line = step->line;
	}
}
