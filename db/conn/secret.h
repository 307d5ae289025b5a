/*
 * Hiding passwords in messages.
 *
 * A message may quote a password: libpq's about a connection string, the server's about a database name, ours
 * about a misplaced argument.  Every printed error passes here; it hides too much rather than too little.
 */
#ifndef DB_CONN_SECRET_H
#define DB_CONN_SECRET_H

/* Replaces by "..." what may be a password: the user and password of a URI, and what follows "password=".
 * Takes NULL. The result is owned by the caller. */
char *secret_hide(const char *text) __attribute__((warn_unused_result));

/* Hides also everything in quotes but single punctuation: for libpq's messages about a connection string,
 * which quote parts of it. */
char *secret_hide_quoted(const char *text) __attribute__((returns_nonnull, warn_unused_result));

#endif
