#include "db/conn/prepared.h"

#include <stdlib.h>
#include <string.h>

#include "db/base/id.h"
#include "db/base/mem.h"
#include "db/batch/decode.h"
#include "db/batch/query.h"

enum progress { UNUSED, SEEN, USED, SENT, PARSED };

struct prepared_statement {
	char *name; /* NULL before the first use by name */
	enum progress progress;
};

static void forget_names(struct prepared *p) {
	for (size_t i = 0; p->statements != NULL && i < statement_count; i++) {
		free(p->statements[i].name);
	}
	free(p->statements);
	p->statements = NULL;
}

void prepared_release(struct prepared *p) {
	forget_names(p);
	*p = (struct prepared){0};
}

/* Returns the name, which tells text and types of arguments from all others. */
static char *name_of(const struct statement *statement, unsigned epoch) {
	struct id digest = id_digest((struct id){0}, statement->sql, strlen(statement->sql));
	char text[ID_TEXT];

	for (size_t i = 0; i < statement->arg_count; i++) {
		unsigned type = encode_type(statement->args[i]);

		digest = id_digest(digest, &type, sizeof type);
	}
	return mem_print("berth-%u-%s", epoch, id_text(digest, text));
}

struct prepared_use prepared_use(struct prepared *p, enum query query) {
	struct prepared_statement *s;

	if (!statements[query].is_hot || p->off) {
		return (struct prepared_use){0};
	}
	if (p->statements == NULL) {
		p->statements = mem_new(statement_count, sizeof *p->statements);
	}
	s = &p->statements[query];
	if (p->is_pooled && s->progress < USED) {
		s->progress = SEEN;
		return (struct prepared_use){0};
	}
	if (s->name == NULL) {
		s->name = name_of(&statements[query], p->epoch);
	}
	if (s->progress < SENT) {
		s->progress = SENT;
		return (struct prepared_use){.name = s->name, .parse = true, .fresh = true};
	}
	return (struct prepared_use){.name = s->name, .fresh = s->progress == SENT};
}

void prepared_done(struct prepared *p, enum query query) {
	p->statements[query].progress = PARSED;
}

void prepared_settle(struct prepared *p) {
	for (size_t i = 0; p->statements != NULL && i < statement_count; i++) {
		enum progress *progress = &p->statements[i].progress;

		*progress = *progress == SEEN || *progress == SENT ? USED : *progress;
	}
}

bool prepared_failed(struct prepared *p, bool fresh, const char *sqlstate) {
	if (strcmp(sqlstate, "26000") == 0 || strcmp(sqlstate, "42P05") == 0) {
		p->off = true;
		return true;
	}
	if (!fresh && strcmp(sqlstate, "0A000") == 0) {
		forget_names(p);
		p->epoch++;
		return true;
	}
	return false;
}
