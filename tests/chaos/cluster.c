#include "tests/chaos/cluster.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "db/base/clock.h"
#include "db/base/mem.h"
#include "tests/chaos/spawn.h"
#include "tests/lib/proxy.h"

#define PATIENCE (60 * TIME_SECOND)

struct node *cluster_primary(struct cluster *c) {
	return &c->servers[c->primary];
}

struct node *cluster_standby(struct cluster *c) {
	return &c->servers[1 - c->primary];
}

char *cluster_address(const struct cluster *c, unsigned how) {
	const char *hosts[SERVERS];

	for (size_t i = 0; i < SERVERS; i++) {
		const struct node *node = &c->servers[(how & REVERSED) != 0 ? SERVERS - 1 - i : i];

		hosts[i] = (how & BY_PROXY) != 0 ? proxy_folder(node->proxy) : node->folder;
	}
	return mem_print("host=%s,%s user=postgres dbname=postgres connect_timeout=3%s", hosts[0], hosts[1],
	    (how & ANY_SERVER) != 0 ? "" : " target_session_attrs=read-write");
}

/* Sets whether commits wait for the standby. */
static bool set_waits(const struct node *primary, bool wait) {
	char *set = node_ask(primary, wait ? "alter system set synchronous_standby_names = '*'"
					   : "alter system set synchronous_standby_names = ''");
	char *reload = node_ask(primary, "select pg_reload_conf()");
	bool ok = set != NULL && reload != NULL &&
		  node_await(primary, "show synchronous_standby_names", wait ? "*" : "", PATIENCE);

	free(set);
	free(reload);
	return ok;
}

/* Waits until the standby has all commits from before synchronous replication was on. */
static bool await_follower(const struct node *primary) {
	char *at = NULL;
	char *sql;
	bool ok = node_await(
	    primary, "select count(*) from pg_stat_replication where sync_state = 'sync'", "1", PATIENCE);

	if (ok) {
		at = node_ask(primary, "select pg_current_wal_insert_lsn()");
	}
	if (at == NULL) {
		return false;
	}
	sql = mem_print("select count(*) from pg_stat_replication where flush_lsn >= '%s'", at);
	ok = node_await(primary, sql, "1", PATIENCE);
	free(sql);
	free(at);
	return ok;
}

static bool copy_primary(struct cluster *c) {
	struct node *standby = cluster_standby(c);
	const char *const clear[] = {"/bin/rm", "-rf", standby->data, NULL};
	const char *const copy[] = {"pg_basebackup", "-h", cluster_primary(c)->folder, "-p", "5432", "-U",
	    "postgres", "-D", standby->data, "-R", "-X", "stream", "-c", "fast", NULL};

	return spawn_run(clear, &c->site.user, standby->log, PATIENCE) && node_tool(standby, copy);
}

static bool rewind_standby(struct cluster *c) {
	struct node *standby = cluster_standby(c);
	char *source =
	    mem_print("host=%s port=5432 user=postgres dbname=postgres", cluster_primary(c)->folder);
	const char *const rewind[] = {
	    "pg_rewind", "-D", standby->data, "--source-server", source, "-R", NULL};
	bool ok = node_tool(standby, rewind);

	free(source);
	return ok;
}

bool cluster_rebuild(struct cluster *c, bool rewind) {
	struct node *primary = cluster_primary(c);
	char *flushed = node_ask(primary, "checkpoint"); /* pg_rewind reads the timeline from it */
	bool copied = flushed != NULL && ((rewind && rewind_standby(c)) || copy_primary(c));

	free(flushed);
	c->follows =
	    copied && node_up(cluster_standby(c)) && set_waits(primary, true) && await_follower(primary);
	return c->follows;
}

bool cluster_promote(struct cluster *c, bool rewind) {
	struct node *standby = cluster_standby(c);
	char *promoted;

	/* After a restart, the primary may show commits that the standby does not have yet. */
	if (!c->follows || !node_runs(standby) || !await_follower(cluster_primary(c))) {
		return false;
	}
	node_down(cluster_primary(c), SIGQUIT);
	c->follows = false;
	free(node_ask(standby, "alter system set synchronous_standby_names = ''"));
	free(node_ask(standby, "select pg_reload_conf()"));
	promoted = node_ask(standby, "select pg_promote(true, 60)");
	free(promoted);
	c->primary = 1 - c->primary;
	return node_await(standby, "select pg_is_in_recovery()", "f", PATIENCE) && cluster_rebuild(c, rewind);
}

void cluster_drop_standby(struct cluster *c) {
	node_down(cluster_standby(c), SIGQUIT);
}

bool cluster_return_standby(struct cluster *c) {
	return node_up(cluster_standby(c));
}

bool cluster_mend(struct cluster *c) {
	if (!node_up(cluster_primary(c))) {
		return false;
	}
	if (node_up(cluster_standby(c)) && c->follows && await_follower(cluster_primary(c))) {
		return true;
	}
	node_down(cluster_standby(c), SIGQUIT);
	return cluster_rebuild(c, false);
}

bool cluster_open(struct cluster *c, const char *folder, const char *shim, int64_t disk, struct err *err) {
	*c = (struct cluster){0};
	if (!site_open(&c->site, folder, shim, err)) {
		return false;
	}
	c->site.disk = disk;
	if (!node_make(&c->servers[0], &c->site, "a", err) ||
	    !node_make(&c->servers[1], &c->site, "b", err)) {
		return false;
	}
	if (!node_init(&c->servers[0]) || !node_up(&c->servers[0]) || !cluster_rebuild(c, false)) {
		return err_set(err, ERR_UNAVAILABLE, "the servers do not start: see %s/*/log", folder);
	}
	return true;
}

void cluster_close(struct cluster *c) {
	for (size_t i = 0; i < SERVERS; i++) {
		if (c->servers[i].folder != NULL) {
			node_remove(&c->servers[i]);
		}
	}
	site_close(&c->site);
}
