#include "ui/console/terminal/terminfo.h"

#include <curses.h>
#include <stddef.h>
#include <string.h>
#include <term.h>
#include <unistd.h>

/* Each family's name, and its known types, best first. */
static const char *const families[][5] = {
    {"xterm", "xterm-256color", "xterm", NULL},
    {"tmux", "tmux-256color", "tmux", "screen-256color", "screen"},
    {"screen", "screen-256color", "screen", NULL},
};

const char *terminfo_text(const char *capability) {
	const char *text = tigetstr(capability);

	return text == NULL || text == (const char *)-1 ? "" : text; /* -1: not a string capability */
}

bool terminfo_has(const char *capability) {
	return terminfo_text(capability)[0] != '\0';
}

static bool is_known(const char *type) {
	int found;

	if (setupterm(type, STDOUT_FILENO, &found) != OK) {
		return false;
	}
	(void)del_curterm(cur_term);
	return true;
}

/* Returns true for the family's name followed by "-" or "." and more. */
static bool is_member(const char *type, const char *family) {
	size_t n = strlen(family);

	return strncmp(type, family, n) == 0 && strchr("-.", type[n]) != NULL;
}

const char *terminfo_choose(const char *type) {
	if (type == NULL || is_known(type)) {
		return type;
	}
	for (size_t i = 0; i < sizeof families / sizeof *families; i++) {
		if (!is_member(type, families[i][0])) {
			continue;
		}
		for (size_t k = 1; k < sizeof *families / sizeof **families && families[i][k] != NULL; k++) {
			if (is_known(families[i][k])) {
				return families[i][k];
			}
		}
	}
	return type;
}

bool terminfo_can_draw(const char *type) {
	bool can;
	int found;

	if (setupterm(type, STDOUT_FILENO, &found) != OK) {
		return false;
	}
	can = terminfo_has("cup");
	(void)del_curterm(cur_term);
	return can;
}
