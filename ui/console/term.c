#include "ui/console/term.h"

#include <curses.h>
#include <term.h>
#include <unistd.h>

const char *term_text(const char *capability) {
	const char *text = tigetstr(capability);

	return text == NULL || text == (const char *)-1 ? "" : text; /* -1: not a name of a string */
}

bool term_has(const char *capability) {
	return term_text(capability)[0] != '\0';
}

bool term_can_draw(void) {
	bool can;
	int found;

	if (setupterm(NULL, STDOUT_FILENO, &found) != OK) {
		return false;
	}
	can = term_has("cup");
	(void)del_curterm(cur_term);
	return can;
}
