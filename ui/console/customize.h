/*
 * The requests about the console itself: its theme, and what it remembers from one run to the next.
 */
#ifndef UI_CONSOLE_CUSTOMIZE_H
#define UI_CONSOLE_CUSTOMIZE_H

struct app;
struct tty;

/* Recalls what was typed in earlier runs. */
void customize_start(struct app *app);

/* Carries out the requests, and clears them. Without a terminal (NULL) it only remembers. */
void customize(struct app *app, struct tty *tty);

#endif
