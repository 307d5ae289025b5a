/*
 * The connection for reads of a profile.
 */
#ifndef UI_CONFIG_PROFILE_READS_H
#define UI_CONFIG_PROFILE_READS_H

struct profile;

/* Makes `reads` a whole connection, with what it lacks from the connection for changes, and prefers a
 * standby. */
void profile_complete_reads(struct profile *p);

#endif
