/*
 * Secrets in messages.
 *
 * A password reaches an error by way of what quotes it: libpq's words about a
 * connection string, the server's about a database whose name is one, ours
 * about an argument that stands in the wrong place.  Whoever prints an error
 * takes them out here, and takes out too much rather than too little.
 */
#ifndef DB_CONN_SECRET_H
#define DB_CONN_SECRET_H

/* Puts "..." in place of what may be a password: the user and password of a URI, and whatever follows a
 * "password=". Takes NULL. The result is the caller's to free. */
char *secret_hide(const char *text) __attribute__((warn_unused_result));

/* The same, and all that stands in quotes, but for single signs: for libpq's words about a connection string
 * that it could not read, which quote pieces of it. */
char *secret_hide_quoted(const char *text) __attribute__((returns_nonnull, warn_unused_result));

#endif
