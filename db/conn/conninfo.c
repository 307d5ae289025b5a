#include "db/conn/conninfo.h"

#include <libpq-fe.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "db/base/buf.h"
#include "db/base/clock.h"
#include "db/base/err.h"
#include "db/base/mem.h"
#include "db/base/num.h"
#include "db/conn/secret.h"

const char *const hosts_keywords[HOSTS_LISTS + 1] = {
    [HOSTS_NAMES] = "host", [HOSTS_ADDRESSES] = "hostaddr", [HOSTS_PORTS] = "port"};

/* Follows libpq's rule for telling a connection string from a plain name. */
bool conninfo_is_string(const char *dbname) {
	return strchr(dbname, '=') != NULL || strncmp(dbname, "postgresql://", 13) == 0 ||
	       strncmp(dbname, "postgres://", 11) == 0;
}

static const char escapes[] =
    "in the user and password of a URI, write @ as %40, / as %2F, : as %3A, % as %25, ? as %3F, # as "
    "%23; the string is not shown because it may hold a password";

static const char *value_of(const PQconninfoOption *options, const char *keyword) {
	for (; options->keyword != NULL; options++) {
		if (strcmp(options->keyword, keyword) == 0) {
			return options->val == NULL ? "" : options->val;
		}
	}
	return "";
}

/* Returns true when the host or port looks like the rest of an unescaped password. */
static bool is_cut_badly(const char *dbname, const PQconninfoOption *options) {
	const char *port = value_of(options, "port");
	const char *host = value_of(options, "host");

	return strstr(dbname, "://") != NULL &&
	       (port[strspn(port, "0123456789,")] != '\0' || strchr(host, '@') != NULL ||
		   (port[0] != '\0' && strchr(value_of(options, "dbname"), '@') != NULL));
}

/* Parses with libpq's messages in English, so that secret_hide_quoted() finds what they quote. */
static PQconninfoOption *parse(const char *dbname, char **why) {
	locale_t english = newlocale(LC_MESSAGES_MASK, "C", (locale_t)0);
	locale_t before = english == (locale_t)0 ? (locale_t)0 : uselocale(english);
	PQconninfoOption *options = PQconninfoParse(dbname, why);

	if (english != (locale_t)0) {
		(void)uselocale(before);
		freelocale(english);
	}
	return options;
}

bool conninfo_check(const char *dbname, struct err *err) {
	char *why = NULL;
	PQconninfoOption *options = conninfo_is_string(dbname) ? parse(dbname, &why) : NULL;
	bool ok = why == NULL;

	if (!ok) {
		char *hidden = secret_hide_quoted(why);

		err_set(err, ERR_INVALID_INPUT, "%.*s", (int)strcspn(hidden, "\n"), hidden);
		free(hidden);
	} else if (options != NULL && is_cut_badly(dbname, options)) {
		ok = err_set(err, ERR_INVALID_INPUT, "the URI has an invalid host or port");
	}
	if (!ok) {
		err_hint(err, "%s", escapes);
	}
	PQconninfoFree(options);
	PQfreemem(why);
	return ok;
}

static bool is_secret(const PQconninfoOption *option) {
	return option->dispchar[0] == '*';
}

/* Appends "keyword='value'", quoted as in a connection string. */
static void put_setting(struct buf *out, const char *keyword, const char *value) {
	buf_printf(out, "%s%s='", out->len > 0 ? " " : "", keyword);
	for (; *value != '\0'; value++) {
		buf_puts(out, *value == '\'' || *value == '\\' ? "\\" : "");
		buf_char(out, *value);
	}
	buf_char(out, '\'');
}

char *conninfo_public(const char *dbname) {
	char *why = NULL;
	PQconninfoOption *options = conninfo_is_string(dbname) ? parse(dbname, &why) : NULL;
	struct buf out = {0};

	if (!conninfo_is_string(dbname)) {
		return mem_text(dbname);
	}
	if (options != NULL && !is_cut_badly(dbname, options)) {
		for (const PQconninfoOption *o = options; o->keyword != NULL; o++) {
			if (o->val != NULL && !is_secret(o)) {
				put_setting(&out, o->keyword, o->val);
			}
		}
	}
	PQconninfoFree(options);
	PQfreemem(why);
	return buf_take(&out);
}

bool conninfo_has_secret(const char *dbname) {
	char *why = NULL;
	PQconninfoOption *options = conninfo_is_string(dbname) ? parse(dbname, &why) : NULL;
	bool found = false;

	for (const PQconninfoOption *o = options; o != NULL && o->keyword != NULL; o++) {
		found = found || (is_secret(o) && o->val != NULL);
	}
	PQconninfoFree(options);
	PQfreemem(why);
	return found;
}

void conninfo_add(struct conninfo *c, const char *keyword, const char *value) {
	c->keywords = mem_grow(c->keywords, c->count + 1, sizeof *c->keywords);
	c->values = mem_grow(c->values, c->count + 1, sizeof *c->values);
	c->keywords[c->count] = mem_text(keyword);
	c->values[c->count++] = mem_text(value);
}

void conninfo_add_string(struct conninfo *c, const char *dbname) {
	PQconninfoOption *options = PQconninfoParse(dbname, NULL);

	for (const PQconninfoOption *o = options; o != NULL && o->keyword != NULL; o++) {
		if (o->val != NULL) {
			conninfo_add(c, o->keyword, o->val);
		}
	}
	PQconninfoFree(options);
}

const char *conninfo_value(const struct conninfo *c, const char *keyword) {
	for (size_t i = 0; i < c->count; i++) {
		if (strcmp(c->keywords[i], keyword) == 0) {
			return c->values[i];
		}
	}
	return NULL;
}

void conninfo_release(struct conninfo *c) {
	for (size_t i = 0; i < c->count; i++) {
		free(c->keywords[i]);
		free(c->values[i]);
	}
	free(c->keywords);
	free(c->values);
	*c = (struct conninfo){0};
}

struct conninfo_keyword *conninfo_keywords(size_t *count) {
	PQconninfoOption *options = PQconninfoParse("", NULL);
	struct conninfo_keyword *keywords = mem_new(0, sizeof *keywords);

	*count = 0;
	for (const PQconninfoOption *o = options; o != NULL && o->keyword != NULL; o++) {
		keywords = mem_grow(keywords, *count + 1, sizeof *keywords);
		keywords[(*count)++] = (struct conninfo_keyword){mem_text(o->keyword), is_secret(o)};
	}
	PQconninfoFree(options);
	return keywords;
}

void conninfo_keywords_free(struct conninfo_keyword *keywords, size_t count) {
	for (size_t i = 0; i < count; i++) {
		free(keywords[i].name);
	}
	free(keywords);
}

bool ports_check(const char *text, struct err *err) {
	for (const char *p = text; p != NULL;) {
		size_t n = strcspn(p, ",");
		char *one = mem_print("%.*s", (int)n, p);
		int64_t port;
		bool ok = n == 0 || int_parse(one, 1, 65535, &port);

		free(one);
		if (!ok) {
			return err_set(err, ERR_INVALID_INPUT, "not a number from 1 to 65535");
		}
		p = p[n] == ',' ? p + n + 1 : NULL;
	}
	return true;
}

/* Returns the value of an option, "" for none; owned by the caller. */
static char *option_of(PGconn *pg, const char *keyword) {
	PQconninfoOption *options = PQconninfo(pg);
	char *value = NULL;

	for (const PQconninfoOption *o = options; o != NULL && o->keyword != NULL; o++) {
		if (strcmp(o->keyword, keyword) == 0) {
			value = mem_text(o->val);
		}
	}
	PQconninfoFree(options);
	return value == NULL ? mem_text("") : value;
}

int64_t conninfo_timeout(PGconn *pg, int64_t fallback) {
	char *text = option_of(pg, "connect_timeout");
	int64_t seconds = 0;
	bool given = int_parse(text, INT32_MIN, INT32_MAX, &seconds);

	free(text);
	if (!given) {
		return fallback;
	}
	return seconds <= 0 ? 0 : (seconds < 2 ? 2 : seconds) * TIME_SECOND;
}

static size_t list_count(const char *list) {
	size_t n = *list == '\0' ? 0 : 1;

	for (; *list != '\0'; list++) {
		n += *list == ',' ? 1 : 0;
	}
	return n;
}

bool conninfo_is_choosy(PGconn *pg) {
	char *text = option_of(pg, "target_session_attrs");
	bool choosy = text[0] != '\0' && strcmp(text, "any") != 0;

	free(text);
	return choosy;
}

/* Returns the n-th item of a list and its length; the last one of a shorter list. */
static const char *list_item(const char *list, size_t n, size_t *len) {
	while (n-- > 0 && list[strcspn(list, ",")] == ',') {
		list += strcspn(list, ",") + 1;
	}
	*len = strcspn(list, ",");
	return list;
}

static bool item_is(const char *list, size_t n, const char *text) {
	size_t len;
	const char *item = list_item(list, n, &len);

	return strlen(text) == len && memcmp(item, text, len) == 0;
}

static void list_drop(char **list, size_t at) {
	struct buf left = {0};
	size_t count = list_count(*list);

	for (size_t i = 0; i < count; i++) {
		size_t len;
		const char *item = list_item(*list, i, &len);

		if (i != at) {
			buf_puts(&left, i == 0 || (i == 1 && at == 0) ? "" : ",");
			buf_add(&left, item, len);
		}
	}
	free(*list);
	*list = buf_take(&left);
}

void hosts_read(struct hosts *hosts, PGconn *pg) {
	hosts_release(hosts);
	for (size_t i = 0; i < HOSTS_LISTS; i++) {
		hosts->lists[i] = option_of(pg, hosts_keywords[i]);
	}
	hosts->count = list_count(hosts->lists[HOSTS_ADDRESSES]);
	if (hosts->count == 0) {
		hosts->count = list_count(hosts->lists[HOSTS_NAMES]);
	}
}

/* Compares with PQhost(), which is the name or, without one, the address. */
static bool is_host(const struct hosts *hosts, size_t at, const PGconn *pg) {
	return (item_is(hosts->lists[HOSTS_NAMES], at, PQhost(pg)) ||
		   item_is(hosts->lists[HOSTS_ADDRESSES], at, PQhost(pg))) &&
	       item_is(hosts->lists[HOSTS_PORTS], at, PQport(pg));
}

bool hosts_drop(struct hosts *hosts, const PGconn *pg) {
	size_t at = 0;

	if (hosts->count < 2) {
		return false;
	}
	while (at < hosts->count && !is_host(hosts, at, pg)) {
		at++;
	}
	/* A default host is in no list: drop the first. */
	at = at == hosts->count ? 0 : at;
	for (size_t i = 0; i < HOSTS_LISTS; i++) {
		if (list_count(hosts->lists[i]) == hosts->count) {
			list_drop(&hosts->lists[i], at);
		}
	}
	hosts->count--;
	return true;
}

void hosts_release(struct hosts *hosts) {
	for (size_t i = 0; i < HOSTS_LISTS; i++) {
		free(hosts->lists[i]);
	}
	*hosts = (struct hosts){0};
}
